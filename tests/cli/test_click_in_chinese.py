"""Nothing of click's own is English where the reader's language is Chinese: usage, kinds of values, wrong usage, questions."""

import os
import re
import subprocess
import sys

import pytest

from selfinstruct.cli.asking import chosen, confirmed
from selfinstruct.cli.overview import STAGES
from tests.support.reference_pages import verbs

pytestmark = pytest.mark.thorough

CLICKS_OWN = re.compile(
    r"Usage|Options|OPTIONS|COMMAND|ARGS|INTEGER|FLOAT|RANGE|\bTEXT\b|\[required\]|\[default|Error:|Show this"
)


def _said(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "selfinstruct", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "SELFINSTRUCT_LANG": "zh"},
    )
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("arguments", [(), ("--help",), ("filter", "--help"), ("teacher", "--help"), ("seeds", "--no")])
def test_a_page_and_wrong_usage_have_no_english_of_click(arguments: tuple[str, ...]) -> None:
    said = _said(*arguments)
    assert "用法：" in said
    assert CLICKS_OWN.findall(said) == []


def test_places_are_named_in_chinese_in_the_list_of_options() -> None:
    said = _said("filter", "--help")
    assert re.search(r"--run 目录 ", said)
    assert re.search(r"--pool 文件 ", said)


def test_the_overview_names_the_verbs_as_they_are_typed_also_where_no_verb_was() -> None:
    assert _said() == _said("--help")
    assert re.findall(r"^  (\w+)  +\S", _said(), re.MULTILINE)[: len(STAGES["Make"])] == list(STAGES["Make"])


@pytest.mark.thorough
@pytest.mark.parametrize("verb", [name for name, _ in verbs()])
def test_no_page_has_english_of_click(verb: str) -> None:
    assert CLICKS_OWN.findall(_said(*verb.split(), "--help")) == []


@pytest.mark.parametrize(
    ("tongue", "wrong", "asked"),
    [("en", "Answer y or n.", "Go on? [y/N]: "), ("zh", "请回答 y（是）或 n（否）。", "Go on? [y/N]：")],
)
def test_a_question_is_asked_again_until_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tongue: str, wrong: str, asked: str
) -> None:
    monkeypatch.setenv("SELFINSTRUCT_LANG", tongue)
    answers, shown = iter(["maybe", "是"]), list[str]()

    def typed(prompt: str = "") -> str:
        shown.append(prompt)
        return next(answers)

    monkeypatch.setattr("click.termui.visible_prompt_func", typed)
    assert confirmed("Go on?")
    said = capsys.readouterr().err
    assert wrong in said
    assert asked in said + "".join(shown)


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_a_choice_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tongue: str
) -> None:
    monkeypatch.setenv("SELFINSTRUCT_LANG", tongue)
    answers = iter(["cloud", ""])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _="": next(answers))
    assert chosen("Which teacher?", ("embedded", "openai")) == "embedded"
    assert "cloud" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("locale", "said"), [("C", "is neither `en` nor `zh`"), ("zh_CN.UTF-8", "不是 `en` 也不是 `zh`")]
)
def test_a_language_of_the_environment_that_is_none_is_said_once(locale: str, said: str) -> None:
    environment = {**os.environ, "SELFINSTRUCT_LANG": "cn", "LC_ALL": locale, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "selfinstruct", "seeds", "--quiet"]
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert done.stderr.decode().count(said) == 1
    sound = subprocess.run(command, capture_output=True, check=False, env={**environment, "SELFINSTRUCT_LANG": "en"})
    assert b"SELFINSTRUCT_LANG" not in sound.stderr
