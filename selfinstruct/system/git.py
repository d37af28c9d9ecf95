"""Read files of a git repository at a revision, with the git command; the working tree is never touched."""

import os
import subprocess
from pathlib import Path, PurePosixPath

from selfinstruct.errors import InputError
from selfinstruct.system.limits import LARGEST_TEXT

_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=off")
"""An archive may bring its own .git: no program that its configuration names is run. Paths are the bytes that they are."""
_NOTHING_FETCHED = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
"""An object that is missing is not fetched: its remote may name a program, too."""


def git(*arguments: str, folder: Path | None = None, stdin: bytes | None = None) -> bytes | None:
    """Return the standard output of a git command, or None when it fails; raises InputError when git is not installed."""
    try:
        done = subprocess.run(  # noqa: S603 - arguments, no shell
            ["git", *_SETTINGS, *arguments],  # noqa: S607 - the user's own
            cwd=folder,
            env=os.environ | _NOTHING_FETCHED,
            input=stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise InputError("git is not installed; install it, or name two files or folders") from error
    return done.stdout if done.returncode == 0 else None


def is_revision(name: str) -> bool:
    """Return whether a name resolves to a commit of the repository of the current folder."""
    return git("rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}") is not None


def is_tracked(path: str) -> bool:
    """Return whether a file may have come with the repository: it is in the index, or there is a link on the way to it."""
    plain = Path(os.path.normpath(Path.cwd() / path))
    if any(one.is_symlink() for one in (plain, *plain.parents) if one not in Path.cwd().parents):
        return True
    return git("ls-files", "--error-unmatch", "--", str(plain)) is not None


def files_at(revision: str, path: str, *, may_be_outside: bool = False) -> dict[str, bytes] | None:
    """Return {relative path: content} of a file or folder at a revision, or None when it does not exist there.

    `path` is relative to the current folder; the keys are relative to `path`, "" for a single file. Raises InputError for an unknown
    revision, and for a path outside the repository unless `may_be_outside`, which returns None.
    """
    if not is_revision(revision):
        raise InputError(f"git:{revision}:{path}: no such revision; `git fetch` it, or see `git branch --all`")
    inside = _from_top(path, may_be_outside=may_be_outside)
    if inside is None:
        return None
    listed = git("ls-tree", "-r", "-l", "-z", "--full-tree", revision, "--", *([inside] if inside else []))
    found: dict[str, bytes] = {}
    for line in (listed or b"").split(b"\0"):
        if line.startswith(b"100"):  # regular files only: no links, no submodules
            kind, _, name = line.partition(b"\t")
            full = os.fsdecode(name)
            blob, size = kind.split()[2:]
            if int(size) > LARGEST_TEXT:
                raise InputError(
                    f"git:{revision}:{full}: has {int(size):,} bytes, and {LARGEST_TEXT:,} are the most that is read from git; "
                    "check the file out and give its path"
                )
            content = git("cat-file", "blob", blob.decode())
            found[full.removeprefix(inside).removeprefix("/")] = content or b""
    return found or None


def _from_top(path: str, *, may_be_outside: bool) -> str | None:
    """Return a path relative to the top of the repository; None when it is outside and `may_be_outside`."""
    top = git("rev-parse", "--show-toplevel")
    if top is None:
        raise InputError("not inside a git repository; change into one, or name two files or folders")
    root = Path(os.fsdecode(top).rstrip("\n")).resolve()
    # by its name and not through links: the work tree, with its links, may be a stranger's, and the revision is not
    absolute = Path(os.path.normpath(Path.cwd() / path))
    if not absolute.is_relative_to(root):
        absolute = absolute.resolve()
    if not absolute.is_relative_to(root):
        if may_be_outside:
            return None
        raise InputError(f"{path}: lies outside the repository {root}")
    return "" if absolute == root else str(PurePosixPath(absolute.relative_to(root)))
