"""What one filter run over a file is asked, and what it decides, row by row."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.tools.validate import Disabled
from selfinstruct.errors import InputError

By = Literal["instruction", "instruction+input"]
EngineName = Literal["local", "ray"]
Progress = Callable[[int, int], None]
"""Callback with (rows decided, rows written) so far."""


class DeduplicationJob(NamedTuple):
    """The input of one filter run: files, comparison and outputs."""

    path: Path
    kept: Path
    dropped: Path
    pools: Sequence[Path] = ()
    by: By = "instruction+input"
    workers: int = 1
    statistics: Path | None = None
    """Output file for the mean and the ten highest scores of every kept row."""
    disabled: Disabled | None = None
    """Rules that are not applied, by language; None: none is."""
    fix: bool = False
    """Whether rows are repaired first, where that is safe."""
    engine: EngineName = "local"
    """Where the kept rows are held and searched: in processes of this machine, or on a Ray cluster."""


class Judged(NamedTuple):
    """Decisions by row of the file."""

    nearest: "array[int]"
    """Position of the row's nearest neighbour; negative: in the pool."""
    scores: "array[float]"
    kept: bytearray
    lines: "array[int]"
    refused: dict[int, dict[str, Any]]
    """Why a row was not compared (a rule, an evaluation set), as it is written to the dropped file."""


def pool_of(job: DeduplicationJob) -> Iterator[Loaded]:
    """Yield the rows of all pools."""
    return (row for path in job.pools for row in load(path, needs_answer=False))


def text_of(row: Loaded, by: By) -> str:
    """Return the text that a row is compared by; for a conversation, all its questions with their inputs."""
    if row.later:
        return "\n".join(text for asked, given, _ in row.pairs for text in (asked, given) if text)
    return f"{row.instruction}\n{row.input}" if by == "instruction+input" and row.input else row.instruction


def changed(path: Path) -> InputError:
    """Return the error for a file that another reading found otherwise; it keeps a ledger from not adding up."""
    return InputError(f"{path}: changed while it was read; nothing was written, filter it when nobody writes to it")
