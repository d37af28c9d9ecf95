"""The diff as one offline HTML page: search, filters, both texts side by side; no network.

Its content policy allows only its own script and style, by hash. Texts are in a JSON block that browsers do not run;
the script inserts them as text, never as markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from selfinstruct.dataset.diff.edits import segments
from selfinstruct.dataset.diff.records import Change, DatasetDiff, NearDuplicate, Segment, Setting, Shift
from selfinstruct.dataset.diff.rows import FIELDS
from selfinstruct.dataset.diff.sample import in_turn
from selfinstruct.records import LanguageCode
from selfinstruct.reports.diff.words import (
    AGAINST,
    GATE_SETTINGS,
    MEANINGS,
    NAMES,
    NEAREST,
    broken_how,
    edited,
    kind_name,
    money,
    moved,
    reading,
    risk_line,
    rows_by_kind,
    rules_title,
    scope,
    scoreboard,
    value_of,
)
from selfinstruct.reports.html import document, script_json
from selfinstruct.reports.language import counted, field_name, in_language, listed, said, told
from selfinstruct.system import faces
from selfinstruct.system.text import visible, visible_name

_FOLDER = Path(__file__).parent
_MOST_BYTES = 12_000_000
"""Bytes of texts on one page; a browser opens that in about a second."""
_LISTED = 200
"""Items listed per section above the rows."""
_OPS = {"same": 0, "removed": -1, "added": 1}


def page(diff: DatasetDiff, language: LanguageCode = "en") -> str:
    """Return the whole document, in English or Chinese; rows stay as they are."""
    with in_language(language):
        return _page(diff)


def _page(diff: DatasetDiff) -> str:
    data, shown = _data(diff)
    title = f"{_escaped(diff.base.name)} → {_escaped(diff.head.name)}"
    body = f"""<header><h1>{said("Dataset diff")}</h1><p class="names">{title}</p></header>
<main>
{_overview(diff)}
{_rows(diff, shown)}
</main>"""
    return document(said("Dataset diff: {sides}", sides=title), body, data, _FOLDER)


def _data(diff: DatasetDiff) -> tuple[str, int]:
    """Return (JSON of the changes, safe inside a script element; number of changes that fit)."""
    found: dict[int, str] = {}
    left = _MOST_BYTES
    sampled = set(diff.sample)
    for position in in_turn(diff.changes, diff.hash):
        line = script_json(_change(diff.changes[position], position in sampled))
        left -= len(line.encode())
        if left < 0:
            break
        found[position] = line
    return "[" + ",\n".join(found[position] for position in sorted(found)) + "]", len(found)


def _change(change: Change, sampled: bool) -> dict[str, Any]:
    """Return one change for the script: each field a text, or segments (-1 removed, 0 same, 1 added; text)."""
    entry = change.head or change.base
    different = dict(edited(change))
    fields: list[list[Any]] = []
    for field in FIELDS:
        text, name = getattr(entry, field), field_name(field)
        if field in different:
            fields.append([name, [[_OPS[op], visible(run)] for op, run in different[field]]])
        elif text and field != "language":
            fields.append([name, visible(text)])
    if (near := change.nearest) and entry:
        runs = segments(entry.instruction, near.instruction)
        sides = [[_OPS[op], visible(run)] for op, run in runs]
        beside = said(
            "{which} {id}, ROUGE-L {score:.3f}", which=said(NEAREST[change.kind]), id=near.id, score=near.score
        )
        fields.append([beside, sides])
    return {
        "kind": change.kind,
        "language": change.language,
        "id": change.id,
        "cause": change.cause,
        "said": visible_name(told(change.said)),
        "score": change.score,
        "formats": change.formats,
        "sampled": sampled,
        "where": [visible_name(told(one.where)) if one else "" for one in (change.base, change.head)],
        "fields": fields,
    }


def _overview(diff: DatasetDiff) -> str:
    level = said("{level} risk", level=said(diff.risk.level))
    parts = [f'<p class="risk {diff.risk.level}"><b>{level}</b> {_escaped(risk_line(diff))}</p>']
    parts += [f'<p class="note">{_escaped(told(note))}</p>' for note in (*diff.base.notes, *diff.head.notes)]
    parts += [f'<p class="names">{_escaped(line)}</p>' for line in reading(diff)]
    parts += [_scoreboard(diff), _gates(diff)]
    parts += _section(said("Near-duplicates introduced"), map(_near, diff.near_duplicates), len(diff.near_duplicates))
    parts += _section(rules_title(diff), _rules(diff), len(diff.findings.introduced))
    parts += _section(said("The same edit in several rows"), _groups(diff), len(diff.groups))
    shifted = [one for one in diff.shifts if one.base != one.head]
    parts += _section(said("Shifts"), map(_shift, shifted), len(shifted))
    parts += _section(said("Teacher"), (f"<li>{_escaped(line)}</li>" for line in money(diff)), len(money(diff)))
    parts += _section(said(GATE_SETTINGS), map(_setting, diff.gate_settings), len(diff.gate_settings))
    parts += _section(said("Why"), _why(diff), len(diff.causes) + len(diff.settings))
    return "\n".join(part for part in parts if part)


def _scoreboard(diff: DatasetDiff) -> str:
    columns, lines = scoreboard(diff)
    heads = "".join(f'<th scope="col">{name}</th>' for name in columns)
    meanings = [*map(said, MEANINGS.values()), said("of base and of head")]
    body = "".join(
        f'<tr><th scope="row" title="{_escaped(meaning)}">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for (name, cells), meaning in zip(lines, meanings, strict=True)
    )
    return f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _gates(diff: DatasetDiff) -> str:
    lines = (
        f'<li class="{"failed" if one.failed else "passed"}">{said("failed" if one.failed else "passed")}{said(": ")}'
        + said("{condition} is {value}", condition=f"<code>{_escaped(one.expression)}</code>", value=one.measured)
        + "</li>"
        for one in diff.gates
    )
    return f'<ul class="gates">{"".join(lines)}</ul>' if diff.gates else ""


def _section(title: str, items: Iterable[str], count: int) -> Iterator[str]:
    """Yield a collapsed list of items, and the number left out."""
    if not count:
        return
    shown = [item for item, _ in zip(items, range(_LISTED), strict=False)]
    more = said("… and {more:,} more; the JSON has all of them", more=count - len(shown))
    rest = f"<p>{more}</p>" if count > len(shown) else ""
    yield f"<details><summary>{_escaped(title)} <span>{count:,}</span></summary><ul>{''.join(shown)}</ul>{rest}</details>"


def _near(one: NearDuplicate) -> str:
    marked = _marked(segments(one.other_text, one.instruction))
    other = f"{said(AGAINST[one.against])} <code>{_escaped(one.other)}</code>"
    two = said("{id} to {other}", id=f"<code>{one.id}</code>", other=other)
    return f'<li><b>{one.score:.3f}</b> {two}<br><span lang="{one.language}" dir="auto">{marked}</span></li>'


def _marked(runs: Sequence[Segment]) -> str:
    tags = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}
    return "".join(f"{tags[op][0]}{faces.html(text, 500, row=True)}{tags[op][1]}" for op, text in runs)


def _rules(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.findings.introduced:
        yield f"<li><b>{_escaped(one.rule)}</b> {one.language} <code>{one.id}</code> {_escaped(broken_how(one))}</li>"


def _groups(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.groups:
        edits = listed(
            f"<del>{faces.html(before, 200, row=True)}</del> → <ins>{faces.html(after, 200, row=True)}</ins>"
            for before, after in one.edit
        )
        yield f"<li><b>{counted(one.rows, 'row')}</b> {edits}</li>"


def _shift(one: Shift) -> str:
    kind = ' class="notable"' if one.notable else ""
    return f"<li{kind}>{scope(one)} · {_escaped(told(one.measure))} <b>{_escaped(value_of(one))}</b> {moved(one)}</li>"


def _why(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.causes:
        yield f"<li><b>{said(one.cause)}</b> {rows_by_kind(one.rows)}{said(': ')}{_escaped(told(one.detail), 400)}</li>"
    yield from map(_setting, diff.settings)


def _setting(one: Setting) -> str:
    return f"<li><code>{_escaped(one.key)}</code> {_escaped(str(one.base))} → {_escaped(str(one.head))}</li>"


def _rows(diff: DatasetDiff, shown: int) -> str:
    """Return the empty list of rows with its filters; the script fills it."""
    total = len(diff.changes)
    if not total:
        return f"<p>{said('No row differs.')}</p>"
    part = said(", drawn evenly from all {total:,}; the JSON has them all", total=total) if shown < total else ""
    kinds = "".join(
        f'<label><input type="checkbox" name="kind" value="{kind}" checked> {kind_name(kind)} <span>{diff.counts[kind]:,}</span></label>'
        for kind in NAMES
        if kind != "unchanged" and diff.counts[kind]
    )
    languages = "".join(f'<option value="{one}">{one}</option>' for one in diff.per_language)
    return f"""<section aria-label="{said("Rows")}">
<h2>{said("{count:,} rows that differ", count=shown)}{part}</h2>
<form id="filter" role="search">
<input type="search" id="search" placeholder="{said("Search texts, ids, files")}" aria-label="{said("Search")}">
<select id="language" aria-label="{said("Language")}"><option value="">{said("all languages")}</option>{languages}</select>
<label><input type="checkbox" id="sampled"> {said("only the {count} to read", count=len(diff.sample))}</label>
<fieldset><legend>{said("Kinds")}</legend>{kinds}</fieldset>
</form>
<p id="found" role="status"></p>
<div id="rows"></div>
<button id="more" type="button" hidden>{said("Show more")}</button>
<noscript>{said("The rows need JavaScript; everything above does not.")}</noscript>
</section>"""


def _escaped(text: str, most: int = 200) -> str:
    return faces.html(text, most)
