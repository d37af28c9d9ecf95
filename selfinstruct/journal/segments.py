"""Reading the segments `000001.jsonl`, `000002.jsonl`, ... again: record after record, never a whole file in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from selfinstruct.errors import StorageError
from selfinstruct.journal.lines import Held, Intent, Line, ReplyLine, raw, unframe
from selfinstruct.records import Request


class Recorded(NamedTuple):
    """One request with what ended it."""

    request: Request
    status: int
    """HTTP status; 0 when the slot is held."""
    body: bytes
    """Raw; empty when the slot is held."""
    cost: int
    """Micro-USD, as settled when the reply came; 0 when the slot is held."""
    kind: Literal["reply", "held"] = "reply"


class Damage(NamedTuple):
    """A line that fails its checksum; it counts as never written."""

    file: str
    line: int
    """From 1."""
    start: int
    """Offset in bytes."""
    torn: bytes
    """The bytes of a last line that has no end, in the last segment; else empty."""


def segment_name(number: int) -> str:
    """Return the file name of a segment, counted from 1."""
    return f"{number:06}.jsonl"


def segment_paths(folder: Path) -> list[Path]:
    """Return the segments in order; raises StorageError when one between them is gone."""
    paths = sorted(folder.glob("[0-9]" * 6 + ".jsonl"))
    for number, path in enumerate(paths, 1):
        if path.name != segment_name(number):
            raise StorageError(f"{folder / segment_name(number)}: is missing; put it back, its replies are paid for")
    return paths


def read_lines(folder: Path) -> Iterator[Line | Damage]:
    """Yield all records and damaged lines in the order written; raises StorageError for a record of a newer selfinstruct."""
    paths = segment_paths(folder)
    for path in paths:
        try:
            yield from _read_segment(path, last=path == paths[-1])
        except OSError as error:
            raise StorageError(f"{path}: cannot be read ({error.strerror}); check the disk and its rights") from error


def _read_segment(path: Path, *, last: bool) -> Iterator[Line | Damage]:
    start = 0
    with path.open("rb") as file:
        for number, data in enumerate(file, 1):
            torn = last and not data.endswith(b"\n")
            line = None if torn else unframe(data, f"{path}:{number}")
            yield line or Damage(path.name, number, start, data if torn else b"")
            start += len(data)


def read_recorded(folder: Path) -> Iterator[Recorded]:
    """Yield every request that is answered or held, with what came first, in the order of that."""
    requests: dict[str, Request] = {}
    ended: set[str] = set()
    for line in read_lines(folder):
        if isinstance(line, Intent):
            if line.slot not in ended and line.slot not in requests:
                requests[line.slot] = Request.model_validate(line.request)
        elif isinstance(line, ReplyLine | Held) and line.slot in requests:
            ended.add(line.slot)
            yield _recorded(requests.pop(line.slot), line)


def read_shard(folder: Path, shard: str) -> Iterator[tuple[Request, int]]:
    """Yield every request that was intended for a shard, with its attempt, in that order."""
    for line in read_lines(folder):
        if isinstance(line, Intent) and line.shard == shard:
            yield Request.model_validate(line.request), line.attempt


def _recorded(request: Request, line: ReplyLine | Held) -> Recorded:
    if isinstance(line, Held):
        return Recorded(request, 0, b"", 0, "held")
    return Recorded(request, line.status, raw(line), line.cost)
