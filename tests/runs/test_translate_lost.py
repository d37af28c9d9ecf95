"""A row whose reply is lost, by a fault that may pass, is asked for once more; the same replies give the same bytes, wherever a run was stopped."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.errors import CapReachedError
from tests.support.runs import digest
from tests.support.teacher_server import Fault, TeacherServer, completion
from tests.support.translating import adds_up, carry, rows_of, write, written

EMPTY = Fault(body=json.dumps(completion("")).encode())
BROKEN = Fault(500, b"{}")


def losing(server: TeacherServer, fault: Fault, times: int, every: int = 3) -> Callable[[], int]:
    """Have the teacher lose the first `times` replies to every third text; return how to count the texts that it was asked for."""
    asked: dict[str, int] = {}

    def script(_: int, body: dict[str, Any]) -> Fault | None:
        text = str(body["messages"][-1]["content"])
        number = asked[text] = asked.get(text, 0) + 1
        return fault if sum(text.encode()) % every == 0 and number <= times else None

    server.script = script
    return lambda: sum(sum(text.encode()) % every == 0 for text in asked)


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize(("fault", "times"), [(EMPTY, 1), (BROKEN, 2)])
def test_a_lost_reply_costs_no_row(server: TeacherServer, tmp_path: Path, fault: Fault, times: int) -> None:
    source = write(tmp_path / "en.jsonl", rows_of(24))
    whole = carry(server, source, tmp_path / "whole")
    sent = len(server.requests)
    lost = losing(server, fault, times)
    done = carry(server, source, tmp_path / "zh")
    assert lost() > 3
    assert len(server.requests) == 2 * sent + times * lost()
    assert done[1:] == whole[1:]
    assert (tmp_path / "zh/dataset/zh.jsonl").read_bytes() == (tmp_path / "whole/dataset/zh.jsonl").read_bytes()


@pytest.mark.usefixtures("no_waits")
def test_a_reply_that_is_lost_again_rejects_its_row_by_name(server: TeacherServer, tmp_path: Path) -> None:
    lost = losing(server, EMPTY, 9)
    done = carry(server, write(tmp_path / "en.jsonl", rows_of(24)), tmp_path / "zh")
    assert adds_up(done)
    assert done.rejected == {"empty_reply": lost()}
    asked = len(server.requests)
    assert carry(server, tmp_path / "en.jsonl", tmp_path / "zh")[1:] == done[1:]
    assert len(server.requests) == asked


@pytest.mark.usefixtures("no_waits")
def test_what_may_not_be_paid_for_twice_is_not_asked_for_again(server: TeacherServer, tmp_path: Path) -> None:
    lost = losing(server, Fault(hang_up=True), 9)
    limits = {"concurrency": 4, "retries": 1, "uncertain": "hold"}
    done = carry(server, write(tmp_path / "en.jsonl", rows_of(24)), tmp_path / "zh", limits=limits)
    assert done.rejected == {"held": lost()}


@pytest.mark.thorough
@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("most", [1, 3, 7])
def test_a_run_that_loses_replies_and_is_stopped_anywhere_ends_byte_for_byte_as_one_that_is_not(
    server: TeacherServer, tmp_path: Path, most: int
) -> None:
    source = write(tmp_path / "en.jsonl", rows_of(24))
    losing(server, EMPTY, 1)
    carry(server, source, tmp_path / "whole")
    losing(server, EMPTY, 1)
    for candidates in range(most, 30, most):
        try:
            carry(server, source, tmp_path / "zh", limits={"concurrency": 3, "max_candidates": candidates})
        except CapReachedError:
            continue
    carry(server, source, tmp_path / "zh")
    assert digest(tmp_path / "zh") == digest(tmp_path / "whole")
    assert written(tmp_path / "zh")


def test_a_row_says_which_replies_it_stands_on(server: TeacherServer, tmp_path: Path) -> None:
    losing(server, EMPTY, 1, every=1)
    carry(server, write(tmp_path / "en.jsonl", rows_of(2)), tmp_path / "zh")
    found = si.open_run(tmp_path / "zh").explain("zh/1.0")
    assert found.state == "accepted"
    assert [one.request.step for one in found.asked] == ["translate", "translate.2"]
