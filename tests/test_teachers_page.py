"""`docs/teachers.md` in both languages: every block is a configuration, and both pages have the same ones."""

import re

import pytest

from selfinstruct.config import parse_config
from selfinstruct.system.files import PACKAGE, read_text

DOCS = PACKAGE.parent / "docs"
PAGES = ("teachers.md", "teachers.zh-CN.md")


def _blocks(page: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", read_text(DOCS / page), re.DOTALL)


@pytest.mark.parametrize("block", _blocks(PAGES[0]))
def test_a_block_is_a_configuration(block: str) -> None:
    teacher = parse_config(block, "block").teacher
    assert (teacher.kind, bool(teacher.model)) == ("openai", True)


def test_both_languages_name_the_same_teachers() -> None:
    english, chinese = (_blocks(page) for page in PAGES)
    assert len(english) >= 15
    assert english == chinese


def test_the_readmes_count_them() -> None:
    assert len(_blocks(PAGES[0])) == 16
    assert "[Sixteen providers]" in read_text(PACKAGE.parent / "README.md")
    assert "[十六家服务商]" in read_text(PACKAGE.parent / "README.zh-CN.md")


def test_the_example_of_the_readme_is_one_of_them() -> None:
    models = {parse_config(block, "block").teacher.model for block in _blocks(PAGES[0])}
    for page in ("README.md", "README.zh-CN.md"):
        (block,) = re.findall(r"```toml\n(\[teacher\]\nkind = .*?)```", read_text(PACKAGE.parent / page), re.DOTALL)
        assert parse_config(block, page).teacher.model in models
