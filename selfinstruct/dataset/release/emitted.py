"""Whether the dataset files of a run are still those that its manifest states."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from selfinstruct.dataset.release.manifest import Digest, Manifest
from selfinstruct.errors import InputError
from selfinstruct.system.conflicts import is_marker
from selfinstruct.system.documents import Stated


class FileState(Stated):
    """A dataset file as it is now."""

    rows: int | None
    sha256: str | None
    state: Literal["emitted", "differs", "conflict", "missing"]
    """`conflict`: lines of an unfinished git merge stand among the rows."""


def compare_files(run: Path, manifest: Manifest, files: Mapping[str, Digest] | None = None) -> dict[str, FileState]:
    """Return {dataset file: its state now}; of the whole files unless told otherwise."""
    return {
        name: _compare(run / name, stated) for name, stated in (manifest.datasets if files is None else files).items()
    }


def _compare(path: Path, stated: Digest) -> FileState:
    if not path.is_file():
        return FileState(rows=None, sha256=None, state="missing")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == stated.sha256:
        return FileState(rows=stated.rows, sha256=sha256, state="emitted")
    lines = [line for line in (held.strip() for held in data.split(b"\n")) if line]
    rows = [line for line in lines if not is_marker(line)]
    return FileState(rows=len(rows), sha256=sha256, state="differs" if len(rows) == len(lines) else "conflict")
