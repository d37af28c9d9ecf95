"""What both sides of a git merge had decided in a run, as long as nothing was written since they were merged.

Each commit is read as a folder of its own, also what was changed there by hand and not recorded: `filter` was not run before every commit.
"""

import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import Config
from selfinstruct.dataset.release.lines import PROVENANCE, REVIEW
from selfinstruct.dataset.release.manifest import MANIFEST, Manifest, read_manifest
from selfinstruct.dataset.review.apply import some
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

_ID = re.compile(rb'\{"id": "([0-9a-f]{16})"')


def merge_of(directory: RunDirectory) -> Merge | None:
    """Return the merge whose outcome stands in a run and was not emitted yet."""
    folder = directory.path
    manifest = directory.manifest()
    if manifest is None:
        return None
    merge = open_merge(folder)
    if merge is None:
        merge = next(merges_before(folder), None)
        if merge is None or not _is_as_merged(directory, merge) or put_back_since(directory, merge):
            return None
    elif not merge.is_changed(folder):
        return None
    return merge if _is_of_sides(manifest, [_manifest(folder, side) for side in merge.sides]) else None


def tell_put_back(directory: RunDirectory) -> Iterator[str]:
    """Yield that rows were put back since a merge that nothing was written after: whether that was on purpose nobody can tell, and they stay so."""
    manifest, merge = directory.manifest(), next(merges_before(directory.path), None)
    if manifest is None or merge is None or open_merge(directory.path) or not _is_as_merged(directory, merge):
        return
    back = put_back_since(directory, merge)
    if back and _is_of_sides(manifest, [_manifest(directory.path, side) for side in merge.sides]):
        where = shlex.quote(str(directory.dataset))
        yield (
            f"{directory.dataset}: `selfinstruct filter` was not run after the merge {merge.outcome[:12]}, and since then rows were put back as one of its sides had "
            f"them: {some(back)}. So the files are taken as they stand, without what one side did and they do not show. To have that too: "
            f"`git checkout {merge.outcome[:12]} -- {where}`, `selfinstruct filter`, and make these changes again"
        )


def put_back_since(directory: RunDirectory, merge: Merge) -> list[str]:
    """Return the ids of rows that were changed since a merge into what a side or their common commit had, or taken out where a side had none."""
    found: list[str] = []
    for name in _datasets(directory):
        then = blob(directory.path, merge.outcome, name) or b""
        path = directory.path / name
        if marker_line(then) or path.read_bytes() == then:
            continue
        now, merged = _by_id(path.read_bytes()), _by_id(then)
        base, *sides = (_by_id(blob(directory.path, commit, name) or b"") for commit in (merge.base, *merge.sides))
        old = frozenset[bytes]().union(*(one.values() for one in (base, *sides)))
        found += [key for key, line in now.items() if merged.get(key) != line and line in old]
        found += [key for key in merged.keys() - now.keys() if not all(key in side for side in sides)]
    return sorted(found)


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


def _by_id(data: bytes) -> dict[str, bytes]:
    """Return {id: line} of a file of rows, of those that state one as it was written; the line itself where none does."""
    return {
        found[1].decode() if (found := _ID.match(line)) else line.decode("utf-8", "replace"): line
        for line in data.split(b"\n")
        if line.strip()
    }


def _is_as_merged(directory: RunDirectory, merge: Merge) -> bool:
    """Return whether manifest and decisions are as a merge left them, or as somebody did who took its conflict markers out: nothing was written since."""
    for name in (MANIFEST, REVIEW):
        path, then = directory.path / name, blob(directory.path, merge.outcome, name)
        now = path.read_bytes() if path.is_file() else None
        if now != then and not marker_line(then or b""):
            return False
    return True
