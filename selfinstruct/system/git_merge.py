"""Which merge of git a folder is in the middle of, and what it had before both sides changed it; nothing of git is changed."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from selfinstruct.errors import InputError
from selfinstruct.system.git import git

_MERGES = 10
"""Most merges that are looked at, of which mostly the first one tells."""
_PICKED = ("CHERRY_PICK_HEAD", "REBASE_HEAD")
"""References to a commit that is applied to another one: what it changes is what its parent did not have."""


class Merge(NamedTuple):
    """Commits of a merge: what both sides began with, and the sides."""

    base: str
    sides: tuple[str, str]
    outcome: str = ""
    """The commit that the merge is; empty for one that is not committed yet."""

    def is_changed(self, folder: Path) -> bool:
        """Return whether the other side changed anything in a folder."""
        return _commit(folder, f"{self.sides[1]}:./") != _commit(folder, f"{self.base}:./")


def open_merge(folder: Path) -> Merge | None:
    """Return the merge, cherry-pick or rebase that the repository of a folder is in the middle of; None without one, and without git."""
    try:
        if _commit(folder, "HEAD") is None:
            return None
        if theirs := _commit(folder, "MERGE_HEAD"):
            return _between(folder, "HEAD", theirs)
        picked = (commit for name in _PICKED if (commit := _commit(folder, name)))
        pairs = ((commit, base) for commit in picked if (base := _commit(folder, f"{commit}^")))
        return next((Merge(base, ("HEAD", commit)) for commit, base in pairs), None)
    except InputError:
        return None


def merges_before(folder: Path) -> Iterator[Merge]:
    """Yield the last merges into the branch of a folder whose other side changed the folder, newest first; none without git."""
    try:
        listed = git(
            "rev-list", "--first-parent", "--merges", "--parents", f"--max-count={_MERGES}", "HEAD", folder=folder
        )
        for line in (listed or b"").decode().split("\n")[:-1]:
            outcome, ours, theirs = line.split()[:3]
            merge = _between(folder, ours, theirs)
            if merge and merge.is_changed(folder):
                yield merge._replace(outcome=outcome)
    except InputError:
        return


def blob(folder: Path, revision: str, name: str) -> bytes | None:
    """Return the content of a file of a folder at a revision; None where it does not exist there."""
    return git("cat-file", "blob", f"{revision}:./{name}", folder=folder)


def names_at(folder: Path, revision: str) -> list[str]:
    """Return the names of all files below a folder at a revision, relative to it."""
    listed = git("ls-tree", "-r", "-z", "--name-only", revision, "--", "./", folder=folder) or b""
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]


def _between(folder: Path, ours: str, theirs: str) -> Merge | None:
    found = (git("merge-base", ours, theirs, folder=folder) or b"").decode().split()
    return Merge(found[0], (ours, theirs)) if found else None


def _commit(folder: Path, name: str) -> str | None:
    found = git("rev-parse", "--quiet", "--verify", "--end-of-options", name, folder=folder)
    return found.decode().strip() if found else None
