"""Read the segments `000001.jsonl`, `000002.jsonl`, ... as a stream of records, never a whole file in memory."""

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from selfinstruct.errors import StorageError
from selfinstruct.journal.lines import Intent, Line, ReplyLine, Withheld, raw, request_of, unframe
from selfinstruct.records import FIRST_STEPS, Request, Step
from selfinstruct.system.plain import open_plain

_LONGEST_LINE = 2**27
"""Bytes of a record: a body has at most 8 MiB, of which each may be escaped as six."""

"""Of the two recipes; a run has one."""
_HEAD = 160
"""Bytes at the beginning of a record among which its slot stands."""
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
    requests: dict[str, Request] = {}
    ended: set[str] = set()
    first: dict[tuple[str, int], Step] = {}
    for where, line in _placed_lines(folder):
        if isinstance(line, Intent):
            if line.slot not in ended and line.slot not in requests:
                request = requests[line.slot] = request_of(line, where)
                if request.step in FIRST_STEPS:
                    begun = first.setdefault((request.language, request.index), request.step)
                    if begun.partition(".")[0] != request.step.partition(".")[0]:
                        raise StorageError(
                            f"{where}: {line.slot} is of another recipe than {begun}, its place; choose another --run"
                        )
        elif isinstance(line, Outcome) and line.slot in requests:
            ended.add(line.slot)
            yield _recorded(requests.pop(line.slot), line)


def read_shard(folder: Path, shard: str) -> Iterator[tuple[Request, int]]:
    """Yield (request, attempt) of every intent of a shard, in the order written."""
    for where, line in _placed_lines(folder):
        if isinstance(line, Intent) and line.shard == shard:
            yield request_of(line, where), line.attempt


def _recorded(request: Request, line: Outcome) -> Recorded:
    if isinstance(line, Withheld):
        return Recorded(request, 0, b"", 0, "held")
    return Recorded(request, line.status, raw(line), line.cost)
