"""When the same fault again and again stops a run, and when a refusal concerns one request only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.teacher.pacing.faults import STREAK, WINDOW, Fault, FaultWatch, explain_fault

REFUSED = Fault("request_rejected", "no such knob as flux")
EMPTY = Fault("empty_reply")


def test_the_eighth_answer_in_a_row_with_one_fault_is_one_too_many() -> None:
    watch = FaultWatch()
    assert STREAK == 8
    assert [watch.faulty(f"en/{index}", REFUSED) for index in range(8)] == [False] * 7 + [True]


def test_a_usable_answer_and_another_fault_begin_the_count_anew() -> None:
    watch = FaultWatch()
    for _ in range(5):
        assert not any(watch.faulty(f"en/{index}", REFUSED) for index in range(7))
        watch.answered()
        assert not any(watch.faulty(f"en/{index}", REFUSED) for index in range(7))
        assert not watch.faulty("en/0", EMPTY)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("prompt has 812 tokens", "prompt has 97 tokens", True),
        ("request id 3f2a-99 failed", "request id 77b1-03 failed", True),
        ("提示词有 812 个词", "提示词有 97 个词", True),
        ("Bad knob", "BAD KNOB", True),
        ("bad knob" + "x" * 60 + "a", "bad knob" + "x" * 60 + "b", True),
        ("bad knob", "good knob", False),
        ("参数不合法", "内容不合法", False),
    ],
)
def test_a_fault_is_the_same_whatever_its_numbers(one: str, other: str, same: bool) -> None:
    assert (Fault("request_rejected", one).kind == Fault("request_rejected", other).kind) == same
    assert Fault("request_rejected", one).kind != Fault("content_filtered", one).kind


@given(st.lists(st.sampled_from(["good", "refused", "empty"]), max_size=60))
def test_a_run_stops_for_eight_in_a_row_and_for_nothing_less(outcomes: list[str]) -> None:
    watch, row, last = FaultWatch(), 0, ""
    for index, outcome in enumerate(outcomes):
        row = row + 1 if outcome == last else 1
        last = outcome
        if outcome == "good":
            watch.answered()
        else:
            assert watch.faulty(f"en/{index}", REFUSED if outcome == "refused" else EMPTY) == (row >= STREAK)


def refuse(watch: FaultWatch, slot: str, refusals: int, good_before: int) -> bool:
    """Record one more refusal of a slot; returns whether it is refused for its own sake."""
    alone = watch.is_individual(slot, refusals, good_before)
    assert not watch.faulty(slot, REFUSED)
    return alone


def test_a_request_that_is_refused_thrice_while_others_are_answered_is_refused_for_its_own_sake() -> None:
    watch = FaultWatch()
    assert not refuse(watch, "en/0", 1, 0)
    watch.answered()
    assert not refuse(watch, "en/0", 2, 0)
    watch.answered()
    assert refuse(watch, "en/0", 3, 0)


def test_a_request_that_is_refused_beside_many_others_is_not() -> None:
    watch = FaultWatch()
    watch.answered()
    for slot in ("en/0", "en/1", "en/2", "en/0", "en/1", "en/0"):
        assert not watch.is_individual(slot, 3, watch.good)
        watch.faulty(slot, REFUSED)


def test_all_that_is_left_to_ask_is_refused_for_its_own_sake() -> None:
    watch = FaultWatch()
    watch.answered()
    assert [refuse(watch, "en/0", refusals, 1) for refusals in (1, 2, 3)] == [False, False, True]
    watch = FaultWatch(answered_before=True)
    assert [refuse(watch, slot, refusals, 0) for slot, refusals in (("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3))] == [
        False, False, False, False, True,
    ]  # fmt: skip


def test_where_nothing_was_ever_answered_no_request_is_refused_for_its_own_sake() -> None:
    watch = FaultWatch()
    assert not any(refuse(watch, "en/0", refusals, 0) for refusals in range(1, 8))


def test_failures_stop_a_run_where_they_prevail_over_fifty_answers() -> None:
    watch, failed = FaultWatch(), []
    for _ in range(WINDOW):
        failed += [watch.failed(), watch.failed()]
        watch.answered()
    assert not any(failed[:30])
    assert any(failed)


@pytest.mark.parametrize("in_a_row", [6, 9, 64])
def test_an_outage_is_no_prevailing_failure(in_a_row: int) -> None:
    watch = FaultWatch()
    for _ in range(WINDOW):
        watch.answered()
        assert not any(watch.failed() for _ in range(in_a_row))


@given(st.lists(st.booleans(), max_size=300))
def test_as_many_failures_as_answers_stop_no_run(answers: list[bool]) -> None:
    watch = FaultWatch()
    for _ in answers:
        assert not watch.failed()
        watch.answered()


@pytest.mark.parametrize(
    "rule", ["request_rejected", "all_thought", "empty_reply", "content_filtered", "malformed_reply", "oversize"]
)
def test_a_stop_says_what_was_heard_and_what_to_set(rule: str) -> None:
    told = explain_fault(Fault(rule, "余额 {0} of {max_tokens}"), "https://x/v1", 4096)
    assert told.startswith("https://x/v1: 8 answers in a row ")
    assert 'It says: "余额 {0} of {max_tokens}".' in told
    assert "the same command" in told
    assert "{{" not in told
    assert "{max_tokens}" not in told.replace("{0} of {max_tokens}", "")


def test_what_changes_the_requests_says_that_it_needs_a_fresh_run() -> None:
    assert "--fresh" in explain_fault(Fault("all_thought"), "x", 4096)
    assert "(now 4096; [teacher] max_tokens" in explain_fault(Fault("all_thought"), "x", 4096)
    assert "omit = [...] or rename = { ... }, and run the same command again" in explain_fault(REFUSED, "x", 9)
