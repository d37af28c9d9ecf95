"""What a person voted in the page, and how far that agrees with the judge.

Cohen's kappa is agreement beyond chance: 0 is what two who vote blindly have, 1 is full agreement (Cohen 1960).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from selfinstruct.comparison.result import Decision
from selfinstruct.dataset.review.bounds import kappa
from selfinstruct.errors import InputError
from selfinstruct.records import Record
from selfinstruct.system.documents import describe
from selfinstruct.system.files import read_text


class Votes(Record):
    """The votes of one person on one comparison, as the page writes them."""

    comparison: str
    votes: dict[str, Literal["A", "B", "tie"]]


def read_votes(path: Path) -> Votes:
    """Return the votes of a file that the page of a comparison wrote; raises InputError for another."""
    try:
        return Votes.model_validate(json.loads(read_text(path)))
    except (ValueError, RecursionError) as error:
        why = describe(error) if isinstance(error, ValidationError) else "is not JSON"
        raise InputError(f"{path}: {why}; save what the page of the comparison shows under `Votes`") from error


def check_votes(votes: Votes, key: str, path: Path) -> None:
    """Raise InputError for votes on another comparison."""
    if votes.comparison != key:
        raise InputError(
            f"{path}: holds votes on another comparison ({votes.comparison}); this one is {key}, with other questions or answers"
        )


def agreement(decisions: Sequence[Decision], votes: Mapping[str, str]) -> dict[str, Any]:
    """Return how far a person and the judge agree on the questions that both decided; kappa is None where chance alone would agree always."""
    pairs = [(votes[one.id], one.outcome) for one in decisions if one.by == "judge" and one.id in votes]
    count = len(pairs)
    same = sum(person == judge for person, judge in pairs)
    beyond = kappa(pairs)
    return {
        "votes": len(votes),
        "questions": count,
        "agree": same,
        "share": round(same / count, 4) if count else None,
        "kappa": None if beyond is None else round(beyond, 4),
    }
