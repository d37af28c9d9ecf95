"""The diff as Markdown for a pull request: a table of counts, then sections with limited length.

Untrusted text is inside HTML blocks, escaped and in `<code>`: there, Markdown, mentions and issue links are not
interpreted. The whole has fewer than 60,000 characters for any input, since GitHub takes 65,536.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence

from selfinstruct.dataset.diff.records import Change, DatasetDiff, NearDuplicate, Segment, Setting
from selfinstruct.reports.diff.words import (
    AGAINST,
    GATE_SETTINGS,
    MEANINGS,
    NAMES,
    NEAREST,
    edited,
    excerpt,
    money,
    moved,
    reading,
    scoreboard,
)
from selfinstruct.system import faces
from selfinstruct.system.numbers import amount

MOST = 60_000
"""Most characters of the comment."""
_NAME = 80
_TEXT = 200
_NOTES = 6
_ELSEWHERE = "the HTML page has them all"
_TOO_LONG = (
    "<p><b>The comment is cut here: parts of this diff do not fit into one; the HTML page has all of it.</b></p>"
)


def markdown(diff: DatasetDiff) -> str:
    """Return the whole comment; its first line is a marker by which a later run finds it."""
    parts = [_marker(diff.head.name), *_headline(diff), *_gates(diff)]
    parts += _section(GATE_SETTINGS, map(_setting, diff.gate_settings), len(diff.gate_settings), 3_000, opened=True)
    removed = [one for one in diff.changes if one.kind == "removed"]
    parts += _section("Removed", map(_named, removed), len(removed), 9_000)
    parts += _section("Near-duplicates introduced", map(_near, diff.near_duplicates), len(diff.near_duplicates), 7_000)
    parts += _section(_rules_title(diff), _rules(diff), len(diff.findings.introduced), 5_000)
    parts += _section("The same edit in several rows", _groups(diff), len(diff.groups), 3_000)
    notable = [one for one in diff.shifts if one.notable]
    shifts = (f"{one.language} · {one.measure} {_code(one.value, _NAME)} {moved(one)}" for one in notable)
    parts += _section("Notable shifts", shifts, len(notable), 3_000)
    parts += _section("Teacher", map(faces.markdown, money(diff)), len(money(diff)), 1_000)
    parts += _section("Why", _why(diff), len(diff.causes) + len(diff.settings), 5_000)
    title = f"Read these: {len(diff.sample)} of {len(diff.changes):,}, the same for everybody"
    parts += _section(
        title, (_reading(diff.changes[one]) for one in diff.sample), len(diff.sample), 16_000, opened=True
    )
    return _joined(parts)


def unmade(head: str, why: str) -> str:
    """Return the comment of a diff that could not be made, with the marker of an older one, which it replaces."""
    said = f"<p>{_name(head)} could not be compared, so nothing is known of what it changes: {_name(why, 2_000)}</p>"
    return f"{_marker(head)}\n\n## Dataset diff: not made\n\n{said}\n"


def _joined(parts: Iterable[str]) -> str:
    """Return the parts as far as they fit into a comment, each whole or left out, and a sentence if any is left out."""
    kept, left, all_fit = [], MOST - len(_TOO_LONG) - 4, True
    for part in parts:
        fits = len(part) + 2 <= left
        all_fit &= fits
        if fits:
            kept.append(part)
            left -= len(part) + 2
    return "\n\n".join(kept if all_fit else [*kept, _TOO_LONG]) + "\n"


def _marker(head: str) -> str:
    name = re.sub(r"[^\w/.-]|⟨[^⟩]*⟩", "", faces.terminal(head))
    exact = hashlib.sha256(head.encode("utf-8", "surrogatepass")).hexdigest()[:8]  # two names may look alike
    return f"<!-- selfinstruct diff {faces.cut(name, _NAME).replace('--', '-')} {exact} -->"


def _headline(diff: DatasetDiff) -> Iterator[str]:
    yield f"## Dataset diff: {diff.risk.level} risk"
    reasons = "; ".join(diff.risk.reasons)
    yield f"<p>{_name(diff.base.name)} → {_name(diff.head.name)}: <b>{html.escape(reasons)}</b></p>"
    notes = (*diff.base.notes, *diff.head.notes)
    for note in notes[:_NOTES]:
        yield f"<p>Note: {_name(note, _TEXT)}</p>"
    if more := len(notes[_NOTES:]):
        yield f"<p>… and {more:,} more notes; {_ELSEWHERE}</p>"
    read = reading(diff)
    yield from (f"<p>{_name(line, _TEXT)}</p>" for line in read[:_NOTES])
    columns, lines = scoreboard(diff)
    rows = [f"| | {' | '.join(columns)} |", "|---|" + "--:|" * len(columns)]
    rows += [f"| {name} | {' | '.join(cells)} |" for name, cells in lines]
    yield "\n".join(rows)
    yield "<sub>" + "; ".join(f"{NAMES[kind]}: {meaning}" for kind, meaning in MEANINGS.items()) + "</sub>"


def _gates(diff: DatasetDiff) -> Iterator[str]:
    shown = diff.gates[:10]
    if shown:
        lines = (
            f"<li>{'❌' if gate.failed else '✅'} {_name(gate.expression)} is {gate.value:g}</li>" for gate in shown
        )
        yield "<ul>\n" + "\n".join(lines) + "\n</ul>"
    if failed := sum(gate.failed for gate in diff.gates[len(shown) :]):
        yield f"and {failed} more conditions failed"


def _section(title: str, items: Iterable[str], count: int, budget: int, opened: bool = False) -> Iterator[str]:
    """Yield a collapsed section with as many items as its budget allows, and a count of the others."""
    if not count:
        return
    lines, left = [], budget
    for item in items:
        line = f"<li>{item}</li>"
        if len(line) + 1 > left:
            break
        lines.append(line)
        left -= len(line) + 1
    rest = count - len(lines)
    more = f"\n<p>… and {rest:,} more; {_ELSEWHERE}</p>" if rest else ""
    heading = (
        f"<details{' open' if opened or count <= 5 else ''}><summary><b>{html.escape(title)}</b> ({count:,})</summary>"
    )
    yield f"{heading}\n<ul>\n" + "\n".join(lines) + f"\n</ul>{more}\n</details>"


def _named(change: Change) -> str:
    entry = change.head or change.base
    text = entry.instruction if entry else ""
    return "<br>".join([f"{change.language} <code>{change.id}</code> {_code(text)}", *_nearest(change)])


def _nearest(change: Change) -> Iterator[str]:
    """Yield what reviewers said of a row, and what is beside one that is only similar to one of the other side."""
    if change.said:
        yield _name(change.said, _TEXT)
    if one := change.nearest:
        yield f"{NEAREST[change.kind]}: {one.score:.3f} <code>{one.id}</code> {_code(one.instruction)}"


def _near(one: NearDuplicate) -> str:
    first = f"{one.score:.3f} {one.language} <code>{one.id}</code> {_code(one.instruction)}"
    return f"{first}<br>{AGAINST[one.against]} {_name(one.other)} {_code(one.other_text)}"


def _rules_title(diff: DatasetDiff) -> str:
    found = diff.findings
    partly = f", in {found.checked:,} of {found.differing:,} rows checked" if found.checked < found.differing else ""
    return f"Rules newly broken{partly}"


def _rules(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.findings.introduced:
        yield f"<b>{html.escape(one.rule)}</b> {one.language} <code>{one.id}</code> {_code(one.detail)}"


def _groups(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.groups:
        edits = ", ".join(
            f"<del>{_code(before, _NAME)}</del> → <ins>{_code(after, _NAME)}</ins>" for before, after in one.edit
        )
        yield f"{amount(one.rows, 'row')}: {edits}"


def _why(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.causes:
        rows = ", ".join(f"{count:,} {NAMES[kind]}" for kind, count in one.rows.items())
        yield f"<b>{one.cause}</b> {rows}: {_name(one.detail, 400)}"
    yield from map(_setting, diff.settings)


def _setting(one: Setting) -> str:
    return f"{_name(one.key)} {_name(str(one.base))} → {_name(str(one.head))}"


def _reading(change: Change) -> str:
    entry = change.head or change.base
    score = f" ROUGE-L {change.score:.3f}" if change.score is not None else ""
    lines = [f"<b>{NAMES[change.kind]}</b> {change.language} <code>{change.id}</code>{score}"]
    fields = edited(change)
    if entry and not any(name == "instruction" for name, _ in fields):
        lines.append(_code(entry.instruction))
    lines += [f"{name}: {_marked(excerpt(runs))}" for name, runs in fields]
    if entry and not fields:
        lines += [f"{name}: {_code(text)}" for name, text in (("input", entry.input), ("output", entry.output)) if text]
    return "<br>".join([*lines, *_nearest(change)])


def _marked(runs: Sequence[Segment]) -> str:
    tags = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}
    return (
        "<code>"
        + "".join(f"{tags[op][0]}{faces.markdown(text, row=True)}{tags[op][1]}" for op, text in runs)
        + "</code>"
    )


def _code(text: str, most: int = _TEXT) -> str:
    return f"<code>{faces.markdown(text, most, row=True)}</code>" if text else ""


def _name(text: str, most: int = _NAME) -> str:
    return f"<code>{faces.markdown(text, most)}</code>" if text else ""
