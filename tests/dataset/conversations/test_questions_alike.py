"""Questions that are near by their words: the same one again, or another one, which the answers tell."""

from pathlib import Path

import pytest

from tests.support.awkward_conversations import talk
from tests.support.imports import import_rows

KINDS = ("quark", "lepton", "boson", "photon")


@pytest.mark.parametrize(
    "asked",
    [
        [("What is a quark?", "An elementary particle that makes up protons."),
         ("What is a lepton?", "A light particle such as the electron, which takes no part in the strong force.")],
        [("How do I print in C++?", 'Use std::cout << "hi"; with the header iostream.'),
         ("How do I print in C#?", 'Call Console.WriteLine("hi"); from System.')],
        [("夸克是什么？", "组成质子的基本粒子。"), ("轻子是什么？", "电子这样不参与强相互作用的粒子。")],
        [(f"What is a {kind} in physics?", f"A {kind} is explained here in one plain sentence about every {kind}.") for kind in KINDS],
        [(f"{kind}的首都是哪座城市？", f"{kind}的首都是一座有名的大城市。") for kind in ("法国", "德国", "英国", "俄国")],
        [("Translate into French, please: The old cat sits on the mat in our kitchen.", "Le vieux chat est assis sur le tapis."),
         ("Translate into French, please: The old dog sits on the mat in our kitchen.", "Un vieux chien se trouve dans la cuisine.")],
        [("Is the number 91 a prime, or is it not?", "No."), ("Is the number 93 a prime, or is it not?", "No.")],
    ],
)  # fmt: skip
def test_another_question_stays_though_its_words_are_near(tmp_path: Path, asked: list[tuple[str, str]]) -> None:
    found = import_rows(tmp_path, [talk(*pair) for pair in asked])
    assert (found.done.kept, found.done.rejected) == (len(asked), {})


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (("What is a quark?", "An elementary particle that makes up protons and neutrons."),
         ("What is a quark exactly?", "It is an elementary particle that makes up protons and neutrons.")),
        (("夸克是什么？", "组成质子和中子的基本粒子。"), ("请问夸克是什么？", "是组成质子和中子的基本粒子。")),
        (("Write a short poem about the sea in autumn for my grandmother.", "The grey waves fold their letters on the sand."),
         ("Write a short poem about the sea in the autumn for my grandmother", "Leaves on the water, gulls above the foam.")),
        (("帮我写一份周末去杭州两天的旅行计划。", "第一天游西湖，第二天去灵隐寺。"), ("帮我写一份周末去杭州两天的旅游计划", "第一天上午西溪湿地，第二天钱塘江边散步。")),
        (("What is a quark?", "An elementary particle."), ("What is a quark", "Something in every proton, of six kinds.")),
    ],
)  # fmt: skip
def test_the_same_question_again_is_dropped(tmp_path: Path, first: tuple[str, str], again: tuple[str, str]) -> None:
    found = import_rows(tmp_path, [talk(*first), talk(*again)])
    assert (found.done.kept, found.done.rejected) == (1, {"near_duplicate_opening": 1})


def test_a_question_that_stayed_for_its_answer_is_not_kept_twice(tmp_path: Path) -> None:
    quark, lepton = (
        ("What is a quark?", "A part of protons."),
        ("What is a lepton?", "A light particle like the electron."),
    )
    found = import_rows(
        tmp_path, [talk(*quark), talk(*lepton), talk("what is a lepton", "Electrons are some of them.")]
    )
    assert (found.done.kept, found.rejected[0]["nearest"]["line"]) == (2, 2)


def test_calls_with_other_arguments_are_other_questions(tmp_path: Path) -> None:
    rows = [
        {"conversations": [
            {"from": "human", "value": f"Can you book a flight from New York to {place} for me?"},
            {"from": "function_call", "value": f'{{"name": "book_flight", "arguments": {{"from": "New York", "to": "{place}"}}}}'},
            {"from": "observation", "value": '{"booked": true}'},
            {"from": "gpt", "value": "Your flight is booked, have a good journey."},
        ]}
        for place in ("London", "Los Angeles", "London")
    ]  # fmt: skip
    found = import_rows(tmp_path, rows)
    assert (found.done.kept, found.done.rejected) == (2, {"near_duplicate_opening": 1})
