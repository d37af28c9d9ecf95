"""`explain` on the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Cli


@pytest.mark.thorough
@pytest.mark.parametrize("question", [("--threshold", "0.3"), ("--disable", "wrong_language")])
def test_the_answer_to_what_was_supposed_comes_before_the_prompt(
    selfinstruct: Cli, write_config: Callable[..., Path], question: tuple[str, str]
) -> None:
    write_config("batch")
    selfinstruct("generate")
    first, _, head, verdict, rows, *others = selfinstruct("explain", "zh/0.0", *question).stdout.splitlines()
    assert first.startswith("zh/0.0: ")
    assert head.startswith("The whole run again with [filter] threshold = ")
    assert verdict.startswith("  this one: ")
    assert rows.startswith("  rows of its language: ")
    assert "Request zh/0.0/batch" in others
    assert not any(line.startswith("The whole run again") for line in others)


@pytest.mark.thorough
def test_in_chinese_it_has_full_width_colons_and_names_the_fields(
    selfinstruct: Cli, write_config: Callable[..., Path]
) -> None:
    write_config("batch")
    selfinstruct("generate")
    said = selfinstruct("--lang", "zh", "explain", "zh/0.0").stdout
    assert said.startswith("zh/0.0：")
    assert [label in said for label in ("\n  指令：", "\n  输入：", "\n  答案：")] == [True] * 3
    assert "\n  instruction:" not in said
