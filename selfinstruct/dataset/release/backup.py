"""Edits by hand that an emission would undo: rows that the journal cannot make again are set aside, rows that come back are told.

Such a row was edited by hand, merged by git, or came with a clone whose journal stayed elsewhere. Rows that the journal holds in any form, as
accepted or as rejected candidates, are no reason: `filter` brings them back. The copy lies beside the folder, and git never sees it.
"""

import hashlib
import json
import shlex
import shutil
import tempfile
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path

from selfinstruct.dataset.git.conflicts import is_marker
from selfinstruct.dataset.release.files import LanguageFiles, line_of, stale
from selfinstruct.errors import StorageError
from selfinstruct.records import Row

ASIDE = "dataset.before-"
"""Beginning of the name of a copy; the first 8 hex digits of its sha256 follow."""
_IGNORE_ALL = "*\n"
_SHOWN = 5
"""Ids that a message lists."""


def set_aside(
    folder: Path, files: Mapping[str, LanguageFiles], heard: Callable[[], Iterable[Row]], say: Callable[[str], None]
) -> None:
    """Copy a dataset folder beside itself when `files`, which are to replace its own, lose a row of it that nothing else holds.

    `heard` gives every row that the journal can make; it is called only when a row is missing. The same content is copied once.
    """
    new = {line for one in files.values() for file in one.whole.values() for line in _lines(file.data)}
    missing = {_canonical(line) for line in _standing(folder, files) - new} - new
    lost = missing and missing - {line_of(row).rstrip(b"\n") for row in heard()}
    if not lost:
        return
    copy = _copy(folder)
    told = f"selfinstruct diff {shlex.quote(str(copy))} {shlex.quote(str(folder.parent))}"
    say(
        f"{folder}: the new dataset lacks {len(lost)} row{'s' if len(lost) > 1 else ''} that stood here (merged, edited by hand, or "
        f"cloned without the journal); the old one is set aside as {copy}; `{told}` shows them"
    )


def tell_what_returns(
    folder: Path, files: Mapping[str, LanguageFiles], emitted: Callable[[], Container[str]], say: Callable[[str], None]
) -> None:
    """Say which rows of the last emission were taken out by hand and are in `files` again: the journal still gives them.

    `emitted` gives the ids of the last emission; it is called only when a row comes that did not stand there. A file that is gone is
    no wish to lose its rows.
    """
    wholes = {
        name: file.data for one in files.values() for name, file in one.whole.items() if (folder / name).is_file()
    }
    come = {
        line for name, data in wholes.items() for line in set(_lines(data)) - set(_lines((folder / name).read_bytes()))
    }
    if not come:
        return
    stood = {_id(line) for name in wholes for line in _lines((folder / name).read_bytes())}
    known = emitted()
    back = sorted(name for name in map(_id, come) if name not in stood and name in known)
    if back:
        listed = ", ".join(f'"{name}"' for name in back[:_SHOWN]) + (", ..." if len(back) > _SHOWN else "")
        say(
            f"{folder}: {len(back)} row{'s' if len(back) > 1 else ''} taken out by hand came back from the journal; "
            f"[validate] exclude = [{listed}] and `selfinstruct filter` keep {'them' if len(back) > 1 else 'it'} out"
        )


def _id(line: bytes) -> str:
    """Return the id that a line states; empty when it states none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return str(row.get("id", "")) if isinstance(row, dict) else ""


def _standing(folder: Path, files: Mapping[str, LanguageFiles]) -> set[bytes]:
    """Return the lines of all files that are to be replaced or removed."""
    names = (folder / name for one in files.values() for name in one.whole | one.by_split)
    removed = (path for language, one in files.items() for path in stale(folder, language, one))
    try:
        return {line for path in (*names, *removed) if path.is_file() for line in _lines(path.read_bytes())}
    except OSError as error:
        raise StorageError(f"{folder}: cannot be read ({error.strerror}); check the rights of its files") from error


def _lines(data: bytes) -> list[bytes]:
    lines = (line.rstrip(b"\r") for line in data.split(b"\n"))
    return [line for line in lines if line.strip() and not is_marker(line)]


def _canonical(line: bytes) -> bytes:
    """Return a row as an emission would write it, so that another order of keys is no other row; what is no row stays as it is."""
    try:
        return line_of(Row.model_validate(json.loads(line))).rstrip(b"\n")
    except (ValueError, RecursionError):
        return line


def _copy(folder: Path) -> Path:
    """Return the copy of a dataset folder, made now if there is none of this content: whole or not at all."""
    try:
        target = folder.with_name(f"{ASIDE}{_sha256(folder)[:8]}")
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{target.name}.") as beside:
                copy = Path(beside) / target.name
                shutil.copytree(folder, copy)
                (copy / ".gitignore").write_text(_IGNORE_ALL, encoding="utf-8")
                copy.rename(target)
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be set aside ({error.strerror or error}); its rows are untouched; free the disk or copy it yourself"
        ) from error
    return target


def _sha256(folder: Path) -> str:
    """Return the digest of the names and contents of the rows of a dataset folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.jsonl")):
        found.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
