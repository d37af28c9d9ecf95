"""The next step of a candidate of the steered recipe."""

from collections.abc import Mapping

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.quality.rules.relation import chooses_label, mentions_missing_input
from selfinstruct.records import Candidate, Reply, Step


def next_step(candidate: Candidate, heard: Mapping[Step, Reply]) -> Step | None:
    """Return the next request step of a candidate, or None when it is complete."""
    language = LANGUAGES[candidate.language]
    if wants_label(candidate.instruction, language):
        return None if "label" in heard else "label"
    if "input" not in heard and mentions_missing_input(candidate.model_copy(update={"input": ""}), language):
        return "input"
    return None if "answer" in heard else "answer"


def wants_label(instruction: str, language: Language) -> bool:
    """Return whether an instruction asks for one label of a closed set that it lists."""
    return chooses_label(instruction, language)
