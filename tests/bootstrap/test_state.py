"""The bootstrap as a pure state machine: the same replies give the same verdicts in any order of arrival."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.apply import apply
from selfinstruct.records import LanguageCode, Reply, Request
from selfinstruct.runs.ledger import flags
from tests.support.bootstraps import make_plan, outcome, run, scripted


class Recording:
    """A teacher that keeps what it was asked and what it said."""

    def __init__(self) -> None:
        self.heard: list[tuple[Request, Reply]] = []

    def __call__(self, request: Request) -> Reply:
        self.heard.append((request, scripted(request)))
        return self.heard[-1][1]


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["steered", "batch"])
@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=15, deadline=None)
@given(concurrency=st.integers(1, 8), seed=st.integers(0, 2**16))
def test_concurrency_and_order_of_arrival_do_not_change_a_verdict(
    language: LanguageCode, recipe: str, concurrency: int, seed: int
) -> None:
    plan = make_plan(language, recipe)
    expected = outcome(run(plan, scripted, 1, random.Random(0)))
    assert outcome(run(plan, scripted, concurrency, random.Random(seed))) == expected


@pytest.mark.parametrize("recipe", ["steered", "batch"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_reaches_its_target_exactly_and_every_candidate_has_a_verdict(language: LanguageCode, recipe: str) -> None:
    bootstrap = run(make_plan(language, recipe), scripted, 4, random.Random(1))
    assert bootstrap.full
    assert len(bootstrap.rows) == 6
    assert bootstrap.settled_candidates == len(bootstrap.verdicts)
    assert len({row.id for row in bootstrap.rows}) == 6


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_machine_that_hears_the_recorded_replies_again_agrees(recipe: str) -> None:
    plan = make_plan("zh", recipe)
    teacher = Recording()
    first = run(plan, teacher, 4, random.Random(3))
    again = Bootstrap(plan)
    for request, reply in teacher.heard:
        again.hear(request, reply)
    again.close()
    assert outcome(again) == outcome(first)
    assert again.ask() is None


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_cut_after_any_reply_and_continued_it_ends_the_same(recipe: str) -> None:
    plan = make_plan("en", recipe)
    expected = outcome(run(plan, scripted, 1, random.Random(0)))
    teacher = Recording()
    run(plan, teacher, 4, random.Random(5))
    for kept in range(len(teacher.heard)):
        bootstrap = Bootstrap(plan)
        for request, reply in teacher.heard[:kept]:
            bootstrap.hear(request, reply)
        while asked := bootstrap.ask():
            bootstrap.hear(asked, scripted(asked))
        assert outcome(bootstrap) == expected


def test_later_requests_show_accepted_rows() -> None:
    plan = make_plan("en", "steered", exercises=False, target=12, window=2)
    teacher = Recording()
    bootstrap = run(plan, teacher, 2, random.Random(0))
    rows = {row.id for row in bootstrap.rows}
    first = [request for request, _ in teacher.heard if request.step == "instruction"]
    assert not rows & set(first[0].shown)
    assert any(rows & set(request.shown) for request in first)


def test_a_near_duplicate_buys_no_answer() -> None:
    plan = make_plan("en", "steered", exercises=False)
    asked: list[str] = []

    def answer(request: Request) -> Reply:
        if request.index < 4 and request.step == "answer":
            asked.append(request.slot)
        if request.step == "instruction" and request.index < 4:
            return Reply(text="Describe a quiet harbour town at dawn in winter.", finish_reason="stop")
        return scripted(request)

    bootstrap = run(plan, answer, 4, random.Random(2))
    rules = [verdict.rule for verdict in bootstrap.verdicts[:4]]
    assert rules == ["", "near_duplicate", "near_duplicate", "near_duplicate"]
    assert asked == ["en/0.0/answer"]
    assert bootstrap.verdicts[1].nearest is not None
    assert bootstrap.verdicts[1].nearest.id == bootstrap.rows[0].id


def test_a_duplicate_of_a_rejected_candidate_gets_its_own_answer() -> None:
    """A candidate is compared with accepted rows only: when the first of two twins fails, the second has its turn."""
    plan = make_plan("en", "steered", exercises=False)

    def answer(request: Request) -> Reply:
        if request.index < 2:
            text = (
                "Describe a quiet harbour town."
                if request.step == "instruction"
                else ("N/A" if request.index == 0 else "It sleeps.")
            )
            return Reply(text=text, finish_reason="stop")
        return scripted(request)

    bootstrap = run(plan, answer, 4, random.Random(2))
    assert [verdict.rule for verdict in bootstrap.verdicts[:2]] == ["placeholder_output", ""]


def test_a_missing_reply_leaves_its_candidate_pending_and_the_others_settled() -> None:
    plan = make_plan("zh", "steered")
    teacher = Recording()
    run(plan, teacher, 4, random.Random(5))
    lost = next(request.slot for request, _ in teacher.heard if request.step == "answer")
    bootstrap = Bootstrap(plan)
    for request, reply in teacher.heard:
        if request.slot != lost:
            bootstrap.hear(request, reply)
    bootstrap.close()
    pending = [verdict for verdict in bootstrap.verdicts if verdict.pending]
    assert [f"{verdict.candidate.key}/answer" for verdict in pending] == [lost]
    assert bootstrap.settled_candidates == len(bootstrap.verdicts)


def test_a_gap_in_the_requests_does_not_stop_a_replay() -> None:
    plan = make_plan("en", "batch")
    teacher = Recording()
    run(plan, teacher, 4, random.Random(5))
    bootstrap = Bootstrap(plan)
    for request, reply in teacher.heard:
        if request.index != 0:
            bootstrap.hear(request, reply)
    bootstrap.close()
    assert bootstrap.rows
    assert bootstrap.settled_candidates == len(bootstrap.verdicts)


def test_what_a_reply_holds_beyond_the_target_is_rejected_as_such() -> None:
    bootstrap = run(make_plan("en", "batch", target=1), scripted, 1, random.Random(0))
    assert len(bootstrap.rows) == 1
    assert "over_target" in {verdict.rule for verdict in bootstrap.verdicts}


def test_a_failed_request_is_a_rejected_candidate() -> None:
    plan = make_plan("en", "steered", target=2)

    def answer(request: Request) -> Reply:
        return Reply(fault="content_filtered") if request.index == 0 else scripted(request)

    bootstrap = run(plan, answer, 2, random.Random(0))
    assert bootstrap.verdicts[0].rule == "content_filtered"
    assert bootstrap.full


def test_a_request_that_is_taken_back_is_asked_again() -> None:
    bootstrap = Bootstrap(make_plan("en", "steered", target=1))
    request = bootstrap.ask()
    assert request is not None
    assert bootstrap.ask() is None
    bootstrap.take_back(request)
    assert bootstrap.ask() == request


@pytest.mark.parametrize(("second", "rule"), [("It sleeps.", "duplicate"), ("It wakes.", "conflicting_answers")])
def test_the_same_task_again_is_a_duplicate_or_a_conflict(second: str, rule: str) -> None:
    plan = make_plan("en", "steered", threshold=1.0, exercises=False)

    def answer(request: Request) -> Reply:
        if request.index < 2:
            said = "It sleeps." if request.index == 0 else second
            text = "Describe a quiet harbour town." if request.step == "instruction" else said
            return Reply(text=text, finish_reason="stop")
        return scripted(request)

    bootstrap = run(plan, answer, 4, random.Random(2))
    assert [verdict.rule for verdict in bootstrap.verdicts[:2]] == ["", rule]


def test_accepted_rows_are_counted_by_the_warnings_they_earn() -> None:
    plan = make_plan("en", "steered", exercises=False)
    long = (
        "The harbour sleeps under snow, "
        + "and a lamp burns in one window, " * 2
        + "where somebody waits for a boat that is late"
    )

    def answer(request: Request) -> Reply:
        if request.index == 0:
            text = "Describe a quiet harbour town." if request.step == "instruction" else long
            return Reply(text=text, finish_reason="stop")
        return scripted(request)

    bootstrap = run(plan, answer, 4, random.Random(2))
    assert bootstrap.verdicts[0].accepted
    applied = apply(bootstrap.verdicts, bootstrap.rows, [False] * len(bootstrap.rows), [], 0.1)
    assert flags(bootstrap, applied)["no_final_mark"] == 1
