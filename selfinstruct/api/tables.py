"""Records as a sequence that becomes a pandas DataFrame, and those of `rejected.jsonl`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from selfinstruct.dataset.release.lines import Rejection, read_rejections
from selfinstruct.errors import InputError
from selfinstruct.records import Record
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Rejection", "Table", "rejections"]

R = TypeVar("R", bound=Record)
_SHOWN = 60
"""Characters of an instruction in a `repr`."""


class Table(Sequence[R], Generic[R]):
    """Records in order, read once; a slice is a table too."""

    def __init__(self, records: Sequence[R], columns: Sequence[str]) -> None:
        """Hold the records; `columns` are those of a DataFrame of none."""
        self._records, self._columns = records, columns

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> R: ...

    @overload
    def __getitem__(self, index: slice) -> "Table[R]": ...

    def __getitem__(self, index: int | slice) -> "R | Table[R]":
        return Table(self._records[index], self._columns) if isinstance(index, slice) else self._records[index]

    def __iter__(self) -> Iterator[R]:
        return iter(self._records)

    def __repr__(self) -> str:
        first = getattr(self._records[0], "instruction", "")[:_SHOWN] if self._records else ""
        return f"<{amount(len(self), 'record')}{': ' + repr(first) + ', ...' if first else ''}>"

    def to_pandas(self) -> "DataFrame":
        """Return a DataFrame with a row for each record and a column for each field."""
        import pandas as pd

        values = [record.model_dump(mode="json") for record in self]
        return pd.DataFrame(values, columns=None if values else list(self._columns))


def rejections(path: Path) -> Table[Rejection]:
    """Return the lines of a `rejected.jsonl`; raises InputError where there is none: git does not keep it."""
    found = read_rejections(path)
    if found is None:
        raise InputError(f"{path}: not there; .filter() (`selfinstruct filter`) writes it again from the journal")
    return Table(found, tuple(Rejection.model_fields))
