"""Work in child processes: the same results in the same order, whatever becomes of a child."""

import fcntl
import os
import select
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.system.children import in_children
from selfinstruct.system.interpreter import python

ITEMS = list(range(3_000))


def doubled(items: list[int]) -> list[int]:
    return [2 * item for item in items]


def lengths(items: list[list[Any]]) -> list[int]:
    return [len(item) for item in items]


def processes(items: list[int]) -> list[int]:
    return [os.getpid() for _ in items]


def dying(parent: int, items: list[int]) -> list[int]:
    if 500 in items and os.getpid() != parent:
        os._exit(1)
    return doubled(items)


def refusing(items: list[int]) -> list[int]:
    if 500 in items:
        raise InputError("item 500 is none")
    return items


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    assert list(in_children(doubled, iter(ITEMS), workers)) == doubled(ITEMS)


def test_many_items_go_to_children_and_few_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # the tests before it may have left a server's thread
    assert os.getpid() not in set(in_children(processes, ITEMS, 2))
    assert set(in_children(processes, ITEMS[:100], 2)) == {os.getpid()}


def test_beside_other_threads_nothing_is_forked() -> None:
    leave = threading.Event()
    other = threading.Thread(target=leave.wait)
    other.start()
    try:
        assert set(in_children(processes, ITEMS, 2)) == {os.getpid()}
    finally:
        leave.set()
        other.join()


def test_what_a_child_that_dies_had_to_do_is_done_here() -> None:
    assert list(in_children(partial(dying, os.getpid()), ITEMS, 2)) == doubled(ITEMS)


def test_what_is_nested_too_deeply_to_be_sent_to_a_child_is_done_here() -> None:
    deep: list[Any] = []
    for _ in range(sys.getrecursionlimit() - 100):
        deep = [deep]
    assert [*in_children(lengths, [[one] * (one % 3) if one != 500 else deep for one in ITEMS], 2)] == [
        one % 3 if one != 500 else 1 for one in ITEMS
    ]


def test_an_error_in_a_child_is_raised_here() -> None:
    with pytest.raises(InputError, match="item 500 is none"):
        list(in_children(refusing, ITEMS, 2))


@pytest.mark.skipif(
    sys.platform != "linux", reason="a child is asked of the kernel to end with its parent on Linux alone"
)
def test_children_end_with_their_parent_and_so_do_the_locks_that_they_have_of_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    program = """
import fcntl, os, sys, time
from selfinstruct.system.children import in_children
held = open(sys.argv[1], "w")
fcntl.flock(held, fcntl.LOCK_EX)
def work(items):
    os.write(1, b"at work\\n")  # at once: two children write
    time.sleep(60)
    return items
list(in_children(work, range(3000), 2))
"""
    with subprocess.Popen([*python(), "-c", program, str(lock)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"at work\n"  # in a child
        parent.kill()
        parent.wait()
        while select.select([parent.stdout], [], [], 30)[0] and os.read(parent.stdout.fileno(), 100):
            pass
        assert select.select([parent.stdout], [], [], 0)[0], "a child outlived its parent"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
