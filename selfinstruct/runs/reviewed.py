"""What reviewers said of the rows of a run, for its ledger, manifest and card, and for an explanation."""

from collections.abc import Iterator, Mapping
from typing import Any

from selfinstruct.dataset.review.apply import RULE as REMOVED
from selfinstruct.dataset.review.apply import Applied, Made
from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.dataset.review.statistics import groups_of, statistics
from selfinstruct.dataset.review.verdicts import said_of, standing, text_of
from selfinstruct.records import Candidate, row_of
from selfinstruct.runs.directory import RunDirectory


def reviewed_summary(directory: RunDirectory, applied: Mapping[str, Applied]) -> dict[str, Any]:
    """Return the hash of the decisions as they are applied, and what the reading of people says of the rows; nothing without decisions."""
    sha256 = directory.review_sha256()
    if not sha256:
        return {}
    verdicts = read_recorded(directory.review).verdicts
    made = {text_of(one.row) for one in verdicts.values() if one.row}
    rows = [one for found in applied.values() for one in found.rows]
    gone = {name: candidate.recipe for name, candidate in _gone(applied)}
    several = len({one.verdict.candidate.recipe for one in rows if one.verdict} | {*gone.values()}) > 1
    groups = {text: _groups(one, several) for one in rows if (text := text_of(one.row)) not in made}
    figures = statistics(verdicts.values(), groups, recipes=gone)
    return {"review": sha256} | (
        {"reviewed": {name: one.model_dump(mode="json") for name, one in figures.items()}} if figures else {}
    )


def _gone(applied: Mapping[str, Applied]) -> Iterator[tuple[str, Candidate]]:
    """Yield (id, candidate) of the rows that people took out or edited."""
    for one in applied.values():
        removed = (verdict.candidate for verdict in one.verdicts if verdict.rule == REMOVED)
        yield from ((row_of(candidate).id, candidate) for candidate in removed)
        yield from ((made.was, made.verdict.candidate) for made in one.rows if made.was and made.verdict)


def _groups(one: Made, several: bool) -> tuple[str, ...]:
    return groups_of(one.row.language, one.verdict.candidate.recipe or "" if several and one.verdict else "")


def said_by_reviewers(directory: RunDirectory) -> dict[str, str]:
    """Return {id of a row as the journal gives it: who rejected or edited it, and why}."""
    recorded = read_recorded(directory.review)
    found = standing(recorded)
    return {
        key.removeprefix("+"): said_of(recorded.verdicts[name] for name in names)
        for key, names in found.verdicts.items()
    }
