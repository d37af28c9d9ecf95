"""The sections of a report on recipes, documents and quality."""

import statistics
from collections.abc import Iterator, Mapping, Sequence

from selfinstruct.dataset.release.judge import StatedCertificate
from selfinstruct.dataset.release.reviewed import TOTAL, Reviewed, agreement_in_words, percent_up
from selfinstruct.reports.language import language_name, listed, page_language, said, told, words
from selfinstruct.reports.run.figures import Figures
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.going_on import Survival, TurnShare
from selfinstruct.reports.run.origins import DocumentShare, RecipeShare, TranslationShare
from selfinstruct.reports.run.parts import section, table
from selfinstruct.reports.run.sections_quality import quality
from selfinstruct.system.faces import html as escape


def sections(material: Material, figures: Figures) -> Iterator[str]:
    """Yield the sections that have something to say."""
    if material.manifest and material.manifest.certificate:
        yield section(said("The judge"), _judge(material.manifest.certificate))
    if figures.recipes:
        yield section(said("Recipes"), _recipes(figures.recipes))
    if figures.documents:
        yield section(said("Documents"), _documents(figures.documents))
    yield from _going_on(figures)
    if material.reviewed:
        yield section(said("What people read"), _reviewed(material.reviewed))
    if figures.translations:
        yield section(said("Translations"), _translations(figures.translations))
    for language, sides in figures.quality.items():
        title = said("Quality: {language}", language=language_name(language))
        yield section(title, quality(sides, language, is_run=material.manifest is not None))


def _judge(found: StatedCertificate) -> str:
    """Return what the judge was worth before its first verdict, by language."""
    rows = [
        (
            language_name(language),
            f"{one.pairs:,}",
            *(
                "" if share is None else f"{share:.0%}"
                for share in (one.accuracy, one.consistency, one.padding, one.unreadable)
            ),
        )
        for language, one in found.languages.items()
    ]
    drawn = table(words("", "pairs", "right", "same in both orders", "prefers padding", "unreadable"), rows)
    below = "".join(f'<p class="faint">{escape(told(line))}</p>' for line in found.sentences()[len(rows) :])
    tried = said(
        "{judge}, tried before its first verdict on pairs whose better answer is known.", judge=escape(found.judge)
    )
    return f"<p>{tried}</p>{drawn}{below}"


def _reviewed(reviewed: Mapping[str, Reviewed]) -> str:
    """Return what was read, and what bound that gives, by group."""
    heads = words(
        "",
        "rows as made",
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
            _group(name),
            *(
                f"{number:,}"
                for number in (one.rows, one.read, one.accepted, one.edited, one.rejected, one.seen, one.bad)
            ),
            "" if one.at_most is None else f"{percent_up(one.at_most):.1f}%",
            _more(one),
        )
        for name, one in reviewed.items()
    ]
    total = reviewed.get(TOTAL)
    agreed = f"<p>{escape(agreement_in_words(total, page_language()))}</p>" if total and total.both else ""
    note = said("Of the rows as they were made; drawn at random.")
    return f'{table(heads, rows)}{agreed}<p class="faint">{note}</p>'


def _more(one: Reviewed) -> str:
    """Return how many more rows are to be read for the bound that is wanted; all that are left, where that would take more."""
    left = one.rows - one.seen
    return f"{one.more:,}" if one.more < left or not left else said("all of {left:,} left", left=left)


def _group(name: str) -> str:
    """Return the name of rows that were read: all, of a language, or of a recipe in it."""
    return said(name) if name == TOTAL else name


def _going_on(figures: Figures) -> Iterator[str]:
    """Yield what survives of each operation and round, and of each turn of the conversations."""
    evolved = [one for one in figures.survivals if one.recipe == "evolve"]
    talks = [one for one in figures.survivals if one.recipe == "conversation"]
    if evolved:
        rows = [
            (
                language_name(one.language),
                one.kind,
                str(one.round),
                f"{one.asked:,}",
                f"{one.rows:,}",
                _share(one.rows, one.asked),
            )
            for one in evolved
        ]
        note = said(
            "Round 1 starts from a task as it was given, round 2 from one that was evolved once. Survive: share of what was asked for that became a row."
        )
        drawn = table(words("", "operation", "round", "asked", "rows", "survive"), rows)
        yield section(said("Evolution"), f'{drawn}<p class="faint">{note}</p>')
    if talks or figures.turns:
        yield section(said("Conversations"), _conversations(talks, figures.turns))


def _conversations(talks: Sequence[Survival], turns: Sequence[TurnShare]) -> str:
    rows = [
        (
            language_name(one.language),
            told(one.kind.replace("_", " ")),
            f"{one.asked:,}",
            f"{one.rows:,}",
            _share(one.rows, one.asked),
        )
        for one in talks
    ]
    ends = [
        (
            language_name(one.language),
            str(one.turns),
            f"{one.rows:,}",
            listed(f"{rule} {count}" for rule, count in one.ended) or said("none"),
        )
        for one in turns
    ]
    drawn = table(words("", "asked next", "asked", "rows", "survive"), rows) if rows else ""
    drawn += table(words("", "turns", "rows", "ended by"), ends) if ends else ""
    note = said(
        "Turns: questions with their answers, that of the row that was gone on from among them. Ended by: the rule that a further turn broke, which is left out."
    )
    return f'{drawn}<p class="faint">{note}</p>'


def _recipes(recipes: Sequence[RecipeShare]) -> str:
    rows = [
        (
            language_name(one.language),
            one.recipe,
            f"{one.asked:,}",
            f"{one.rows:,}",
            _share(one.proved, one.rows),
            _share(one.by_code, one.rows),
        )
        for one in recipes
    ]
    drawn = table(words("", "recipe", "asked", "rows", "proved", "by code alone"), rows)
    note = said(
        "Proved: shares of the rows whose checks hold now, made again for this page. By code alone: question and "
        "answer are in the words of a program, none of them the teacher's."
    )
    return f'{drawn}<p class="faint">{note}</p>'


def _translations(shares: Sequence[TranslationShare]) -> str:
    heads = words(
        "into", "rows", "translated", "adapted", "kept", "dropped", "rejected", "measured", "way back, median"
    )
    rows = [
        (
            language_name(one.language),
            *(f"{count:,}" for count in (one.rows, one.translated, one.adapted, one.kept, one.dropped, one.rejected)),
            f"{len(one.scores):,}",
            f"{statistics.median(one.scores):.2f}" if one.scores else said("none"),
        )
        for one in shares
    ]
    lowest = listed(f"{name} {score:.2f}" for one in shares for name, score in one.lowest)
    least = said(" Least like their source: {lowest}; explain shows where.", lowest=lowest) if lowest else ""
    note = said(
        "Dropped: rows that cannot leave their language. Way back: ROUGE-L of a translation, translated back, to its source. It is a measurement of "
        "both ways together, and no filter."
    )
    return table(heads, rows) + f'<p class="faint">{note}{least}</p>'


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else said("none")


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
    heads = words("document", "passages", "asked", "rows", "quoted" if knows_size else "quoted, characters")
    note = said("Quoted: share of the characters of its passages that some row quotes as the proof of its answer.")
    return table(heads, rows) + (f'<p class="faint">{note}</p>' if knows_size else "")


def _known(count: int | None) -> str:
    return said("not known") if count is None else f"{count:,}"
