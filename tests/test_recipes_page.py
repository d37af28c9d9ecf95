"""`docs/recipes.md` in both languages: kinds and example rows are those of the code, and both pages say the same."""

import re
from typing import get_args

import pytest

from selfinstruct.config import parse_config
from selfinstruct.quality.rules import all_broken
from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.system.files import read_text
from selfinstruct.verifiers.registry import KINDS
from tests.support.recipes_page import CHINESE, DOCS, PAGES, page, rows

LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)
_GENERATED = re.compile(r"<!-- (?!end)(.*?) -->\n.*?<!-- end -->", re.DOTALL)


def _text(language: LanguageCode) -> str:
    return read_text(DOCS / PAGES[language])


def _sections(language: LanguageCode) -> list[str]:
    return re.split(r"^## ", _GENERATED.sub(r"\1", _text(language)), flags=re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_kinds_and_rows_are_those_of_the_code(language: LanguageCode) -> None:
    text = _text(language)
    assert text == page(language, text), "run `python -m tests.support.recipes_page`"


def test_every_kind_has_a_chinese_name() -> None:
    assert set(CHINESE) == set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rows_shown_break_no_rule(language: LanguageCode) -> None:
    for row in rows(language).values():
        fields = row.model_dump(include={"language", "instruction", "input", "output", "checks"})
        assert all_broken(Candidate(index=0, position=0, **fields)) == []


def test_both_pages_have_the_same_blocks() -> None:
    english, chinese = (re.findall(r"```(?:toml|sh)\n.*?```|<!-- .*? -->", _text(one), re.DOTALL) for one in LANGUAGES)
    assert english == chinese


def test_the_configurations_shown_are_read() -> None:
    found = re.findall(r"```toml\n(.*?)```", _text("en"), re.DOTALL)
    assert [list(parse_config(one, "docs/recipes.md").recipes) for one in found] == [
        ["checked"],
        ["steered", "checked"],
        ["steered"],
        ["steered"],
        ["steered", "checked", "documents"],
        ["evolve"],
        ["conversation"],
    ]


@pytest.mark.parametrize("number", range(len(_sections("en"))))
def test_a_section_names_the_same_code_in_both_languages(number: int) -> None:
    english, chinese = (
        set(re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", _sections(one)[number], flags=re.DOTALL)))
        for one in LANGUAGES
    )
    english -= {"`not`", "`only`", "`at least`"}
    assert chinese == english


def test_each_page_leads_to_the_other() -> None:
    assert "[中文](recipes.zh-CN.md)" in _text("en")
    assert "[English](recipes.md)" in _text("zh")
