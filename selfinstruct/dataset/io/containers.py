"""How JSON holds the rows of a file: line by line, spread over lines, or inside one object: an array, a dictionary, columns."""

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from selfinstruct.dataset.io.json_stream import JsonText, decoder, element, items_of
from selfinstruct.dataset.io.names import is_row_name
from selfinstruct.dataset.io.turns import is_turn_list
from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.place import RowNumber, place
from selfinstruct.system.limits import reading_limits, row_limit

_LARGEST_COLUMN = 128 * 2**20
"""Bytes of a column, which is read as a whole; in memory a short number takes four times what it takes in the file."""
_LINES = 20
"""Lines among which one that is whole says that a file is JSON lines."""
_DESCRIBES = {"features", "schema", "columns"}
"""Arrays of objects beside the rows, which say what the columns are."""


def is_container(head: bytes, *, of_lines: bool = False) -> bool:
    """Return whether the beginning of a file is an object that holds rows and is none itself.

    In a file of JSON lines by its name, an object with several arrays of objects is a row: nobody could say which one has the rows.
    """
    first, _, more = head.partition(b"\n")
    if more.strip() and _is_whole(first):
        return False  # one of several JSON lines
    kinds = _kinds(head.decode("utf-8", "replace"))
    rows = [name for name, kind in kinds.items() if kind == "rows" and name not in _DESCRIBES]
    is_row = any(is_row_name(name) for name in kinds) or (of_lines and len(rows) > 1)
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
        if any(map(_is_row, more.split(b"\n")[:_LINES])):  # JSON lines of which the first was cut
            return False
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


def _is_row(line: bytes) -> bool:
    if not line.startswith(b"{"):
        return False
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and any(map(is_row_name, value))


def _is_columns(kinds: Mapping[str, str]) -> bool:
    """Return whether an object holds columns: each a list, or an object by number as pandas writes by default."""
    return len(kinds) > 1 and any(map(is_row_name, kinds)) and set(kinds.values()) in ({"object"}, {"list"})


def _all_objects(kinds: Mapping[str, str]) -> bool:
    return all(kind == "object" for kind in kinds.values())


def _kinds(text: str) -> dict[str, str]:
    """Return {key of the outermost object: `rows` for an array of objects, `list`, `object` or `value`}, as far as a beginning goes."""
    kinds: dict[str, str] = {}
    at = 1
    try:
        while at < len(text):
            at = _after_blanks(text, at)
            key, at = decoder.raw_decode(text, at)
            at = _after_blanks(text, at) + 1
            at = _after_blanks(text, at)
            kinds[str(key)] = _kind(text, at)
            _, at = decoder.raw_decode(text, at)
            at = _after_blanks(text, at)
            if text[at : at + 1] != ",":
                break
            at += 1
    except (ValueError, RecursionError):
        pass
    return kinds


def _kind(text: str, at: int) -> str:
    if text[at : at + 1] == "[":
        return "rows" if text[_after_blanks(text, at + 1) :][:1] == "{" else "list"
    return "object" if text[at : at + 1] == "{" else "value"


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in {" ", "\t", "\r", "\n"}:
        at += 1
    return at


def rows_in(file: io.BufferedReader, before: int, path: Path) -> Iterator[Any]:
    """Yield the rows of an object; raises InputError, with the keys that are there, when it is not clear which are the rows."""
    text = JsonText(file, before, path)
    text.next()
    kinds = _kinds(text.text[text.at :])
    if _is_columns(kinds):
        yield from _columns(text, path)
        return
    found, others = "", []
    named = not any(map(is_row_name, kinds)) and _all_objects(kinds)
    for key in _keys(text, path):
        others.append(key)
        if text.next() == "[" and key not in _DESCRIBES and text.after(1) == "{":
            if found:
                raise InputError(
                    f"{path}: is one object with several arrays of rows ({found}, {key} ...); write the one that is meant to a file of its own, "
                    f"e.g. `jq -c '.{found}[]' FILE > rows.jsonl`"
                )
            found = key
            for number, value in enumerate(items_of(text, path), 1):
                yield _served(value, place(path, RowNumber(number)))
        else:
            value = element(text, path)
            if named and isinstance(value, dict):
                yield value
    if not found and not named:
        raise InputError(
            f"{path}: is one object without an array of rows; its keys: {', '.join(f'`{key}`' for key in others[:12])}; a .json file holds "
            "an array of rows, or an object with one"
        )


def _keys(text: JsonText, path: Path) -> Iterator[str]:
    """Yield the keys of an object, each when its value comes next."""
    text.skip_to(text.at + 1)
    while text.next() not in {"}", ""}:
        key = element(text, path)
        if text.next() != ":":
            raise text.broken("a colon is missing")
        text.skip_to(text.at + 1)
        text.next()
        yield str(key)
        if text.next() == ",":
            text.skip_to(text.at + 1)
        elif text.next() != "}":
            raise text.broken("a comma or the end of the object is missing")
    text.skip_to(text.at + 1)
    if text.next():
        raise text.broken("Extra data", "a .json file must hold one object with rows")


def _served(value: Any, where: str) -> Any:
    """Return the row inside what a dataset server answers; raises RecordError when it was cut there."""
    inner = value.get("row") if isinstance(value, dict) and "row_idx" in value else None
    if not isinstance(inner, dict):
        return value
    if cut := value.get("truncated_cells"):
        named = ", ".join(map(str, cut)) if isinstance(cut, list) else cut
        raise RecordError(f"{where}: the server cut the cells {named}; download the dataset itself")
    return inner


def _columns(text: JsonText, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of an object of columns, which is read as a whole."""
    with reading_limits(max_row_bytes=max(_LARGEST_COLUMN, row_limit())):
        columns = {key: element(text, path) for key in _keys(text, path)}
    numbers = [_numbers(held) for held in columns.values()]
    if any(one != numbers[0] for one in numbers):
        raise InputError(f"{path}: is one object of columns that have not the same rows; write rows as JSON lines")
    for number in numbers[0] or ():
        yield {name: held[number] for name, held in columns.items()}


def _numbers(held: Any) -> range | list[str] | None:
    """Return what numbers the values of a column: places in a list, or the keys of an object; None for a single value."""
    return range(len(held)) if isinstance(held, list) else list(held) if isinstance(held, dict) else None
