"""Which files of a dataset folder are its run's own, and which of them were emptied or cut.

What else stands there is no file of the run: a copy that a person, a sync or a merge tool left has the same rows again.
"""

import os
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from selfinstruct.dataset.release.backup import BACKUP
from selfinstruct.dataset.release.files import SPLITS
from selfinstruct.dataset.release.manifest import MANIFEST, read_any_manifest
from selfinstruct.errors import InputError
from selfinstruct.language import LANGUAGES

_DATASET = "dataset"
_NAMES = "|".join(LANGUAGES)
_OWN = re.compile(rf"({_NAMES})\.jsonl|({'|'.join(SPLITS)})/({_NAMES})(-\d{{1,64}})?\.jsonl")
_STATED = b'"fingerprint"'
"""What every manifest of a run has, also one with conflict markers; that of another tool may have the same name."""
_BLANK = 64
"""Most bytes of a file that somebody emptied: what an editor leaves."""
IsOwn = Callable[[Path], bool]


def own_files(folder: Path) -> IsOwn | None:
    """Return which paths below a dataset folder, or a split of one, are files of its run; None for a folder that no run wrote."""
    place = folder.resolve()
    prefix = f"{place.name}/" if place.name in SPLITS else ""
    if _manifest_of(place.parent if prefix else place) is None:
        return None
    return lambda path: bool(_OWN.fullmatch(f"{prefix}{path.relative_to(folder).as_posix()}"))


def is_own(path: Path) -> bool:
    """Return whether a file is a dataset file of a run."""
    decides = own_files(path.parent)
    return decides is not None and decides(path)


def is_blank(path: Path) -> bool:
    """Return whether a file is there and holds nothing but blanks and a byte order mark."""
    if not path.is_file() or path.stat().st_size > _BLANK:
        return False
    return not path.read_bytes().removeprefix(BOM_UTF8).strip()


def is_open_ended(path: Path) -> bool:
    """Return whether a file does not end with a line end, as every file of a run does."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def refuse_emptied(path: Path) -> None:
    """Raise InputError for the whole file of a language that is empty, while its split files or its run's manifest have rows."""
    if path.stem not in LANGUAGES or path.suffix != ".jsonl" or not is_blank(path):
        return
    manifest = _manifest_of(path.parent.resolve())
    split = [one for name in SPLITS for one in path.parent.glob(f"{name}/{path.stem}*.jsonl") if not is_blank(one)]
    if manifest and (split or _states_rows(manifest, path.name)):
        raise InputError(
            f"{path}: is empty, though the run has rows of {path.stem}; `selfinstruct filter --run {_shown(manifest.parent)}` writes it anew"
        )
    if split:
        raise InputError(
            f"{path}: is empty, while its split files hold rows; put it back from a copy, or remove it: then the split files are read"
        )


def run_of_file(path: Path) -> Path | None:
    """Return the run of a dataset file that is its own."""
    folder = path.parent.resolve()
    manifest = _manifest_of(folder.parent if folder.name in SPLITS else folder)
    return _shown(manifest.parent) if manifest and is_own(path) else None


def _shown(run: Path) -> Path:
    """Return a path as short as a user would write it."""
    return run.relative_to(Path.cwd()) if run.is_relative_to(Path.cwd()) else run


def _manifest_of(folder: Path) -> Path | None:
    """Return the manifest of a run beside its dataset folder, or a copy of that, or in it; None without one."""
    beside = folder.name == _DATASET or folder.name.startswith(BACKUP)
    places = (folder, folder.parent) if beside else (folder,)
    return next((path for place in places if _is_of_run(path := place / MANIFEST)), None)


def _is_of_run(path: Path) -> bool:
    try:
        return path.is_file() and _STATED in path.read_bytes()
    except OSError:
        return False  # whoever needs it says what is wrong


def _states_rows(manifest: Path, name: str) -> bool:
    with suppress(InputError):
        stated = read_any_manifest(manifest)[0].datasets.get(f"{_DATASET}/{name}")
        return bool(stated and stated.rows)
    return False
