"""Which files of a repository a name means, and a folder made of them."""

import difflib
import fnmatch
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.errors import InputError, StorageError
from selfinstruct.hub.operand import Operand

Say = Callable[[str], None]
CARD = "README.md"
_ENDINGS = (".jsonl", ".json", ".parquet", ".csv", ".tsv", ".xlsx", ".gz")
_BESIDE = ("manifest.json", "provenance.jsonl", "review.jsonl", "config.lock.toml")
"""Files of a run that hold no rows, and would be links in the cache of a hub."""
_DESCRIBING = ("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json")
_FOLDERS = ("data", "train", "held_out", "dataset")
"""Folders that are read of a folder, as `dataset_files` does."""
_NAMED = 8


class Fetched(NamedTuple):
    """A dataset as it stands on this machine."""

    path: Path
    name: str
    """What it is called: for one of a hub pinned to its commit."""


class Wanted(NamedTuple):
    """Files of a repository that an operand means."""

    files: tuple[str, ...]
    inner: str = ""
    """File or folder that is read; empty: the whole."""
    composed: str = ""
    """Configuration whose files are put into a folder of their own."""


def wanted_of(operand: Operand, files: Mapping[str, int], card: Callable[[], Mapping[str, Any]]) -> Wanted:
    """Return which files an operand means; raises InputError with what there is."""
    what, inner = operand.at(operand.revision), operand.inner
    if inner in files:
        return Wanted((inner,), inner)
    if inner and (below := _readable(name for name in files if name.startswith(f"{inner}/"))):
        return Wanted(below, inner)
    if not inner and (found := _readable(filter(_is_read, files))):
        return Wanted(found)
    configs = _configs(card()) if CARD in files else {}
    name = inner or (next(iter(configs)) if len(configs) == 1 else "default")
    if name in configs and (found := _matching(configs[name], files)):
        return Wanted(found, composed=name)
    there = [*(f"`:{one}` (a configuration)" for one in configs), *(f"`:{one}`" for one in _readable(files))]
    if not there:
        raise InputError(f"{what}: holds no file of rows that can be read ({', '.join(sorted(_ENDINGS))})")
    near = difflib.get_close_matches(inner, [*configs, *files], n=1) if inner else []
    hint = f"did you mean `:{near[0]}`? " if near else ""
    missing = f"has no file, folder or configuration `{inner}`" if inner else "has several datasets"
    more = f", ... ({len(there)})" if len(there) > _NAMED else ""
    raise InputError(f"{what}: {missing}; {hint}name one behind the revision: {', '.join(there[:_NAMED])}{more}")


def _readable(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        sorted(
            name
            for name in names
            if name.lower().endswith(_ENDINGS)
            and not any(part.startswith(".") for part in name.split("/"))
            and name.rpartition("/")[2] not in {*_BESIDE, *_DESCRIBING}
        )
    )


def _is_read(name: str) -> bool:
    folder = name.rpartition("/")[0]
    return not folder or folder.split("/")[0] in _FOLDERS


def _configs(card: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return {configuration: patterns of its files} of a card, as https://huggingface.co/docs/hub/datasets-manual-configuration has them."""
    listed = card.get("configs")
    found = {}
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("config_name"), str):
            found[one["config_name"]] = list(_patterns(one.get("data_files")))
    return found


def _patterns(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _patterns(one)
    elif isinstance(value, dict):
        yield from _patterns(value.get("path") if "path" in value else list(value.values()))


def _matching(patterns: Collection[str], files: Iterable[str]) -> tuple[str, ...]:
    return _readable(name for name in files if any(fnmatch.fnmatch(name, one) for one in patterns))


def check_room(folder: Path, total: int, what: str) -> None:
    """Raise StorageError where a dataset does not fit on the disk."""
    standing = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(standing).free
    if total > free:
        raise StorageError(
            f"{what}: has {total / 1e6:,.0f} MB, and {standing} has room for {free / 1e6:,.0f}; HF_HOME names another place, or name one file"
        )


def composed(folder: Path, files: Mapping[str, Path]) -> Path:
    """Return a folder with links to files, whose names hold the folders that they lay in."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in files.items():
            link = folder / name.replace("/", "-")
            if not link.exists():
                link.unlink(missing_ok=True)
                link.symlink_to(path.resolve())
    except OSError as error:
        raise StorageError(
            f"{folder}: cannot be written ({error.strerror}); set SELFINSTRUCT_CACHE to a folder with room"
        ) from error
    return folder
