"""Opening a file that may be gzipped; what unpacks too far is refused before it is in memory."""

import gzip
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

from selfinstruct.system.limits import unpacked_limit, unpacks_too_far

_BUFFER = 1 << 16
"""Bytes that a file can be recognised by without being read."""


@contextmanager
def opened(path: Path, *, seekable: bool = False) -> Iterator[io.BufferedReader]:
    """Yield the content of a file, unpacked if its name ends in `.gz`; a seekable one is then unpacked to the disk."""
    with ExitStack() as stack:
        file = cast(io.BufferedReader, stack.enter_context(path.open("rb", buffering=_BUFFER)))
        if path.suffix == ".gz":
            file = stack.enter_context(io.BufferedReader(_Unpacked(file, path), _BUFFER))
            if seekable:
                whole = stack.enter_context(tempfile.TemporaryFile())
                shutil.copyfileobj(file, whole)
                whole.seek(0)
                file = cast(io.BufferedReader, whole)
        yield file


class _Unpacked(io.RawIOBase):
    """What a gzip file holds; raises InputError once it is more than such a file may unpack to."""

    def __init__(self, file: io.BufferedReader, path: Path) -> None:
        self._gzip, self._path = gzip.GzipFile(fileobj=file), path
        self._size = path.stat().st_size
        self._left = unpacked_limit(self._size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._gzip.readinto(buffer)
        self._left -= size
        if self._left < 0:
            raise unpacks_too_far(self._path, self._size)
        return size
