"""The catalogues of help, doctor and explain have every text that is said, with the same fields, and no other."""

import ast
import re
import tomllib
from pathlib import Path

import click
import pytest

from selfinstruct.cli import VERBS, cli
from selfinstruct.cli.messages import language
from selfinstruct.cli.overview import STAGES
from selfinstruct.system.files import PACKAGE, read_text

FIELD = re.compile(r"\{\w*\}")


def _said(path: Path) -> set[str]:
    """Return the literal texts of calls of `said`, and of the tables that are called `texts` or in capitals with `_TEXTS`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(read_text(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said":
            found |= {one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Dict)
            and ast.unparse(node.targets[0]) == "texts"
        ):
            found |= {ast.literal_eval(one) for one in node.value.values}
    return found


def _catalogue() -> dict[str, str]:
    files = [PACKAGE / "cli" / "chinese" / f"{name}.toml" for name in ("help", "doctor", "explain")]
    sections = [section for file in files for section in tomllib.loads(read_text(file)).values()]
    texts = [pair for section in sections for pair in section.items()]
    assert len({english for english, _ in texts}) == len(texts)
    return dict(texts)


def test_every_text_that_is_said_has_its_chinese_and_nothing_else_does() -> None:
    said = {text for path in sorted((PACKAGE / "cli").glob("*.py")) for text in _said(path)}
    options = {text for one in cli.params if isinstance(one, click.Option) and (text := one.help)}
    assert said | options | {*VERBS.values(), *STAGES} == set(_catalogue())


def test_a_text_and_its_chinese_have_the_same_fields() -> None:
    assert [
        english
        for english, chinese in _catalogue().items()
        if set(FIELD.findall(english)) != set(FIELD.findall(chinese))
    ] == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN"}, "zh"),
        ({"LC_ALL": "de_DE", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "SELFINSTRUCT_LANG": "en"}, "en"),
    ],
)
def test_the_language_is_that_of_the_first_setting(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected
