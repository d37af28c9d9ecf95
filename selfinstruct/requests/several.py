"""Several answers to one instruction, and which of them stands: first by rules and checks in code, then by agreement, then by the judge's word.

An answer that breaks no rule of its row, and passes the checks of its task, goes before one that does not; of those that are left the one that
the others are nearest to stands (by mean ROUGE-L: minimum Bayes risk, Kumar and Byrne 2004; for short answers the vote of self-consistency,
2203.11171), the earliest where two are as near. Where no majority says the same, the one that is nearest of those that say something else is
its rival, between which a judge may choose. What was not chosen stays in the journal, under its own step.
"""

from collections.abc import Collection, Sequence
from typing import Final

from selfinstruct.quality.rules import PROOFS, ROW_RULES, first_broken
from selfinstruct.records import Candidate, Step
from selfinstruct.rouge import score, tokens

ANSWERED: Final[frozenset[Step]] = frozenset({"answer", "meet"})
"""Steps that are asked more than once."""
FURTHER: Final[tuple[Step, ...]] = ("answer.2", "answer.3", "answer.4")

ALIKE: Final = 0.9
"""ROUGE-L from which two answers say the same."""


def further_steps(answers: int | None) -> tuple[Step, ...]:
    """Return the steps of all answers but the first."""
    return FURTHER[: (answers or 1) - 1]


def main_step(candidate: Candidate) -> Step:
    """Return the step of the first answer, which the further ones ask once more."""
    return "meet" if candidate.recipe == "checked" else "answer"


def best(answered: Sequence[Candidate], disabled: Collection[str] = ()) -> Candidate:
    """Return the candidate with the answer that stands; the first one, with its fault, where none can be used."""
    return answered[finalists(answered, disabled)[0]]


def finalists(answered: Sequence[Candidate], disabled: Collection[str] = ()) -> tuple[int, int | None]:
    """Return the places of the answer that stands and of its rival; no rival where checks or agreement decide."""
    whole = [one for one in answered if not one.fault]
    if not whole:
        return 0, None
    rules = (*ROW_RULES, *PROOFS) if whole[0].checks else ROW_RULES
    sound = [one for one in whole if not first_broken(rules, one, disabled)] or whole
    texts = [tokens(one.output) for one in sound]
    pairs = [[score(text, other) for other in texts] for text in texts]
    order = sorted(range(len(sound)), key=lambda place: (-sum(pairs[place]), place))
    first = order[0]
    others = [place for place in order if pairs[first][place] < ALIKE]
    rival = others[0] if 2 * len(others) >= len(sound) else None
    places = [next(place for place, one in enumerate(answered) if one is candidate) for candidate in sound]
    return places[first], None if rival is None else places[rival]
