"""The HTML document of a run's report; all foreign text is escaped."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from selfinstruct.dataset.release.asked import Thresholds
from selfinstruct.dataset.release.funnel import STEPS, narrowing, total
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.records import LanguageCode
from selfinstruct.reports.html import document, script_json
from selfinstruct.reports.language import in_language, is_chinese, language_name, said, told, words
from selfinstruct.reports.run import plots
from selfinstruct.reports.run.figures import Figures, LanguageFigures, quantile
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.parts import missing, section, table
from selfinstruct.reports.run.sample import REJECTED, ROWS, sample
from selfinstruct.reports.run.sections import sections
from selfinstruct.system.currency import cost_in_words, four_digits
from selfinstruct.system.faces import html as escape

_FOLDER = Path(__file__).parent


def page(material: Material, figures: Figures, language: LanguageCode = "en") -> str:
    """Return the whole document, in English or Chinese; rows and what a teacher said stay as they are."""
    with in_language(language):
        return _page(material, figures)


def _page(material: Material, figures: Figures) -> str:
    items = sample(material)
    body = f"""<header><h1>{escape(material.name)}</h1>{_made(material)}</header>
<main>
{_tiles(material, figures)}
<div class="plots">
{"".join(_sections(material, figures))}
</div>
{_browser(items)}
</main>"""
    return document(said("{name}: report", name=escape(material.name)), body, script_json(items), _FOLDER)


def _made(material: Material) -> str:
    manifest = material.manifest
    if manifest is None:
        without = said("A dataset without its run: what came of each candidate, and what it cost, is not known here.")
        return f'<p class="faint">{without}</p>'
    asking = manifest.asking
    facts = said(
        "written by {model}, recipe {recipes}; {stop}",
        model=asking.teacher.model,
        recipes=said(" and ").join(asking.generate.recipes),
        stop=told(manifest.stop),
    )
    return f'<p class="faint">{escape(facts)}<br>{said("fingerprint")} <code>{escape(manifest.fingerprint)}</code></p>'


def _tiles(material: Material, figures: Figures) -> str:
    rows = len(material.rows)
    tiles = [("rows", f"{rows:,}")]
    if material.manifest:
        tiles += _tiles_of_run(material.manifest, rows, material.cny_per_usd)
    if material.validation_ids is not None:
        tiles.append(("held out", f"{sum(one.held_out for one in figures.languages.values()):,}"))
    return f'<ul class="tiles">{"".join(f"<li><b>{escape(value)}</b>{said(name)}</li>" for name, value in tiles)}</ul>'


def _tiles_of_run(manifest: Manifest, rows: int, rate: str | None) -> list[tuple[str, str]]:
    candidates = manifest.ledger["total"].candidates if manifest.ledger else 0
    tokens, cost = manifest.tokens, manifest.cost_usd
    tiles = [
        ("candidates", f"{candidates:,}"),
        ("of them kept", f"{rows / candidates:.0%}" if candidates else said("none")),
        ("replies", _replies(manifest)),
        ("tokens", f"{tokens.prompt + tokens.completion:,}" if tokens else said("not known")),
        ("cost", _cost(manifest, rate)),
    ]
    if not (cost and float(cost) and rows):
        return tiles
    return [*tiles, ("cost of a row", cost_in_words(four_digits(float(cost) / rows), rate))]


def _replies(manifest: Manifest) -> str:
    """Return how many replies were paid for, and how many of them the journal has no more."""
    if not (requests := manifest.requests):
        return said("not known")
    paid = f"{requests.paid:,}"
    if not requests.gone:
        return paid
    return said("{paid}, of which the journal lacks {lacks}", paid=paid, lacks=f"{requests.gone:,}")


def _cost(manifest: Manifest, rate: str | None) -> str:
    """Return what a run has cost, and what more sends without a reply may have."""
    if manifest.cost_usd is None:
        return said("not known")
    spent = cost_in_words(manifest.cost_usd, rate)
    if float(worst := manifest.uncertain_usd or 0):
        most = cost_in_words(str(worst), rate)
        return said("{spent} and at most {most} uncertain", spent=spent, most=most)
    return spent if float(manifest.cost_usd) else said("none")


def _sections(material: Material, figures: Figures) -> Iterator[str]:
    if material.manifest:
        yield section(said("What was kept"), _funnel(material.manifest))
        yield section(said("Rejections by rule"), _rejections(material, figures))
    yield from sections(material, figures)
    yield section(said("Languages"), _languages(material, figures))
    for language, found in figures.languages.items():
        yield section(
            said("Verbs and their nouns: {language}", language=language_name(language)), _verbs(found, language)
        )
    yield section(
        said("Lengths"), plots.lengths(figures.languages) if figures.languages else f"<p>{said('No rows.')}</p>"
    )
    yield section(said("Nearest neighbours"), _nearest(material, figures))
    if material.manifest:
        yield section(said("Cost over time"), _course(figures))


def _funnel(manifest: Manifest) -> str:
    funnels = manifest.funnel
    if not funnels:
        return missing(
            said("a manifest that counts the candidates at each step; `selfinstruct filter` writes it anew.")
        )
    steps = [step for step, _ in narrowing(total(funnels))]
    values = {language: [one[step] for step in steps] for language, one in funnels.items()}
    return plots.bars([said(STEPS[step]) for step in steps], values, "funnel", said("Candidates left after each step"))


def _rejections(material: Material, figures: Figures) -> str:
    if not figures.rejections:
        return f"<p>{said('No candidate was rejected.')}</p>"
    languages = list(next(iter(figures.rejections.values())))
    values = {language: [one[language] for one in figures.rejections.values()] for language in languages}
    unread = said("rejected.jsonl, so no rejected candidate can be read below.")
    note = "" if material.rejected is not None else missing(unread)
    return plots.bars(list(figures.rejections), values, "rejections", said("Rejected candidates by rule")) + note


def _languages(material: Material, figures: Figures) -> str:
    measures: dict[str, Callable[[LanguageFigures], str]] = {
        "rows": lambda one: f"{one.rows:,}",
        "held out": lambda one: "" if material.validation_ids is None else f"{one.held_out:,}",
        "with input": lambda one: f"{one.with_input / one.rows:.0%}",
        "instruction, median": lambda one: f"{quantile(one.instruction_lengths, 0.5):,.0f}",
        "answer, median": lambda one: f"{quantile(one.output_lengths, 0.5):,.0f}",
        "answer, 9 of 10 below": lambda one: f"{quantile(one.output_lengths, 0.9):,.0f}",
        "different verbs": lambda one: f"{one.verb_count:,}",
        "nearest neighbour, median": lambda one: f"{quantile(one.nearest, 0.5):.2f}",
    }
    rows = [(said(name), *(measure(one) for one in figures.languages.values())) for name, measure in measures.items()]
    heads = ("", *map(language_name, figures.languages))
    return f'{table(heads, rows)}<p class="faint">{said("Lengths in words (English) and characters (Chinese).")}</p>'


def _verbs(found: LanguageFigures, language: str) -> str:
    share = said(
        "{with_verb:,} of {rows:,} rows begin with a verb that is known, {with_noun:,} of them with a noun.",
        with_verb=found.with_verb,
        rows=found.rows,
        with_noun=found.with_noun,
    )
    how = (
        said(
            "Found without a parser, by a list of verbs and the shape of the phrase after them: a picture, not a measurement."
        )
        if language == "en"
        else said(
            "Found without a parser, in words cut by jieba, by a list of verbs and the noun at the end of the phrase: a picture, not a measurement."
        )
    )
    if not found.verbs:
        return f"<p>{share}</p>"
    rows = [
        (verb, f"{count:,}", ", ".join(f"{noun} {times}" for noun, times in nouns))
        for verb, count, nouns in found.verbs
    ]
    listed = table(words("verb", "rows", "nouns"), rows)
    note = f"{share}{'' if is_chinese() else ' '}{how}"
    return f'{plots.ring(found, language)}<p class="faint">{note}</p><details><summary>{said("As a table")}</summary>{listed}</details>'


def _nearest(material: Material, figures: Figures) -> str:
    if not any(one.nearest for one in figures.languages.values()):
        return f"<p>{said('No row has a neighbour.')}</p>"
    stated = material.manifest.keeping.filter.threshold if material.manifest else Thresholds()
    thresholds = {"en": stated.en, "zh": stated.zh}
    shown = {name: value for name, value in thresholds.items() if name in figures.languages and value is not None}
    drawn = plots.nearest(figures.languages, figures.near_duplicates, shown)
    among = (
        said("Of each row, among seeds and rows accepted before it.")
        if material.provenance
        else said("Of each row, among the rows before it in its file.")
    )
    dashed = said(" Dashed: above this a candidate is dropped.") if shown else ""
    return f'{drawn}<p class="faint">{among}{dashed}</p>'


def _course(figures: Figures) -> str:
    if not figures.course:
        return missing(said("the journal of a run, which has the replies in their order."))
    late = said("A row counts from the last reply to its request.")
    unknown = said(" The price is not known.") if figures.course[-1].usd is None else ""
    return f'{plots.course(figures.course)}<p class="faint">{late}{unknown}</p>'


def _browser(items: Sequence[Mapping[str, Any]]) -> str:
    languages = sorted({str(one["language"]) for one in items})
    states = Counter(str(one["state"]) for one in items)
    options = "".join(f'<option value="{escape(one)}">{escape(language_name(one))}</option>' for one in languages)
    states_shown = "".join(
        f'<option value="{escape(state)}">{said("rows") if state == "row" else escape(state)} ({count})</option>'
        for state, count in sorted(states.items(), key=lambda item: (item[0] != "row", -item[1], item[0]))
    )
    drawn = said(
        "Up to {rows} rows of each language and {rejected} candidates of each rule and language, drawn by hash: the same for every reader.\n"
        "All that is known of one: <code>selfinstruct explain ID</code>.",
        rows=ROWS,
        rejected=REJECTED,
    )
    return f"""<section id="rows"><h2>{said("To read")}</h2>
<p class="faint">{drawn}</p>
<form>
<input type="search" name="search" placeholder="{said("Search")}" aria-label="{said("Search")}">
<select name="language" aria-label="{said("Language")}"><option value="">{said("all languages")}</option>{options}</select>
<select name="state" aria-label="{said("State")}"><option value="">{said("rows and rejected")}</option>{states_shown}</select>
</form>
<p class="faint" id="found" aria-live="polite"></p>
<div id="list"></div>
<button id="more" type="button">{said("Show more")}</button>
<noscript><p>{said("Reading the sample needs JavaScript; it is part of this page and asks for nothing.")}</p></noscript>
</section>"""
