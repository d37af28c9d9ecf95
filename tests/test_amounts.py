"""No message says `1 rows`: a number stands before its noun by `amount`, unless it can never be one."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import selfinstruct

PACKAGE: Final = Path(selfinstruct.__file__).parent
NOUNS: Final = re.compile(
    r"\A (?:rows|requests|replies|candidates|files|lines|records|texts|documents|seeds|examples|conversations|turns|tasks|pairs|findings|questions"
    r"|answers|entries|edits|decisions|shards|batches|judgements)\b"
)
NEVER_ONE: Final = frozenset({
    "EACH", "ENOUGH_TURNS", "ROWS", "REJECTED", "ANSWERS.high", "STREAK", "WINDOW", "_EACH", "most",  # limits, all above one
    "base_url", "config.teacher.base_url", "harmless(named)", "harmless(model)", "_ending(files)",  # names, before a verb or a kind of file
    "generate.seeds_per_prompt", "generate.machine_per_prompt", "len(config.judge_steps)", "settings.batch_size", "counts", "requests",
    "self.settled_candidates", "len(read)",  # of a bug
    "len(lines)", "len(questions)", "count", "one.questions", "len(flagged)", "tries.billed + tries.free",  # said of several alone
    "found.accuracy.count", "missing", "len(rows)", "rows", "examples", "pairs", "held", "shown", "found", "len(journal.answered)",
})  # fmt: skip
"""Expressions that stand before such a noun without `amount`."""


def bare(source: str) -> Iterator[str]:
    """Yield the expressions of a source that stand before a noun of several; `3 of {n} rows` is let pass."""
    for node in ast.walk(ast.parse(source)):
        parts = node.values if isinstance(node, ast.JoinedStr) else []
        for number, (one, after) in enumerate(pairwise(parts)):
            before = parts[number - 1] if number else None
            of = isinstance(before, ast.Constant) and str(before.value).endswith(" of ")
            noun = isinstance(after, ast.Constant) and NOUNS.match(str(after.value))
            if isinstance(one, ast.FormattedValue) and noun and not of:
                yield ast.unparse(one.value)


def test_a_number_stands_before_its_noun_by_amount() -> None:
    files = [path for path in PACKAGE.rglob("*.py") if "verifiers" not in path.parts]
    found = {(path.name, one) for path in files for one in bare(path.read_text(encoding="utf-8"))}
    assert len(files) > 100
    assert not {one for one in found if one[1] not in NEVER_ONE}


def test_a_bare_number_is_seen() -> None:
    assert list(bare("f\"{kept} rows are kept, {amount(gone, 'row')} gone, 3 of {every} rows\"")) == ["kept"]
