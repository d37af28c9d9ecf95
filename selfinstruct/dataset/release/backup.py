"""Backup of rows that an emission would overwrite and that neither the journal nor a decision gives: those of a clone without its journal.

Rows that the journal has in any form, accepted or rejected, need no backup: `filter` can restore them. The backup is a
folder next to the dataset that git ignores.
"""

import hashlib
import json
import shlex
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from selfinstruct.dataset.release.files import LanguageFiles, line_of, stale
from selfinstruct.errors import InputError, StorageError
from selfinstruct.records import Row, text_hash, with_own_id
from selfinstruct.system.conflicts import is_marker
from selfinstruct.system.writing import write_bytes

BACKUP = "dataset.before-"
"""Prefix of a backup's folder name; the first 8 hex digits of its sha256 follow."""
UNKNOWN = "merged, edited by hand, or cloned without the journal"
"""Why rows may be lacking where nothing tells more."""
_IGNORE_ALL = "*\n"


def back_up_unknown_rows(  # noqa: PLR0913 -- what stands, what comes, and what accounts for the difference
    folder: Path,
    files: Mapping[str, LanguageFiles],
    journal_rows: Callable[[], Iterable[Row]],
    say: Callable[[str], None],
    *,
    read: Callable[[Path], set[bytes]],
    decided: Callable[[], Collection[str]] = tuple,
    why: str = UNKNOWN,
) -> None:
    """Copy a dataset folder if `files`, which replace its own, lack a row of it that the journal cannot produce.

    `journal_rows` returns every row that the journal can produce; it is called only when a row is missing, as is `decided`, which returns
    the hashes of rows made by hand that the last emission wrote: what became of them was decided. `read` returns the rows of a file as lines
    of ours, whatever its encoding; it raises InputError where it cannot. The same content is copied once.
    """
    new = {line for one in files.values() for file in one.whole.values() for line in _lines(file.data)}
    missing = _standing(folder, files, read) - new
    lost = missing and missing - {line_of(row).rstrip(b"\n") for row in journal_rows()}
    if lost and (hashes := decided()):
        lost = {line for line in lost if _text_hash(line) not in hashes}
    if not lost:
        return
    say(_told(folder, _copy(folder), why, lost, {line for line in lost if _without_other_fields(line) not in new}))


def _told(folder: Path, copy: Path, why: str, lost: Collection[bytes], rows: Collection[bytes]) -> str:
    """Return what the new dataset lacks of the `lost` lines: whole `rows`, or only fields of rows that it has."""
    if not rows:
        return (
            f"{folder}: no row is lacking; {len(lost)} that stood here had fields which no row has a place for, and the dataset with them is set "
            f"aside as {copy}"
        )
    told = f"selfinstruct diff {shlex.quote(str(copy))} {shlex.quote(str(folder.parent))}"
    return (
        f"{folder}: the new dataset lacks {len(rows)} row{'s' if len(rows) > 1 else ''} that stood here ({why}); "
        f"the old one is set aside as {copy}; `{told}` shows them"
    )


def set_aside(folder: Path, review: Path) -> Path | None:
    """Return a copy of a dataset folder and of the decisions about it, made before both are given up; None without a dataset."""
    if not folder.is_dir():
        return None
    copy = _copy(folder)
    if review.is_file():
        write_bytes(copy / review.name, review.read_bytes(), private=True)
    return copy


def set_aside_as_it_was(folder: Path, files: Mapping[str, LanguageFiles], review: Path) -> Path:
    """Return a copy of a dataset with these files, which do not stand in its folder any more, and of the decisions that made it so."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{BACKUP}") as temporary:
        before = Path(temporary) / folder.name
        for name, file in ((name, file) for one in files.values() for name, file in (one.whole | one.by_split).items()):
            write_bytes(before / name, file.data)
        copy = _copy(before, folder.parent)
    if review.is_file():
        write_bytes(copy / review.name, review.read_bytes(), private=True)
    return copy


def _standing(folder: Path, files: Mapping[str, LanguageFiles], read: Callable[[Path], set[bytes]]) -> set[bytes]:
    """Return the lines of all files that will be replaced by other ones or removed."""
    new = {folder / name: file.data for one in files.values() for name, file in (one.whole | one.by_split).items()}
    names = (folder / name for one in files.values() for name in one.whole | one.by_split)
    removed = (path for language, one in files.items() for path in stale(folder, language, one))
    try:
        changed = [path for path in (*names, *removed) if path.is_file() and path.read_bytes() != new.get(path)]
        return {line for path in changed for line in _lines_of(path, read)}
    except OSError as error:
        raise StorageError(f"{folder}: cannot be read ({error.strerror}); check the rights of its files") from error


def _lines_of(path: Path, read: Callable[[Path], set[bytes]]) -> set[bytes]:
    """Return the rows of a file as lines of ours; its lines one by one where it cannot be read as a whole."""
    try:
        return read(path)
    except InputError:
        return {_canonical(line) for line in _lines(path.read_bytes())}


def _text_hash(line: bytes) -> str:
    """Return the hash of a row's texts; empty for a line that is none."""
    try:
        row = Row.model_validate(json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return ""
    return text_hash(row.instruction, row.input, row.output)


def _lines(data: bytes) -> list[bytes]:
    lines = (line.rstrip(b"\r") for line in data.split(b"\n"))
    return [line for line in lines if line.strip() and not is_marker(line)]


def _canonical(line: bytes) -> bytes:
    """Return a row's canonical line, so that key order and stated id do not matter; other lines are returned unchanged."""
    try:
        return line_of(with_own_id(Row.model_validate({"id": "", **json.loads(line)}))).rstrip(b"\n")
    except (ValueError, TypeError, RecursionError):
        return line


def _without_other_fields(line: bytes) -> bytes:
    """Return a row's canonical line without the fields that no row has a place for."""
    try:
        fields = {name: value for name, value in json.loads(line).items() if name in {*Row.model_fields, "chosen"}}
    except (ValueError, AttributeError, RecursionError):
        return line
    if "chosen" in fields:
        fields["output"] = fields.pop("chosen")
    return _canonical(json.dumps(fields).encode())


def _copy(folder: Path, run: Path | None = None) -> Path:
    """Return the backup of a dataset folder in its run, copied atomically unless one of the same content exists."""
    try:
        target = (run or folder.parent) / f"{BACKUP}{_sha256(folder)[:8]}"
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as temporary:
                copy = Path(temporary) / target.name
                shutil.copytree(folder, copy)
                (copy / ".gitignore").write_text(_IGNORE_ALL, encoding="utf-8")
                for path in (copy, *copy.rglob("*")):  # not in git, unlike what it is a copy of: for its owner alone
                    path.chmod(0o700 if path.is_dir() else 0o600)
                copy.rename(target)
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be set aside ({error.strerror or error}); its rows are untouched; free the disk or copy it yourself"
        ) from error
    return target


def _sha256(folder: Path) -> str:
    """Return the sha256 of names and contents of a folder's JSON lines files."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.jsonl")):
        found.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
