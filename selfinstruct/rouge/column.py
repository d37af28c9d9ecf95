"""A numpy array that grows at its end."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = Any
"""A numpy array of one dimension."""


class Column:
    """Values in an array with room to spare; appending one costs the same on average, however many there are."""

    def __init__(self, dtype: Any, values: Sequence[int] = ()) -> None:
        """Begin with these values."""
        self._room = np.zeros(max(len(values), 64), dtype)
        self._room[: len(values)] = values
        self._shown, self._size = frozen(self._room), len(values)

    def __len__(self) -> int:
        return self._size

    @property
    def view(self) -> Array:
        """The values, read-only."""
        return self._shown[: self._size]

    def extend(self, values: Array) -> None:
        """Append values."""
        self._reserve(len(values))
        self._room[self._size : self._size + len(values)] = values
        self._size += len(values)

    def replace(self, values: Array) -> None:
        """Hold these values instead, as many as before."""
        self._room[: self._size] = values

    def _reserve(self, more: int) -> None:
        if self._size + more > len(self._room):
            longer = np.zeros(max(self._size + more, len(self._room) * 3 // 2), self._room.dtype)
            longer[: self._size] = self.view
            self._room, self._shown = longer, frozen(longer)


def frozen(array: Array, dtype: Any = None) -> Array:
    """Return a read-only view of an array, or a copy where another type is asked for."""
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view
