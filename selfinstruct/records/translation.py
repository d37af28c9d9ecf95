"""A row that is carried into the other language, and what was said of it."""

from typing import Literal

from selfinstruct.records.proof import Record

Decision = Literal["translate", "adapt", "keep", "drop"]
"""What becomes of a row: it is translated; names or units of its country become those of another; it is in no language; it cannot leave its own."""


class Translated(Record):
    """What was said of a row that was translated, and how its translation reads when it is translated back."""

    decision: Decision
    reason: str = ""
    """Why it cannot leave its language."""
    adapted: tuple[tuple[str, str], ...] = ()
    """(before, after) of each name, unit or institution that was adapted."""
    wants_back: bool = False
    """It is drawn to be translated back."""
    back: str = ""
    """Its question and answer, translated back; empty where that was not asked for."""
    score: float | None = None
    """ROUGE-L of these to the source's, 0 to 1; None where there are none."""


class Original(Record):
    """A row to be carried into the other language."""

    id: str
    text_hash: str
    """Of all its texts."""
    instruction: str
    input: str = ""
    output: str = ""
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    reasoning: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    """(term, its translation) of the glossary, for the terms that it holds."""
    own: bool = False
    """It is in the wanted language already."""
    decided: str = ""
    """`keep`, or the rule that rejects it, where code is sure; empty where the teacher is asked."""
    detail: str = ""
    back: bool = False
    """Its translation is translated back."""
    part_bytes: int = 0
    """Most bytes of its texts in one request, where it is too long for one; 0: one request holds it whole."""

    @property
    def texts(self) -> dict[str, str]:
        """Its texts that are not empty, by the names that a prompt gives them, in the order in which they are read."""
        turns = {
            f"{name} {number}": text
            for number, pair in enumerate(self.history, 1)
            for name, text in zip(("question", "answer"), pair, strict=True)
        }
        last = {name: getattr(self, name) for name in ("instruction", "input", "reasoning", "output")}
        return {name: text for name, text in ({"system": self.system} | turns | last).items() if text.strip()}

    @property
    def key(self) -> tuple[object, ...]:
        """What makes its request: two originals with the same key have the same translation."""
        return (self.text_hash, self.terms)
