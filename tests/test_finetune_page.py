"""`docs/finetune.md` in both languages: what other trainers learn is what their tests say, and both pages say the same."""

import re

import pytest

from selfinstruct.system.files import PACKAGE, read_text
from tests.trainers import differences

DOCS = PACKAGE.parent / "docs"
ENGLISH, CHINESE = (read_text(DOCS / name) for name in ("finetune.md", "finetune.zh-CN.md"))
_CODE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
_WORDS = {"family": "系列", "the template": "模板本身", "equal": "一致"}
"""Words of the table of differences -> Chinese."""


def _sections(page: str) -> list[str]:
    return re.split(r"^## ", _CODE.sub("", page), flags=re.MULTILINE)


def _table_rows(section: str) -> list[str]:
    return [line for line in section.splitlines() if line.startswith("|")]


def test_the_differences_of_other_trainers_are_those_that_their_tests_know() -> None:
    assert f"\n\n{differences.page()}\n" in ENGLISH


def test_the_chinese_page_has_the_same_differences_and_as_many_reasons() -> None:
    table, reasons = differences.page().strip().split("\n\n")
    for word, chinese in _WORDS.items():
        table = table.replace(word, chinese)
    shown = CHINESE.partition(table + "\n\n")[2].partition("\n\n")[0]
    numbers = [[line.partition(". ")[0] for line in text.splitlines()] for text in (reasons, shown)]
    assert numbers[0] == numbers[1]


def test_both_languages_have_the_same_blocks_but_for_comments() -> None:
    found = [[(kind, re.sub(r"  +#.*", "", text)) for kind, text in _CODE.findall(page)] for page in (ENGLISH, CHINESE)]
    assert found[0] == found[1]
    assert len(found[0]) >= 6


@pytest.mark.parametrize("number", range(len(_sections(ENGLISH))))
def test_a_section_names_the_same_code_in_both_languages(number: int) -> None:
    english, chinese = (set(re.findall(r"`[^`\n]+`", _sections(page)[number])) for page in (ENGLISH, CHINESE))
    assert chinese == english


@pytest.mark.parametrize("number", range(len(_sections(ENGLISH))))
def test_a_row_of_a_table_has_the_same_numbers_in_both_languages(number: int) -> None:
    english, chinese = (_table_rows(_sections(page)[number]) for page in (ENGLISH, CHINESE))
    assert [sorted(re.findall(r"\d[\d.]*", row)) for row in chinese] == [
        sorted(re.findall(r"\d[\d.]*", row)) for row in english
    ]


def test_each_page_leads_to_the_other() -> None:
    assert "[中文](finetune.zh-CN.md)" in ENGLISH
    assert "[English](finetune.md)" in CHINESE
