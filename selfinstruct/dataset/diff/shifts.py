"""Statistics of the whole dataset before and after: languages, lengths, verbs, topics, inputs, similarity."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter

import numpy as np

from selfinstruct.dataset.diff.near import nearest_others
from selfinstruct.dataset.diff.records import Shift
from selfinstruct.dataset.diff.rows import Entry
from selfinstruct.language import LANGUAGES
from selfinstruct.language.leading_verb import leading_verb
from selfinstruct.rouge import tokens

_SHARE, _LENGTH = 0.05, 0.2
"""Change of a share (absolute) and of a length (relative) from which it is notable."""
_FEW = 20
"""Rows per side below which no shift is notable."""
_TOP = 5
"""Verbs and topics listed per language: those that changed most."""
_MOST_COMPARED = 4_000
"""Rows of a language up to which neighbours are computed if not recorded: a fifth of a second."""


def shifts(base: Sequence[Entry], head: Sequence[Entry]) -> tuple[Shift, ...]:
    """Return all statistics, those of the whole dataset first, then by language."""
    found = _marked(base, head, _shares("all", "share of rows", (base, head), lambda entry: entry.language))
    for language in LANGUAGES:
        two = [[entry for entry in side if entry.language == language] for side in (base, head)]
        if any(two):
            found += _marked(two[0], two[1], _of_language(language, two[0], two[1]))
    return tuple(found)


def _marked(base: Sequence[Entry], head: Sequence[Entry], moved: Iterable[Shift]) -> list[Shift]:
    """Return the shifts, not notable when a side has too few rows."""
    few = min(len(base), len(head)) < _FEW
    return [one.model_copy(update={"notable": False}) if few else one for one in moved]


def _of_language(language: str, base: Sequence[Entry], head: Sequence[Entry]) -> Iterator[Shift]:
    units = cache(LANGUAGES[language].units)  # most texts are on both sides
    verb_of = cache(lambda instruction: leading_verb(instruction, language) or "none found")
    unit = "words" if language == "en" else "characters"
    for field in ("instruction", "output"):
        lengths = [list(map(units, map(attrgetter(field), side))) for side in (base, head)]
        for name, quantile in (("median", 0.5), ("90 %", 0.9)):
            before, after = (_quantile(side, quantile) for side in lengths)
            yield _length(language, f"{field} {unit}, {name}", before, after)
    yield _share(language, "rows with input", "", *(_mean([bool(one.input) for one in side]) for side in (base, head)))
    yield from _shares(language, "leading verb", (base, head), lambda one: verb_of(one.instruction))
    if all(one.origin and one.origin.topic for side in (base, head) for one in side):
        yield from _shares(language, "topic", (base, head), lambda one: one.origin.topic if one.origin else "")
    yield _share(language, "mean nearest ROUGE-L", "", *_nearness(base, head))


def _shares(
    language: str, measure: str, sides: Sequence[Sequence[Entry]], value_of: Callable[[Entry], str]
) -> Iterator[Shift]:
    """Yield the shares of the values that changed most."""
    two = [Counter(map(value_of, side)) for side in sides]
    moved = [
        _share(language, measure, value, *(counts[value] / counts.total() if counts else None for counts in two))
        for value in {*two[0], *two[1]}
    ]
    yield from sorted(moved, key=lambda one: (-abs((one.head or 0) - (one.base or 0)), one.value))[:_TOP]


def _share(language: str, measure: str, value: str, base: float | None, head: float | None) -> Shift:
    notable = base is not None and head is not None and abs(head - base) >= _SHARE
    return Shift(
        language=language, measure=measure, value=value, base=_rounded(base), head=_rounded(head), notable=notable
    )


def _length(language: str, measure: str, base: float | None, head: float | None) -> Shift:
    notable = base is not None and head is not None and abs(head - base) >= _LENGTH * max(base, 1)
    return Shift(language=language, measure=measure, base=base, head=head, notable=notable)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _quantile(values: Sequence[int], quantile: float) -> float | None:
    return float(np.quantile(values, quantile)) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _nearness(base: Sequence[Entry], head: Sequence[Entry]) -> tuple[float | None, float | None]:
    """Return the mean nearest-neighbour score of both sides, both recorded or both computed; else (None, None)."""
    sides = base, head
    if all(one.origin and one.origin.score is not None for side in sides for one in side):
        recorded = [[one.origin.score or 0.0 for one in side if one.origin] for side in sides]
        return _mean(recorded[0]), _mean(recorded[1])
    if max(map(len, sides)) > _MOST_COMPARED:
        return None, None
    before, after = (_mean(nearest_others([tokens(one.instruction) for one in side])) for side in sides)
    return before, after
