"""Figures of quality, none of which is a filter, of rows drawn by hash, beside as many of a control. Pure.

The control of a run are its seeds, which people wrote; of a lone file its own other half: how far two halves differ is what chance does.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from selfinstruct.language import LANGUAGES
from selfinstruct.records import LanguageCode, Row, Task
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.origins import proved
from selfinstruct.rouge import Index, tokens

N = TypeVar("N", int, float)
MOST: Final = 500
"""Rows, and control rows, that are looked at in each language."""
MEASURED: Final = 20
"""Answers of each side whose perplexity is measured: the engine takes as long for one as to write it."""
_CUT: Final[Mapping[str, int]] = {"en": 400, "zh": 150}
"""Characters of an answer that are measured."""


class Told(NamedTuple):
    """A row or a seed, as far as quality is concerned."""

    id: str
    question: str
    compared: str
    answer: str
    proved: bool


class Side(NamedTuple):
    """What is drawn of a language: rows, or the control."""

    name: str
    drawn: tuple[Told, ...]


class SideFigures(NamedTuple):
    """Figures of one side."""

    name: str
    rows: int
    lengths: tuple[int, int, int]
    """Of answers, in words (English) or characters (Chinese): a tenth is shorter, the median, a tenth is longer."""
    novelty: float
    """Median of 1 - ROUGE-L to the nearest neighbour among those drawn before it."""
    proved: float
    """Share of rows with checks that hold now."""
    perplexity: float | None = None
    """Of answers to their questions, for each word or character; None where it was not measured."""
    measured: int = 0
    """Answers that were measured."""


Likelihoods = Mapping[tuple[str, str], Sequence[tuple[str, float]]]
"""{(language, side): (measured text, log-probability of it) of each answer}."""


def sides_of(material: Material) -> dict[LanguageCode, tuple[Side, Side]]:
    """Return what is drawn of each language: rows and seeds in equal number, or two halves of a file; in the order of their hashes."""
    languages = dict.fromkeys(row.language for row in material.rows)
    return {language: sides for language in sorted(languages) if (sides := _sides(material, language))}


def quality_of(material: Material, measured: Likelihoods | None = None) -> dict[str, tuple[SideFigures, SideFigures]]:
    """Return the figures of both sides by language; nothing for a language with fewer than two of a side."""
    known = measured or {}
    return {
        language: (
            _figures(left, language, known.get((language, left.name), ())),
            _figures(right, language, known.get((language, right.name), ())),
        )
        for language, (left, right) in sides_of(material).items()
    }


def shortened_for_measure(answer: str, language: LanguageCode) -> str:
    """Return the beginning of an answer that is measured: whole words in English."""
    text = answer.strip()
    if len(text) <= _CUT[language]:
        return text
    cut = text[: _CUT[language]]
    return cut.rpartition(" ")[0] or cut if language == "en" else cut


def _sides(material: Material, language: LanguageCode) -> tuple[Side, Side] | None:
    rows = _in_order([_of_row(row) for row in material.rows if row.language == language])
    seeds = _in_order([_of_seed(seed) for seed in material.seed_tasks.get(language, ())])
    number = min(len(rows), len(seeds), MOST) if seeds else min(len(rows) // 2, MOST)
    if number < 2:  # one alone has no neighbour
        return None
    if seeds:
        return Side("rows", rows[:number]), Side("seeds", seeds[:number])
    return Side("one half", rows[:number]), Side("the other half", rows[number : 2 * number])


def _in_order(told: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda one: hashlib.sha256(one.id.encode("utf-8", "surrogatepass")).digest()))


def _of_row(row: Row) -> Told:
    return Told(row.id, f"{row.instruction}\n{row.input}".strip(), row.compared, row.output, proved(row))


def _of_seed(seed: Task) -> Told:
    return Told(seed.id, f"{seed.instruction}\n{seed.input}".strip(), seed.instruction, seed.output, False)


def _figures(side: Side, language: LanguageCode, measured: Sequence[tuple[str, float]]) -> SideFigures:
    units = LANGUAGES[language].units
    lengths = sorted(units(one.answer) for one in side.drawn)
    novelty = sorted(_novelties(side.drawn))
    count = sum(units(text) for text, _ in measured)
    return SideFigures(
        name=side.name,
        rows=len(side.drawn),
        lengths=(_at(lengths, 0.1), _at(lengths, 0.5), _at(lengths, 0.9)),
        novelty=_at(novelty, 0.5),
        proved=sum(one.proved for one in side.drawn) / len(side.drawn),
        perplexity=math.exp(-sum(likelihood for _, likelihood in measured) / count) if count else None,
        measured=len(measured),
    )


def _novelties(drawn: Sequence[Told]) -> Iterable[float]:
    index = Index()
    for one in drawn:
        query = tokens(one.compared)
        if near := index.nearest(query):
            yield 1 - near.score
        index.add(query)


def _at(values: Sequence[N], share: float) -> N:
    """Return the value below which a share of sorted values lies."""
    return values[min(int(share * len(values)), len(values) - 1)]
