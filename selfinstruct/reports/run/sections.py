"""The sections of a report on recipes, documents and quality."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence

from selfinstruct.dataset.release.judge import StatedCertificate
from selfinstruct.dataset.release.reviewed import TOTAL, Reviewed, agreement_in_words, percent_up
from selfinstruct.reports.run.figures import Figures
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.going_on import Survival, TurnShare
from selfinstruct.reports.run.origins import DocumentShare, RecipeShare, TranslationShare
from selfinstruct.reports.run.parts import section, table
from selfinstruct.reports.run.plots import NAMES
from selfinstruct.reports.run.quality import SideFigures
from selfinstruct.system.faces import html as escape


def sections(material: Material, figures: Figures) -> Iterator[str]:
    """Yield the sections that have something to say."""
    if material.manifest and material.manifest.certificate:
        yield section("The judge", _judge(material.manifest.certificate))
    if figures.recipes:
        yield section("Recipes", _recipes(figures.recipes))
    if figures.documents:
        yield section("Documents", _documents(figures.documents))
    yield from _going_on(figures)
    if material.reviewed:
        yield section("What people read", _reviewed(material.reviewed))
    if figures.translations:
        yield section("Translations", _translations(figures.translations))
    for language, sides in figures.quality.items():
        yield section(f"Quality: {NAMES[language]}", _quality(sides, language, is_run=material.manifest is not None))


def _judge(found: StatedCertificate) -> str:
    """Return what the judge was worth before its first verdict, by language."""
    rows = [
        (
            NAMES[language],
            f"{one.pairs:,}",
            *(
                "" if share is None else f"{share:.0%}"
                for share in (one.accuracy, one.consistency, one.padding, one.unreadable)
            ),
        )
        for language, one in found.languages.items()
    ]
    drawn = table(("", "pairs", "right", "same in both orders", "prefers padding", "unreadable"), rows)
    said = "".join(f'<p class="faint">{escape(line)}</p>' for line in found.sentences()[len(rows) :])
    return f"<p>{escape(found.judge)}, tried before its first verdict on pairs whose better answer is known.</p>{drawn}{said}"


def _reviewed(reviewed: Mapping[str, Reviewed]) -> str:
    """Return what was read, and what bound that gives, by group."""
    heads = (
        "",
        "rows",
        "read",
        "accepted",
        "edited",
        "rejected",
        "drawn",
        "bad",
        "at most bad, at 95 %",
        "more for 5 %",
    )
    rows = [
        (
            name,
            *(
                f"{number:,}"
                for number in (one.rows, one.read, one.accepted, one.edited, one.rejected, one.seen, one.bad)
            ),
            "" if one.at_most is None else f"{percent_up(one.at_most):.1f}%",
            f"{one.more:,}",
        )
        for name, one in reviewed.items()
    ]
    total = reviewed.get(TOTAL)
    agreed = f"<p>{escape(agreement_in_words(total))}</p>" if total and total.both else ""
    return table(heads, rows) + agreed + '<p class="faint">Of the rows as they were made; drawn at random.</p>'


def _going_on(figures: Figures) -> Iterator[str]:
    """Yield what survives of each operation and round, and of each turn of the conversations."""
    evolved = [one for one in figures.survivals if one.recipe == "evolve"]
    talks = [one for one in figures.survivals if one.recipe == "conversation"]
    if evolved:
        rows = [
            (
                NAMES[one.language],
                one.kind,
                str(one.round),
                f"{one.asked:,}",
                f"{one.rows:,}",
                _share(one.rows, one.asked),
            )
            for one in evolved
        ]
        note = "Round 1 starts from a task as it was given, round 2 from one that was evolved once. Survive: share of what was asked for that became a row."
        drawn = table(("", "operation", "round", "asked", "rows", "survive"), rows)
        yield section("Evolution", f'{drawn}<p class="faint">{note}</p>')
    if talks or figures.turns:
        yield section("Conversations", _conversations(talks, figures.turns))


def _conversations(talks: Sequence[Survival], turns: Sequence[TurnShare]) -> str:
    rows = [
        (
            NAMES[one.language],
            one.kind.replace("_", " "),
            f"{one.asked:,}",
            f"{one.rows:,}",
            _share(one.rows, one.asked),
        )
        for one in talks
    ]
    ends = [
        (
            NAMES[one.language],
            str(one.turns),
            f"{one.rows:,}",
            ", ".join(f"{rule} {count}" for rule, count in one.ended) or "none",
        )
        for one in turns
    ]
    drawn = table(("", "asked next", "asked", "rows", "survive"), rows) if rows else ""
    drawn += table(("", "turns", "rows", "ended by"), ends) if ends else ""
    note = "Turns: questions with their answers, that of the row that was gone on from among them. Ended by: the rule that a further turn broke, which is left out."
    return f'{drawn}<p class="faint">{note}</p>'


def _recipes(recipes: Sequence[RecipeShare]) -> str:
    rows = [
        (
            NAMES[one.language],
            one.recipe,
            f"{one.asked:,}",
            f"{one.rows:,}",
            _share(one.proved, one.rows),
            _share(one.by_code, one.rows),
        )
        for one in recipes
    ]
    drawn = table(("", "recipe", "asked", "rows", "proved", "by code alone"), rows)
    return (
        f'{drawn}<p class="faint">Proved: shares of the rows whose checks hold now, made again for this page. By code alone: question and '
        "answer are in the words of a program, none of them the teacher's.</p>"
    )


def _translations(shares: Sequence[TranslationShare]) -> str:
    heads = ("into", "rows", "translated", "adapted", "kept", "dropped", "rejected", "measured", "way back, median")
    rows = [
        (
            NAMES[one.language],
            *(f"{count:,}" for count in (one.rows, one.translated, one.adapted, one.kept, one.dropped, one.rejected)),
            f"{len(one.scores):,}",
            f"{statistics.median(one.scores):.2f}" if one.scores else "none",
        )
        for one in shares
    ]
    lowest = ", ".join(f"{name} {score:.2f}" for one in shares for name, score in one.lowest)
    told = f" Least like their source: {lowest}; explain shows where." if lowest else ""
    note = (
        "Dropped: rows that cannot leave their language. Way back: ROUGE-L of a translation, translated back, to its source. It is a measurement of "
        f"both ways together, and no filter.{told}"
    )
    return table(heads, rows) + f'<p class="faint">{note}</p>'


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"


def _documents(documents: Sequence[DocumentShare]) -> str:
    rows = [
        (
            one.document,
            _known(one.passages),
            _known(one.asked),
            f"{one.rows:,}",
            f"{one.quoted:,}" if one.covered is None else f"{one.covered:.1%}",
        )
        for one in documents
    ]
    knows_size = any(one.covered is not None for one in documents)
    head = "quoted" if knows_size else "quoted, characters"
    note = "Quoted: share of the characters of its passages that some row quotes as the proof of its answer."
    return table(("document", "passages", "asked", "rows", head), rows) + (
        f'<p class="faint">{note}</p>' if knows_size else ""
    )


def _known(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"


def _quality(sides: tuple[SideFigures, SideFigures], language: str, *, is_run: bool) -> str:
    unit = "words" if language == "en" else "characters"
    measures: dict[str, Callable[[SideFigures], str]] = {
        "drawn": lambda one: f"{one.rows:,}",
        f"answer, {unit}: median": lambda one: f"{one.lengths[1]:,}",
        "1 of 10 below": lambda one: f"{one.lengths[0]:,}",
        "9 of 10 below": lambda one: f"{one.lengths[2]:,}",
        "novelty, median": lambda one: f"{one.novelty:.2f}",
        "proved": lambda one: f"{one.proved:.0%}",
    }
    if any(one.perplexity is not None for one in sides):
        measures[f"perplexity of a {unit.removesuffix('s')}"] = _perplexity
    rows = [(name, *(measure(one) for one in sides)) for name, measure in measures.items()]
    return (
        table(("", *(one.name for one in sides)), rows)
        + f'<p class="faint">{_notes(sides, language, is_run=is_run)}</p>'
    )


def _perplexity(side: SideFigures) -> str:
    return "not known" if side.perplexity is None else f"{side.perplexity:.1f}"


def _notes(sides: tuple[SideFigures, SideFigures], language: str, *, is_run: bool) -> str:
    """Return what the sides are, and what the figures mean."""
    control = (
        "The control: as many seeds, drawn by hash."
        if is_run
        else "No seeds are here, so the file is its own control, in two halves by hash: by how much they differ, chance does too."
    )
    novelty = "Novelty: 1 − ROUGE-L to the nearest of those drawn before it."
    notes = f"None of these is a filter. {control} {novelty}"
    if not any(one.measured for one in sides):
        return notes
    counts = " and ".join(str(one.measured) for one in sides)
    unit = "word" if language == "en" else "character"
    return f"{notes} Perplexity: of the answer after its question, for each {unit}, under the embedded teacher, of the first {counts} answers."
