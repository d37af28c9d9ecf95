"""The HTML document of a run's report; all foreign text is escaped."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from selfinstruct.dataset.release.asked import Thresholds
from selfinstruct.dataset.release.funnel import STEPS, narrowing, total
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.reports.html import document, script_json
from selfinstruct.reports.run import plots
from selfinstruct.reports.run.figures import Figures, LanguageFigures, quantile
from selfinstruct.reports.run.gather import Material
from selfinstruct.reports.run.parts import missing, section, table
from selfinstruct.reports.run.sample import REJECTED, ROWS, sample
from selfinstruct.reports.run.sections import sections
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.faces import html as escape

_FOLDER = Path(__file__).parent


def page(material: Material, figures: Figures) -> str:
    """Return the whole document."""
    items = sample(material)
    body = f"""<header><h1>{escape(material.name)}</h1>{_made(material)}</header>
<main>
{_tiles(material, figures)}
<div class="plots">
{"".join(_sections(material, figures))}
</div>
{_browser(items)}
</main>"""
    return document(f"{escape(material.name)}: report", body, script_json(items), _FOLDER)


def _made(material: Material) -> str:
    manifest = material.manifest
    if manifest is None:
        return '<p class="faint">A dataset without its run: what came of each candidate, and what it cost, is not known here.</p>'
    asking = manifest.asking
    facts = f"written by {asking.teacher.model}, recipe {' and '.join(asking.generate.recipes)}; {manifest.stop}"
    return f'<p class="faint">{escape(facts)}<br>fingerprint <code>{escape(manifest.fingerprint)}</code></p>'


def _tiles(material: Material, figures: Figures) -> str:
    rows = len(material.rows)
    tiles = [("rows", f"{rows:,}")]
    if material.manifest:
        tiles += _tiles_of_run(material.manifest, rows, material.cny_per_usd)
    if material.validation_ids is not None:
        tiles.append(("validation", f"{sum(one.held_out for one in figures.languages.values()):,}"))
    return f'<ul class="tiles">{"".join(f"<li><b>{escape(value)}</b>{name}</li>" for name, value in tiles)}</ul>'


def _tiles_of_run(manifest: Manifest, rows: int, rate: str | None) -> list[tuple[str, str]]:
    candidates = manifest.ledger["total"].candidates if manifest.ledger else 0
    requests, tokens, cost = manifest.requests, manifest.tokens, manifest.cost_usd
    tiles = [
        ("candidates", f"{candidates:,}"),
        ("of them kept", f"{rows / candidates:.0%}" if candidates else "none"),
        ("replies", f"{requests.answered:,}" if requests else "not known"),
        ("tokens", f"{tokens.prompt + tokens.completion:,}" if tokens else "not known"),
        ("cost", "not known" if cost is None else cost_in_words(cost, rate) if float(cost) else "none"),
    ]
    if not (cost and float(cost) and rows):
        return tiles
    return [*tiles, ("cost of a row", cost_in_words(f"{float(cost) / rows:.4g}", rate))]


def _sections(material: Material, figures: Figures) -> Iterator[str]:
    if material.manifest:
        yield section("What was kept", _funnel(material.manifest))
        yield section("Rejections by rule", _rejections(material, figures))
    yield from sections(material, figures)
    yield section("Languages", _languages(material, figures))
    for language, found in figures.languages.items():
        yield section(f"Verbs and their nouns: {plots.NAMES[language]}", _verbs(found, language))
    yield section("Lengths", plots.lengths(figures.languages) if figures.languages else "<p>No rows.</p>")
    yield section("Nearest neighbours", _nearest(material, figures))
    if material.manifest:
        yield section("Cost over time", _course(figures))


def _funnel(manifest: Manifest) -> str:
    funnels = manifest.funnel
    if not funnels:
        return missing("a manifest that counts the candidates at each step; `selfinstruct filter` writes it anew.")
    steps = [step for step, _ in narrowing(total(funnels))]
    values = {language: [one[step] for step in steps] for language, one in funnels.items()}
    return plots.bars([STEPS[step] for step in steps], values, "funnel", "Candidates left after each step")


def _rejections(material: Material, figures: Figures) -> str:
    if not figures.rejections:
        return "<p>No candidate was rejected.</p>"
    languages = list(next(iter(figures.rejections.values())))
    values = {language: [one[language] for one in figures.rejections.values()] for language in languages}
    note = (
        "" if material.rejected is not None else missing("rejected.jsonl, so no rejected candidate can be read below.")
    )
    return plots.bars(list(figures.rejections), values, "rejections", "Rejected candidates by rule") + note


def _languages(material: Material, figures: Figures) -> str:
    measures: dict[str, Callable[[LanguageFigures], str]] = {
        "rows": lambda one: f"{one.rows:,}",
        "validation": lambda one: "" if material.validation_ids is None else f"{one.held_out:,}",
        "with input": lambda one: f"{one.with_input / one.rows:.0%}",
        "instruction, median": lambda one: f"{quantile(one.instruction_lengths, 0.5):,.0f}",
        "answer, median": lambda one: f"{quantile(one.output_lengths, 0.5):,.0f}",
        "answer, 9 of 10 below": lambda one: f"{quantile(one.output_lengths, 0.9):,.0f}",
        "different verbs": lambda one: f"{one.verb_count:,}",
        "nearest neighbour, median": lambda one: f"{quantile(one.nearest, 0.5):.2f}",
    }
    rows = [(name, *(measure(one) for one in figures.languages.values())) for name, measure in measures.items()]
    heads = ("", *(plots.NAMES[language] for language in figures.languages))
    return table(heads, rows) + '<p class="faint">Lengths in words (English) and characters (Chinese).</p>'


def _verbs(found: LanguageFigures, language: str) -> str:
    share = f"{found.with_verb:,} of {found.rows:,} rows begin with a verb that is known, {found.with_noun:,} of them with a noun."
    how = (
        "Found without a parser, by a list of verbs and the shape of the phrase after them: a picture, not a measurement."
        if language == "en"
        else "Found without a parser, in words cut by jieba, by a list of verbs and the noun at the end of the phrase: a picture, not a measurement."
    )
    if not found.verbs:
        return f"<p>{share}</p>"
    rows = [
        (verb, f"{count:,}", ", ".join(f"{noun} {times}" for noun, times in nouns))
        for verb, count, nouns in found.verbs
    ]
    listed = table(("verb", "rows", "nouns"), rows)
    return f'{plots.ring(found, language)}<p class="faint">{share} {how}</p><details><summary>As a table</summary>{listed}</details>'


def _nearest(material: Material, figures: Figures) -> str:
    if not any(one.nearest for one in figures.languages.values()):
        return "<p>No row has a neighbour.</p>"
    stated = material.manifest.keeping.filter.threshold if material.manifest else Thresholds()
    thresholds = {"en": stated.en, "zh": stated.zh}
    shown = {name: value for name, value in thresholds.items() if name in figures.languages and value is not None}
    drawn = plots.nearest(figures.languages, figures.near_duplicates, shown)
    among = "among seeds and rows accepted before it" if material.provenance else "among the rows before it in its file"
    dashed = " Dashed: above this a candidate is dropped." if shown else ""
    return f'{drawn}<p class="faint">Of each row, {among}.{dashed}</p>'


def _course(figures: Figures) -> str:
    if not figures.course:
        return missing("the journal of a run, which has the replies in their order.")
    late = "A row stands from the last reply to its request on."
    unknown = " The price is not known." if figures.course[-1].usd is None else ""
    return f'{plots.course(figures.course)}<p class="faint">{late}{unknown}</p>'


def _browser(items: Sequence[Mapping[str, Any]]) -> str:
    languages = sorted({str(one["language"]) for one in items})
    states = Counter(str(one["state"]) for one in items)
    options = "".join(
        f'<option value="{escape(one)}">{escape(plots.NAMES.get(one, one))}</option>' for one in languages
    )
    states_shown = "".join(
        f'<option value="{escape(state)}">{"rows" if state == "row" else escape(state)} ({count})</option>'
        for state, count in sorted(states.items(), key=lambda item: (item[0] != "row", -item[1], item[0]))
    )
    return f"""<section id="rows"><h2>To read</h2>
<p class="faint">Up to {ROWS} rows of each language and {REJECTED} candidates of each rule and language, drawn by hash: the same for every reader.
All that is known of one: <code>selfinstruct explain ID</code>.</p>
<form>
<input type="search" name="search" placeholder="Search" aria-label="Search">
<select name="language" aria-label="Language"><option value="">all languages</option>{options}</select>
<select name="state" aria-label="State"><option value="">rows and rejected</option>{states_shown}</select>
</form>
<p class="faint" id="found" aria-live="polite"></p>
<div id="list"></div>
<button id="more" type="button">Show more</button>
<noscript><p>Reading the sample needs JavaScript; it is part of this page and asks for nothing.</p></noscript>
</section>"""
