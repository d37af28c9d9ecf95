"""What both sides of a git merge began with in a run, as long as nothing was written since they were merged."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from selfinstruct.dataset.release.manifest import MANIFEST
from selfinstruct.dataset.review.decisions import REVIEW, read_decisions
from selfinstruct.dataset.review.standing import rows_in, split_files
from selfinstruct.dataset.review.united import Base, by_id
from selfinstruct.errors import SelfInstructError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.git_merge import Merge, blob, last_merge, names_at, open_merge
from selfinstruct.system.writing import write_bytes


def base_of(directory: RunDirectory, language: str) -> Base | None:
    """Return what both sides began with, of one language; None outside of a merge, after it was emitted, and where that cannot be read."""
    merge = _merge(directory)
    if merge is None:
        return None
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in names_at(directory.path, merge.base):
            if _is_wanted(name):
                write_bytes(folder / name, blob(directory.path, merge.base, name) or b"")
        try:
            whole = [path for path in [folder / "dataset" / f"{language}.jsonl"] if path.is_file()]
            splits = split_files(folder / "dataset", language)
            decisions = read_decisions(folder / REVIEW)
            base = Base(
                by_id(rows_in(whole, language)),
                by_id(rows_in(splits, language)),
                {key: one for key, one in decisions.items() if one.language == language},
            )
        except SelfInstructError:
            return None  # an older layout, or no run yet
    return base if base.whole or base.splits else None


def _is_wanted(name: str) -> bool:
    return name == REVIEW or (name.startswith("dataset/") and name.endswith(".jsonl"))


def _merge(directory: RunDirectory) -> Merge | None:
    """Return the merge whose outcome stands in a run and was not emitted yet."""
    folder = directory.path
    merge = open_merge(folder)
    if merge is None:
        merge = last_merge(folder)
        if merge is None or not _is_as_at_head(directory, (MANIFEST, REVIEW, *_datasets(directory))):
            return None
    manifest = (folder / MANIFEST).read_bytes()
    is_of_a_side = any(blob(folder, side, MANIFEST) == manifest for side in merge.sides)
    return merge if is_of_a_side and merge.is_changed(folder) else None


def _datasets(directory: RunDirectory) -> list[str]:
    return [path.relative_to(directory.path).as_posix() for path in directory.dataset.glob("*.jsonl")]


def _is_as_at_head(directory: RunDirectory, names: Iterable[str]) -> bool:
    """Return whether files are as the last commit has them: one that was changed since may have been changed back on purpose."""
    return all(
        blob(directory.path, "HEAD", name) == (path.read_bytes() if (path := directory.path / name).is_file() else None)
        for name in names
    )
