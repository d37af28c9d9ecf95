"""The numbers of a report: lengths, verbs and nearest neighbours per language, and cost and rows over time. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from selfinstruct.dataset.release.lines import Provenance
from selfinstruct.language import LANGUAGES
from selfinstruct.language.leading_verb import action
from selfinstruct.records import Row
from selfinstruct.reports.run.gather import Material, ReplyFigures
from selfinstruct.reports.run.going_on import Survival, TurnShare, survivals_of, turns_of
from selfinstruct.reports.run.origins import (
    DocumentShare,
    RecipeShare,
    TranslationShare,
    documents_of,
    recipes_of,
    translations_of,
)
from selfinstruct.reports.run.quality import Likelihoods, SideFigures, quality_of
from selfinstruct.rouge import Index, tokens

VERBS, NOUNS = 20, 4
"""As in Self-Instruct's figure: number of verbs, and of nouns per verb."""
_POINTS = 400
"""Most points of the curve over time."""


class LanguageFigures(NamedTuple):
    """The numbers of one language."""

    rows: int
    held_out: int
    with_input: int
    instruction_lengths: tuple[int, ...]
    """In words (English) or characters (Chinese), sorted; likewise for outputs."""
    output_lengths: tuple[int, ...]
    nearest: tuple[float, ...]
    """ROUGE-L of each row to its nearest seed or earlier row, sorted."""
    verbs: tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]
    """(verb, rows, ((noun, rows), ...)), most common first."""
    verb_count: int
    """Number of different verbs."""
    with_verb: int
    with_noun: int
    """Rows with a verb; rows with a verb and a noun."""


class Moment(NamedTuple):
    """State of the run after a number of replies."""

    replies: int
    tokens: int
    usd: float | None
    rows: int
    """Rows whose request was complete by then."""


class Figures(NamedTuple):
    """All numbers of a report."""

    languages: dict[str, LanguageFigures]
    rejections: dict[str, dict[str, int]]
    """{rule: {language: number of candidates}}, most frequent first."""
    near_duplicates: tuple[float, ...]
    """ROUGE-L of the candidates dropped as near-duplicates, sorted."""
    course: tuple[Moment, ...]
    recipes: tuple[RecipeShare, ...] = ()
    documents: tuple[DocumentShare, ...] = ()
    survivals: tuple[Survival, ...] = ()
    turns: tuple[TurnShare, ...] = ()
    translations: tuple[TranslationShare, ...] = ()
    quality: dict[str, tuple[SideFigures, SideFigures]] = {}  # noqa: RUF012 - never changed
    """Rows beside a control, by language."""


def figures_of(material: Material, measured: Likelihoods | None = None) -> Figures:
    """Return the numbers of a run or dataset; `measured` are the answers whose log-probabilities are known."""
    by_language: dict[str, list[Row]] = {}
    for row in material.rows:
        by_language.setdefault(row.language, []).append(row)
    languages = {language: _language(language, rows, material) for language, rows in sorted(by_language.items())}
    rejected = material.rejected or []
    near = sorted(one.score for one in rejected if one.rule == "near_duplicate" and one.score)
    course = tuple(_course(material.replies or [], material.provenance or {}))
    return Figures(
        languages=languages,
        rejections=_rejections(material),
        near_duplicates=tuple(near),
        course=course,
        recipes=recipes_of(material),
        documents=documents_of(material),
        survivals=survivals_of(material),
        turns=turns_of(material),
        translations=translations_of(material),
        quality=quality_of(material, measured),
    )


def _language(language: str, rows: Sequence[Row], material: Material) -> LanguageFigures:
    units = LANGUAGES[language].units
    actions = [action(row.instruction, language) for row in rows]
    verbs = Counter(one.verb for one in actions if one.verb)
    return LanguageFigures(
        rows=len(rows),
        held_out=sum(row.id in material.validation_ids for row in rows) if material.validation_ids else 0,
        with_input=sum(bool(row.input) for row in rows),
        instruction_lengths=tuple(sorted(units(row.instruction) for row in rows)),
        output_lengths=tuple(sorted(units(row.output) for row in rows)),
        nearest=tuple(sorted(_nearest(rows, material.provenance))),
        verbs=tuple(
            (verb, count, tuple(_most(Counter(one.noun for one in actions if one.verb == verb and one.noun), NOUNS)))
            for verb, count in _most(verbs, VERBS)
        ),
        verb_count=len(verbs),
        with_verb=verbs.total(),
        with_noun=sum(bool(one.noun) for one in actions),
    )


def _most(counts: Counter[str], number: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:number]


def _nearest(rows: Sequence[Row], provenance: Mapping[str, Provenance] | None) -> Iterator[float]:
    """Yield the filter's score of each row, or else its score against earlier rows of its file."""
    if provenance is not None:
        yield from (provenance[row.id].score or 0.0 for row in rows if row.id in provenance)
        return
    index = Index()
    for row in rows:
        query = tokens(row.instruction)
        found = index.nearest(query)
        if found:
            yield found[1]
        index.add(query)


def _rejections(material: Material) -> dict[str, dict[str, int]]:
    """Return rejections by rule and language, from the manifest, which a clone without the rejected rows has too."""
    ledger = material.manifest.ledger if material.manifest else {}
    languages = {name: counts for name, counts in ledger.items() if name != "total"}
    total = ledger["total"].rejected if ledger else {}
    return {rule: {name: counts.rejected.get(rule, 0) for name, counts in languages.items()} for rule in total}


def _course(replies: Sequence[ReplyFigures], provenance: Mapping[str, Provenance]) -> Iterator[Moment]:
    """Yield the state of the run after each reply, or at _POINTS steps."""
    last = {reply.request: number for number, reply in enumerate(replies)}
    stands = Counter(
        last.get((one.language or "", one.request)) for one in provenance.values() if one.request is not None
    )
    wanted = {int(at) for at in np.linspace(0, len(replies) - 1, min(_POINTS, len(replies)))} if replies else set()
    used, spent, rows, known = 0, 0, 0, True
    for number, reply in enumerate(replies):
        used += reply.tokens
        spent += reply.cost or 0
        known = known and reply.cost is not None
        rows += stands[number]
        if number in wanted:
            yield Moment(number + 1, used, spent / 1e6 if known else None, rows)


def quantile(values: Iterable[float], share: float) -> float:
    """Return a quantile of some values; 0 without values."""
    found = list(values)
    return float(np.quantile(found, share)) if found else 0.0
