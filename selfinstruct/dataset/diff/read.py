"""Reading one side of a diff: a file, a dataset folder, a run directory, or one of these at a git revision."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.diff.entries import NONE_KNOWN, Known, entry_of
from selfinstruct.dataset.diff.places import DEPTH, copied_from, is_dataset, run_of
from selfinstruct.dataset.diff.reviewed import reading_of
from selfinstruct.dataset.diff.rows import PLAIN, Entry, Origin, Side
from selfinstruct.dataset.diff.taken_over import as_taken_over
from selfinstruct.dataset.io.folders import Apart, apart, files_in, not_read, parts_of
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import LeftOut
from selfinstruct.dataset.release.lines import PROVENANCE, REVIEW, read_any_provenance
from selfinstruct.dataset.release.manifest import MANIFEST, Manifest, read_any_manifest
from selfinstruct.dataset.review.verdicts import read_decisions
from selfinstruct.errors import InputError, SelfInstructError
from selfinstruct.language import LANGUAGES
from selfinstruct.records import text_hash
from selfinstruct.system.conflicts import ONE_LINE_EACH, refuse_markers
from selfinstruct.system.files import read_text
from selfinstruct.system.git import files_at, git, is_revision
from selfinstruct.system.numbers import amount
from selfinstruct.system.plain import refuse_links

_GIT = "git:"
_CONFIG_LOCK = "config.lock.toml"
_NAMED = 5
"""Most fields that a note is made of."""


_REVISION = re.compile(r"@|HEAD|(?:@|[\w./-]+)(?:[~^]\d*|@\{.*\})+")
"""HEAD, and what names a revision by another."""


class Operand(NamedTuple):
    """Location of a side: a path, optionally at a revision."""

    path: str
    revision: str = ""
    shown: str = ""
    """What it is called where the path is not the user's own word."""

    def __str__(self) -> str:
        return self.shown or (f"{_GIT}{self.revision}:{self.path}" if self.revision else self.path)


def operands(base: str, head: str) -> tuple[Operand, Operand]:
    """Return BASE and HEAD parsed; a BASE that is a revision rather than a path means the path of HEAD there."""
    right = _operand(head)
    if not base.startswith(_GIT) and not Path(base).exists() and is_revision(base):
        return Operand(right.path, base), right
    return _operand(base), right


def _operand(text: str) -> Operand:
    if not text.startswith(_GIT):
        return Operand(text)
    revision, colon, path = text.removeprefix(_GIT).partition(":")
    if not revision or not colon or not path:
        raise InputError(f"{text}: not understood; write git:REVISION:PATH, e.g. git:origin/main:outputs/demo")
    return Operand(path, revision)


def read_sides(base: Operand, head: Operand) -> tuple[Side, Side]:
    """Return both sides; a path missing at one of two revisions is an empty dataset, with a note.

    Otherwise a missing path is an error: it may be mistyped, and the diff would show everything as changed.
    """
    one_path = base.path == head.path
    old = _read(base, may_be_absent=one_path)
    known = {(*entry.text[:PLAIN], entry.stated_id): entry for entry in old.entries if entry.is_plain} if old else {}
    new = _read(head, may_be_absent=one_path and bool(base.revision), known=known)
    if old is None and new is None:
        raise InputError(
            f"{base.path}: no such dataset on either side; name a file, a dataset folder or a run directory"
        )
    left, right = _at(old or _absent(base), base), _at(new or _absent(head), head)
    return left, as_taken_over(left, right)


def _at(side: Side, operand: Operand) -> Side:
    return side._replace(revision=operand.revision)


def _absent(operand: Operand) -> Side:
    return Side(str(operand), (), notes=(f"{operand} does not exist: taken as empty",))


def _refuse_revision(name: str) -> None:
    """Raise InputError for what is written as a revision and is none of this repository."""
    if not _REVISION.fullmatch(name) or git("rev-parse", "--git-dir") is None:
        return
    if is_revision("HEAD"):
        raise InputError(f"{name}: no such revision; `git log --oneline` lists those that are there")
    raise InputError(f"{name}: no such revision; this repository has no commit yet")


def _repository_hint(name: str) -> str:
    if "." in name or git("rev-parse", "--git-dir") is not None:
        return ""
    return "; a revision would be one of a git repository, and this folder is in none: `git init` and commit first"


def _read(operand: Operand, may_be_absent: bool, known: Known = NONE_KNOWN) -> Side | None:
    if not operand.revision:
        path = Path(operand.path)
        if not path.exists():
            if may_be_absent:
                return None
            _refuse_revision(operand.path)
            raise InputError(f"{path}: no such file or directory{_repository_hint(operand.path)}")
        with _renamed({path: operand} if operand.shown else {}):
            return _side(path, str(operand), known)
    files = files_at(operand.revision, operand.path)
    if files is None:
        if may_be_absent:
            return None
        raise InputError(f"{operand}: no such path at this revision; `git ls-tree -r {operand.revision}` lists all")
    with tempfile.TemporaryDirectory(prefix="selfinstruct-") as folder:
        top = Path(folder, *_last_parts(operand.path))
        _write(top, files)
        places = {top: operand}
        if MANIFEST not in files:
            places |= _add_run(top, operand)
        with _renamed(places):
            return _side(top, str(operand), known)


def _last_parts(path: str) -> tuple[str, ...]:
    """Return the last parts of a path, from the folder that may be its run."""
    absolute = (Path.cwd() / path).resolve()
    return absolute.relative_to(absolute.anchor).parts[-DEPTH - 1 :]


def _write(top: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        file = top / name if name else top
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _add_run(top: Path, operand: Operand) -> dict[Path, Operand]:
    """Copy manifest and provenance of the run around a dataset; return {copy of the run: the run}."""
    for up in range(1, len(_last_parts(operand.path))):
        around = Operand(os.path.normpath(os.path.join(operand.path, *[".."] * up)), operand.revision)  # noqa: PTH118 - pathlib keeps `..`
        if (manifest := _file_at(around, MANIFEST)) is not None:
            found = {name: _file_at(around, name) or b"" for name in (PROVENANCE, _CONFIG_LOCK, REVIEW)} | {
                MANIFEST: manifest
            }
            _write(top.parents[up - 1], found)
            return {top.parents[up - 1]: around}
    return {}


def _file_at(folder: Operand, name: str) -> bytes | None:
    found = files_at(folder.revision, f"{folder.path}/{name}", may_be_outside=True)
    return found.get("") if found else None


@contextmanager
def _renamed(places: Mapping[Path, Operand]) -> Iterator[None]:
    """Raise errors with the user's paths instead of temporary ones."""
    try:
        yield
    except SelfInstructError as error:
        if not places:
            raise
        text = str(error)
        for path, operand in places.items():
            text = text.replace(str(path), str(operand))
        raise type(error)(text) from error


def _side(path: Path, name: str, known: Known) -> Side:
    """Read a dataset; rows equal to a `known` one, of the other side, are not parsed again."""
    run = run_of(path)
    if run:
        refuse_links(run, (MANIFEST, PROVENANCE, _CONFIG_LOCK, REVIEW))
    manifest, unclear = read_any_manifest(run / MANIFEST) if run else (None, ())
    origins, unknown = _origins(run / PROVENANCE) if run else ({}, 0)
    files = files_in(path)
    called = {file: f"{name}/{file.relative_to(path)}" if path.is_dir() else name for file in files}
    counts = LeftOut(columns=True, ids=False)
    entries = tuple(entry_of(one, called[file], origins, known) for file in files for one in counts.over(load(file)))
    said = [f"{MANIFEST}: `{field}` is not understood: taken as not stated" for field in unclear[:_NAMED]]
    said += [f"{PROVENANCE}: {amount(unknown, 'line')} not understood and passed over"] if unknown else []
    differing = tuple(apart(path)) if path.is_dir() else ()
    unlike = (*(one.said(of_both=True) for one in differing), *(_unstated(files, manifest) if path.is_dir() else ()))
    unread = not_read(path, files) if path.is_dir() else ()
    notes = tuple(f"{name}: {what}" for what in (*counts.said(), *said, *unlike, *unread))
    ruled_by = run or copied_from(path)
    lock = read_text(ruled_by / _CONFIG_LOCK) if ruled_by and (ruled_by / _CONFIG_LOCK).is_file() else ""
    side = Side(name, entries, manifest, origins, notes, config_lock=lock, apart=unlike, decided=_decided(run))
    read = (((one.id, text_hash(one.instruction, one.input, one.output)), one.language, "") for one in entries)
    side = side._replace(reading=reading_of(path, run, read), split=_split(differing, path, name, origins))
    side = side._replace(has_split=_languages_split(path))
    return side._replace(of_run=run is not None and is_dataset(path.resolve(), run.resolve()))


def _split(
    differing: Sequence[Apart], path: Path, name: str, origins: Mapping[str, Origin]
) -> dict[str, tuple[Entry, ...]]:
    """Return the rows of the split files of each language in which they are not those of the whole file."""
    return {
        one.language: tuple(
            entry_of(row, f"{name}/{file.relative_to(path)}", origins) for file in one.split for row in load(file)
        )
        for one in differing
    }


def _languages_split(path: Path) -> frozenset[str]:
    """Return the languages that have rows in split files."""
    found = LANGUAGES if path.is_dir() else ()
    return frozenset(one for one in found if any(file.stat().st_size for file in parts_of(path, one)))


def _decided(run: Path | None) -> frozenset[str]:
    """Return the ids of all rows that people decided about; none where that cannot be read."""
    if run:
        refuse_markers([run / REVIEW], ONE_LINE_EACH)
    try:
        decisions = list(read_decisions(run / REVIEW).values()) if run else []
    except SelfInstructError:
        return frozenset()
    return frozenset(name for one in decisions for name in (one.id, one.row.id if one.row else one.id))


def _unstated(files: Sequence[Path], manifest: Manifest | None) -> Iterator[str]:
    """Yield the dataset files that stand on disk and in no manifest: their rows have no provenance, and belong to no run."""
    if manifest is None or not manifest.datasets:
        return
    stated = {name.rpartition("/")[2] for name in (*manifest.datasets, *manifest.splits)}
    ours = {f"{language}.jsonl" for language in LANGUAGES}  # other names may be anything
    for name in sorted(path.name for path in files if path.name in ours - stated):
        yield f"{name} stands in the dataset and not in {MANIFEST}: no run gives it"


def _origins(path: Path) -> tuple[dict[str, Origin], int]:
    """Return provenance by id, and the number of lines that are not understood."""
    lines, unknown = read_any_provenance(path)
    fields = {"request", "position", "model", "topic", "score", "text_hash", "by_hand", "was"}
    return {name: Origin(**line.model_dump(include=fields)) for name, line in lines.items()}, unknown
