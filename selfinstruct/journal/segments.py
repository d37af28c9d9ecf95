"""Read the segments `000001.jsonl`, `000002.jsonl`, ... as a stream of records, never a whole file in memory."""

import os
import re
from collections.abc import Container, Iterator
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from selfinstruct.errors import StorageError
from selfinstruct.journal.lines import Intent, Line, Paid, ReplyLine, Withheld, raw, request_of, unframe
from selfinstruct.records import FIRST_STEPS, Request, Step
from selfinstruct.system.plain import open_plain

_LONGEST_LINE = 2**27
"""Bytes of a record: a body has at most 8 MiB, of which each may be escaped as six."""

"""Of the two recipes; a run has one."""
_HEAD = 160
"""Bytes at the beginning of a record among which its slot stands."""
_WITHHELD = -1
Outcome = ReplyLine | Withheld


class Recorded(NamedTuple):
    """One request with its first outcome."""

    request: Request
    status: int
    """HTTP status; 0 when withheld."""
    body: bytes
    """Raw body; empty when withheld."""
    cost: int
    """Cost in micro-USD, as settled on arrival; 0 when withheld."""
    kind: Literal["reply", "held"] = "reply"
    """Kind of its record on disk; `held` is a withheld slot."""


class Damage(NamedTuple):
    """A line with a wrong checksum; it counts as never written."""

    file: str
    line: int
    """From 1."""
    start: int
    """Byte offset of the line in its file."""
    torn: bytes
    """Bytes of the line if it is the last of the last segment and has no newline; else empty."""


def segment_name(number: int) -> str:
    """Return the file name of a segment, numbered from 1."""
    return f"{number:06}.jsonl"


def segment_paths(folder: Path) -> list[Path]:
    """Return the paths of all segments in order; raises StorageError when one in between is missing."""
    paths = sorted(folder.glob("[0-9]" * 6 + ".jsonl"))
    for number, path in enumerate(paths, 1):
        if path.name != segment_name(number):
            raise StorageError(f"{folder / segment_name(number)}: is missing; put it back, its replies are paid for")
    return paths


def read_lines(folder: Path, slots: re.Pattern[bytes] | None = None) -> Iterator[Line | Damage]:
    """Yield all records and damaged lines in the order written; with `slots`, only of these, the others unread.

    Raises StorageError for a record of a newer selfinstruct or an unreadable file.
    """
    return (line for _, line in _placed_lines(folder, slots))


def _placed_lines(folder: Path, slots: re.Pattern[bytes] | None = None) -> Iterator[tuple[str, Line | Damage]]:
    """Yield (file and line, record) of all records."""
    paths = segment_paths(folder)
    for path in paths:
        try:
            yield from _read_segment(path, slots, last=path == paths[-1])
        except OSError as error:
            raise StorageError(f"{path}: cannot be read ({error.strerror}); check the disk and its rights") from error


def _read_segment(path: Path, slots: re.Pattern[bytes] | None, *, last: bool) -> Iterator[tuple[str, Line | Damage]]:
    start, name = 0, str(path)
    with os.fdopen(open_plain(path, os.O_RDONLY), "rb") as file:
        for number, data in enumerate(iter(partial(file.readline, _LONGEST_LINE + 1), b""), 1):
            where = f"{name}:{number}"
            if len(data) > _LONGEST_LINE:
                raise StorageError(
                    f"{where}: has more than {_LONGEST_LINE:,} bytes, which no record has; restore the file from a copy"
                )
            if slots and not slots.search(data, 0, _HEAD):
                start += len(data)
                continue
            torn = last and not data.endswith(b"\n")
            line = None if torn else unframe(data, where)
            yield where, line or Damage(path.name, number, start, data if torn else b"")
            start += len(data)


def read_recorded(folder: Path) -> Iterator[Recorded]:
    """Yield every answered or withheld request with its first outcome, in the order of the outcomes."""
    return (one for one, _, is_first in _ended(folder) if is_first)


def read_paid(folder: Path) -> Iterator[tuple[int, Recorded]]:
    """Yield (number of the last `Paid` before it arrived, 0 for none, reply): the first of each request after each, none to a withheld one."""
    return ((after, one) for one, after, _ in _ended(folder) if one.kind == "reply")


def _ended(folder: Path) -> Iterator[tuple[Recorded, int, bool]]:
    """Yield (outcome, number of the `Paid` before it, whether it is the first of its slot): of each slot the first, and its first after each `Paid`."""
    requests, ended = _Requests(), dict[str, int]()
    again: set[tuple[str, int]] = set()
    for where, line in _placed_lines(folder):
        if not isinstance(line, Outcome):
            requests.take(line, where, ended)
        elif (request := requests.pop(line.slot)) is None:
            continue
        elif line.slot not in ended:
            ended[line.slot] = _after(line)
            yield _recorded(request, line), ended[line.slot], True
        elif _counts_again(place := (line.slot, _after(line)), ended[line.slot]) and place not in again:
            again.add(place)
            yield _recorded(request, line), place[1], False


def _after(line: Outcome) -> int:
    return _WITHHELD if isinstance(line, Withheld) else line.after or 0


def _counts_again(place: tuple[str, int], first: int) -> bool:
    """Return whether an outcome that is not the first of its slot is a reply after another `Paid` than that."""
    return first != _WITHHELD and place[1] not in {first, _WITHHELD}


class _Requests:
    """The requests whose outcome is still to be read, as far as one is looked for."""

    def __init__(self) -> None:
        self._open: dict[str, Request] = {}
        self._paid: dict[str, Request] | None = None
        """Requests that stand without their reply; None before the first `Paid`, when nobody asks for a second reply."""
        self._first: dict[tuple[str, int], Step] = {}

    def take(self, line: Line | Damage, where: str, ended: Container[str]) -> None:
        """Take a record; raises StorageError for a request of another recipe than the first of its place."""
        if isinstance(line, Paid):
            found = {slot: self._open[slot] for slot, _ in line.sends if slot in self._open}
            self._paid = (self._paid or {}) | found
        elif (
            isinstance(line, Intent)
            and line.slot not in self._open
            and (self._paid is not None or line.slot not in ended)
        ):
            request = self._open[line.slot] = request_of(line, where)
            self._check(request, where)

    def pop(self, slot: str) -> Request | None:
        """Return the request of a slot; None where nobody looks for its outcome."""
        return self._open.pop(slot, None) or (self._paid or {}).get(slot)

    def _check(self, request: Request, where: str) -> None:
        if request.step in FIRST_STEPS:
            begun = self._first.setdefault((request.language, request.index), request.step)
            if begun.partition(".")[0] != request.step.partition(".")[0]:
                raise StorageError(
                    f"{where}: {request.slot} is of another recipe than {begun}, its place; choose another --run"
                )


def read_shard(folder: Path, shard: str) -> Iterator[tuple[Request, int]]:
    """Yield (request, attempt) of every intent of a shard, in the order written."""
    for where, line in _placed_lines(folder):
        if isinstance(line, Intent) and line.shard == shard:
            yield request_of(line, where), line.attempt


def _recorded(request: Request, line: Outcome) -> Recorded:
    if isinstance(line, Withheld):
        return Recorded(request, 0, b"", 0, "held")
    return Recorded(request, line.status, raw(line), line.cost)
