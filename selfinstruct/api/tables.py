"""Records as a sequence that becomes a pandas DataFrame, and the lines of `rejected.jsonl` as records."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from selfinstruct.errors import InputError
from selfinstruct.records import ContaminationMatch, LanguageCode, Record, Stage
from selfinstruct.system.files import read_jsonl

if TYPE_CHECKING:
    from pandas import DataFrame

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
        return f"<{len(self)} records{': ' + repr(first) + ', ...' if first else ''}>"

    def to_pandas(self) -> "DataFrame":
        """Return a DataFrame with a row for each record and a column for each field."""
        import pandas as pd

        values = [record.model_dump(mode="json") for record in self]
        return pd.DataFrame(values, columns=None if values else list(self._columns))


class Rejection(Record):
    """One line of `rejected.jsonl`: a candidate that did not become a row, and why."""

    candidate: str
    """Its place in the run, such as `zh/12.0`; `explain` takes it."""
    language: LanguageCode
    request: int
    position: int
    stage: Stage
    rule: str
    detail: str
    nearest: str | None
    """Id of the nearest seed or row accepted before."""
    nearest_text: str | None
    score: float | None
    """ROUGE-L F-measure to it, 0 to 1."""
    held_out: ContaminationMatch | None = None
    instruction: str
    input: str
    output: str
    text: str
    """The span of the reply that it was read from."""
    judged: tuple[dict[str, int] | None, ...] = ()
    """Scores of each judgement; None for one that could not be read."""


def rejections(path: Path) -> Table[Rejection]:
    """Return the lines of a `rejected.jsonl`; raises InputError where there is none: git does not keep it."""
    if not path.is_file():
        raise InputError(f"{path}: not there; .filter() (`selfinstruct filter`) writes it again from the journal")
    found = [_rejection(line, where=f"{path}:{number}") for number, line in read_jsonl(path)]
    return Table(found, tuple(Rejection.model_fields))


def _rejection(line: dict[str, Any], where: str) -> Rejection:
    from pydantic import ValidationError

    try:
        return Rejection.model_validate(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(f"{where}: field `{field}`: {first['msg']}; `selfinstruct filter` writes it again") from error
