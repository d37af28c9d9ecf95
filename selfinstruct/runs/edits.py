"""What was changed by hand in the files of a run since they were written, as decisions.

A file whose hash is that of the manifest, or of what is about to be written, was not touched, and nothing is looked for in it. One that is
gone or empty removes no row: that is an accident more often than a decision.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.files import LanguageFiles
from selfinstruct.dataset.review.apply import some
from selfinstruct.dataset.review.decisions import Decisions
from selfinstruct.dataset.review.notice import Changes, changes_in, merged
from selfinstruct.dataset.review.standing import is_blank, rows_in, split_files, unknown_fields, whole_file
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.known import known_of
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
    of_splits: Changes = {}
    if any(path in parts for path in touched):
        is_complete = not any(path.parent != directory.dataset and is_of(path, language) for path in lost)
        of_splits = changes_in(rows_in(parts, language), known, is_complete=is_complete)
    of_whole = changes_in(rows_in([whole], language), known) if whole and whole in touched else {}
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
