"""Rows sorted by id while they come in any order: on the disk, with an index in memory."""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from selfinstruct.records import LanguageCode
from selfinstruct.system.writing import atomic_file


class _Place(NamedTuple):
    id: str
    begin: int
    row: int
    provenance: int


class SortedRows:
    """Rows with a line about each; written out in the order of their ids."""

    def __init__(self, folder: Path) -> None:
        """Create an empty store in a folder."""
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder, prefix=".import.")  # noqa: SIM115 - `close` closes it
        self._end = 0
        self._places: dict[LanguageCode, list[_Place]] = {}
        self._ids = set[str]()

    def add(self, identifier: str, language: LanguageCode, line: bytes, provenance: bytes) -> bool:
        """Take the line of a row; returns False, and takes nothing, for one whose id is there already."""
        if identifier in self._ids:
            return False
        self._ids.add(identifier)
        self._file.write(line + provenance)
        self._places.setdefault(language, []).append(_Place(identifier, self._end, len(line), len(provenance)))
        self._end += len(line) + len(provenance)
        return True

    @property
    def languages(self) -> list[LanguageCode]:
        """Languages that have rows."""
        return sorted(self._places)

    def write(self, language: LanguageCode, path: Path) -> dict[str, int | str]:
        """Write the rows of a language; return their number and the sha256 of the file."""
        found = hashlib.sha256()
        with atomic_file(path) as file:
            for place in sorted(self._places[language]):
                line = self._read(place.begin, place.row)
                found.update(line)
                file.write(line)
        return {"rows": len(self._places[language]), "sha256": found.hexdigest()}

    def write_provenance(self, path: Path) -> None:
        """Write the lines about all rows, by id."""
        with atomic_file(path) as file:
            for line in self._provenance():
                file.write(line)

    def _provenance(self) -> Iterator[bytes]:
        for place in sorted(place for places in self._places.values() for place in places):
            yield self._read(place.begin + place.row, place.provenance)

    def _read(self, begin: int, size: int) -> bytes:
        self._file.seek(begin)
        return self._file.read(size)

    def close(self) -> None:
        """Remove what is on the disk beside the files that were written."""
        self._file.close()
