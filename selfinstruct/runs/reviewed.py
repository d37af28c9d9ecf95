"""What reviewers said of the rows of a run, for its ledger, manifest and card, and for an explanation."""

from collections.abc import Mapping
from typing import Any

from selfinstruct.dataset.review.apply import Applied, Made
from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.dataset.review.statistics import groups_of, statistics
from selfinstruct.dataset.review.verdicts import said_of, standing, text_of
from selfinstruct.runs.directory import RunDirectory


def reviewed_summary(directory: RunDirectory, applied: Mapping[str, Applied]) -> dict[str, Any]:
    """Return the hash of the decisions as they are applied, and what the reading of people says of the rows; nothing without decisions."""
    sha256 = directory.review_sha256()
    if not sha256:
        return {}
    verdicts = read_recorded(directory.review).verdicts
    made = {text_of(one.row) for one in verdicts.values() if one.row}
    rows = [one for found in applied.values() for one in found.rows]
    several = len({one.verdict.candidate.recipe for one in rows if one.verdict}) > 1
    groups = {text: _groups(one, several) for one in rows if (text := text_of(one.row)) not in made}
    figures = statistics(verdicts.values(), groups)
    return {"review": sha256} | (
        {"reviewed": {name: one.model_dump(mode="json") for name, one in figures.items()}} if figures else {}
    )


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
