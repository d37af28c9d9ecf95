"""The files of a dataset folder or run directory: whole ones, and those by split."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.io.own_files import IsOwn, own_files, refuse_emptied
from selfinstruct.dataset.io.values import values_of
from selfinstruct.dataset.release.backup import BACKUP
from selfinstruct.dataset.release.files import SPLITS
from selfinstruct.dataset.release.lines import REVIEW
from selfinstruct.errors import InputError
from selfinstruct.language import LANGUAGES
from selfinstruct.system.conflicts import refuse_markers
from selfinstruct.system.numbers import amount
from selfinstruct.system.plain import refuse_links

_OTHERS = (".parquet", ".jsonl.gz", ".csv", ".tsv")
_DATA = (".jsonl", ".json", ".parquet", ".csv", ".tsv", ".xlsx")
_EXPORTED = ("alpaca.json", "sharegpt.json", *(f"{split}.json" for split in SPLITS))
"""Arrays that `export` writes; of a folder with other files of rows these are not read."""
_DESCRIBING = ("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json", REVIEW)
_SHOWN = 5
OUR_ID = re.compile(r"[0-9a-f]{16}")
"""An id that was computed from a text."""
_SHARD = re.compile(r"-\d{5}(-of-(\d{5}))")


def dataset_files(folder: Path) -> list[Path]:
    """Return the dataset files of a run directory or dataset folder, by name.

    For a language whose whole file is not in git because it is too large, these are its shards.
    """
    if _inner(folder) != folder:  # a run; a folder of one's own, or of a hub's cache, may hold links
        refuse_links(folder, ("dataset",))
    decides = own_files(_inner(folder))
    whole = sorted(path for path in _inner(folder).glob("*.jsonl") if _is_read(path, decides))
    for path in whole:
        refuse_emptied(path)
    languages = {path.stem for path in whole}
    files = whole + [path for path in parts(folder) if path.stem.partition("-")[0] not in languages]
    files = files or ([] if decides else _of_others(folder))
    if strange := next((path for path in files if not path.is_file()), None):
        raise InputError(f"{strange}: is no regular file; remove it, or name another dataset")
    if not files:
        raise InputError(f"{folder}: holds no dataset; give a file, or a run directory that `make generate` wrote")
    return files


def files_in(path: Path) -> list[Path]:
    """Return the dataset files of a folder, or the one file that a path names; raises InputError as `dataset_files`."""
    if path.is_dir():
        return dataset_files(path)
    refuse_emptied(path)
    return [path]


def _is_read(path: Path, decides: IsOwn | None) -> bool:
    return decides(path) if decides else path.name != REVIEW


def strangers(folder: Path) -> list[str]:
    """Return the files of rows in a dataset folder of a run that are not the run's, relative to it; none for any other folder."""
    top = _inner(folder)
    if (decides := own_files(top)) is None:
        return []
    found = (path for path in sorted(top.rglob("*")) if not decides(path) and _is_data(path, top, copies=True))
    return [path.relative_to(top).as_posix() for path in found]


def tell_strangers(folder: Path) -> Iterator[str]:
    """Yield that files in a dataset folder of a run are not read, as they are not the run's."""
    if names := strangers(folder):
        yield (
            f"not read: {_some(names)}; in the dataset folder of a run only the files that it writes are read: move rows that you want into "
            "these, and the other files elsewhere"
        )


def not_read(folder: Path, files: Collection[Path]) -> Iterator[str]:
    """Yield which data files of a folder are none of `files`, which are read of it; split files have the same rows again."""
    top = _inner(folder)
    if own_files(top):
        yield from tell_strangers(folder)
        return
    known = {*files, *parts(folder)}
    found = (path for path in sorted(top.rglob("*")) if path not in known and _is_data(path, top))
    names = [path.relative_to(top).as_posix() for path in found]
    if names:
        yield f"not read: {_some(names)}; read of a folder are the {_ending(files)} files that stand in it, so name the others by themselves"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f", ... ({amount(len(names), 'file')})" if len(names) > _SHOWN else "")


def _is_data(path: Path, top: Path, *, copies: bool = False) -> bool:
    """Return whether a file may hold rows: by its ending, hidden files and those that describe a hub's dataset aside.

    With `copies` also what has another ending behind that of rows: `en.jsonl.orig`.
    """
    is_hidden = any(part.startswith(".") for part in path.relative_to(top).parts)
    ending = "".join(path.suffixes[-2:] if path.suffix.lower() == ".gz" else path.suffixes[-1:]).lower()
    is_data = ending.removesuffix(".gz") in _DATA or (copies and ".jsonl" in path.name.lower())
    return not is_hidden and path.name not in _DESCRIBING and is_data and path.is_file()


def _ending(files: Collection[Path]) -> str:
    names = {path.name for path in files}
    endings = [f"*{ending}" for ending in (".jsonl", *_OTHERS) if any(name.endswith(ending) for name in names)]
    return ", ".join(endings or sorted(names))


def rows_apart(folder: Path) -> Iterator[str]:
    """Yield what is not the same in a whole file and in the split files of its language: an edit in one of them is in no other.

    Raises InputError with file and line for a split file in which a git merge was left unfinished.
    """
    yield from (one.said() for one in apart(folder))


class Apart(NamedTuple):
    """A language whose whole file and split files do not hold the same lines."""

    language: str
    whole: Path
    split: tuple[Path, ...]
    lines: frozenset[bytes]
    """Those that are in one of the two alone."""
    of_whole: bool
    """Whether all of them are in the whole file."""

    def said(self, *, of_both: bool = False) -> str:
        """Return which rows these are, and what writes both files anew; with `of_both` that they are read of both, else of the whole one."""
        named = sorted({_id(line) for line in self.lines})
        some = ", ".join(named[:_SHOWN]) + (", ..." if len(named) > _SHOWN else "")
        rows, are = amount(len(named), "row"), "is" if len(named) == 1 else "are"
        if any(folder.name.startswith(BACKUP) for folder in self.whole.resolve().parents):
            return (
                f"{rows} {are} not the same in {self.whole.name} and in its split files ({some}); this is a copy of a dataset, of which "
                "`selfinstruct filter` takes nothing"
            )
        if of_both:
            told = (
                f"{rows} {are} not the same in {self.whole.name} and in its split files ({some}); both are read here, "
                "and `selfinstruct filter` takes what was changed and writes both anew"
            )
        else:
            told = (
                f"{rows} {are} not the same in {self.whole.name} and in its split files ({some}); {self.whole.name} is read here, "
                "and `selfinstruct filter` takes what was changed and writes both anew"
            )
        if self._lacks_a_file():
            return f"{told}; a split file that is empty or gone is no wish to remove its rows, which come back"
        return told

    def _lacks_a_file(self) -> bool:
        """Return whether a split file is empty, or may be gone: nothing else differs, and one side has none."""
        is_gone = len({path.parent for path in self.split}) < len(SPLITS) and self.of_whole
        return is_gone or not all(map(_lines, self.split))


def apart(folder: Path) -> Iterator[Apart]:
    """Yield each language of a run directory or dataset folder whose files differ; raises InputError as `rows_apart`."""
    for language in LANGUAGES:
        whole = _inner(folder) / f"{language}.jsonl"
        split = parts_of(folder, language)
        for path in split:
            refuse_markers([path])
        if not split or not whole.is_file():
            continue
        rows, of_split = _contents(whole, split)
        if lines := rows ^ of_split:
            yield Apart(language, whole, tuple(split), frozenset(lines), lines <= rows)


def _contents(whole: Path, split: Sequence[Path]) -> tuple[set[bytes], set[bytes]]:
    """Return the rows of a whole file and of its split files; blanks, line ends and the order of fields make no difference."""
    lines, of_split = _lines(whole), set[bytes]().union(*map(_lines, split))
    if lines == of_split:
        return lines, of_split
    try:
        return _values(whole), set[bytes]().union(*map(_values, split))
    except InputError:  # whoever reads it says where
        return lines, of_split


def _values(path: Path) -> set[bytes]:
    """Return the values of a file, whatever its layout, as lines of one form; raises InputError as `values_of`."""
    return {json.dumps(value, sort_keys=True).encode() for _, value in values_of(path)}


def _lines(path: Path) -> set[bytes]:
    return {line for line in path.read_bytes().replace(b"\r\n", b"\n").split(b"\n") if line.strip()}


def _id(line: bytes) -> str:
    """Return the id that a line states, if it is one of ours: anything else may be anything, and comes into pages and comments."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return "a line that is not JSON"
    stated = row.get("id") if isinstance(row, dict) else None
    return stated if isinstance(stated, str) and OUR_ID.fullmatch(stated) else "a row without an id of ours"


def _of_others(folder: Path) -> list[Path]:
    """Return the files of a folder that another tool wrote, such as the shards of a hub's dataset; raises InputError when one is missing."""
    found = _shards_in(folder) or _shards_in(folder / "data")
    for path in found:
        inner = path.parent
        if (shard := _SHARD.search(path.name)) and len(
            list(inner.glob(f"{path.name[: shard.start()]}-*{shard[1]}*"))
        ) != int(shard[2]):
            raise InputError(f"{path}: is one of {int(shard[2])} shards, and others are missing; download all of them")
    return found


def _shards_in(folder: Path) -> list[Path]:
    found = sorted(path for ending in _OTHERS for path in folder.glob(f"*{ending}"))
    return found or [path for name in _EXPORTED if (path := folder / name).exists()]


def parts(folder: Path) -> list[Path]:
    """Return the split files of a run directory or dataset folder."""
    inner = _inner(folder)
    decides = own_files(inner)
    found = (path for split in SPLITS for path in inner.glob(f"{split}/*.jsonl"))
    return sorted(path for path in found if decides is None or decides(path))


def parts_of(folder: Path, language: str) -> list[Path]:
    """Return the split files of one language, and their shards."""
    return [path for path in parts(folder) if path.stem.partition("-")[0] == language]


def _inner(folder: Path) -> Path:
    inner = folder / "dataset"
    return inner if inner.is_dir() else folder
