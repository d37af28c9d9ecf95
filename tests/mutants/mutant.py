"""A mutant: one change that breaks the code, and the tests that must fail."""

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


ATTEMPTS, FAULTS = "tests/journal/test_attempts.py", "tests/journal/test_faults.py"
JOURNAL, BUDGET, PIPELINE = (
    "tests/journal/test_journal.py tests/journal/test_files.py",
    "tests/teacher/billing/test_budget.py",
    "tests/runs/test_run.py tests/runs/test_stopping.py",
)
CLASSIFY, PACE, CLIENT = (
    "tests/teacher/http/test_classify.py",
    "tests/teacher/pacing/test_pace.py tests/teacher/pacing/test_rate_limiter.py",
    "tests/teacher/test_client.py tests/teacher/pacing/test_retry_policy.py",
)
BATCH, BATCH_ENDINGS, BATCH_CAPS = (
    "tests/teacher/batch_api/test_batch_api.py",
    "tests/teacher/batch_api/test_endings.py",
    "tests/teacher/batch_api/test_caps.py",
)
SHARDS = "tests/journal/test_shards.py"
POOLS = "tests/teacher/http/test_pools.py"
UNCERTAIN, INTERRUPTIONS = "tests/teacher/test_uncertain.py", "tests/runs/test_interruptions.py"
TOKENS, PRICES, CAPS = (
    "tests/teacher/billing/test_tokens.py",
    "tests/teacher/billing/test_prices.py",
    "tests/runs/test_caps.py",
)
SPELT = "tests/teacher/http/test_dialect.py tests/teacher/test_speech.py"
READ = "tests/teacher/http/test_thoughts.py tests/teacher/http/test_stream.py tests/teacher/http/test_body.py"
USAGE, SAID, KEYS = (
    "tests/teacher/http/test_usage.py",
    "tests/teacher/http/test_provider_error.py",
    "tests/teacher/http/test_exchange.py tests/teacher/test_address.py",
)
COMMON, BOOKS, CHECK = (
    "tests/teacher/pacing/test_faults.py tests/runs/test_refusals.py",
    "tests/teacher/billing/test_watch.py tests/teacher/billing/test_thoughts_in_budget.py",
    "tests/teacher/test_check.py",
)
DIALECTS, TEACHER_KEYS = "tests/runs/test_dialects.py", "tests/config/test_teacher.py"
