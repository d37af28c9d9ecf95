"""Near-duplicates among the conversations of a file: by their opening and its answer, with the project's exact filter, and then as a whole.

`What is a quark?` is near to `What is a lepton?`, and is another question: where a question is not the same word for word, the answers decide.

As a whole a conversation is compared with those that share runs of words with it, not with all: the score is exact ROUGE-L, and so is the
decision on each pair; a pair without such runs is not looked at. All pairs of long texts would take days.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import repeat
from typing import NamedTuple

from selfinstruct.dataset.conversations.spool import Spool, Spooled
from selfinstruct.dedup.filter import NearDuplicateFilter
from selfinstruct.language import LANGUAGES
from selfinstruct.records import LanguageCode
from selfinstruct.rouge import f_measure, score, tokens

OPENING, WHOLE = "near_duplicate_opening", "near_duplicate"
_LEAST, _MOST = 2, 4
"""Hashes of a sketch that two conversations have to share to be compared; conversations that one is compared with, the likest first."""
_FEW = 5
"""Words of an answer from which it says more than yes or no."""
_SHORT = 400
"""Words of a whole conversation up to which it is looked at whether the answers go to two questions."""
_ENOUGH, _ALL_BUT = 12, 0.9
"""Words of a question, and its ROUGE-L, from which it may tell by itself that it is the same one."""
_SYMBOLS = re.compile(r"[-+#*/=<>^%&|~\\]")
_ENDS = " .!?。！？…~～"
Thresholds = Mapping[LanguageCode, float]


class Near(NamedTuple):
    """Why a conversation is dropped: one before it, which is kept, is near."""

    rule: str
    nearest: int
    """Its position in the file, from 0."""
    score: float


def near_openings(openings: Iterable[tuple[str | None, LanguageCode]], thresholds: Thresholds) -> Iterator[Near | None]:
    """Yield of each conversation, in order, why it is dropped if its opening is near to that of an earlier one; None is compared with nothing."""
    places, read = array("q"), 0

    def texts() -> Iterator[tuple[str, float]]:
        nonlocal read
        for opening, language in openings:
            read += 1
            if opening is not None:
                places.append(read - 1)
                yield opening, thresholds[language]

    # without threads: what is compared comes from child processes, which are forked meanwhile
    told = 0
    for one in NearDuplicateFilter((), "dropped", workers=1).decide(texts()):
        place = places[one.position]
        yield from repeat(None, place - told)
        told = place + 1
        yield None if one.kept or one.nearest is None else Near(OPENING, places[one.nearest], one.score)
    yield from repeat(None, read - told)


class Openings:
    """Conversations whose opening is near to an earlier one, each compared with that by the answers, too."""

    def __init__(self, spool: Spool, thresholds: Thresholds) -> None:
        """Begin without any."""
        self._spool, self._thresholds = spool, thresholds
        self._others: dict[str, int] = {}
        """Opening of a conversation that is another one after all -> its position."""

    def near(self, number: int, one: Spooled, found: Near | None) -> Near | None:
        """Return the conversation before this one that asks the same and answers alike, or None; `found` is what has a near opening."""
        if found is None:
            return None
        asked = _wording(one.opening)
        if (same := self._others.get(asked)) is not None:
            return Near(OPENING, same, 1.0)
        other = self._spool[found.nearest]
        if asked == _wording(other.opening) or _is_same(one, other, found.score, self._thresholds[one.language]):
            return found
        self._others[asked] = number
        return None


def _wording(opening: str) -> str:
    """Return a question without what does not make it another one: case, spaces, and the mark at its end."""
    return " ".join(opening.casefold().split()).rstrip(_ENDS)


def _is_same(one: Spooled, other: Spooled, likeness: float, threshold: float) -> bool:
    """Return whether two near questions are one: they say enough and all but the same by themselves, or the answers are near."""
    if _is_another(one, other):
        return False
    if likeness > _ALL_BUT and _differs_in_nothing_much(one, other):
        return True
    return _score_above(threshold, _tokens(one.reply), _tokens(other.reply)) > threshold


_tokens = lru_cache(maxsize=8)(tokens)


def _score_above(least: float, words: Sequence[str], other: Sequence[str]) -> float:
    """Return the ROUGE-L of two texts if it is above a bound, else 0."""
    if f_measure(min(len(words), len(other)), len(words), len(other)) <= least:
        return 0.0
    shared = (Counter(words) & Counter(other)).total()  # no subsequence is longer
    found = score(words, other) if f_measure(shared, len(words), len(other)) > least else 0.0
    return found if found > least else 0.0


def _differs_in_nothing_much(one: Spooled, other: Spooled) -> bool:
    """Return whether long questions differ in no word of weight: in fillers, in one that is added, or in half a word of Chinese (旅行, 旅游)."""
    if len(_tokens(one.opening)) < _ENOUGH or _SYMBOLS.findall(one.opening) != _SYMBOLS.findall(other.opening):
        return False
    own, other_own = _own_words(one, other), _own_words(other, one)
    halves = len(own) == len(other_own) == 1 and not any(word.isascii() for word in own | other_own)
    return (halves or not own or not other_own) and not any(word.isdigit() for word in own | other_own)


def _is_another(one: Spooled, other: Spooled) -> bool:
    """Return whether two near questions are two: an answer takes up a word that its question alone has, or says too little to tell."""
    own, other_own = _own_words(one, other), _own_words(other, one)
    said, also_said = _tokens(one.reply), _tokens(other.reply)
    if own and other_own and min(len(said), len(also_said)) < _FEW:
        return True  # `Yes.` to both
    return bool(own & ({*said} - {*also_said}) or other_own & ({*also_said} - {*said}))


def _own_words(one: Spooled, other: Spooled) -> set[str]:
    """Return the words that the first questions of one have alone: those that make it another question."""
    return {*_tokens(one.opening)} - {*_tokens(other.opening)} - _fillers()


@cache
def _fillers() -> frozenset[str]:
    return frozenset[str]().union(*(one.sets["fillers"] for one in LANGUAGES.values()))


class Wholes:
    """The conversations that are kept so far, to compare the next one with as a whole."""

    def __init__(self, spool: Spool, thresholds: Thresholds) -> None:
        """Begin without any."""
        self._spool, self._thresholds = spool, thresholds
        self._holding: dict[int, int] = {}
        """Hash of a sketch -> position of the first conversation that has it."""
        self._sizes: dict[int, int] = {}
        """Position of a conversation -> its words."""

    def near(self, number: int, one: Spooled) -> Near | None:
        """Return the nearest of the conversations before this one, if it is too near; else count it among them."""
        shared = Counter(self._holding[mark] for mark in one.sketch if mark in self._holding)
        alike = [other for other in shared if shared[other] >= min(_LEAST, len(one.sketch))]
        words = one.words.split(" ") if alike or one.sketch else []
        best, place = self._thresholds[one.language], -1
        for other in sorted(alike, key=lambda other: (-shared[other], other))[:_MOST]:
            if f_measure(min(len(words), self._sizes[other]), len(words), self._sizes[other]) <= best:
                continue  # no subsequence is longer than the shorter one
            before = self._spool[other]
            found = _score_above(best, words, before.words.split(" "))
            short = len(words) <= _SHORT  # in which one word makes another question, and its answer takes it up
            if found > best and not (short and _is_another(one, before)):
                best, place = found, other
        if place >= 0:
            return Near(WHOLE, place, best)
        if one.sketch:
            self._sizes[number] = len(words)
        for mark in one.sketch:
            self._holding.setdefault(mark, number)
        return None
