"""The dataset files of a run, compared with what was written: which of them were touched, and what was changed in them by hand.

A file whose hash is that of the manifest, or of what is about to be written, was not touched, and nothing is looked for in it. One that is
gone or empty removes no row: that is an accident more often than a decision.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.io.own_files import is_blank
from selfinstruct.dataset.release.files import LanguageFiles
from selfinstruct.dataset.release.lines import REVIEW
from selfinstruct.dataset.review.apply import some
from selfinstruct.dataset.review.notice import Changes, Known, changes_in, merged, without_older
from selfinstruct.dataset.review.standing import Stood, rows_in, split_files, whole_file
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.numbers import amount
from selfinstruct.weights import Say

Sums = dict[Path, set[str]]
"""File -> hashes of what a run wrote or is about to write there."""


class Standing(NamedTuple):
    """The files of a language that stand."""

    whole: Path | None
    parts: list[Path]
    is_complete: bool
    """No split file is gone or empty."""
    touched: list[Path]
    """Those that are not as they were written; all of them where decisions were taken since."""


def standing_in(directory: RunDirectory, language: str, sums: Sums) -> Standing:
    """Return the files of a language that are there and hold something."""
    manifest = directory.manifest()
    is_reviewed = manifest is not None and manifest.review != directory.review_sha256()
    lost = {*emptied(language, sums), *(path for path in sums if not path.is_file())}
    whole = whole_file(directory.dataset, language)
    whole = None if whole in lost else whole
    parts = [path for path in split_files(directory.dataset, language) if path not in lost]
    touched = [path for path in (whole, *parts) if path and (is_reviewed or sha256_of(path) not in sums.get(path, ()))]
    is_complete = not any(path.parent != directory.dataset and is_of(path, language) for path in lost)
    return Standing(whole, parts, is_complete, touched)


def _renamed(rows: Iterable[Stood], known: Known) -> list[str]:
    """Return the ids of rows whose text stands as it was written, under an id that nothing has."""
    return sorted(
        one.row.id
        for one in rows
        if one.row.id in known.emitted and one.stated not in {"", one.row.id} and one.stated not in known.emitted
    )


def compared(directory: RunDirectory, standing: Standing, known: Known, say: Say) -> Changes:
    """Return what was changed in the whole file and in the split files, each against what was written."""
    language, (whole, parts, is_complete, touched) = known.language, standing
    of_splits: Changes = {}
    twice: list[str] = []
    rows_of_whole = rows_in([whole], language, twice) if whole and whole in touched else []
    of_whole = changes_in(rows_of_whole, known) if whole and whole in touched else {}
    for text in _put_right(directory, whole, twice, _renamed(rows_of_whole, known)):
        say(text)
    if any(path in parts for path in touched):
        rows = rows_in(parts, language)
        of_splits = changes_in(rows, known, is_complete=is_complete)
        if whole:
            of_splits, older = without_older(of_splits, of_whole, rows, known)
            if older:
                say(
                    f"{directory.dataset}: the split files of {language} have these rows as they were before what {REVIEW} and {language}.jsonl say, "
                    f"which is kept; to take that back, change {language}.jsonl: {some(older)}"
                )
    if whole in touched:
        of_splits = {key: one for key, one in of_splits.items() if key not in known.pending}
    both, conflicts = merged(of_splits, of_whole)
    if of_whole:
        _tell_taken(directory, language, {key: one for key, one in of_splits.items() if key not in of_whole}, say)
    if conflicts:
        say(
            f"{directory.dataset}: {amount(len(conflicts), 'row')} changed in {language}.jsonl and otherwise in its split files; those of "
            f"{language}.jsonl are taken: {some(conflicts)}"
        )
    return both


def _put_right(directory: RunDirectory, whole: Path | None, twice: list[str], renamed: list[str]) -> Iterator[str]:
    """Yield what is put right in the whole file of a language, and is no decision about a row."""
    if twice:
        yield f"{whole}: {amount(len(twice), 'row')} stood there more than once, word for word, and each is kept once: {some(twice)}"
    if renamed:
        yield f"{directory.dataset}: an id is computed from the text of its row, so ids that were changed are put back: {some(renamed)}"


def _tell_taken(directory: RunDirectory, language: str, taken: Changes, say: Say) -> None:
    """Say which rows are taken from the split files, by what was done to them."""
    kinds: dict[str, list[str]] = {}
    for key, one in sorted(taken.items()):
        kind = f"{one.decision} by hand" if one else "put back as the run wrote them"
        kinds.setdefault(kind, []).append(key.removeprefix("+"))
    for kind, names in sorted(kinds.items()):
        say(f"{directory.dataset}: taken from the split files of {language}, {kind}: {some(names)}")


def emptied(language: str, sums: Sums) -> list[Path]:
    """Return the files of a language that hold nothing, where rows were written."""
    return [path for path in sums if is_of(path, language) and is_blank(path) and sha256_of(path) not in sums[path]]


def is_of(path: Path, language: str) -> bool:
    """Return whether a dataset file is the whole file of a language, or a split file or shard of it."""
    return path.stem.partition("-")[0] == language


def written_sums(directory: RunDirectory, files: LanguageFiles | None = None) -> Sums:
    """Return the hashes of what a run wrote or is about to write; in the order of the files, whole ones first."""
    manifest = directory.manifest()
    sums: Sums = {}
    for name, digest in (manifest.datasets | manifest.splits if manifest else {}).items():
        sums.setdefault(directory.path / name, set()).add(digest.sha256)
    for name, file in (files.whole | files.by_split if files else {}).items():
        sums.setdefault(directory.dataset / name, set()).add(hashlib.sha256(file.data).hexdigest())
    return sums


def sha256_of(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
