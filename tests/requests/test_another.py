"""Requests on a finished row: a second answer, and one to the task with a condition less."""

from typing import Any

import pytest

from selfinstruct.records import Candidate, LanguageCode, Step
from selfinstruct.requests.another import (
    PREFERRED,
    SECOND,
    STEPS,
    compose_another,
    with_less,
)
from tests.support.stories import ASKED, plan_for, story, with_condition

both = pytest.mark.parametrize("language", ["en", "zh"])


def candidate_in(language: LanguageCode, **more: Any) -> Candidate:
    found = story(language, **more).candidate
    assert found
    return found


@both
def test_a_second_answer_is_asked_for_like_the_first_and_drawn_warmer(language: LanguageCode) -> None:
    request = compose_another(plan_for(language), candidate_in(language), "second")
    assert request.messages[-1].content == ASKED[language][0]
    assert request.sampling.temperature > 0
    assert request.slot == f"{language}/3.0/second"


def test_each_further_answer_has_a_slot_and_a_seed_of_its_own() -> None:
    requests = [compose_another(plan_for("en"), candidate_in("en"), step) for step in SECOND]
    assert len({one.slot for one in requests}) == len({one.sampling.seed for one in requests}) == len(SECOND)


@both
def test_a_further_answer_in_a_conversation_has_what_was_said(language: LanguageCode) -> None:
    going_on = candidate_in(language, history=(("a?", "b."),))
    contents = [one.content for one in compose_another(plan_for(language), going_on, "second").messages]
    assert contents[1:] == ["a?", "b.", ASKED[language][0]]


@both
def test_a_condition_less_is_the_task_before_it(language: LanguageCode) -> None:
    found = with_condition(language)
    assert found.candidate
    assert with_less(found.candidate) == ASKED[language][0]
    assert compose_another(found.plan, found.candidate, "dropped").messages[-1].content == ASKED[language][0]


def test_of_two_conditions_the_last_one_goes() -> None:
    found = with_condition("en").candidate
    assert found
    assert found.drawn
    conditions = "Use no commas. Write one line."
    drawn = found.drawn.model_copy(update={"instruction": conditions})
    more = {"instruction": f"Name a fruit. {conditions}", "drawn": drawn, "checks": found.checks * 2}
    assert with_less(found.model_copy(update=more)) == "Name a fruit. Use no commas."


@pytest.mark.parametrize("changes", [{"recipe": "steered"}, {"input": "plum, fig"}, {"drawn": None}])
def test_a_task_without_conditions_of_its_own_has_none_to_drop(changes: dict[str, object]) -> None:
    found = with_condition("en").candidate
    assert found
    assert with_less(found.model_copy(update=changes)) == ""


def test_no_step_of_a_view_is_one_of_two_things() -> None:
    steps: list[Step] = [*SECOND, "dropped", *(step for steps in PREFERRED.values() for step in steps)]
    assert len(steps) == len(STEPS)
