"""How JSON holds the rows of a file: line by line, spread over lines, or inside one object: an array, a dictionary, columns."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import ijson

from selfinstruct.dataset.io.names import is_row_name
from selfinstruct.dataset.io.turns import is_turn_list
from selfinstruct.errors import InputError, RecordError
from selfinstruct.system.limits import LARGEST_TEXT, row_limit, row_too_large

_READ_AHEAD = 1 << 17
"""Bytes that the parser may have read of the rows that follow."""
Open = Callable[[], AbstractContextManager[io.BufferedReader]]


def is_container(head: bytes) -> bool:
    """Return whether the beginning of a file is an object that holds rows and is none itself."""
    first, _, more = head.partition(b"\n")
    if more.strip() and _is_whole(first):
        return False  # one of several JSON lines
    kinds = _kinds(io.BytesIO(head))
    is_row = any(is_row_name(name) for name in kinds)
    return bool(kinds) and (_is_columns(kinds) or _all_objects(kinds) or ("rows" in kinds.values() and not is_row))


def is_conversations(head: bytes) -> bool:
    """Return whether each line of a file is an array of turns, as InternLM's are: one such line looks like an array of rows."""
    try:
        return is_turn_list(json.loads(head.partition(b"\n")[0]))
    except (ValueError, RecursionError):
        return False


def is_spread(head: bytes) -> bool:
    """Return whether the first value of a file goes on in the next line: its first line is whole in itself, but not yet a value."""
    line, ended, more = head.partition(b"\n")
    try:
        json.loads(line)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.doc[error.pos] == "{":  # values side by side
            return True
        return bool(ended and more.strip()) and error.pos >= len(error.doc.rstrip())
    except (ValueError, RecursionError):
        pass
    return False


def _is_whole(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _is_columns(kinds: Mapping[str, str]) -> bool:
    """Return whether an object holds columns: each a list, or an object by number as pandas writes by default."""
    return len(kinds) > 1 and any(map(is_row_name, kinds)) and set(kinds.values()) in ({"object"}, {"list"})


def _all_objects(kinds: Mapping[str, str]) -> bool:
    return all(kind == "object" for kind in kinds.values())


def rows_in(open_file: Open, path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (position from 1, row); raises InputError, with the keys that are there, when it is not clear which are the rows."""
    try:
        with open_file() as file:
            kinds = _kinds(_Counted(file, path))
        if _is_columns(kinds):
            yield from enumerate(_columns(open_file, path), 1)
            return
        arrays = [name for name, kind in kinds.items() if kind == "rows"]
        if len(arrays) > 1 and "rows" in arrays and "features" in arrays:  # what datasets-server answers
            arrays = ["rows"]
        if len(arrays) == 1:
            yield from _items(open_file, path, arrays[0])
        elif not arrays and kinds and _all_objects(kinds) and not any(is_row_name(name) for name in kinds):
            yield from _named(open_file, path)
        else:
            raise _unclear(kinds, arrays, path)
    except ijson.JSONError as error:
        said = str(error).strip().split("\n")[0]
        raise RecordError(f"{path}: not JSON ({said[:120]}); repair it") from error


def _items(open_file: Open, path: Path, name: str) -> Iterator[tuple[int, Any]]:
    prefix = f"{name}.item"
    with open_file() as file:
        counted = _Counted(file, path)
        for number, value in enumerate(ijson.items(counted, prefix, use_float=True), 1):
            counted.begin()
            inner = value.get("row") if isinstance(value, dict) and "row_idx" in value else None
            if inner and value.get("truncated_cells"):
                raise RecordError(
                    f"{path}:{number}: the server cut the cells {', '.join(map(str, value['truncated_cells']))}; download the dataset itself"
                )
            yield number, inner if isinstance(inner, dict) else value


def _named(open_file: Open, path: Path) -> Iterator[tuple[int, Any]]:
    with open_file() as file:
        counted = _Counted(file, path)
        for number, (_, value) in enumerate(ijson.kvitems(counted, "", use_float=True), 1):
            counted.begin()
            yield number, value


def _columns(open_file: Open, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of an object of columns, which is read as a whole."""
    if path.stat().st_size > LARGEST_TEXT:
        raise InputError(f"{path}: is one object of columns, too large to be read as a whole; write rows as JSON lines")
    with open_file() as file:
        columns = dict(ijson.kvitems(file, "", use_float=True))
    numbers = [list(held) if isinstance(held, dict) else list(range(len(held))) for held in columns.values()]
    if any(one != numbers[0] for one in numbers):
        raise InputError(f"{path}: is one object of columns that have not the same rows; write rows as JSON lines")
    for number in numbers[0]:
        yield {name: held[number] for name, held in columns.items()}


def _unclear(kinds: dict[str, str], arrays: list[str], path: Path) -> InputError:
    if arrays:
        return InputError(
            f"{path}: is one object with several arrays of rows ({', '.join(arrays)}); write the one that is meant to a file of its own, e.g. "
            f"`jq -c '.{arrays[0]}[]' FILE > rows.jsonl`"
        )
    return InputError(
        f"{path}: is one object without an array of rows; its keys: {', '.join(list(kinds)[:12])}; a .json file holds an array of rows, or "
        "an object with one"
    )


def _kinds(file: "io.BytesIO | _Counted") -> dict[str, str]:
    """Return {key of the outermost object: `rows` for an array of objects, `list` for another, `object`, or `value`}, as far as a beginning goes."""
    kinds: dict[str, str] = {}
    key = ""
    try:
        for prefix, event, value in ijson.parse(file):
            if not prefix and event == "map_key":
                key, kinds[value] = value, "value"
            elif event == "start_array" and prefix == key and key in kinds:
                kinds[key] = "list"
            elif event == "start_map" and prefix in {key, f"{key}.item"} and key in kinds:
                kinds[key] = "object" if prefix == key else "rows"
                if isinstance(file, _Counted):
                    file.begin()
    except ijson.JSONError:
        if isinstance(file, _Counted):
            raise
    return kinds


class _Counted:
    """A file that is not read further for one row than a row may be long."""

    def __init__(self, file: io.BufferedReader, path: Path) -> None:
        self._file, self._path, self._left = file, path, 0
        self.begin()

    def begin(self) -> None:
        """Note that a row ended."""
        self._left = row_limit() + _READ_AHEAD

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise row_too_large(str(self._path))
        return data
