"""Writing a filtered file down: kept rows to one file, dropped ones with their reasons to another, counted as they are written."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.write import saving
from selfinstruct.dataset.tools.job import DeduplicationJob, Judged, Progress, changed, pool_of, text_of
from selfinstruct.dataset.tools.review import rows_of
from selfinstruct.dedup.filter import NearDuplicateFilter
from selfinstruct.records import LanguageCode
from selfinstruct.records.place import RowNumber, place, unit_of

_EVERY = 1000
"""Rows between two progress calls."""


class Written(NamedTuple):
    """What was written, row by row."""

    accepted: Counter[LanguageCode]
    rejected: dict[LanguageCode, Counter[str]]
    fixed: Counter[str]
    other_input: int
    taken_out: Counter[str]
    soft_hyphens: int


def write_both(job: DeduplicationJob, judged: Judged, progress: Progress) -> Written:
    """Write both files and count what is in them."""
    accepted, rejected, fixed = (
        Counter[LanguageCode](),
        defaultdict[LanguageCode, Counter[str]](Counter),
        Counter[str](),
    )
    taken_out, soft_hyphens = Counter[str](), 0
    dropped = [number for number, kept in enumerate(judged.kept) if not kept and number not in judged.refused]
    last_use = {judged.nearest[number]: number for number in dropped}
    neighbours, inputs, other_input = _pool_neighbours(job, last_use), dict[int, tuple[str, ...]](), 0
    # kept rows are completed first: the dropped file never appears without them
    with saving(job.dropped) as drop, saving(job.kept) as keep:
        for number, read in enumerate(rows_of(job.path, fix=job.fix)):
            row = read.row
            if number == len(judged.kept):
                raise changed(job.path)
            if judged.kept[number]:
                keep(row.value)
                accepted[row.language] += 1
                fixed.update({rule for _, rule in read.repair.done})
                taken_out.update(read.repair.taken_out)
                soft_hyphens += read.repair.soft_hyphens
            else:
                reason = _reason(judged, number, neighbours)
                where = {"line": row.line} | ({"unit": "row"} if isinstance(row.line, RowNumber) else {})
                drop(where | reason | read.as_dropped())
                rejected[row.language][reason["rule"]] += 1
                other_input += inputs.get(judged.nearest[number], _given(row)) != _given(row)
            if number in last_use:
                neighbours[number] = {"line": row.line, "text": text_of(row, job.by)}
                inputs[number] = _given(row)
            nearest = judged.nearest[number]
            if last_use.get(nearest) == number and nearest >= 0:
                neighbours.pop(nearest, None)
                inputs.pop(nearest, None)
            if not (number + 1) % _EVERY:
                progress(len(judged.kept), number + 1)
        if accepted.total() + sum(map(Counter.total, rejected.values())) != len(judged.kept):
            raise changed(job.path)
    return Written(accepted, dict(rejected), fixed, other_input, taken_out, soft_hyphens)


def _pool_neighbours(job: DeduplicationJob, wanted: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Return {position: location and text} of pool rows that are nearest neighbours."""
    found, position = {}, 0
    for path in job.pools if any(number < 0 for number in wanted) else ():
        for row in load(path, needs_answer=False):
            position -= 1
            if position in wanted:
                found[position] = {"pool": path.name, "pool_line": row.line, "text": text_of(row, job.by)}
    return found


def _reason(judged: Judged, number: int, neighbours: dict[int, dict[str, Any]]) -> dict[str, Any]:
    if number in judged.refused:
        return judged.refused[number]
    nearest = neighbours[judged.nearest[number]]
    score, line = judged.scores[number], nearest["pool_line" if "pool" in nearest else "line"]
    where = place(nearest["pool"], line) if "pool" in nearest else f"{unit_of(line)} {line}"
    return {
        "rule": "near_duplicate",
        "detail": f"ROUGE-L {score:.4f} to {where}",
        "nearest": nearest,
        "score": score,
    }


def write_statistics(path: Path, job: DeduplicationJob, sieve: NearDuplicateFilter, judged: Judged) -> None:
    """Write each kept row's similarity to the pool and earlier kept rows, by line.

    The fields are those of Stanford Alpaca, with line numbers instead of texts.
    """
    rows_of = [number for number in range(len(judged.kept)) if number not in judged.refused]
    pool_lines = [row.line for row in pool_of(job)]

    def named(position: int, score: float) -> dict[str, Any]:
        where = {"pool_line": pool_lines[-1 - position]} if position < 0 else {"line": judged.lines[rows_of[position]]}
        return {**where, "score": score}

    with saving(path) as write:
        for one in sieve.similarities():
            nearest = [named(*other) for other in one.most_similar]
            line = judged.lines[rows_of[one.position]]
            write({"line": line, "avg_similarity_score": one.mean, "most_similar": nearest})


def _given(row: Loaded) -> tuple[str, ...]:
    """Return what a row gives beside its question."""
    return (row.input, *row.context, *(str(message) for _, message in row.calls))
