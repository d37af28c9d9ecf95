"""Of several answers the one stands that breaks no rule and that the others are nearest to."""

import random

import pytest

from selfinstruct.records import Candidate, Check, LanguageCode, Reply, Request
from selfinstruct.requests import Plan
from selfinstruct.requests.several import best
from tests.support.bootstraps import make_plan, run, scripted


def answered(
    language: LanguageCode, instruction: str, *outputs: str, checks: tuple[Check, ...] = ()
) -> list[Candidate]:
    return [
        Candidate(
            language=language,
            index=0,
            position=0,
            instruction=instruction,
            output=output,
            checks=checks,
            fault="" if output else "truncated",
        )
        for output in outputs
    ]


@pytest.mark.parametrize(
    ("language", "instruction", "outputs", "stands"),
    [
        (
            "en",
            "How many legs has a spider?",
            ("Six.", "A spider has eight legs.", "A spider has eight legs, in pairs."),
            "A spider has eight legs.",
        ),
        ("zh", "蜘蛛有几条腿？", ("六条。", "蜘蛛有八条腿。", "蜘蛛一共有八条腿。"), "蜘蛛有八条腿。"),
        ("en", "Name a river in France.", ("The Loire.", "The Seine."), "The Loire."),
        ("en", "Name a river in France.", ("", "The Seine."), "The Seine."),
        (
            "en",
            "Write a poem about rain.",
            (
                "I'm sorry, but I can't assist with that request.",
                "I'm sorry, but I can't assist with that request.",
                "It rains on tin and stone.",
            ),
            "It rains on tin and stone.",
        ),
        (
            "zh",
            "写一首关于雨的诗。",
            ("很抱歉，我无法完成。", "很抱歉，我无法完成。", "雨敲着瓦，一声一声。"),
            "雨敲着瓦，一声一声。",
        ),
    ],
)
def test_rules_decide_first_and_agreement_then(
    language: LanguageCode, instruction: str, outputs: tuple[str, ...], stands: str
) -> None:
    assert best(answered(language, instruction, *outputs)).output == stands


def test_a_check_goes_before_agreement() -> None:
    asked = "Describe the sea. Do not use any commas."
    found = best(
        answered(
            "en",
            asked,
            "It is wide, blue and calm.",
            "It is wide, blue and deep.",
            "It is a wide blue plain.",
            checks=(Check(kind="no_comma"),),
        )
    )
    assert found.output == "It is a wide blue plain."


def test_where_none_can_be_used_the_first_one_says_why() -> None:
    assert best(answered("en", "Name a river.", "", "")).fault == "truncated"


def plan_of(language: LanguageCode, recipe: str, answers: int | None, target: int = 6) -> Plan:
    plan = make_plan(language, recipe, target, exercises=False)
    generate = plan.config.generate.model_copy(update={"answers": answers})
    return plan._replace(config=plan.config.model_copy(update={"generate": generate}))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("language", "recipe", "main"),
    [("en", "steered", "answer"), ("zh", "steered", "answer"), ("en", "checked", "meet"), ("zh", "checked", "meet")],
)
def test_further_answers_are_bought_for_what_survived_and_every_order_of_arrival_gives_the_same_rows(
    language: LanguageCode, recipe: str, main: str
) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return scripted(request)

    alone = run(plan_of(language, recipe, 3), answer, 1, random.Random(1))
    together = run(plan_of(language, recipe, 3), scripted, 5, random.Random(2))
    assert alone.rows == together.rows
    slots = {request.slot: request for request in asked}
    further = [request for request in asked if request.step.startswith("answer.")]
    assert further
    for request in further:
        first = slots[request.slot.replace(request.step, main)]
        assert (request.messages, request.shown) == (first.messages, first.shown)
        assert request.sampling.seed != first.sampling.seed
    firsts = [slot for slot in slots if slot.endswith(f"/{main}")]
    assert {request.step for request in further} == {"answer.2", "answer.3"}
    assert all(slot.replace(f"/{main}", "/answer.2") in slots for slot in firsts)


def test_the_row_has_the_chosen_answer_and_the_others_stay_known() -> None:
    found = run(plan_of("en", "steered", 3, target=20), scripted, 1, random.Random(1))
    chosen = 0
    for verdict in found.verdicts:
        if verdict.accepted:
            steps = {
                step: reply.text.strip()
                for step, reply, _ in found.acceptance.replies.steps(found.spans(verdict.candidate.index)[0])
                if reply
            }
            answers = [text for step, text in steps.items() if step.startswith("answer")]
            assert len(answers) == 3
            assert verdict.candidate.output in answers
            chosen += verdict.candidate.output != answers[0]
    assert chosen


def test_one_answer_is_what_it_was() -> None:
    config = plan_of("en", "steered", None).config
    assert "answers" not in config.request_settings()["generate"]
    assert plan_of("en", "steered", 2).config.request_settings()["generate"]["answers"] == 2
