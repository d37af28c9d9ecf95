"""The reference pages are those of the code: every verb, option, key and public name, in both languages."""

import re
from pathlib import Path

import pytest

from selfinstruct.system.files import read_text
from tests.support.reference_pages import DOCS, chinese, options, pages, settings, verbs


def test_everything_that_the_code_says_in_english_has_its_chinese_and_nothing_else_has() -> None:
    """What is missing or left over is to be mended in `tests/support/reference_zh.toml` and `selfinstruct/cli/chinese/options.toml`."""
    words, keys = chinese(), {f"{section}.{key}" for section, _, found in settings() for key in found}
    assert keys ^ set(words["keys"]) == set()
    assert {text for _, command in verbs() for _, text, _ in options(command)} ^ set(words["options"]) == set()
    assert set(words["asides"]) <= {default for _, command in verbs() for _, _, default in options(command)}
    assert {section for section, _, _ in settings()} ^ set(words["sections"]) == set()


@pytest.mark.parametrize("name", ["cli.md", "cli.zh-CN.md", "configuration.md", "configuration.zh-CN.md", "api.md"])
def test_a_page_is_what_the_code_says_now(name: str) -> None:
    """`python -m tests.support.reference_pages` writes all of them."""
    assert read_text(DOCS / name) == pages()[DOCS / name]


@pytest.mark.parametrize("name", ["cli", "configuration"])
def test_both_languages_have_the_same_options_and_keys(name: str) -> None:
    def names(path: Path) -> list[str]:
        return re.findall(r"^(?:#+ .*`.*`|### .*|\| `.*?` )", read_text(path), re.MULTILINE)

    found = names(DOCS / f"{name}.md")
    assert len(found) > 80
    assert found == names(DOCS / f"{name}.zh-CN.md")


@pytest.mark.parametrize("page", ["cli.md", "cli.zh-CN.md"])
def test_every_way_to_write_an_option_is_on_the_page(page: str) -> None:
    """Also the `--no-x` of a switch that is on."""
    text = read_text(DOCS / page)
    spelt = {name for _, command in verbs() for one, _, _ in options(command) for name in one.opts + one.secondary_opts}
    assert "--no-browser" in spelt
    assert {name for name in spelt if f"`{name}`" not in text} == set()


def test_every_public_name_is_on_the_page_of_the_library() -> None:
    import selfinstruct

    entries = re.findall(r"^## (\w+)$", read_text(DOCS / "api.md"), re.MULTILINE)
    assert sorted([*entries, "__version__"]) == selfinstruct.__all__
