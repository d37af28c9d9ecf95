"""Several rows a request: the rows of one reply are judged together, each by its number; what cannot be read is asked about alone."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from selfinstruct.bootstrap.judge import ROWS_STEPS
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import LanguageCode, Reply, Request
from tests.support.bootstraps import outcome, run, scripted
from tests.support.row_judges import Fail, forgets_numbers, is_cut, judge, loses_one, mumbles, rows_in, talks
from tests.support.rubrics import plan_of
from tests.support.runs import MakeConfig

both = pytest.mark.parametrize("language", ["en", "zh"])


def teacher(fail: Fail = lambda _, objects: objects, asked: list[Request] | None = None) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        if asked is not None:
            asked.append(request)
        return judge(request, fail) if request.step.startswith("judge") else scripted(request)

    return answer


def judged(
    make_config: MakeConfig, language: LanguageCode, rows: int, fail: Fail | None = None, target: int = 12
) -> tuple[Bootstrap, list[Request]]:
    asked: list[Request] = []
    plan = plan_of(
        make_config, language, target={language: target}, judge__rows_per_request=rows, generate__tasks_per_request=8
    )
    answer = teacher(fail, asked) if fail else teacher(asked=asked)
    return run(plan, answer, 1, random.Random(0)), asked


@both
def test_rows_of_one_reply_are_judged_in_one_request_with_the_same_verdicts(
    make_config: MakeConfig, language: LanguageCode
) -> None:
    alone, one_by_one = judged(make_config, language, 1)
    together, shared = judged(make_config, language, 8)
    assert [verdict.rule for verdict in together.verdicts] == [verdict.rule for verdict in alone.verdicts]
    assert {one.step for one in shared if one.step.startswith("judge")} == set(ROWS_STEPS)
    counts = [sum(one.step.startswith("judge") for one in asked) for asked in (one_by_one, shared)]
    assert counts[1] * 2 < counts[0]


@both
def test_the_second_order_turns_rows_and_criteria_round(make_config: MakeConfig, language: LanguageCode) -> None:
    _, asked = judged(make_config, language, 8)
    pairs = {one.slot.rpartition("/")[0]: one for one in asked if one.step == "judges.1"}
    turned = {one.slot.rpartition("/")[0]: one for one in asked if one.step == "judges.2"}
    assert pairs.keys() == turned.keys()
    for place, first in pairs.items():
        assert rows_in(first) == rows_in(turned[place])[::-1]
        assert first.shown == turned[place].shown
        assert len(first.shown) == len(rows_in(first)) <= 8


@pytest.mark.thorough
@both
@pytest.mark.parametrize("rows", [2, 3, 8])
def test_it_is_the_same_for_any_concurrency_and_order_of_arrival(
    make_config: MakeConfig, language: LanguageCode, rows: int
) -> None:
    plan = plan_of(
        make_config, language, target={language: 6}, judge__rows_per_request=rows, generate__tasks_per_request=5
    )
    expected = outcome(run(plan, teacher(loses_one), 1, random.Random(0)))
    for seed in range(3):
        assert outcome(run(plan, teacher(loses_one), 8, random.Random(seed))) == expected


@pytest.mark.thorough
@both
@pytest.mark.parametrize("fail", [loses_one, is_cut, forgets_numbers, talks, mumbles])
def test_what_cannot_be_read_among_others_is_asked_about_alone_so_that_no_verdict_changes(
    make_config: MakeConfig, language: LanguageCode, fail: Fail
) -> None:
    alone, _ = judged(make_config, language, 1)
    together, asked = judged(make_config, language, 8, fail)
    assert [verdict.rule for verdict in together.verdicts] == [verdict.rule for verdict in alone.verdicts]
    assert all(count == 1 for count in Counter(one.slot for one in asked).values())
    again = {one.step for one in asked} & {"judge.1", "judge.2"}
    assert bool(again) == (fail is not talks)


def test_a_reply_is_read_by_what_was_asked_whatever_would_be_asked_today(make_config: MakeConfig) -> None:
    heard: list[tuple[Request, Reply]] = []
    plan = plan_of(make_config, "en", target={"en": 8}, judge__rows_per_request=4, generate__tasks_per_request=8)

    def answer(request: Request) -> Reply:
        reply = teacher()(request)
        heard.append((request, reply))
        return reply

    found = run(plan, answer, 1, random.Random(0))
    other = plan.config.judge.model_copy(update={"rows_per_request": 3})
    replayed = Bootstrap(plan._replace(config=plan.config.model_copy(update={"judge": other})))
    for request, reply in heard:
        replayed.hear(request, reply)
    replayed.close()
    assert outcome(replayed) == outcome(found)


def test_recipes_whose_replies_hold_one_row_judge_it_alone(make_config: MakeConfig) -> None:
    asked: list[Request] = []
    plan = plan_of(make_config, "en", recipe="steered", target={"en": 3}, judge__rows_per_request=8)
    run(plan, teacher(asked=asked), 1, random.Random(0))
    assert {one.step for one in asked if one.step.startswith("judge")} == {"judge.1", "judge.2"}
