"""Reading a file in which every line must be a row: one error that names each line that is none."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import Unreadable, load, load_each
from selfinstruct.dataset.io.values import CutFileError
from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.place import place
from selfinstruct.system.numbers import amount

_TOLD = 10
"""Most lines that are told of a file."""


def read_rows(file: Path, marked: set[int] | None = None, *, needs_answer: bool = True) -> Iterator[Loaded]:
    """Yield the rows of a file; raises RecordError with every line that is none, ten at most, and what sorts them out."""
    try:
        yield from load(file, marked=marked, needs_answer=needs_answer)
    except RecordError as error:
        raise _with_all_faults(error, file, needs_answer=needs_answer) from error


def _with_all_faults(error: RecordError, file: Path, *, needs_answer: bool) -> RecordError:
    """Return the error of the first line that is no row with those of all others; as it is where the file cannot be read again."""
    if not file.is_file() or isinstance(error, CutFileError):
        return error
    try:
        each = [one for one in load_each(file, needs_answer=needs_answer) if isinstance(one, Unreadable)]
    except InputError:
        return error
    if not each:
        return error
    told = [str(error), *(f"{place(file, one.line)}: {one.detail}" for one in each[1:_TOLD])]
    more = [f"and {amount(len(each) - _TOLD, 'more line')}"] if len(each) > _TOLD else []
    sorts = f"`selfinstruct filter {shlex.quote(str(file))} --fix --rules --output KEPT --rejected DROPPED` writes the rows to one file and these to another"
    return RecordError("\n".join([*told, *more, sorts]))
