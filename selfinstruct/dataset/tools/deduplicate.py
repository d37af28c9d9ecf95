"""The filter over an instruction file: writes kept and dropped rows, with reasons.

Rows that break a rule go first, if the rules are asked for, so that none of them is anybody's neighbour; then near-duplicates. The file is
read twice, once to decide and once to write (and once before for the rules), so that memory holds tokens rather than texts; texts are held
only for neighbours that are still to be reported.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from selfinstruct.config import Config
from selfinstruct.dataset.io.evaluation_sets import read_evaluation_sets
from selfinstruct.dataset.io.json_stream import counting_nan
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import language_of
from selfinstruct.dataset.tools.counts import Counts, most_first
from selfinstruct.dataset.tools.job import DeduplicationJob, Judged, Progress, changed, pool_of, text_of
from selfinstruct.dataset.tools.partition import write_both, write_statistics
from selfinstruct.dataset.tools.review import Reviewed, review, rows_of
from selfinstruct.dedup.contamination import RULE, EvaluationSets
from selfinstruct.dedup.filter import Decision, NearDuplicateFilter
from selfinstruct.engines.choose import open_engine
from selfinstruct.errors import InputError
from selfinstruct.records import Candidate
from selfinstruct.records.place import read_back
from selfinstruct.rouge import Engine

_FEW = 3
"""Rows that are no template yet."""
_EVERY = 1000
"""Rows between two progress calls."""


def filter_file(
    config: Config,
    job: DeduplicationJob,
    progress: Progress = lambda _decided, _written: None,
    checked: Callable[[int], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> Counts:
    """Write kept and dropped rows and return counts; raises InputError, writing nothing, for an unreadable file.

    `checked` hears how many rows the rules have seen, `say` of a worker that was lost and replaced.
    """
    with open_engine(job.engine, job.workers, say) as engine:
        return _filter_file(config, job, engine, progress, checked)


def _filter_file(
    config: Config,
    job: DeduplicationJob,
    engine: Engine | None,
    progress: Progress,
    checked: Callable[[int], None],
) -> Counts:
    for path in (job.path, *job.pools):
        if path.is_dir():
            raise InputError(f"{path}: is a folder, and filter reads files; join its shards into one file first")
        if not path.is_file():
            raise InputError(f"{path}: is read twice, so it must be a file; save what comes from a pipe first")
    reviewed = review(job.path, job.disabled, fix=job.fix, progress=checked)
    sieve = NearDuplicateFilter((text_of(row, job.by) for row in pool_of(job)), "dropped", job.workers, engine)
    judged, empty = _judge(config, job, reviewed, sieve, progress)
    with counting_nan() as nan:
        written = write_both(job, judged, progress)
    if job.statistics:
        write_statistics(job.statistics, job, sieve, judged)
    kept = sum(judged.kept)
    rows = len(judged.kept)
    return Counts(
        rows,
        kept,
        rows - kept,
        empty,
        written.other_input,
        _template(judged, job.path),
        written.rejected,
        written.accepted,
        most_first(written.fixed),
        most_first(reviewed.warnings),
        reviewed.noticed,
        most_first(written.taken_out),
        written.soft_hyphens,
        nan.total(),
    )


def _template(judged: Judged, path: Path) -> tuple[int, int]:
    """Return the line that most rows were dropped for, with their number; (0, 0) where most of the file is kept."""
    near = Counter(
        judged.nearest[number]
        for number, kept in enumerate(judged.kept)
        if not kept and number not in judged.refused and judged.nearest[number] >= 0
    )
    position, count = near.most_common(1)[0] if near else (0, 0)
    if near.total() <= max(_FEW, len(judged.kept) // 2):
        return 0, 0
    return read_back(str(path), judged.lines[position]), count


def _judge(
    config: Config, job: DeduplicationJob, reviewed: Reviewed, sieve: NearDuplicateFilter, progress: Progress
) -> tuple[Judged, int]:
    """Return the decisions on all rows, and the number of rows without tokens."""
    judged = Judged(array("q"), array("d"), bytearray(), array("q"), {})
    evaluation_sets = read_evaluation_sets([Path(path) for path in config.filter.held_out]).evaluation_sets
    places = array("q")
    """Position in the sieve's input -> row of the file, both from 0."""

    def texts() -> Iterator[tuple[str, float]]:
        for number, (row, _, _, unreadable) in enumerate(rows_of(job.path, fix=job.fix)):
            judged.lines.append(row.line)
            text = text_of(row, job.by)
            language = language_of(row.value, text) if row.later else row.language
            threshold = getattr(config.filter.threshold, language)
            broken = unreadable or reviewed.rejected.get(row.line)
            if refused := broken or _repeat(evaluation_sets, row, threshold):
                judged.refused[number] = refused
            else:
                places.append(number)
                yield text, threshold

    empty = 0
    for decision in sieve.decide(texts()):
        empty += not decision.size
        _note(judged, places, decision)
        if not (decision.position + 1) % _EVERY:
            progress(len(judged.kept), 0)
    _fill(judged, len(judged.lines))
    if reviewed.rows not in {None, len(judged.lines)}:
        raise changed(job.path)
    return judged, empty


def _note(judged: Judged, places: "array[int]", decision: Decision) -> None:
    _fill(judged, places[decision.position])
    nearest = -1 if decision.nearest is None else decision.nearest
    judged.nearest.append(places[nearest] if nearest >= 0 else nearest)
    judged.scores.append(decision.score)
    judged.kept.append(decision.kept)


def _fill(judged: Judged, until: int) -> None:
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
