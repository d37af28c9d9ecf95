"""Files that may be anybody's: opened only where they are regular files of their own."""

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from selfinstruct.errors import InputError


def open_plain(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open a regular file without following a link and return the descriptor; raises InputError for anything else.

    What came with a clone or an archive may be a link to any file of the user, a pipe or a device.
    """
    try:
        descriptor = os.open(path, flags & ~os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, mode)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise InputError(_not_plain(path)) from error
        raise
    found = os.fstat(descriptor)
    if stat.S_ISDIR(found.st_mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(descriptor)
        raise InputError(_not_plain(path))
    if flags & os.O_TRUNC:  # only now that it is known to be a file of ours
        os.ftruncate(descriptor, 0)
    return descriptor


def refuse_links(folder: Path, inside: Iterable[str]) -> None:
    """Raise InputError when one of these names in a folder, or anything below it, is neither a regular file nor a folder."""
    for name in inside:
        path = folder / name
        found = [path, *path.rglob("*")] if path.is_dir() and not path.is_symlink() else [path]
        if strange := next((one for one in found if not _is_plain(one)), None):
            raise InputError(_not_plain(strange))


def refuse_way_out(top: Path, path: Path) -> None:
    """Raise InputError when a path that is named as one below `top` leads out of it: through a link, as one, or by one below it.

    `top` itself may be a link, and a path elsewhere may be anything: these are the user's own.
    """
    top, path = Path(os.path.abspath(top)), Path(os.path.abspath(path))  # noqa: PTH100 -- not resolved: links are what is looked for
    for one in reversed((path, *path.parents)):
        if top in one.parents and not _is_plain(one):
            raise InputError(_not_plain(one))
    if top in path.parents:
        refuse_links(path.parent, (path.name,))


def _is_plain(path: Path) -> bool:
    """Return whether a path is a regular file, a folder, or nothing: no link, and no pipe or device, on which a reader may wait for ever."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return True  # whoever opens it says what is wrong
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _not_plain(path: Path) -> str:
    return f"{path}: is a link, or no regular file of its own; a run holds plain files only. Remove it, or choose another --run"
