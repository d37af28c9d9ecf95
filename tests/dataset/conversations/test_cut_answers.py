"""Answers that were cut where only the next turn says so."""

from pathlib import Path

import pytest

from selfinstruct.dataset.conversations.breaks import asks_for_the_rest
from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.read import read
from selfinstruct.dataset.conversations.records import Cleaned
from tests.support.awkward_conversations import EN, ZH, talk, turns

ENGINE = "In the intake stroke the piston moves down. Then the gas pushes the piston down, which is the power"
LEAVES = "秋天来了，院子里的银杏叶像一把把小扇子在风中"
CODE = "class Account:\n    def __init__(self, owner):\n        self.owner = owner\n\n    def deposit(self, amount):\n        self.bal"
LIST = "Mercury, the smallest\nVenus, the hottest\nEarth, ours\nMars, the red one\nJupiter, the biggest of them all"


def cleaned(row: dict[str, object]) -> Cleaned:
    return clean(read(1, row, Path("x.jsonl")), {})


@pytest.mark.parametrize(
    ("asked", "answer", "goes_on", "rest"),
    [
        ("Explain a four-stroke engine.", ENGINE, "continue", "stroke. Finally the piston pushes the burnt gas out."),
        ("Explain a four-stroke engine.", ENGINE, "Your answer was cut off", "Sorry. It is the power stroke."),
        ("Explain a four-stroke engine.", ENGINE, "Why did you stop?", "Sorry. It is the power stroke."),
        ("Write a class of a bank account.", CODE, "go on", "ance += amount"),
        ("List the planets.", LIST, "Continue please", "one with a red spot"),
        ("写一篇关于秋天的短文。", LEAVES, "继续", "轻轻摇动。爷爷说，秋天是收获的季节。"),
        ("写一篇关于秋天的短文。", LEAVES, "请接着上文写", "轻轻摇动。爷爷说，秋天是收获的季节。"),
        ("写一篇关于秋天的短文。", LEAVES, "你怎么停了？", "抱歉，我接着写：轻轻摇动。"),
    ],
)
def test_an_answer_whose_rest_is_asked_for_ends_the_conversation(
    asked: str, answer: str, goes_on: str, rest: str
) -> None:
    found = cleaned(talk(*(ZH if asked[0] > "z" else EN), asked, answer, goes_on, rest))
    assert len(found.exchanges) == 1
    assert found.cut
    assert (found.cut.rule, found.cut.number) == ("truncated", 4)
    assert [one.said.number for one in found.lost] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("answer", "goes_on"),
    [
        ("In the intake stroke the piston moves down. Then the gas pushes it.", "continue"),
        ("Knock, knock", "Go on"),
        ("1. Red\n2. Green\n3. Blue", "continue"),
        ("```python\nprint(1)\n```", "Keep going"),
        ("**In the intake stroke the piston moves down, and the valve is open.**", "continue"),
        ("秋天来了，银杏叶轻轻摇动。", "继续"),
        ("- 红色\n- 绿色", "继续写"),
        (ENGINE, "How do I continue a loop in Python?"),
        (LEAVES, "继续教育是什么意思？"),
    ],
)
def test_a_finished_answer_and_another_question_stay(answer: str, goes_on: str) -> None:
    question, second = (
        ("接下来怎样？", "后来雪就落下来了。") if goes_on[0] > "z" else ("What is next?", "Then comes the next one.")
    )
    found = cleaned(talk(question, answer, goes_on, second))
    assert (len(found.exchanges), found.cut) == (2, None)


@pytest.mark.parametrize(("answer", "kept", "rule"), [(ENGINE, 0, "truncated"), (EN[1], 1, "service_notice")])
def test_half_an_answer_goes_with_the_error_behind_it(answer: str, kept: int, rule: str) -> None:
    found = cleaned(turns(("human", EN[0]), ("gpt", answer), ("gpt", "network error")))
    assert (len(found.exchanges), found.cut and found.cut.rule) == (kept, rule)


def test_dots_alone_ask_for_the_rest() -> None:
    assert asks_for_the_rest("...")
    assert not asks_for_the_rest("")
