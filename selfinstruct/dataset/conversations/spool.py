"""Conversations between being judged and being written: on the disk, so that memory does not grow with the file."""

import marshal
import os
import tempfile
from array import array
from pathlib import Path
from typing import IO, Any, NamedTuple

from selfinstruct.dataset.conversations.records import Cut
from selfinstruct.records import LanguageCode
from selfinstruct.records.place import RowNumber

_BUFFER = 1 << 20


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
    words: str = ""
    """Tokens of questions and answers, which are compared as a whole, with a blank between."""
    sketch: list[int] = []  # noqa: RUF012 - likewise
    value: Any = None
    """What is no conversation, as it stands in the file."""


class Spool:
    """The conversations of a file in their order, on the disk; gone when it is closed."""

    def __init__(self, folder: Path) -> None:
        """Create one in a folder, which has to have room for about four times the file."""
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder, prefix=".import.", buffering=_BUFFER)  # noqa: SIM115 - `close` closes it
        self._ends, self._on_disk = array("q", [0]), 0

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, data: bytes) -> None:
        """Append a conversation that was `dumped`."""
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def __getitem__(self, number: int) -> Spooled:
        begin, end = self._ends[number], self._ends[number + 1]
        if end > self._on_disk:
            self._file.flush()
            self._on_disk = self._ends[-1]
        return _loaded(os.pread(self._file.fileno(), end - begin, begin))

    def close(self) -> None:
        """Remove it."""
        self._file.close()


def dumped(one: Spooled) -> bytes:
    """Return a conversation as bytes, as this process and its children read them: halves of surrogate pairs are kept, and any nesting."""
    line = int(one.line), isinstance(one.line, RowNumber)
    parts = [tuple(part) for part in one.parts]
    return marshal.dumps((line, parts, one.cut and tuple(one.cut), tuple(one._replace(line=0, parts=[], cut=None))))


def _loaded(data: bytes) -> Spooled:
    (line, is_row), parts, cut, rest = marshal.loads(data)  # noqa: S302 - nobody else can open the file
    return Spooled(*rest)._replace(
        line=RowNumber(line) if is_row else line, parts=[Part(*one) for one in parts], cut=cut and Cut(*cut)
    )
