"""How a judge did on the calibration pairs, by language and kind, and whether that is enough to be believed.

Every pair is judged in both orders. Accuracy is that of single readings: one that cannot be read, or says tie of a right and a wrong
answer, is not right. The intervals take a pair as one observation, for its two readings are not independent.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from selfinstruct.judging.calibration import GRADED, KINDS, Calibration
from selfinstruct.judging.intervals import Share, share_of
from selfinstruct.judging.reading import Reading
from selfinstruct.judging.ruling import votes_of
from selfinstruct.records import LanguageCode, Record

LEAST_ACCURACY = 0.7
"""Single readings; a coin has 0.5. A judge of 0.7 finds a 60 % side as a 54 % one, which needs six times the questions."""
LEAST_CONSISTENCY = 0.5
"""Pairs of which both orders say the same; a coin has a half, a judge that always takes the first has none."""
MOST_UNREADABLE = 0.1
"""Of the readings."""


class Judged(NamedTuple):
    """A pair and what the judge said of it in both orders."""

    pair: Calibration
    straight: Reading
    swapped: Reading


class Measured(Record):
    """What a judge is worth on some pairs."""

    pairs: int
    accuracy: Share
    """Readings that name the right answer, of the pairs that have one."""
    right_in_both_orders: Share
    """Pairs won by the right answer as `compare` counts it; the others are ties or wrong."""
    consistency: Share
    """Pairs of which both orders say the same, of those that could be read in both."""
    padding: Share
    """Readings that prefer an answer for its padding, of the pairs that differ in nothing else."""
    first_place: Share
    """Readings for the answer that stands first, of those that name one; 0.5 is fair."""
    unreadable: Share
    """Readings that could not be read."""
    in_other_language: int
    """Readings in the other language, which were read all the same."""
    unreadable_by: dict[str, int]
    """{why: readings}."""


class LanguageCertificate(Record):
    """What a judge is worth in one language."""

    total: Measured
    kinds: dict[str, Measured]
    faults: tuple[str, ...]
    """What is below the bar, in words; empty for a judge that passes."""


class Certificate(Record):
    """What a judge is worth, by language."""

    judge: str
    passed: bool
    forced: bool = False
    """Used in spite of what is below the bar, because the user said so."""
    languages: dict[LanguageCode, LanguageCertificate]

    @property
    def faults(self) -> list[str]:
        """What is below the bar, each with its language."""
        return [f"{language}: {fault}" for language, one in self.languages.items() for fault in one.faults]

    def sentences(self) -> list[str]:
        """Return in words what the judge is worth, a sentence a language."""
        return [f"{language}: {_sentence(one.total)}" for language, one in self.languages.items()]


def certify(judge: str, judged: Iterable[Judged], *, forced: bool = False) -> Certificate:
    """Return the certificate of a judge from what it said of the calibration pairs."""
    by_language: dict[LanguageCode, list[Judged]] = {}
    for one in judged:
        by_language.setdefault(one.pair.language, []).append(one)
    languages = {language: _certified(by_language[language]) for language in sorted(by_language)}
    passed = not any(one.faults for one in languages.values())
    return Certificate(judge=judge, passed=passed, forced=forced and not passed, languages=languages)


def _certified(judged: Sequence[Judged]) -> LanguageCertificate:
    total = measure(judged)
    kinds = {kind: [one for one in judged if one.pair.kind == kind] for kind in KINDS}
    return LanguageCertificate(
        total=total,
        kinds={kind: measure(found) for kind, found in kinds.items() if found},
        faults=tuple(_faults(total)),
    )


def measure(judged: Sequence[Judged]) -> Measured:
    """Return what a judge is worth on these pairs."""
    graded = [_votes(one) for one in judged if one.pair.kind in GRADED]
    padded = [_votes(one) for one in judged if one.pair.kind == "padded"]
    every = [_votes(one) for one in judged]
    readings = [reading for one in judged for reading in (one.straight, one.swapped)]
    both = [(first, second) for first, second in every if first is not None and second is not None]
    places = [one.better == "first" for one in readings if one.better in {"first", "second"}]
    return Measured(
        pairs=len(judged),
        accuracy=share_of([_mean([float(vote == 1) for vote in votes]) for votes in graded]),
        right_in_both_orders=share_of([float(votes == (1, 1)) for votes in graded]),
        consistency=share_of([float(first == second) for first, second in both]),
        padding=share_of([_mean([float(vote == 0) for vote in known]) for known in map(_known, padded) if known]),
        first_place=share_of([float(one) for one in places]),
        unreadable=share_of([_mean([float(vote is None) for vote in votes]) for votes in every]),
        in_other_language=sum(one.is_in_other_language for one in readings),
        unreadable_by=dict(sorted(Counter(one.fault for one in readings if one.fault).items())),
    )


def _votes(one: Judged) -> tuple[float | None, float | None]:
    return votes_of(one.straight, one.swapped)


def _known(votes: Sequence[float | None]) -> list[float]:
    return [vote for vote in votes if vote is not None]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _faults(found: Measured) -> Iterable[str]:
    accuracy, consistency, unreadable = (
        one.share or 0.0 for one in (found.accuracy, found.consistency, found.unreadable)
    )
    if accuracy < LEAST_ACCURACY:
        yield f"it names the right answer in {accuracy:.0%} of the readings, at least {LEAST_ACCURACY:.0%} are wanted"
    elif found.accuracy.low <= 0.5:
        yield f"its accuracy of {accuracy:.0%} on {found.accuracy.count} pairs cannot be told from a coin's"
    if consistency < LEAST_CONSISTENCY:
        yield f"both orders say the same of {consistency:.0%} of the pairs, at least {LEAST_CONSISTENCY:.0%} are wanted"
    if unreadable > MOST_UNREADABLE:
        yield f"{unreadable:.0%} of its readings cannot be read, at most {MOST_UNREADABLE:.0%} may be"


def _sentence(found: Measured) -> str:
    right, pairs = found.right_in_both_orders, found.accuracy.count
    return (
        f"right on {round((right.share or 0) * pairs)} of {pairs} pairs in both orders, {_percent(found.accuracy)} of single readings; "
        f"consistent under swap {_percent(found.consistency)}; prefers padding {_percent(found.padding)}; unreadable {_percent(found.unreadable)}"
    )


def _percent(share: Share) -> str:
    if share.share is None or share.interval is None:
        return "unknown"
    low, high = share.interval
    return f"{share.share:.0%} ({low:.0%} to {high:.0%})"
