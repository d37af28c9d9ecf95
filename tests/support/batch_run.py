"""Runs through the Batch API, and what is asserted of all of them."""

import hashlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal
from tests.support.batch_server import BatchShelf, Plan

BATCH: dict[str, Any] = {
    "teacher__transport": "batch_api",
    "teacher__batch_price": {"input": "1.00", "output": "2.00"},
    "limits__timeout_s": 5,
    "target": {"en": 10, "zh": 10},
}
SMALL = {"target": {"en": 3, "zh": 3}}
Run = Callable[..., dict[str, Any]]


def journal(tmp_path: Path, folder: str = "run") -> Journal:
    return Journal(tmp_path / folder / "journal", read_only=True)


def assert_books_agree(shelf: BatchShelf, tmp_path: Path, folder: str = "run") -> None:
    """Nothing was bought twice, nothing is out, and both sides have the same bill to the micro-USD."""
    assert set(shelf.bought.values()) == {1}
    found = journal(tmp_path, folder)
    assert not found.shards
    assert not found.uncertain
    assert found.spent == shelf.billed
    for batch in shelf.batches:
        data = shelf.files.get(batch.get("input_file_id", ""))
        assert data is None or batch["metadata"]["sha256"] == hashlib.sha256(data).hexdigest()


def freeze(monkeypatch: pytest.MonkeyPatch, after: int) -> list[int]:
    """Let the journal take `after` records and then nothing, as if the process had ended there; returns a counter."""
    append, count = Journal._append, [0]

    async def failing(self: Journal, line: Any) -> None:
        count[0] += 1
        if count[0] > after:
            raise StorageError("the process ended here")
        await append(self, line)

    monkeypatch.setattr(Journal, "_append", failing)
    return count


class Leaving:
    """Interrupts a run as Ctrl-C does, when one of its batches is looked at for the first time."""

    def __init__(self, shelf: BatchShelf, batch: int = 0) -> None:
        self._shelf, self._batch = shelf, batch
        self._done = False
        shelf.plan = lambda number, _: Plan(looks=40 if number == batch else 2)

    def __call__(self, event: str) -> None:
        if event == "looking" and len(self._shelf.batches) == self._batch + 1 and not self._done:
            self._done = True
            os.kill(os.getpid(), signal.SIGINT)
