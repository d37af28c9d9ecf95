"""Near-duplicates among the conversations of a file: by their opening, with the project's exact filter, and then as a whole.

As a whole a conversation is compared with those that share runs of words with it, not with all: the score is exact ROUGE-L, and so is the
decision on each pair; a pair without such runs is not looked at. All pairs of long texts would take days.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from selfinstruct.dataset.conversations.sketch import whole_of
from selfinstruct.dataset.conversations.spool import Spool, Spooled
from selfinstruct.dedup.filter import NearDuplicateFilter
from selfinstruct.records import LanguageCode
from selfinstruct.rouge import score

OPENING, WHOLE = "near_duplicate_opening", "near_duplicate"
_LEAST, _MOST = 2, 4
"""Hashes of a sketch that two conversations have to share to be compared; conversations that one is compared with, the likest first."""
Thresholds = Mapping[LanguageCode, float]


class Near(NamedTuple):
    """Why a conversation is dropped: one before it, which is kept, is near."""

    rule: str
    nearest: int
    """Its position in the file, from 0."""
    score: float


def near_openings(openings: Iterable[tuple[str | None, LanguageCode]], thresholds: Thresholds) -> dict[int, Near]:
    """Return {position: why} of the conversations whose opening is near to that of an earlier one which is kept; None is compared with nothing."""
    places = array("q")

    def texts() -> Iterator[tuple[str, float]]:
        for number, (opening, language) in enumerate(openings):
            if opening is not None:
                places.append(number)
                yield opening, thresholds[language]

    # without threads: what is compared comes from child processes, which are forked meanwhile
    sieve = NearDuplicateFilter((), "dropped", workers=1)
    return {
        places[one.position]: Near(OPENING, places[one.nearest], one.score)
        for one in sieve.decide(texts())
        if not one.kept and one.nearest is not None
    }


class Wholes:
    """The conversations that are kept so far, to compare the next one with as a whole."""

    def __init__(self, spool: Spool, thresholds: Thresholds) -> None:
        """Begin without any."""
        self._spool, self._thresholds = spool, thresholds
        self._holding: dict[int, int] = {}
        """Hash of a sketch -> position of the first conversation that has it."""

    def near(self, number: int, one: Spooled) -> Near | None:
        """Return the nearest of the conversations before this one, if it is too near; else count it among them."""
        shared = Counter(self._holding[mark] for mark in one.sketch if mark in self._holding)
        alike = [other for other in shared if shared[other] >= min(_LEAST, len(one.sketch))]
        words = whole_of(one.texts) if alike else []
        best, place = 0.0, -1
        for other in sorted(alike, key=lambda other: (-shared[other], other))[:_MOST]:
            found = score(words, whole_of(self._spool[other].texts))
            if found > best:
                best, place = found, other
        if best > self._thresholds[one.language]:
            return Near(WHOLE, place, best)
        for mark in one.sketch:
            self._holding.setdefault(mark, number)
        return None
