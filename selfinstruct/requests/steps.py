"""The next step of a candidate of the recipes whose rows take several replies."""

from collections.abc import Mapping
from typing import Final

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.quality.rules.places import chooses_label
from selfinstruct.quality.rules.relation import mentions_missing_input
from selfinstruct.records import Candidate, Reply, Step
from selfinstruct.requests.confirmed import probability_of_yes
from selfinstruct.requests.conversation import next_turn
from selfinstruct.requests.labelled import is_labelled
from selfinstruct.requests.parts import STEPS, parts_of

ANSWERS: Final[frozenset[Step]] = frozenset({"answer", "label", "meet", "reply"})
"""Steps after which the row is complete."""
CONFIRMATIONS: Final[frozenset[Step]] = frozenset({"confirm", "again", "reread", "closed", "back"})
"""Steps that look at a complete row once more."""
MEASUREMENTS: Final[frozenset[Step]] = frozenset({"back"})
"""Those of them that decide nothing: a row that was not measured is one all the same."""


def next_step(
    candidate: Candidate, heard: Mapping[Step, Reply], *, confirms: bool = False, looks: bool = False
) -> Step | None:
    """Return the next request step of a candidate, or None when it is complete.

    `confirms`: its answer is looked at once more; `looks`: the teacher says before whether the task can be done as it stands.
    """
    if candidate.recipe == "batch":
        return None
    if candidate.recipe == "checked":
        return _checked(candidate, heard, confirms, looks)
    if candidate.recipe in {"documents", "translate"}:
        return next((step for step in _second_looks(candidate) if step not in heard), None)
    if candidate.recipe == "evolve":
        return _evolved(heard, confirms)
    if candidate.recipe == "conversation":
        return next_turn(candidate, heard)
    return _steered(candidate, heard, confirms, looks)


def _second_looks(candidate: Candidate) -> tuple[Step, ...]:
    """Return the steps that follow on a first reply without a look at its text."""
    if candidate.recipe == "documents":
        return _ROUND_TRIP
    said = candidate.translation
    if said is None or said.decision == "keep":
        return ()
    parts = parts_of(candidate.drawn) if candidate.drawn else ()
    return (*STEPS[: max(len(parts) - 1, 0)], *(("back",) if said.wants_back else ()))


_ROUND_TRIP: Final[tuple[Step, ...]] = ("reread", "closed")
_LABELLED: Final[tuple[Step, ...]] = ("wording", "again")


def _checked(candidate: Candidate, heard: Mapping[Step, Reply], confirms: bool, looks: bool) -> Step | None:
    if candidate.drawn is None:
        return None
    if is_labelled(candidate):
        return next((step for step in _LABELLED if step not in heard), None)
    if candidate.drawn.details:
        return None if "wording" in heard else "wording"
    if looks and "answerable" not in heard:
        return "answerable"
    if "meet" not in heard:
        return "meet"
    return _confirmation(heard) if confirms else None


def _steered(candidate: Candidate, heard: Mapping[Step, Reply], confirms: bool, looks: bool) -> Step | None:
    language = LANGUAGES[candidate.language]
    if "label" in heard:
        return None
    if not candidate.input and wants_label(candidate.instruction, language):
        return "label"
    if not candidate.input and mentions_missing_input(candidate.model_copy(update={"input": ""}), language):
        return "input"
    if looks and "answerable" not in heard:
        return "answerable"
    if "answer" not in heard:
        return "answer"
    return _confirmation(heard) if confirms else None


def _evolved(heard: Mapping[Step, Reply], confirms: bool) -> Step | None:
    return next((step for step in _ONCE if step not in heard), None) or (_confirmation(heard) if confirms else None)


_ONCE: Final[tuple[Step, ...]] = ("answerable", "answer")


def _confirmation(heard: Mapping[Step, Reply]) -> Step | None:
    """Return the step that looks once more at an answer of the teacher's own; None when that is done."""
    if "again" in heard:
        return None
    if "confirm" not in heard:
        return "confirm"
    return "again" if probability_of_yes(heard["confirm"]) is None else None


def wants_label(instruction: str, language: Language) -> bool:
    """Return whether an instruction asks for one label of a closed set that it lists."""
    return chooses_label(instruction, language)
