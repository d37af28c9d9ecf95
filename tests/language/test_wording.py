"""Wordings: searching the lower-case text first misses no match."""

import dataclasses
import re
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from selfinstruct.language import LANGUAGES, Wording
from selfinstruct.language.wording import CAPITAL
from selfinstruct.system.files import bundled, read_jsonl

WORDINGS = [
    pytest.param(getattr(language, field.name), id=f"{code}-{field.name}")
    for code, language in LANGUAGES.items()
    for field in dataclasses.fields(language)
    if isinstance(getattr(language, field.name), Wording)
]


def texts() -> list[str]:
    """Return instructions and answers in three cases, and words that some pattern writes in capitals."""
    seeds = [seed for code in LANGUAGES for _, seed in read_jsonl(bundled("seed_tasks") / f"{code}.jsonl")]
    found = [text for seed in seeds for text in (seed["instruction"], seed["instances"][0]["output"][:300])]
    found += [
        "Summarize the poem by Frost.",
        "SUMMARIZE THE POEM BY four.",
        "SURE! As an AI Language Model, I can’t.",
        "[REPORT.PDF]",
    ]
    return [*found, *(text.upper() for text in found), *(text.title() for text in found)]


TEXTS = texts()


@pytest.mark.parametrize("wording", WORDINGS)
def test_a_wording_is_found_as_by_a_search_that_ignores_case(wording: Wording) -> None:
    says, unless = (re.compile(pattern, re.IGNORECASE) for pattern in wording)
    for text in TEXTS:
        plain = says.search(text)
        if plain and wording.unless and unless.search(text):
            plain = None
        found = wording.find(text)
        assert (found and found.span()) == (plain and plain.span()), text


@pytest.mark.parametrize("wording", WORDINGS)
def test_only_a_capital_heeds_the_case_where_it_forbids(wording: Wording) -> None:
    for pattern in wording:
        for group in case_heeding(_parser.parse(pattern.replace(CAPITAL, ""), re.IGNORECASE), forbids=False):
            pytest.fail(f"{group} in a negative look-around would hide what the pattern finds: write CAPITAL")


def case_heeding(tree: Any, forbids: bool) -> Iterator[Any]:
    """Yield the groups `(?-i:...)` that stand in a negative look-around."""
    for operation, argument in tree:
        if forbids and operation is _constants.SUBPATTERN and argument[2] & re.IGNORECASE:
            yield argument
        for inner in within(operation, argument):
            yield from case_heeding(inner, forbids or operation is _constants.ASSERT_NOT)


def within(operation: Any, argument: Any) -> list[Any]:
    """Return the trees that an operation holds."""
    if operation is _constants.BRANCH:
        return list(argument[1])
    places = {"SUBPATTERN": 3, "MAX_REPEAT": 2, "MIN_REPEAT": 2, "ASSERT": 1, "ASSERT_NOT": 1}
    return [argument[places[str(operation)]]] if str(operation) in places else []


def test_a_group_that_heeds_the_case_is_found_where_it_forbids() -> None:
    tree = _parser.parse(r"(?:a|the (?:poem|text)(?! (?:by|from (?-i:[A-Z]))))", re.IGNORECASE)

    assert len(list(case_heeding(tree, forbids=False))) == 1
    assert not list(case_heeding(_parser.parse(r"(?-i:end)$"), forbids=False))
