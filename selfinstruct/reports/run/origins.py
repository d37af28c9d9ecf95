"""What the rows of a report were made from: what each recipe brought, and each document. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules.proof import is_proved
from selfinstruct.records import Row, candidate_of
from selfinstruct.reports.run.gather import Material


class RecipeShare(NamedTuple):
    """What one recipe brought in one language."""

    language: str
    recipe: str
    asked: int
    rows: int
    """Of the dataset: those removed by hand are not counted."""
    proved: int
    """Rows with checks that hold now."""
    by_code: int
    """Rows in the words of code alone."""


class DocumentShare(NamedTuple):
    """What one document brought; None for what a folder does not say."""

    document: str
    passages: int | None
    asked: int | None
    rows: int
    quoted: int
    """Characters that some row quotes."""
    covered: float | None
    """Share of the characters of its passages that some row quotes."""


class TranslationShare(NamedTuple):
    """What became of the rows that a language took over, and how the ways back compare with their source."""

    language: str
    rows: int
    translated: int
    adapted: int
    kept: int
    dropped: int
    rejected: int
    scores: tuple[float, ...]
    """ROUGE-L of the ways back that were measured, sorted."""
    lowest: tuple[tuple[str, float], ...]
    """(row id, score) of those that are least like their source."""


_LOWEST = 5
_NOBODY = (None, None)


def proved(row: Row) -> bool:
    """Return whether a row has checks that hold now."""
    return is_proved(candidate_of(row), LANGUAGES[row.language])


def recipes_of(material: Material) -> tuple[RecipeShare, ...]:
    """Return what each recipe brought; nothing for a run of `batch` or `steered` alone."""
    recipes = material.manifest.recipes if material.manifest else {}
    origins = material.provenance
    if origins is None:
        return tuple(
            RecipeShare(language, recipe, one.requests, one.rows, one.proved, one.by_code)
            for language, found in recipes.items()
            for recipe, one in found.items()
        )
    recipe_of: dict[str, tuple[str | None, str | None]] = {
        identifier: (one.language, one.recipe) for identifier, one in origins.items()
    }
    rows = Counter(recipe_of.get(row.id, _NOBODY) for row in material.rows)
    held = Counter(recipe_of.get(row.id, _NOBODY) for row in material.rows if proved(row))
    by_code = Counter(recipe_of[row.id] for row in material.rows if row.id in origins and origins[row.id].by_code)
    return tuple(
        RecipeShare(language, recipe, one.requests, *(counts[language, recipe] for counts in (rows, held, by_code)))
        for language, found in recipes.items()
        for recipe, one in found.items()
    )


def translations_of(material: Material) -> tuple[TranslationShare, ...]:
    """Return what became of the rows that were translated, by language."""
    found = material.manifest.translation if material.manifest else {}
    return tuple(
        TranslationShare(
            language,
            *(one.rows, one.translated, one.adapted, one.kept, one.dropped, sum(one.rejected.values())),
            tuple(score for _, score in measured),
            tuple(measured[:_LOWEST]),
        )
        for language, one in found.items()
        for measured in [_measured(material, language)]
    )


def _measured(material: Material, language: str) -> list[tuple[str, float]]:
    """Return (row id, ROUGE-L of its way back), lowest first."""
    origins = (material.provenance or {}).values()
    scores = [(one.id, one.back) for one in origins if one.language == language and one.back is not None]
    return sorted(scores, key=lambda one: (one[1], one[0]))


def documents_of(material: Material) -> tuple[DocumentShare, ...]:
    """Return what each document brought, by name; nothing where no row comes from one and none was asked about."""
    spans: dict[str, list[tuple[int, int]]] = {}
    rows: Counter[str] = Counter()
    for source in (row.source for row in material.rows):
        if source and source.document:
            rows[source.document] += 1
            spans.setdefault(source.document, []).extend([source.span] if source.span else [])
    asked = None if material.replies is None else Counter(one.document for one in material.replies if one.document)
    passages = Counter(one.document for one in material.passages)
    sizes: Counter[str] = Counter()
    for one in material.passages:
        sizes[one.document] += len(one.text)
    return tuple(
        DocumentShare(
            document,
            passages[document] if passages else None,
            None if asked is None else asked[document],
            rows[document],
            quoted := sum(end - start for start, end in _joined(spans.get(document, ()))),
            quoted / sizes[document] if sizes[document] else None,
        )
        for document in sorted({*rows, *passages, *(asked or ())})
    )


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans that do not overlap and cover the same characters."""
    end = 0
    for first, last in sorted(spans):
        if last > end:
            yield max(first, end), last
            end = last
