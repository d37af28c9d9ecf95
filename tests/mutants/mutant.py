"""One way to break the code, and the tests that have to notice."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One replacement in one file."""

    name: str
    file: str
    """Inside the package."""
    old: str
    """Stands there exactly once."""
    new: str
    tests: str
    """Files, with a space between them."""


ATTEMPTS, FAULTS = "tests/test_attempts.py", "tests/test_journal_faults.py"
JOURNAL, BUDGET, PIPELINE = (
    "tests/test_journal.py tests/test_journal_files.py",
    "tests/test_budget.py",
    "tests/test_pipeline.py tests/test_run_stops.py",
)
CLASSIFY, PACE, CLIENT = (
    "tests/test_classify.py",
    "tests/test_pace.py tests/test_turns.py",
    "tests/test_client.py tests/test_patience.py",
)
BATCH, BATCH_ENDINGS, BATCH_CAPS = "tests/test_batch_api.py", "tests/test_batch_endings.py", "tests/test_batch_caps.py"
SHARDS = "tests/test_journal_shards.py"
POOLS = "tests/test_pools.py"
UNCERTAIN, INTERRUPTIONS = "tests/test_uncertain.py", "tests/test_interruptions.py"
TOKENS, PRICES, CAPS = "tests/test_tokens.py", "tests/test_prices.py", "tests/test_caps.py"
