"""What a manifest says of the judge of a run: its certificate, and how its scores agree."""

from typing import Self

from pydantic import Field, model_validator

from selfinstruct.dataset.release.asked import Language
from selfinstruct.system.documents import Count, Number, Stated


class LanguageFigures(Stated):
    """What the judge was worth in one language, on pairs whose better answer is known; shares from 0 to 1."""

    pairs: Count
    accuracy: Number | None = None
    consistency: Number | None = None
    padding: Number | None = None
    unreadable: Number | None = None
    said: str = ""
    """All of it in words."""
    faults: tuple[str, ...] = ()
    """What is below the bar."""


class StatedCertificate(Stated):
    """What the judge was worth before its first verdict."""

    judge: str
    """Model and place."""
    passed: bool
    forced: bool = False
    """Its word was taken in spite of what is below the bar."""
    languages: dict[Language, LanguageFigures] = Field({})

    def sentences(self) -> list[str]:
        """Return a sentence for each language, and one for a judge below the bar."""
        lines = [f"{language}: {one.said}" for language, one in self.languages.items()]
        faults = [f"{language}: {fault}" for language, one in self.languages.items() for fault in one.faults]
        if faults:
            what = "Its word was taken all the same ([judge] force)" if self.forced else "It is refused"
            lines.append(f"Below the bar: {'; '.join(faults)}. {what}")
        return lines


class JudgeFigures(Stated):
    """How the teacher did as a judge; shares are None where no row has two scores."""

    rows: Count
    judgements: Count
    unreadable: Count
    strict: Count = 0
    mean: Number | None = None
    least: Number | None = None
    most: Number | None = None
    pairs: Count = 0
    same_verdict: Number | None = None
    same_score: Number | None = None
    mean_difference: Number | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.mean is not None and (self.least is None or self.most is None):
            raise ValueError("must have least and most beside a mean")
        if self.pairs and None in {self.same_verdict, self.same_score, self.mean_difference}:
            raise ValueError("must say how its pairs agree")
        return self
