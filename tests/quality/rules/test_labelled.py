"""The rules on rows labelled by hand before the rules were run.

`tests/labelled/<language>.jsonl` has one row a line: `rule` names the defect that a person sees in it, and is empty for
a good row. The good ones are near misses of the rules and ordinary long answers. A field may be a list of parts: what
looks like a real key would set off a host's scan for secrets if it stood there whole.
"""

from collections import Counter
from typing import get_args

import pytest

from selfinstruct.quality.rules import ERRORS
from selfinstruct.records import LanguageCode
from tests.support.labelled_rows import names, rows

LANGUAGES = get_args(LanguageCode)


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_least_90_percent_of_the_bad_rows_break_a_rule(language: LanguageCode) -> None:
    bad = [row for row in rows(language) if row["rule"]]
    missed = [row["instruction"] for row in bad if not names(language, row)]

    assert len(bad) >= 75
    assert len(missed) <= 0.1 * len(bad), missed


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_most_1_percent_of_the_good_rows_are_rejected(language: LanguageCode) -> None:
    good = [row for row in rows(language) if not row["rule"]]
    rejected = [(row["instruction"], found) for row in good if (found := names(language, row))]

    assert len(good) >= 75
    assert len(rejected) <= 0.01 * len(good), rejected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_that_rejects_has_a_labelled_row(language: LanguageCode) -> None:
    counts = Counter(row["rule"] for row in rows(language))

    assert {rule.__name__ for rule in ERRORS} == set(counts) - {""}


@pytest.mark.thorough
def test_the_page_of_the_rules_says_what_their_docstrings_say() -> None:
    from tests.support import rules_page_zh
    from tests.support.rules_page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.support.rules_page`"
    assert rules_page_zh.PAGE.read_text(encoding="utf-8") == rules_page_zh.page(), "run it again for the Chinese page"
