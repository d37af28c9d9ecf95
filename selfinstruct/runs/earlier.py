"""Whether files of a run are those of an earlier emission, as its manifest in git says: taken from there alone, they are no edits."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from selfinstruct.dataset.release.manifest import MANIFEST
from selfinstruct.errors import InputError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.git import git


def is_earlier(directory: RunDirectory, path: Path) -> bool:
    """Return whether a manifest in the history of the run states the hash of a file; not without git."""
    if not path.is_file():
        return False
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        found = git("log", "-1", "--format=%H", f"-S{digest}", "--", f"./{MANIFEST}", folder=directory.path)
    except InputError:
        return False  # without git
    return bool(found)


def tell_earlier(directory: RunDirectory) -> Iterator[str]:
    """Yield that the whole files that are not as they were written last are as they were written earlier."""
    manifest = directory.manifest()
    stated = manifest.datasets if manifest else {}
    paths = [path for name, one in stated.items() if _differs(path := directory.path / name, one.sha256)]
    if named := [path.name for path in paths if is_earlier(directory, path)]:
        yield (
            f"{', '.join(named)}: as an earlier emission wrote it; rows that it lacks count as removed by hand. To go back to that state, take "
            "manifest.json, provenance.jsonl and config.lock.toml from the same commit too; to undo this, take the dataset of the last one and run `selfinstruct filter`"
        )


def _differs(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != sha256
