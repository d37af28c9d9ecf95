"""The near-duplicate filter over an instruction file: writes kept and dropped rows, with reasons.

The file is read twice, once to decide and once to write, so that memory holds tokens rather than texts; texts are held
only for neighbours that are still to be reported.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.io.evaluation_sets import read_evaluation_sets
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import language_of, load
from selfinstruct.dataset.io.write import saving
from selfinstruct.dedup.contamination import RULE, EvaluationSets
from selfinstruct.dedup.filter import Decision, NearDuplicateFilter
from selfinstruct.errors import InputError
from selfinstruct.records import Candidate

By = Literal["instruction", "instruction+input"]
Progress = Callable[[int, int], None]
"""Callback with (rows decided, rows written) so far."""

_FEW = 3
"""Rows that are no template yet."""
_EVERY = 1000
"""Rows between two progress calls."""


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


class _Judged(NamedTuple):
    """Decisions by row of the file."""

    nearest: "array[int]"
    """Position of the row's nearest neighbour; negative: in the pool."""
    scores: "array[float]"
    kept: bytearray
    lines: "array[int]"
    repeats: dict[int, dict[str, Any]]
    """Rows found in an evaluation set, as they are written to the dropped file."""


class Counts(NamedTuple):
    """What became of the rows of a file: rows == kept + dropped."""

    rows: int
    kept: int
    dropped: int
    empty: int
    """Rows without a letter, digit or character to compare by; they are kept."""
    other_input: int
    """Dropped rows whose input, system text or tools are others than those of the row they are near to."""
    template: tuple[int, int]
    """(line, rows that were dropped for it) of the row that most are near to, where most of the file was dropped; else (0, 0)."""


def filter_file(config: Config, job: DeduplicationJob, progress: Progress = lambda _decided, _written: None) -> Counts:
    """Write kept and dropped rows and return counts; raises InputError, writing nothing, for an unreadable file."""
    for path in (job.path, *job.pools):
        if not path.is_file():
            raise InputError(f"{path}: is read twice, so it must be a file; save what comes from a pipe first")
    sieve = NearDuplicateFilter((_text(row, job.by) for row in _pool(job)), "dropped", job.workers)
    judged, empty = _judge(config, job, sieve, progress)
    other_input = _write(job, judged, progress)
    if job.statistics:
        _write_statistics(job.statistics, job, sieve, judged)
    kept = sum(judged.kept)
    rows = len(judged.kept)
    return Counts(rows, kept, rows - kept, empty, other_input, _template(judged))


def _template(judged: _Judged) -> tuple[int, int]:
    """Return the line that most rows were dropped for, with their number; (0, 0) where most of the file is kept."""
    near = Counter(
        judged.nearest[number]
        for number, kept in enumerate(judged.kept)
        if not kept and number not in judged.repeats and judged.nearest[number] >= 0
    )
    position, count = near.most_common(1)[0] if near else (0, 0)
    return (judged.lines[position], count) if near.total() > max(_FEW, len(judged.kept) // 2) else (0, 0)


def _pool(job: DeduplicationJob) -> Iterator[Loaded]:
    return (row for path in job.pools for row in load(path, needs_answer=False))


def _text(row: Loaded, by: By) -> str:
    """Return the text that a row is compared by; for a conversation, all its questions with their inputs."""
    if row.later:
        return "\n".join(text for asked, given, _ in row.pairs for text in (asked, given) if text)
    return f"{row.instruction}\n{row.input}" if by == "instruction+input" and row.input else row.instruction


def _given(row: Loaded) -> tuple[str, ...]:
    """Return what a row gives beside its question."""
    return (row.input, *row.context, *(str(message) for _, message in row.calls))


def _judge(
    config: Config, job: DeduplicationJob, sieve: NearDuplicateFilter, progress: Progress
) -> tuple[_Judged, int]:
    """Return the decisions on all rows, and the number of rows without tokens."""
    judged = _Judged(array("q"), array("d"), bytearray(), array("q"), {})
    evaluation_sets = read_evaluation_sets([Path(path) for path in config.filter.held_out]).evaluation_sets
    rows_of = array("q")
    """Position in the sieve's input -> row of the file, both from 0."""

    def texts() -> Iterator[tuple[str, float]]:
        for number, row in enumerate(load(job.path, needs_answer=False)):
            judged.lines.append(row.line)
            text = _text(row, job.by)
            language = language_of(row.value, text) if row.later else row.language
            threshold = getattr(config.filter.threshold, language)
            if repeat := _repeat(evaluation_sets, row, threshold):
                judged.repeats[number] = repeat
            else:
                rows_of.append(number)
                yield text, threshold

    empty = 0
    for decision in sieve.decide(texts()):
        empty += not decision.size
        _note(judged, rows_of, decision)
        if not (decision.position + 1) % _EVERY:
            progress(len(judged.kept), 0)
    _fill(judged, len(judged.lines))
    return judged, empty


def _note(judged: _Judged, rows_of: "array[int]", decision: Decision) -> None:
    _fill(judged, rows_of[decision.position])
    nearest = -1 if decision.nearest is None else decision.nearest
    judged.nearest.append(rows_of[nearest] if nearest >= 0 else nearest)
    judged.scores.append(decision.score)
    judged.kept.append(decision.kept)


def _fill(judged: _Judged, until: int) -> None:
    """Record rows that bypassed the sieve as dropped."""
    while len(judged.kept) < until:
        judged.nearest.append(-1)
        judged.scores.append(0.0)
        judged.kept.append(False)


def _repeat(evaluation_sets: EvaluationSets, row: Loaded, threshold: float) -> dict[str, Any] | None:
    """Return the match of a row with an evaluation set: of its first matching question-answer pair, or None."""
    if not len(evaluation_sets):
        return None
    for asked, given, answered in row.pairs:
        fields = {"instruction": asked, "input": given, "output": answered}
        match = evaluation_sets.find(Candidate(language=row.language, index=0, position=0, **fields), threshold)
        if match:
            return {"rule": RULE, "nearest": match.model_dump(exclude={"score"}), "score": match.score}
    return None


def _write(job: DeduplicationJob, judged: _Judged, progress: Progress) -> int:
    """Write both files and return the number of dropped rows with another input than their neighbour's."""
    dropped = [number for number, kept in enumerate(judged.kept) if not kept and number not in judged.repeats]
    last_use = {judged.nearest[number]: number for number in dropped}
    neighbours, inputs, other_input = _pool_neighbours(job, last_use), dict[int, tuple[str, ...]](), 0
    # kept rows are completed first: the dropped file never appears without them
    with saving(job.dropped) as drop, saving(job.kept) as keep:
        for number, row in enumerate(load(job.path, needs_answer=False)):
            if judged.kept[number]:
                keep(row.value)
            else:
                drop({"line": row.line, **_reason(judged, number, neighbours), "row": row.value})
                other_input += inputs.get(judged.nearest[number], _given(row)) != _given(row)
            if number in last_use:
                neighbours[number] = {"line": row.line, "text": _text(row, job.by)}
                inputs[number] = _given(row)
            nearest = judged.nearest[number]
            if last_use.get(nearest) == number and nearest >= 0:
                neighbours.pop(nearest, None)
                inputs.pop(nearest, None)
            if not (number + 1) % _EVERY:
                progress(len(judged.kept), number + 1)
    return other_input


def _pool_neighbours(job: DeduplicationJob, wanted: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Return {position: location and text} of pool rows that are nearest neighbours."""
    found, position = {}, 0
    for path in job.pools if any(number < 0 for number in wanted) else ():
        for row in load(path, needs_answer=False):
            position -= 1
            if position in wanted:
                found[position] = {"pool": path.name, "pool_line": row.line, "text": _text(row, job.by)}
    return found


def _reason(judged: _Judged, number: int, neighbours: dict[int, dict[str, Any]]) -> dict[str, Any]:
    if number in judged.repeats:
        return judged.repeats[number]
    nearest = neighbours[judged.nearest[number]]
    return {"rule": "near_duplicate", "nearest": nearest, "score": judged.scores[number]}


def _write_statistics(path: Path, job: DeduplicationJob, sieve: NearDuplicateFilter, judged: _Judged) -> None:
    """Write each kept row's similarity to the pool and earlier kept rows, by line.

    The fields are those of Stanford Alpaca, with line numbers instead of texts.
    """
    rows_of = [number for number in range(len(judged.kept)) if number not in judged.repeats]
    pool_lines = [row.line for row in _pool(job)]

    def named(position: int, score: float) -> dict[str, Any]:
        where = {"pool_line": pool_lines[-1 - position]} if position < 0 else {"line": judged.lines[rows_of[position]]}
        return {**where, "score": score}

    with saving(path) as write:
        for one in sieve.similarities():
            nearest = [named(*other) for other in one.most_similar]
            line = judged.lines[rows_of[one.position]]
            write({"line": line, "avg_similarity_score": one.mean, "most_similar": nearest})
