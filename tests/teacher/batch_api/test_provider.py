"""Answers about batches that are of no known shape, or without an end."""

import itertools
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InterruptedRunError, TeacherRefusedError
from selfinstruct.teacher.batch_api import provider
from tests.support.batch_run import SMALL, Run, assert_books_agree, journal
from tests.support.batch_server import Answer, BatchShelf

pytestmark = pytest.mark.usefixtures("no_waits")
ERROR = (500, b'{"error": {"message": "oops"}}')
DEEP = b"[" * 800 + b"]" * 800


def first(event: str, answer: bytes) -> Any:
    """Return a fault: the first answer to an event is this one."""
    return lambda happened, number: (200, answer) if (happened, number) == (event, 0) else None


def listed(shelf: BatchShelf, page: Any) -> None:
    """Leave it open whether the first batch was made, and let `page`, by its number, be what is listed."""

    def fault(event: str, number: int) -> Answer | None:
        if (event, number) == ("creating", 0):
            return ERROR
        return (200, json.dumps(page(number)).encode()) if event == "listing" else None

    shelf.fault = fault


@pytest.mark.parametrize(
    "answer",
    [
        b'{"status": "in_progress", "request_counts": [1]}',
        b'{"status": "in_progress", "request_counts": {"total": 1e99, "completed": "2", "failed": [3]}}',
        b'{"status": "in_progress", "request_counts": {"total": -1, "completed": %s, "failed": 1}}' % (b"9" * 4300),
        b'{"status": ["completed"], "errors": 5, "output_file_id": {"a": 1}}',
        b"[1]",
    ],
)
def test_a_status_of_strange_types_is_one_that_is_not_final(
    run: Run, shelf: BatchShelf, tmp_path: Path, answer: bytes
) -> None:
    shelf.fault = first("looking", answer)
    run(**SMALL)
    assert_books_agree(shelf, tmp_path)


@pytest.mark.parametrize("errors", [b"[1]", b"5", b'{"data": 5}', b'{"data": {"code": 1}}', b'{"data": [1, null]}'])
def test_a_refused_batch_with_reasons_of_strange_types_is_refused_without_one(
    run: Run, shelf: BatchShelf, errors: bytes
) -> None:
    shelf.fault = first("looking", b'{"status": "failed", "errors": %s}' % errors)
    with pytest.raises(TeacherRefusedError, match="refuses batch batch_0 as a whole: it gives no reason"):
        run(**SMALL)


@pytest.mark.parametrize(
    "error", [b'{"line": {"a": 1}, "code": [], "message": %s}' % DEEP, b'{"message": "no", "line": 1e999}']
)
def test_a_reason_of_strange_types_is_said_as_far_as_it_can_be_read(run: Run, shelf: BatchShelf, error: bytes) -> None:
    shelf.fault = first("looking", b'{"status": "failed", "errors": {"data": [%s]}}' % error)
    with pytest.raises(TeacherRefusedError, match=r"as a whole: (no)? \(\)"):
        run(**SMALL)


@pytest.mark.parametrize("strange", [{"metadata": "str"}, {"metadata": [1]}, {"created_at": "x", "input_file_id": [1]}])
def test_listed_batches_of_strange_types_are_passed_over(
    run: Run, shelf: BatchShelf, tmp_path: Path, strange: dict[str, Any]
) -> None:
    listed(shelf, lambda _: {"data": [5, {"id": "x"} | strange], "has_more": False})
    run(**SMALL)
    assert_books_agree(shelf, tmp_path)


@pytest.mark.parametrize("page", [{}, [], {"data": 5}, {"data": {"id": "x"}}])
def test_where_no_list_is_answered_no_second_batch_is_made(
    run: Run, shelf: BatchShelf, tmp_path: Path, page: Any
) -> None:
    listed(shelf, lambda _: page)
    with pytest.raises(TeacherRefusedError, match=r"lists batches in no list.*--abandon-batches"):
        run(**SMALL)
    assert shelf.events.count("creating") == 1
    assert journal(tmp_path).shards


def circle(_: int) -> dict[str, Any]:
    return {"data": [{"id": "x", "created_at": 10**10}], "has_more": True}


def endless(number: int) -> dict[str, Any]:
    return {"data": [{"id": f"x{number}", "created_at": 10**10}], "has_more": True}


@pytest.mark.parametrize(("page", "pages"), [(circle, 2), (endless, 6)])
def test_a_list_of_batches_without_an_end_is_left(
    run: Run, shelf: BatchShelf, monkeypatch: pytest.MonkeyPatch, page: Any, pages: int
) -> None:
    monkeypatch.setattr(provider, "_MOST_PAGES", 5)
    listed(shelf, page)
    with pytest.raises(TeacherRefusedError, match="lists batches without an end"):
        run(**SMALL)
    assert shelf.events.count("listing") == pages
    assert shelf.events.count("creating") == 1


def test_the_batch_is_known_although_the_list_goes_in_a_circle(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    def fault(event: str, number: int) -> Answer | None:
        if event == "listing":
            made = [{"id": one["id"], "metadata": one["metadata"], "created_at": 10**10} for one in shelf.batches]
            return 200, json.dumps({"data": made, "has_more": True}).encode()
        return ERROR if (event, number) == ("created", 0) else None

    shelf.fault = fault
    run(**SMALL)
    assert_books_agree(shelf, tmp_path)


def test_a_list_that_takes_longer_than_an_outage_may_is_left(run: Run, shelf: BatchShelf) -> None:
    listed(shelf, endless)
    with pytest.raises(TeacherRefusedError, match="max_outage_s"):
        run(**SMALL, limits__max_outage_s=1e-6)
    assert shelf.events.count("listing") == 1


def test_an_interrupt_leaves_a_list_without_an_end(run: Run, shelf: BatchShelf) -> None:
    numbers = itertools.count()
    shelf.happens = lambda event: (
        os.kill(os.getpid(), signal.SIGINT) if event == "listing" and next(numbers) == 2 else None
    )
    listed(shelf, endless)
    with pytest.raises(InterruptedRunError):
        run(**SMALL)
    assert shelf.events.count("listing") < 50
