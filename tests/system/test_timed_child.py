"""Work that must end in time, in a child that the system ends."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfinstruct.system.timed_child import ChildEndedError, TimedChild

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no child")
SUBJECT, OTHER = ["subject"], ["other"]


def answer(subject: list[str], question: bytes) -> bytes:
    if question == b"compare":
        left: list[object] = [1]
        right: list[object] = [1]
        for _ in range(60):
            left, right = [left, left], [right, right]
        return str(left == right).encode()
    if question == b"crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if question == b"interrupt":
        os.kill(os.getppid(), signal.SIGINT)
    return f"{os.getpid()} {subject[0]} {question.decode()}".encode()


def asked(child: TimedChild, question: str, subject: list[str] = SUBJECT) -> tuple[int, str]:
    process, _, rest = child.ask(subject, question.encode(), 0.2).decode().partition(" ")
    return int(process), rest


@pytest.fixture
def child() -> Iterator[TimedChild]:
    child = TimedChild(answer)
    yield child
    child._end()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_one_child_answers_about_one_subject_and_leaves_no_descriptor_behind(child: TimedChild) -> None:
    before = descriptors()
    (first, said), (second, _), (third, other) = asked(child, "a"), asked(child, "b"), asked(child, "c", OTHER)
    assert (said, other) == ("subject a", "other c")
    assert first == second != third
    assert os.getpid() not in {first, third}
    child._end()
    assert descriptors() == before


def test_long_questions_and_answers_arrive_whole(child: TimedChild) -> None:
    long = "长" * 2**20
    assert asked(child, long)[1] == f"subject {long}"
    assert asked(child, "")[1] == "subject "


def test_what_python_cannot_interrupt_is_ended_and_the_next_question_is_answered(child: TimedChild) -> None:
    with pytest.raises(ChildEndedError, match=r"it takes more than 0\.2 seconds"):
        asked(child, "compare")
    assert asked(child, "a")[1] == "subject a"


def test_a_crash_is_told_and_the_next_question_is_answered(child: TimedChild) -> None:
    with pytest.raises(ChildEndedError, match=r"it ends Python \(-9\)"):
        asked(child, "crash")
    assert asked(child, "a")[1] == "subject a"


def test_a_child_that_nobody_asks_ends_and_the_next_question_has_a_new_one() -> None:
    child = TimedChild(answer, idle_s=0.01)
    first, _ = asked(child, "a")
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    second, said = asked(child, "b")
    assert (second != first, said) == (True, "subject b")
    child._end()


def test_after_ctrl_c_the_next_question_gets_its_own_answer(child: TimedChild) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked(child, "interrupt")
    assert asked(child, "a")[1] == "subject a"


def test_where_no_process_may_be_made_questions_are_answered_here(
    child: TimedChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    before = descriptors()
    assert asked(child, "a") == (os.getpid(), "subject a")
    assert descriptors() == before
