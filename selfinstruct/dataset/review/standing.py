"""The rows that stand in a dataset folder, as people left them: the whole file of a language, and the same rows by split."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.io.columns import columns_left
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.names import answer_beside
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import LeftOut, as_row
from selfinstruct.dataset.release.files import SPLITS, line_of
from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.records.place import place
from selfinstruct.system.files import to_line
from selfinstruct.system.numbers import amount


class Stood(NamedTuple):
    """A row of a file."""

    row: Row
    stated: str
    """The id that its line states; empty without one."""
    where: str

    @property
    def line(self) -> bytes:
        """The row as the run would write it."""
        return line_of(self.row)


def whole_file(folder: Path, language: str) -> Path | None:
    """Return the file with all rows of a language; None where it is gone, or kept out of git in favour of its shards."""
    path = folder / f"{language}.jsonl"
    ignored = folder / ".gitignore"
    left_out = ignored.is_file() and f"/{path.name}" in ignored.read_text(encoding="utf-8").split("\n")
    return path if path.is_file() and not left_out else None


def split_files(folder: Path, language: str) -> list[Path]:
    """Return the split files of a language that are there."""
    shapes = [f"{split}/{language}{ending}.jsonl" for split in SPLITS for ending in ("", "-[01]*")]
    return sorted(path for shape in shapes for path in folder.glob(shape))


def rows_in(paths: Iterable[Path], language: str, twice: list[str] | None = None) -> list[Stood]:
    """Return the rows of files, each task once; `twice` gets the ids of those that stand there again, word for word.

    Raises InputError for a line that is no row of the language, and for two texts of a task.
    """
    found: dict[str, Stood] = {}
    for path in paths:
        for one in load(path):
            where = place(path, one.line)
            row = as_row(one, where)
            if row.language != language:
                told = (
                    f"field `language` is {row.language}"
                    if "language" in one.value
                    else f"without a field `language` the row is taken for {row.language}"
                )
                raise InputError(
                    f"{where}: {told}, and the file is that of {language}; move the row, or write `language`: {language}"
                )
            stated = one.value.get("id")
            stood = Stood(row, stated if isinstance(stated, str) else "", where)
            other = found.setdefault(row.id, stood)
            if other.line != stood.line:
                raise InputError(
                    f"{where}: is the same task as {other.where}, with other text; keep one of the two lines"
                )
            if twice is not None and other is not stood and row.id not in twice:
                twice.append(row.id)
    return list(found.values())


def lines_in(path: Path) -> set[bytes]:
    """Return the rows of a file as the run would write them, without line ends, whatever its encoding and line ends are.

    A row with fields that it has no place for is returned with them. Raises InputError for a line that is no row.
    """
    return {_line(one, place(path, one.line)) for one in load(path)}


def _line(one: Loaded, where: str) -> bytes:
    row = as_row(one, where)
    if left := _left(one):
        return to_line(row.model_dump() | left).encode("utf-8", "surrogatepass")
    return line_of(row).rstrip(b"\n")


def _left(one: Loaded) -> dict[str, Any]:
    """Return {field: value} of a row that will not be written again, under whatever names question and answer stand."""
    left = columns_left(one)
    if one.is_conversation or one.value.keys() <= Row.model_fields.keys():
        return left
    others = [answer_beside(one.value, one.fields[0], one.fields[2]), "" if one.rejected else "chosen"]
    return left | {name: one.value[name] for name in others if name and name in one.value}


def unknown_fields(paths: Iterable[Path]) -> Iterator[str]:
    """Yield which fields of rows will not be written again, since a row has no place for them."""
    counts = LeftOut()
    rows = (one for path in paths for one in counts.over(load(path)))
    found = Counter(name for one in rows for name in _left(one))
    yield from counts.said()
    if found:
        named = ", ".join(f"`{name}` ({amount(count, 'row')})" for name, count in sorted(found.items()))
        yield f"left out, as the dataset has no such field: {named}; a copy of the dataset is kept"
