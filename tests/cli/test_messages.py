"""The catalogues of help, doctor and explain have every text that is said, with the same fields, and no other."""

import ast
import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from selfinstruct.cli import VERBS, cli
from selfinstruct.cli.messages import language
from selfinstruct.cli.overview import STAGES
from selfinstruct.system.files import PACKAGE, read_text
from selfinstruct.system.wrapping import cells
from tests.support.reference_pages import verbs

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


def test_a_verb_that_has_more_to_say_than_a_line_says_it_in_chinese_too() -> None:
    more = tomllib.loads(read_text(PACKAGE / "cli" / "chinese" / "descriptions.toml"))["descriptions"]
    long = {name for name, command in verbs() if "\n\n" in inspect.cleandoc(command.help or "")}
    named = {name.removeprefix("more of ") for name in more}
    assert named >= long
    assert named <= {name for name, _ in verbs()}


@pytest.mark.parametrize("verb", ["filter", "git install", "translate"])
def test_a_page_of_help_fits_a_terminal_where_a_chinese_character_takes_two_cells(verb: str) -> None:
    arguments = [sys.executable, "-m", "selfinstruct", "--lang", "zh", *verb.split(), "--help"]
    done = subprocess.run(arguments, capture_output=True, check=False, env={**os.environ, "COLUMNS": "80"})
    lines = done.stdout.decode().splitlines()
    assert [line for line in lines if cells(line) > 80] == []
    assert [line for line in lines if line.strip()[:1] in set("，。、；：）")] == []
    assert done.stdout.decode().count("\n\n") > 2


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
