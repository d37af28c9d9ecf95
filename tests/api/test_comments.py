"""The files of a new project in Chinese: every comment, and nothing but comments and what steps say."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from selfinstruct.api.project import init
from selfinstruct.api.templates import EMBEDDED, teachers
from selfinstruct.system.files import PACKAGE, read_text
from tests.support.command import Cli

CHINESE = re.compile(r"[\u4e00-\u9fff]")
COMMENT = re.compile(r"(?:^|\s)#+ +([^#\n]*)$")
SETTING = re.compile(r"[\w.]+ = \S|\[\w+\]$")
FILES = ("selfinstruct.toml", "Makefile", "local.mk", ".github/workflows/dataset-diff.yml")
VERSION = re.compile(r"v\d+\.\d+\.\d+")
"""Of an action, behind its commit."""


def _made(folder: Path, teacher: str) -> dict[str, tuple[list[str], list[str]]]:
    """Return {file: its lines in English, and in Chinese}."""
    english, chinese = init(folder / "en", teacher=teacher), init(folder / "zh", teacher=teacher, language="zh")
    return {name: (read_text(english / name).split("\n"), read_text(chinese / name).split("\n")) for name in FILES}


@pytest.mark.parametrize("teacher", teachers())
def test_chinese_comments_change_no_value_of_the_configuration(tmp_path: Path, teacher: str) -> None:
    english, chinese = _made(tmp_path, teacher)["selfinstruct.toml"]
    assert tomllib.loads("\n".join(chinese)) == tomllib.loads("\n".join(english))
    shown = [[re.sub(r"^# (?=\w+ = )", "", line) for line in lines] for lines in (english, chinese)]
    settings = [[line.partition("#")[0].strip() for line in lines if SETTING.match(line)] for lines in shown]
    assert settings[0] == settings[1]
    assert len(settings[0]) > 20


@pytest.mark.parametrize("teacher", teachers())
def test_no_comment_is_left_in_english(tmp_path: Path, teacher: str) -> None:
    for name, (english, chinese) in _made(tmp_path, teacher).items():
        assert len(english) == len(chinese)
        left = [
            line
            for line in chinese
            if (found := COMMENT.search(line)) and not CHINESE.search(found[1])
            if not SETTING.match(found[1]) and not VERSION.fullmatch(found[1])
        ]
        assert left == [], name


def test_what_is_no_comment_is_the_same_but_for_what_a_step_says(tmp_path: Path) -> None:
    for english, chinese in _made(tmp_path, EMBEDDED).values():
        changed = [
            one
            for one, other in zip(english, chinese, strict=True)
            if COMMENT.sub("", one) != COMMENT.sub("", other) and "SELFINSTRUCT_LANG" not in one
        ]
        assert [line for line in changed if not re.search(r"- name: |echo ", line)] == []


def test_the_workflow_in_chinese_has_the_same_keys(tmp_path: Path) -> None:
    english, chinese = (yaml.safe_load("\n".join(one)) for one in _made(tmp_path, EMBEDDED)[FILES[3]])
    assert _keys(english) == _keys(chinese)


def test_nothing_has_chinese_that_no_file_says() -> None:
    catalogue = tomllib.loads(read_text(PACKAGE / "api" / "project_zh.toml"))
    sources = [PACKAGE.parent / "selfinstruct.toml", PACKAGE / "reports" / "diff" / "pull_request.yml"]
    sources += [PACKAGE / "api" / name for name in ("project.mk", "teachers.toml", "templates.py")]
    said = "\n".join(map(read_text, sources))
    assert [one for section in catalogue.values() for one in section if one not in said] == []


@pytest.mark.parametrize(("tongue", "word"), [("en", "accepted rows wanted"), ("zh", "每种语言想收下多少行")])
def test_init_writes_the_comments_of_the_readers_language(
    selfinstruct: Cli, tmp_path: Path, tongue: str, word: str
) -> None:
    assert selfinstruct("init", "mine", "--lang", tongue).returncode == 0
    assert word in read_text(tmp_path / "mine" / "selfinstruct.toml")


def _keys(value: object) -> object:
    if isinstance(value, dict):
        return {key: _keys(one) for key, one in value.items()}
    return [_keys(one) for one in value] if isinstance(value, list) else None
