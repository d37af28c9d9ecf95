"""What a verb is given as a dataset: a path, or a name on a hub, which is fetched and pinned."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from selfinstruct.api.settings import PathLike, existing
from selfinstruct.errors import InputError
from selfinstruct.hub.operand import is_on_hub, parse_operand


class Dataset(NamedTuple):
    """A dataset on this machine."""

    path: Path
    name: str
    """What the user calls it; one of a hub with the commit that it is pinned to."""


def dataset(operand: PathLike, say: Callable[[str], None] = lambda _: None) -> Dataset:
    """Return the dataset that `hub:OWNER/NAME@REVISION`, `modelscope:...` or a path means.

    Raises InputError for one that is not there, with the remedy; HubRefusedError for a token without rights.

    >>> dataset("hub:rivers")
    Traceback (most recent call last):
    ...
    selfinstruct.errors.InputError: hub:rivers: not understood; write hub:OWNER/NAME, hub:OWNER/NAME@REVISION or hub:OWNER/NAME@REVISION:FILE, e.g. hub:me/rivers@main:train/zh.jsonl
    """
    text = os.fspath(operand)
    if not is_on_hub(text):
        return Dataset(existing(operand), text)
    from selfinstruct.hub.fetch import fetch

    return Dataset(*fetch(parse_operand(text), say))


def one_file(operand: PathLike, say: Callable[[str], None] = lambda _: None) -> Path:
    """Return a dataset as one file: of a hub's folder with several JSON lines files these, one behind the other in the order of their names.

    Raises as `dataset` does, and InputError for other files of a hub, of which one must be named.
    """
    path, name = dataset(operand, say)
    from selfinstruct.dataset.io.folders import dataset_files, files_in

    if not (path.is_dir() and is_on_hub(name)):
        return path if path.is_dir() else files_in(path)[0]
    files = dataset_files(path)
    if len(files) == 1:
        return files[0]
    if strange := next((file for file in files if file.suffix != ".jsonl"), None):
        raise InputError(
            f"{name}: has several files, which are not joined as they are not all JSON lines; name one behind the revision, e.g. `:{strange.relative_to(path)}`"
        )
    return _joined(files, path)


def _joined(files: list[Path], folder: Path) -> Path:
    """Return a file with the lines of several, kept beside what is fetched."""
    import hashlib

    from selfinstruct.system.writing import atomic_file
    from selfinstruct.weights import cache_folder

    key = hashlib.sha256("\0".join(map(str, (folder, *files))).encode()).hexdigest()[:16]
    target = cache_folder() / "hub" / "joined" / folder.name / f"{key}.jsonl"
    if not target.is_file():
        with atomic_file(target) as written:
            for file in files:
                data = file.read_bytes()
                written.write(data if not data or data.endswith(b"\n") else data + b"\n")
    return target
