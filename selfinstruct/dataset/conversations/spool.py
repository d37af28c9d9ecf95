"""Conversations between the passes over them: on the disk, one JSON line each, so that memory does not grow with the file."""

import json
import tempfile
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple
from zlib import crc32

from selfinstruct.dataset.conversations.records import Cleaned, Cut, Exchange, Lost, Read, Said
from selfinstruct.dataset.conversations.verdicts import language_of_turn
from selfinstruct.records import JsonObject, LanguageCode
from selfinstruct.records.place import RowNumber
from selfinstruct.rouge import tokens

_OPENING = 5
"""Tokens of the questions that two conversations are first compared by: `Hello` alone says nothing of what follows."""
_WHOLE = 8_000
"""Characters of a conversation that are compared as a whole."""
_RUN, _SKETCH = 4, 12
_FACTOR = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio, odd: multiplying by it spreads bits (Knuth, section 6.4)."""


class Spooled(NamedTuple):
    """One conversation, judged by itself, as it waits to be compared and written."""

    line: int
    name: str
    language: LanguageCode
    parts: list[list[dict[str, Any]]]
    """Messages of each part; `number` is that of the turn, `language` its language."""
    system: list[str]
    tools: list[dict[str, Any]]
    lost: list[tuple[int, str, Any]]
    """(number, rule, turn as it stands in the file)."""
    cut: Cut | None
    turns: int
    """Turns of the file."""
    told: int
    """Turns of the system that are kept."""
    sketch: list[int] = []  # noqa: RUF012 - a NamedTuple, and never changed
    """Of what is said in all; see `sketch_of`."""
    value: Any = None
    """What is no conversation, as it stands in the file."""

    @property
    def opening(self) -> str:
        """The first questions, until they say enough to be compared by."""
        said, size = list[str](), 0
        for one in (message for part in self.parts for message in part):
            if one["role"] == "user" and size < _OPENING:
                said.append(one["content"])
                size += len(tokens(one["content"][:_WHOLE]))
        return "\n".join(said)[:_WHOLE]


def whole_of(parts: Sequence[Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return the tokens of all questions and answers, up to the first _WHOLE characters."""
    said, size = list[str](), 0
    for one in (message for part in parts for message in part):
        if isinstance(text := one.get("content"), str) and size < _WHOLE:
            said.append(text)
            size += len(text)
    return tokens("\n".join(said)[:_WHOLE])


def sketch_of(words: Sequence[str]) -> list[int]:
    """Return the _SKETCH smallest hashes of runs of _RUN tokens: texts of which much is the same share some, on every machine.

    Source: Broder 1997, "On the resemblance and containment of documents", with one hash and the smallest values.
    """
    import numpy as np

    if len(words) < _RUN:
        return []
    hashes = np.fromiter((crc32(word.encode("utf-8", "surrogatepass")) for word in words), np.uint64, len(words))
    runs = np.zeros(len(words) - _RUN + 1, np.uint64)
    for offset in range(_RUN):
        runs = runs * np.uint64(_FACTOR) + hashes[offset : len(words) - _RUN + 1 + offset]
    runs = (runs ^ (runs >> np.uint64(31))) * np.uint64(_FACTOR)
    return [int(one) for one in np.unique(runs)[:_SKETCH]]


def spooled(read: Read, cleaned: Cleaned, parts: tuple[tuple[Exchange, ...], ...], lost: tuple[Lost, ...]) -> Spooled:
    """Return a conversation as it is written to the spool."""
    found = [[_message(said) for exchange in part for said in exchange.said] for part in parts]
    gone = sorted((*cleaned.lost, *lost), key=lambda one: one.said.number)
    return Spooled(
        read.line,
        read.name,
        cleaned.language,
        found,
        [*read.told, *(one.turn.text for one in cleaned.system)] if parts else [],
        list(read.tools),
        [(one.said.number, one.rule, one.said.original) for one in gone],
        cleaned.cut,
        len(read.said),
        len(cleaned.system) if parts else 0,
        sketch_of(whole_of(found)) if found else [],
    )


def _message(said: Said) -> dict[str, Any]:
    turn = said.turn
    about: JsonObject = {"number": said.number, "language": language_of_turn(said.turn.text)}
    if said.mended:
        about["mended"] = list(said.mended)
    if turn.message is not None:
        return turn.message | about
    message = {"role": turn.role, "content": turn.text}
    if turn.reasoning:
        message["reasoning_content"] = turn.reasoning
    return message | ({} if turn.learned else {"weight": 0}) | about


def dumped(one: Spooled) -> bytes:
    """Return a conversation as bytes."""
    value = one._asdict() | {"line": int(one.line), "has_line": not isinstance(one.line, RowNumber)}
    return json.dumps(value).encode()


def _loaded(data: bytes) -> Spooled:
    value = json.loads(data)
    line, has_line, cut = value.pop("line"), value.pop("has_line"), value.pop("cut")
    return Spooled(line=line if has_line else RowNumber(line), cut=Cut(*cut) if cut else None, **value)


class Spool:
    """The conversations of a file in their order, on the disk; gone when it is closed."""

    def __init__(self, folder: Path) -> None:
        """Create one in a folder, which has to have room for about as much as the file itself."""
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
