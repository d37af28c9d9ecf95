"""Several answers to one instruction, and which of them stands: first by rules and checks in code, then by agreement.

An answer that breaks no rule of its row, and passes the checks of its task, goes before one that does not; of those that are left the one that
the others are nearest to stands (by mean ROUGE-L: minimum Bayes risk, Kumar and Byrne 2004; for short answers the vote of self-consistency,
2203.11171), the earliest where two are as near. What was not chosen stays in the journal, under its own step.
"""

from collections.abc import Collection, Sequence
from typing import Final

from selfinstruct.quality.rules import PROOFS, ROW_RULES, first_broken
from selfinstruct.records import Candidate, Step
from selfinstruct.rouge import score, tokens

ANSWERED: Final[frozenset[Step]] = frozenset({"answer", "meet"})
"""Steps that are asked more than once."""
FURTHER: Final[tuple[Step, ...]] = ("answer.2", "answer.3", "answer.4")


def further_steps(answers: int | None) -> tuple[Step, ...]:
    """Return the steps of all answers but the first."""
    return FURTHER[: (answers or 1) - 1]


def main_step(candidate: Candidate) -> Step:
    """Return the step of the first answer, which the further ones ask once more."""
    return "meet" if candidate.recipe == "checked" else "answer"


def best(answered: Sequence[Candidate], disabled: Collection[str] = ()) -> Candidate:
    """Return the candidate with the answer that stands; the first one, with its fault, where none can be used."""
    whole = [one for one in answered if not one.fault]
    if not whole:
        return answered[0]
    rules = (*ROW_RULES, *PROOFS) if whole[0].checks else ROW_RULES
    sound = [one for one in whole if not first_broken(rules, one, disabled)] or whole
    texts = [tokens(one.output) for one in sound]
    nearness = [sum(score(text, other) for other in texts) for text in texts]
    return sound[nearness.index(max(nearness))]
