"""A growable one-dimensional numpy array."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = Any
"""A one-dimensional numpy array."""


class Column:
    """A dynamic array with spare capacity: appending takes amortised constant time."""

    def __init__(self, dtype: Any, values: Sequence[int] = ()) -> None:
        """Start with these values."""
        self._buffer = np.zeros(max(len(values), 64), dtype)
        self._buffer[: len(values)] = values
        self._view, self._size = frozen(self._buffer), len(values)

    def __len__(self) -> int:
        return self._size

    @property
    def view(self) -> Array:
        """A read-only view of the values."""
        return self._view[: self._size]

    def extend(self, values: Array) -> None:
        """Append values."""
        self._reserve(len(values))
        self._buffer[self._size : self._size + len(values)] = values
        self._size += len(values)

    def replace(self, values: Array) -> None:
        """Replace all values by as many new ones."""
        self._buffer[: self._size] = values

    def _reserve(self, more: int) -> None:
        if self._size + more > len(self._buffer):
            longer = np.zeros(max(self._size + more, len(self._buffer) * 3 // 2), self._buffer.dtype)
            longer[: self._size] = self.view
            self._buffer, self._view = longer, frozen(longer)


def frozen(array: Array, dtype: Any = None) -> Array:
    """Return a read-only, contiguous view of an array, or a copy if `dtype` differs."""
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view
