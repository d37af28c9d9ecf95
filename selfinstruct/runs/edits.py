"""What was changed by hand in the files of a run since they were written, as decisions.

A file whose hash is that of the manifest, or of what is about to be written, was not touched, and nothing is looked for in it. One that is
gone or empty removes no row: that is an accident more often than a decision.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.files import LanguageFiles
from selfinstruct.dataset.review.apply import some
from selfinstruct.dataset.review.decisions import REVIEW, Decisions
from selfinstruct.dataset.review.notice import Changes, Known, changes_in, merged, without_older
from selfinstruct.dataset.review.standing import is_blank, rows_in, split_files, unknown_fields, whole_file
from selfinstruct.dataset.review.united import Base, by_id, not_only_older, united
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.known import known_of
from selfinstruct.runs.merges import base_of
from selfinstruct.weights import Say

Sums = dict[Path, set[str]]
"""File -> hashes of what a run wrote or is about to write there."""


def edits_of(  # noqa: PLR0913, PLR0917 -- a run, what it holds and what was decided
    directory: RunDirectory,
    config: Config,
    bootstraps: Mapping[str, Bootstrap],
    files: Mapping[str, LanguageFiles],
    decisions: Decisions,
    say: Say,
) -> Changes:
    """Return what was changed by hand in the files of all languages, and is not decided so yet; `files` are about to be written."""
    changes: Changes = {}
    for language, bootstrap in bootstraps.items():
        sums = written_sums(directory, files[language])
        changes |= _edits(directory, config, bootstrap, sums, decisions, say)
    return {key: one for key, one in changes.items() if one is None or decisions.get(key) != one}


def _edits(  # noqa: PLR0913, PLR0917 -- the same of one language
    directory: RunDirectory, config: Config, bootstrap: Bootstrap, sums: Sums, decisions: Decisions, say: Say
) -> Changes:
    language, manifest = bootstrap.plan.language, directory.manifest()
    is_reviewed = manifest is not None and manifest.review != directory.review_sha256()
    lost = {*emptied(language, sums), *(path for path in sums if not path.is_file())}
    whole = whole_file(directory.dataset, language)
    whole = None if whole in lost else whole
    found = split_files(directory.dataset, language)
    parts = [path for path in found if path not in lost]
    touched = [path for path in (whole, *parts) if path and (is_reviewed or sha256_of(path) not in sums.get(path, ()))]
    if not touched:
        return {}
    for text in unknown_fields(touched):
        say(f"{directory.dataset}: {text}")
    known = known_of(directory, config, bootstrap, decisions, say)
    is_complete = not any(path.parent != directory.dataset and is_of(path, language) for path in lost)
    if base := base_of(directory, language):
        return _merged(directory, Standing(whole, parts, is_complete), known, base, say)
    return _compared(directory, Standing(whole, parts, is_complete), touched, known, say)


class Standing(NamedTuple):
    """The files of a language that stand."""

    whole: Path | None
    parts: list[Path]
    is_complete: bool
    """No split file is gone or empty."""


def _merged(directory: RunDirectory, standing: Standing, known: Known, base: Base, say: Say) -> Changes:
    """Return what either side of a git merge that is not emitted yet changed."""
    language = known.language
    whole = by_id(rows_in([standing.whole], language)) if standing.whole else None
    splits = by_id(rows_in(standing.parts, language))
    found = united(base, whole, splits, known.decisions, is_complete=standing.is_complete)
    if found.kept:
        say(
            f"{directory.dataset}: kept from {REVIEW} or the split files, since {language}.jsonl has them only as they were before the merge: "
            f"{some(found.kept)}"
        )
    if found.overruled:
        say(
            f"{directory.dataset}: {len(found.overruled)} rows were changed by both sides of the merge, and stand otherwise in {REVIEW} or the split "
            f"files than in {language}.jsonl; those of {language}.jsonl are taken: {some(found.overruled)}"
        )
    return not_only_older(changes_in(found.rows, known), base, known.decisions)


def _compared(directory: RunDirectory, standing: Standing, touched: list[Path], known: Known, say: Say) -> Changes:
    """Return what was changed in the whole file and in the split files, each against what was written."""
    language, (whole, parts, is_complete) = known.language, standing
    of_splits: Changes = {}
    of_whole = changes_in(rows_in([whole], language), known) if whole and whole in touched else {}
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
    if of_whole and (taken := sorted(of_splits.keys() - of_whole.keys())):
        say(f"{directory.dataset}: taken from the split files of {language}: {some(taken)}")
    if conflicts:
        say(
            f"{directory.dataset}: {len(conflicts)} rows were changed in {language}.jsonl and otherwise in its split files; those of "
            f"{language}.jsonl are taken: {some(conflicts)}"
        )
    return both


def emptied(language: str, sums: Sums) -> list[Path]:
    """Return the files of a language that hold nothing, where rows were written."""
    return [path for path in sums if is_of(path, language) and is_blank(path) and sha256_of(path) not in sums[path]]


def is_of(path: Path, language: str) -> bool:
    """Return whether a dataset file is the whole file of a language, or a split file or shard of it."""
    return path.stem.partition("-")[0] == language


def written_sums(directory: RunDirectory, files: LanguageFiles) -> Sums:
    """Return the hashes of what a run wrote or is about to write; in the order of the files, whole ones first."""
    manifest = directory.manifest()
    sums: Sums = {}
    for name, digest in (manifest.datasets | manifest.splits if manifest else {}).items():
        sums.setdefault(directory.path / name, set()).add(digest.sha256)
    for name, file in (files.whole | files.by_split).items():
        sums.setdefault(directory.dataset / name, set()).add(hashlib.sha256(file.data).hexdigest())
    return sums


def sha256_of(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
