"""A compact map from slots to attempt numbers, one byte per slot: a run has 100,000 slots, and their names dominate its memory."""

import re
from collections.abc import Iterator, MutableMapping

_NUMBER = re.compile(r"0(?!\d)|[1-9]\d*", re.ASCII)
_EMPTY = bytearray()
_MAX_ATTEMPT = 255
_MAX_GAP = 1024
"""Maximum growth of an array at once; a single large number must not allocate a byte for each smaller one."""


class Attempts(MutableMapping[str, int]):
    """Mapping {slot: attempt, from 1}; slots that differ only in their first number, e.g. `zh/12.0/answer`, share one array."""

    def __init__(self) -> None:
        """Start empty."""
        self._numbered: dict[tuple[str, str], bytearray] = {}
        """{(prefix, suffix) of the number: array of attempts, indexed by the number, 0 for none}."""
        self._named: dict[str, int] = {}
        """Slots that fit no array: without a number, with one far above the others, or with an attempt above 255."""
        self._size = 0

    def __getitem__(self, slot: str) -> int:
        around, number = _split(slot)
        row = self._numbered.get(around, _EMPTY)
        if 0 <= number < len(row) and row[number]:
            return row[number]
        return self._named[slot]

    def __setitem__(self, slot: str, attempt: int) -> None:
        self.pop(slot, None)
        around, number = _split(slot)
        if 0 <= number < len(self._numbered.get(around, _EMPTY)) + _MAX_GAP and attempt <= _MAX_ATTEMPT:
            row = self._numbered.setdefault(around, bytearray())
            row.extend(bytes(max(0, number + 1 - len(row))))
            row[number] = attempt
        else:
            self._named[slot] = attempt
        self._size += 1

    def __delitem__(self, slot: str) -> None:
        around, number = _split(slot)
        row = self._numbered.get(around, _EMPTY)
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
    """Return ((prefix, suffix), number) of the first number of a slot; the number is -1 when there is none."""
    found = _NUMBER.search(slot)
    return ((slot[: found.start()], slot[found.end() :]), int(found[0])) if found else ((slot, ""), -1)
