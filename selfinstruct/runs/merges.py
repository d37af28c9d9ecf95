"""What both sides of a git merge had decided in a run, as long as nothing was written since they were merged.

Each commit is read as a folder of its own, also what was changed there by hand and not recorded: `filter` was not run before every commit.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.lines import PROVENANCE, REVIEW
from selfinstruct.dataset.release.manifest import MANIFEST, Manifest, read_manifest
from selfinstruct.dataset.review.notice import applied_to, changes_in
from selfinstruct.dataset.review.standing import rows_in
from selfinstruct.dataset.review.united import Side, Sides
from selfinstruct.dataset.review.verdicts import read_decisions
from selfinstruct.errors import SelfInstructError
from selfinstruct.journal import Journal
from selfinstruct.runs.compared import compared, standing_in, written_sums
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.known import known_of
from selfinstruct.system.conflicts import marker_line
from selfinstruct.system.git_merge import Merge, blob, merges_before, names_at, open_merge
from selfinstruct.system.writing import write_bytes


def merge_of(directory: RunDirectory) -> Merge | None:
    """Return the merge whose outcome stands in a run and was not emitted yet."""
    folder = directory.path
    manifest = directory.manifest()
    if manifest is None:
        return None
    merge = open_merge(folder)
    if merge is None:
        merge = next(merges_before(folder), None)
        if merge is None or not _is_as_merged(directory, merge, (MANIFEST, REVIEW, *_datasets(directory))):
            return None
    elif not merge.is_changed(folder):
        return None
    return merge if _is_of_sides(manifest, [_manifest(folder, side) for side in merge.sides]) else None


def last_emission(directory: RunDirectory) -> Manifest | None:
    """Return the manifest of the last emission; in a merge that is not emitted yet, with each target as either side changed it.

    What the other side made of its own journal, which is not here, is no target of this one: it would be bought again.
    """
    manifest, merge = directory.manifest(), merge_of(directory)
    if manifest is None or merge is None:
        return manifest
    base, ours, theirs = (_manifest(directory.path, commit) for commit in (merge.base, *merge.sides))
    if not theirs.requests or len(Journal(directory.journal, read_only=True).answered) < theirs.requests.answered:
        return manifest
    target, counts = dict(manifest.keeping.target), dict(manifest.ledger)
    for language in {**ours.keeping.target, **theirs.keeping.target}:
        before, own, other = (side.keeping.target.get(language, 0) for side in (base, ours, theirs))
        if own == other:
            continue
        side = theirs if own == before or (other > own and other != before) else ours
        target[language] = side.keeping.target.get(language, 0)
        counts |= {language: side.ledger[language]} if language in side.ledger else {}
    keeping = manifest.keeping.model_copy(update={"target": target})
    return manifest.model_copy(update={"keeping": keeping, "ledger": counts})


def made_of_journal(directory: RunDirectory, before: Manifest | None) -> Manifest | None:
    """Return the emission whose replies the journal must have: none where there is no journal, or another run was merged with it."""
    return None if merge_of(directory) or not directory.has_requests() else before


def sides_of(directory: RunDirectory, merge: Merge, config: Config, bootstrap: Bootstrap) -> Sides | None:
    """Return what the sides of a merge had, of one language; None where that cannot be read, as in an older layout."""
    try:
        base, ours, theirs = (_side(directory.path, commit, config, bootstrap) for commit in (merge.base, *merge.sides))
    except SelfInstructError:
        return None
    return Sides(base, ours, theirs)


def _side(run: Path, commit: str, config: Config, bootstrap: Bootstrap) -> Side:
    language = bootstrap.plan.language
    with tempfile.TemporaryDirectory() as temporary:
        directory = RunDirectory(Path(temporary))
        for name in filter(_is_wanted, names_at(run, commit)):
            write_bytes(directory.path / name, blob(run, commit, name) or b"")
        directory.check_merged()
        decisions = read_decisions(directory.review)
        known = known_of(directory, config, bootstrap, decisions, lambda _: None)
        standing = standing_in(directory, language, written_sums(directory))
        rows = rows_in([standing.whole] if standing.whole else standing.parts, language)
        foreign = [one for one in rows if one.row.id not in known.heard]
        changes = changes_in(foreign, known, is_complete=False) | compared(directory, standing, known, lambda _: None)
        lines = {one.line for one in (*rows, *rows_in(standing.parts, language))}
    whole = {one.row.id: one.line for one in rows}
    return Side(applied_to(known.decisions, changes), whole, frozenset(lines), known.decisions)


def _is_wanted(name: str) -> bool:
    return name in {MANIFEST, PROVENANCE, REVIEW} or (
        name.startswith("dataset/") and name.endswith((".jsonl", ".gitignore"))
    )


def _manifest(folder: Path, commit: str) -> Manifest:
    """Return the manifest of a run at a commit; an empty one where there is none that can be read."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, MANIFEST)
        write_bytes(path, blob(folder, commit, MANIFEST) or b"")
        try:
            return read_manifest(path)
        except SelfInstructError:
            return Manifest()


def _is_of_sides(manifest: Manifest, sides: list[Manifest]) -> bool:
    """Return whether all that a manifest states was written on one side of a merge or the other: nothing was since."""
    return manifest.review in {side.review for side in sides} and all(
        any(side.datasets.get(name) == digest for side in sides) for name, digest in manifest.datasets.items()
    )


def _datasets(directory: RunDirectory) -> list[str]:
    return [path.relative_to(directory.path).as_posix() for path in directory.dataset.glob("*.jsonl")]


def _is_as_merged(directory: RunDirectory, merge: Merge, names: Iterable[str]) -> bool:
    """Return whether files are as a merge left them, or as somebody did who took its conflict markers out.

    Any other one that was changed since may have been changed back on purpose.
    """
    for name in names:
        path, then = directory.path / name, blob(directory.path, merge.outcome, name)
        now = path.read_bytes() if path.is_file() else None
        if now != then and not marker_line(then or b""):
            return False
    return True
