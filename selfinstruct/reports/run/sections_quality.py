"""The section of a report on quality: rows beside a control."""

from collections.abc import Callable

from selfinstruct.reports.language import is_chinese, said
from selfinstruct.reports.run.parts import table
from selfinstruct.reports.run.quality import SideFigures


def quality(sides: tuple[SideFigures, SideFigures], language: str, *, is_run: bool) -> str:
    """Return the figures of both sides, and what they mean."""
    unit = "words" if language == "en" else "characters"
    measures: dict[str, Callable[[SideFigures], str]] = {
        said("drawn"): lambda one: f"{one.rows:,}",
        said("answer, {unit}: median", unit=said(unit)): lambda one: f"{one.lengths[1]:,}",
        said("1 of 10 below"): lambda one: f"{one.lengths[0]:,}",
        said("9 of 10 below"): lambda one: f"{one.lengths[2]:,}",
        said("novelty, median"): lambda one: f"{one.novelty:.2f}",
        said("proved"): lambda one: f"{one.proved:.0%}",
    }
    if any(one.perplexity is not None for one in sides):
        measures[said("perplexity of a {unit}", unit=said(unit.removesuffix("s")))] = _perplexity
    rows = [(name, *(measure(one) for one in sides)) for name, measure in measures.items()]
    return (
        table(("", *(said(one.name) for one in sides)), rows)
        + f'<p class="faint">{_notes(sides, language, is_run=is_run)}</p>'
    )


def _perplexity(side: SideFigures) -> str:
    return said("not known") if side.perplexity is None else f"{side.perplexity:.1f}"


def _notes(sides: tuple[SideFigures, SideFigures], language: str, *, is_run: bool) -> str:
    """Return what the sides are, and what the figures mean."""
    control = (
        said("The control: as many seeds, drawn by hash.")
        if is_run
        else said(
            "No seeds are here, so the file is its own control, in two halves by hash: by how much they differ, chance does too."
        )
    )
    notes = [
        said("None of these is a filter."),
        control,
        said("Novelty: 1 − ROUGE-L to the nearest of those drawn before it."),
    ]
    if any(one.measured for one in sides):
        perplexity = said(
            "Perplexity: of the answer after its question, for each {unit}, under the embedded teacher, of the first {counts} answers.",
            unit=said("word" if language == "en" else "character"),
            counts=said(" and ").join(str(one.measured) for one in sides),
        )
        notes.append(perplexity)
    return ("" if is_chinese() else " ").join(notes)
