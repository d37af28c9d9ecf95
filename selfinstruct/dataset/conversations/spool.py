"""Conversations between the passes over them: on the disk, one JSON text each, so that memory does not grow with the file."""

import json
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from selfinstruct.dataset.conversations.records import Cut
from selfinstruct.records import LanguageCode
from selfinstruct.records.place import RowNumber


class Part(NamedTuple):
    """A row that was made of a conversation, or of a part of it."""

    id: str
    row: str
    """Its line, without the line end."""
    turns: list[int]
    """Numbers of its turns, without those of the system."""
    languages: list[str]
    """Of each of these turns."""
    mended: dict[str, list[str]]
    """{number of a turn: what was mended in it}."""
    said: list[Any]
    """The turns as they stand in the file."""


class Spooled(NamedTuple):
    """One conversation, judged by itself, as it waits to be compared and written."""

    line: int
    name: str
    language: LanguageCode
    turns: int
    """Turns of the file."""
    parts: list[Part]
    lost: list[tuple[int, str, Any]]
    """(number, rule, turn as it stands in the file)."""
    cut: Cut | None
    system: list[tuple[int, Any]] = []  # noqa: RUF012 - a NamedTuple, and never changed
    """(number, turn as it stands in the file) of the system's turns that are kept."""
    opening: str = ""
    reply: str = ""
    """To the opening."""
    texts: list[str] = []  # noqa: RUF012 - likewise
    """Questions and answers that are compared as a whole."""
    sketch: list[int] = []  # noqa: RUF012 - likewise
    value: Any = None
    """What is no conversation, as it stands in the file."""


class Spool:
    """The conversations of a file in their order, on the disk; gone when it is closed."""

    def __init__(self, folder: Path) -> None:
        """Create one in a folder, which has to have room for about four times the file."""
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder, prefix=".import.")  # noqa: SIM115 - `close` closes it
        self._ends = array("q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, data: bytes) -> None:
        """Append a conversation that was `dumped`."""
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def __getitem__(self, number: int) -> Spooled:
        begin = self._ends[number]
        self._file.seek(begin)
        return _loaded(self._file.read(self._ends[number + 1] - begin))

    def __iter__(self) -> Iterator[Spooled]:
        return (self[number] for number in range(len(self)))

    def close(self) -> None:
        """Remove it."""
        self._file.close()


def dumped(one: Spooled) -> bytes:
    """Return a conversation as bytes; halves of surrogate pairs are kept."""
    value = one._asdict() | {"line": int(one.line), "has_line": not isinstance(one.line, RowNumber)}
    return json.dumps(value).encode()


def _loaded(data: bytes) -> Spooled:
    value = json.loads(data)
    line, has_line, cut = value.pop("line"), value.pop("has_line"), value.pop("cut")
    parts = [Part(*one) for one in value.pop("parts")]
    return Spooled(line=line if has_line else RowNumber(line), parts=parts, cut=Cut(*cut) if cut else None, **value)
