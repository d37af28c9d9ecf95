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
        self._room = np.zeros(64, dtype)
        self._size = 0
        self.view = frozen(self._room[:0])
        """The values, read-only."""
        self.extend(np.array(values, dtype))

    def __len__(self) -> int:
        return self._size

    def extend(self, values: Array) -> None:
        """Append values."""
        size = self._size + len(values)
        if size > len(self._room):
            longer = np.zeros(max(size, len(self._room) * 3 // 2), self._room.dtype)
            longer[: self._size] = self.view
            self._room = longer
        self._room[self._size : size] = values
        self._size, self.view = size, frozen(self._room[:size])

    def replace(self, values: Array) -> None:
        """Hold these values instead, as many as before."""
        self._room[: self._size] = values


def frozen(array: Array, dtype: Any = None) -> Array:
    """Return a read-only view of an array, or a copy where another type is asked for."""
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view
