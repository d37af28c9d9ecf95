"""Of several answers: checks first, then agreement, then the judge; what was not chosen stays for pairs."""

import json
import random
from collections.abc import Callable, Sequence

import pytest

from selfinstruct.bootstrap.choice import WORDS
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.apply import apply
from selfinstruct.prompts import parse_prompts
from selfinstruct.prompts.used import later_prompts
from selfinstruct.records import Candidate, LanguageCode, Recipe, Reply, Request, Step
from selfinstruct.requests import Plan
from selfinstruct.requests.several import finalists
from selfinstruct.runs.derive.decide import Decision, judged_by
from selfinstruct.runs.derive.stories import stories_of
from selfinstruct.system.files import bundled, read_folder
from tests.support.bootstraps import make_plan, outcome, run, scripted
from tests.support.judges import shown, verdict

both = pytest.mark.parametrize("language", ["en", "zh"])
Say = Callable[[str, str], str]


def plan_of(
    language: LanguageCode,
    recipe: Recipe = "steered",
    answers: int = 4,
    *,
    answerable: float = 0.0,
    judges: bool = True,
) -> Plan:
    target = 24 if recipe == "checked" else 6  # in one of six requests there are two answers to choose from
    plan = make_plan(language, recipe, exercises=False, target=target)
    generate = plan.config.generate.model_copy(update={"answers": answers, "answerable": answerable})
    judge = plan.config.judge.model_copy(update={"answers": judges})
    config = plan.config.model_copy(update={"generate": generate, "judge": judge})
    folder = bundled("prompts") / language
    prompts = parse_prompts(
        language, read_folder(folder), str(folder), judge=config.asks_judge, later=later_prompts(config)
    )
    return plan._replace(config=config, prompts=prompts)


def judged(say: Say, asked: list[Request] | None = None) -> Callable[[Request], Reply]:
    """Return a teacher whose judge says which of two answers is better: `1`, `2` or `tie`."""

    def answer(request: Request) -> Reply:
        if asked is not None:
            asked.append(request)
        if request.step == "answerable":
            word = "yes" if request.language == "en" else "是"
            return Reply(text=word, first_token={word: -0.01}, finish_reason="stop")
        if request.step not in WORDS:
            return scripted(request)
        pair = shown({"messages": [one.model_dump() for one in request.messages]})
        assert pair
        return Reply(text=verdict(pair, say(pair.first, pair.second)), finish_reason="stop")

    return answer


def longest(first: str, second: str) -> str:
    return "1" if (len(first), first) > (len(second), second) else "2"


def contests(found: Bootstrap) -> list[tuple[str, str, str]]:
    """Return (answer of the row, that stood, its rival) of the rows between whose answers the judge chose."""
    replies = found.acceptance.replies
    firsts = [
        (one.candidate.output, replies.contest(found.spans(one.candidate.index)[0]))
        for one in found.verdicts
        if one.accepted
    ]
    return [(output, two.standing.output, two.rival.output) for output, two in firsts if two]


def same(outputs: Sequence[str]) -> tuple[int, int | None]:
    made = [
        Candidate(language="en", index=0, position=0, instruction="Name a river in France.", output=one)
        for one in outputs
    ]
    return finalists(made)


@pytest.mark.parametrize(
    ("outputs", "places"),
    [
        (["The Loire.", "The Loire.", "The Loire.", "The Seine."], (0, None)),  # three of four agree
        (["The Loire.", "The Loire.", "The Seine.", "The Seine."], (0, 2)),  # two against two
        (["The Loire.", "The Seine."], (0, 1)),
        (["The Loire.", "N/A"], (0, None)),  # a rule decides
        (["The Loire."], (0, None)),
    ],
)
def test_a_judge_chooses_only_where_rules_and_agreement_do_not(
    outputs: list[str], places: tuple[int, int | None]
) -> None:
    assert same(outputs) == places


@pytest.mark.thorough
@both
@pytest.mark.parametrize("recipe", ["steered", "checked"])
@pytest.mark.parametrize("answerable", [0.0, 0.5])
def test_the_rival_stands_where_the_judge_prefers_it_in_both_orders_whatever_the_order_of_arrival(
    language: LanguageCode, recipe: Recipe, answerable: float
) -> None:
    asked: list[Request] = []
    plan = plan_of(language, recipe, answerable=answerable)
    found = run(plan, judged(longest, asked), 1, random.Random(0))
    assert outcome(run(plan, judged(longest), 5, random.Random(3))) == outcome(found)
    two = contests(found)
    assert two
    assert all(row == max(pair, key=lambda text: (len(text), text)) for row, *pair in two)
    steps: list[Step] = [one.step for one in asked]
    assert ("answerable" in steps) == (answerable > 0)
    looked_at = {(one.index, one.position) for one in asked if one.step == "answerable"}
    assert not answerable or {(one.index, one.position) for one in asked if one.step in WORDS} <= looked_at


@both
def test_a_judge_that_takes_the_first_place_moves_nothing_and_is_asked_once(language: LanguageCode) -> None:
    asked: list[Request] = []
    found = run(plan_of(language), judged(lambda *_: "1", asked), 1, random.Random(0))
    alone = run(plan_of(language, judges=False), judged(longest), 1, random.Random(0))
    assert [row.output for row in found.rows] == [row.output for row in alone.rows]
    assert {one.step for one in asked if one.step in WORDS} == {"better.1"}


def test_a_judge_that_takes_the_second_place_is_asked_in_both_orders_and_moves_nothing() -> None:
    asked: list[Request] = []
    found = run(plan_of("en"), judged(lambda *_: "2", asked), 1, random.Random(0))
    alone = run(plan_of("en", judges=False), judged(longest), 1, random.Random(0))
    assert [row.output for row in found.rows] == [row.output for row in alone.rows]
    assert {one.step for one in asked if one.step in WORDS} == set(WORDS)


def test_a_word_on_other_answers_than_those_that_are_left_is_none() -> None:
    asked: list[Request] = []
    plan, heard = plan_of("en"), list[tuple[Request, Reply]]()
    teacher = judged(longest, asked)

    def answer(request: Request) -> Reply:
        reply = teacher(request)
        heard.append((request, reply))
        return reply

    run(plan, answer, 1, random.Random(0))
    replayed = Bootstrap(plan)
    for request, reply in heard:
        strange = request.model_copy(update={"shown": ("answer.9", "answer")}) if request.step in WORDS else request
        replayed.hear(strange, reply)
    replayed.close()
    assert all(row == standing for row, standing, _ in contests(replayed))


@both
def test_what_was_not_chosen_makes_pairs_by_the_word_that_was_heard(language: LanguageCode) -> None:
    found = run(plan_of(language), judged(longest), 1, random.Random(0))
    applied = apply(found.verdicts, found.rows, [False] * len(found.rows), [], 0.1)
    stories = stories_of({language: found}, {language: applied})
    chosen = {(row, *sorted(pair)) for row, *pair in contests(found)}
    told = 0
    for story in stories:
        others = [one for one in story.others() if one.origin.startswith("answer")]
        assert others
        assert all(one.text != story.row.output for one in others)
        for other in others:
            decided = judged_by(story, other)
            if isinstance(decided, Decision) and decided.by == "judge":
                assert (story.row.output, *sorted((story.row.output, other.text))) in chosen
                assert decided.chosen is None
                told += 1
    assert told


def test_without_a_judge_nothing_of_it_is_asked_or_read() -> None:
    asked: list[Request] = []
    run(plan_of("en", judges=False), judged(longest, asked), 1, random.Random(0))
    assert not {one.step for one in asked} & set(WORDS)
    assert "compare" not in plan_of("en", judges=False).prompts.templates
    assert json.dumps(plan_of("en", judges=False).config.acceptance_settings()).count("judge") == 0
