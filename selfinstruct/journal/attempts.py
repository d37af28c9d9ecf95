"""Slots and the number of an attempt each, a byte for a slot: a run has a hundred thousand, and most of its memory would be their names."""

import re
from collections.abc import Iterator, MutableMapping

_NUMBER = re.compile(r"0(?!\d)|[1-9]\d*", re.ASCII)
_NONE = bytearray()
_MOST = 255
_GAP = 1024
"""Numbers that may be missing before one; a lone large number must not take a byte for each below it."""


class Attempts(MutableMapping[str, int]):
    """{slot: attempt, from 1}. Slots that differ only in their first number, such as `zh/12.0/answer`, share one array."""

    def __init__(self) -> None:
        """Begin empty."""
        self._numbered: dict[tuple[str, str], bytearray] = {}
        """By what stands before and after the number: the attempt at each number, 0 for none."""
        self._named: dict[str, int] = {}
        """What fits into no array: no number, one far from the others, or a very late attempt."""
        self._size = 0

    def __getitem__(self, slot: str) -> int:
        around, number = _split(slot)
        row = self._numbered.get(around, _NONE)
        if 0 <= number < len(row) and row[number]:
            return row[number]
        return self._named[slot]

    def __setitem__(self, slot: str, attempt: int) -> None:
        self.pop(slot, None)
        around, number = _split(slot)
        if 0 <= number < len(self._numbered.get(around, _NONE)) + _GAP and attempt <= _MOST:
            row = self._numbered.setdefault(around, bytearray())
            row.extend(bytes(max(0, number + 1 - len(row))))
            row[number] = attempt
        else:
            self._named[slot] = attempt
        self._size += 1

    def __delitem__(self, slot: str) -> None:
        around, number = _split(slot)
        row = self._numbered.get(around, _NONE)
        if 0 <= number < len(row) and row[number]:
            row[number] = 0
        else:
            del self._named[slot]
        self._size -= 1

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        for (before, after), row in self._numbered.items():
            yield from (f"{before}{number}{after}" for number, attempt in enumerate(row) if attempt)
        yield from self._named


def _split(slot: str) -> tuple[tuple[str, str], int]:
    """Return what stands before and after the first number of a slot, and the number; -1 when it has none."""
    found = _NUMBER.search(slot)
    return ((slot[: found.start()], slot[found.end() :]), int(found[0])) if found else ((slot, ""), -1)
