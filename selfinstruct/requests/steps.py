"""The next step of a candidate of the steered recipe."""

from collections.abc import Mapping

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.records import Candidate, Reply, Step


def next_step(candidate: Candidate, heard: Mapping[Step, Reply]) -> Step | None:
    """Return the next request step of a candidate, or None when it is complete."""
    language = LANGUAGES[candidate.language]
    if wants_label(candidate.instruction, language):
        return None if "label" in heard else "label"
    if language.matches(language.needs_input, candidate.instruction) and "input" not in heard:
        return "input"
    return None if "answer" in heard else "answer"


def wants_label(instruction: str, language: Language) -> bool:
    """Return whether an instruction asks for one label of a closed set that it lists."""
    return bool(
        language.matches(language.asks_for_label, instruction) and language.matches(language.names_labels, instruction)
    )
