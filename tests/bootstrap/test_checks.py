"""The ordered list of checks: what stands before what, and that a candidate goes down it once."""

import random
from collections import Counter
from itertools import groupby
from typing import Any

import pytest

from selfinstruct.bootstrap.checks import Case, Check, Reason, checks_of
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.records import LanguageCode, Reply, Request
from tests.support.bootstraps import make_plan, run, scripted
from tests.support.rubrics import plan_of
from tests.support.runs import MakeConfig

TWICE: dict[LanguageCode, str] = {
    "en": "###\n9. Instruction: Describe a harbour at dawn.\n9. Input:\n<noinput>\n9. Output:\nGulls and fog over the water.\n",
    "zh": "###\n9. 指令：描写清晨的渡口。\n9. 输入：\n<无输入>\n9. 输出：\n雾还没散，船夫在解缆绳。\n",
}


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_the_cheap_stands_before_the_dear(make_config: MakeConfig, recipe: str) -> None:
    plan = plan_of(make_config, "en", recipe=recipe, validate__exclude=["0" * 16])
    plan = plan._replace(evaluation_sets=EvaluationSets([EvaluationExample("exam", 1, "en", "Name a river.", "", "")]))
    stages = [key for key, _ in groupby((check.stage, check.needs) for check in checks_of(plan))]
    later = [("held_out", "row")] if recipe == "steered" else []
    assert stages == [
        ("read", "reply"),
        ("instruction", "reply"),
        ("filter", "neighbour"),
        ("answer", "question"),
        ("held_out", "question"),
        *later,
        ("answer", "row"),
        ("filter", "row"),
        ("target", "row"),
        ("judge", "judgements"),
    ]


@pytest.mark.parametrize("recipe", ["steered", "batch"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_check_looks_twice_at_a_candidate_or_at_what_comes_later(language: LanguageCode, recipe: str) -> None:
    looks: Counter[tuple[str, int]] = Counter()

    def counting(number: int, check: Check) -> Check:
        def look(accepted: Any, case: Case) -> Reason | None:
            looks[case.candidate.key, number] += 1
            assert recipe == "batch" or check.needs != "reply" or not case.candidate.output  # nothing was bought yet
            return check.look(accepted, case)

        return check._replace(look=look)

    plan = make_plan(language, recipe, target=12, window=8)
    bootstrap = Bootstrap(plan)
    bootstrap.acceptance.checks = tuple(counting(*one) for one in enumerate(bootstrap.acceptance.checks))
    waiting: list[Request] = []
    rng = random.Random(1)
    while True:
        while request := bootstrap.ask():
            waiting.append(request)
        if not waiting:
            break
        request = waiting.pop(rng.randrange(len(waiting)))
        bootstrap.hear(request, scripted(request))
    assert bootstrap.full
    assert max(looks.values()) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_of_a_reply_that_are_near_are_judged_all_the_same(make_config: MakeConfig, language: LanguageCode) -> None:
    """The first waits for the judge in its turn; that the second may be accepted too does not take that back."""

    def answer(request: Request) -> Reply:
        return Reply(text=2 * TWICE[language], finish_reason="stop") if request.step == "batch" else scripted(request)

    plan = plan_of(make_config, language, target={language: 1}, generate__window=1)
    bootstrap = Bootstrap(plan)
    request = bootstrap.ask()
    assert request is not None
    bootstrap.hear(request, answer(request))
    steps = [asked.step for asked in iter(bootstrap.ask, None)]
    assert steps == ["judge.1", "judge.2"]
    assert run(plan, answer, 4, random.Random(0)).verdicts


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rule_on_any_field_looks_again_once_there_is_an_answer(language: LanguageCode) -> None:
    """What it has passed is the instruction, before anything else was bought."""

    def answer(request: Request) -> Reply:
        said = scripted(request)
        return said.model_copy(update={"text": f"{said.text}<|im_end|>"}) if request.step == "answer" else said

    bootstrap = Bootstrap(make_plan(language, "steered", target=1, window=1))
    while not bootstrap.acceptance.rejected["control_tokens"] and (request := bootstrap.ask()):
        bootstrap.hear(request, answer(request))
    assert not bootstrap.rows
