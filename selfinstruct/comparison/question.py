"""A question that both sides are asked."""

from selfinstruct.records import Check, LanguageCode, Record


class Question(Record):
    """What both sides are asked, and what is known of a right answer."""

    id: str
    language: LanguageCode
    kind: str = ""
    instruction: str
    input: str = ""
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    """An answer that is known to be right, which the judge is shown."""
    checks: tuple[Check, ...] = ()

    @property
    def text(self) -> str:
        """What a judge or a person reads as the question: earlier turns, instruction and input."""
        turns = [f"> {text}" for turn in self.history for text in turn]
        return "\n\n".join(part for part in (self.system, *turns, self.instruction, self.input) if part.strip())
