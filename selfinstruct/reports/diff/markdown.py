"""The diff as Markdown for a pull request: a table of counts, then sections with limited length.

Untrusted text is inside HTML blocks, escaped and in `<code>`: there, Markdown, mentions and issue links are not
interpreted. The whole has fewer than 60,000 characters for any input, since GitHub takes 65,536.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence

from selfinstruct.dataset.diff.records import Change, DatasetDiff, NearDuplicate, Segment, Setting
from selfinstruct.records import LanguageCode
from selfinstruct.reports.diff.words import (
    AGAINST,
    GATE_SETTINGS,
    MEANINGS,
    NEAREST,
    broken_how,
    edited,
    excerpt,
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
from selfinstruct.reports.language import counted, field_name, in_language, listed, said, told
from selfinstruct.system import faces

MOST = 60_000
"""Most characters of the comment."""
_NAME = 80
_TEXT = 200
_NOTES = 6
_ELSEWHERE = "the HTML page has them all"
_TOO_LONG = "The comment is cut here: parts of this diff do not fit into one; the HTML page has all of it."


def markdown(diff: DatasetDiff, language: LanguageCode = "en") -> str:
    """Return the whole comment, in English or Chinese; its first line is a marker by which a later run finds it, in any language."""
    with in_language(language):
        return _comment(diff)


def _comment(diff: DatasetDiff) -> str:
    parts = [_marker(diff.head.name), *_headline(diff), *_gates(diff)]
    parts += _section(
        said(GATE_SETTINGS), map(_setting, diff.gate_settings), len(diff.gate_settings), 3_000, opened=True
    )
    removed = [one for one in diff.changes if one.kind == "removed"]
    parts += _section(said("Removed"), map(_named, removed), len(removed), 9_000)
    near = said("Near-duplicates introduced")
    parts += _section(near, map(_near, diff.near_duplicates), len(diff.near_duplicates), 7_000)
    parts += _section(rules_title(diff), _rules(diff), len(diff.findings.introduced), 5_000)
    parts += _section(said("The same edit in several rows"), _groups(diff), len(diff.groups), 3_000)
    notable = [one for one in diff.shifts if one.notable]
    shifts = (f"{scope(one)} · {told(one.measure)} {_code(value_of(one), _NAME)} {moved(one)}" for one in notable)
    parts += _section(said("Notable shifts"), shifts, len(notable), 3_000)
    parts += _section(said("Teacher"), map(faces.markdown, money(diff)), len(money(diff)), 1_000)
    parts += _section(said("Why"), _why(diff), len(diff.causes) + len(diff.settings), 5_000)
    title = said(
        "Read these: {sample} of {changes:,}, the same for everybody",
        sample=len(diff.sample),
        changes=len(diff.changes),
    )
    parts += _section(
        title, (_reading(diff.changes[one]) for one in diff.sample), len(diff.sample), 16_000, opened=True
    )
    return _joined(parts)


def unmade(head: str, why: str, language: LanguageCode = "en") -> str:
    """Return the comment of a diff that could not be made, with the marker of an older one, which it replaces."""
    with in_language(language):
        text = said(
            "{head} could not be compared, so nothing is known of what it changes: {why}",
            head=_name(head),
            why=_name(told(why), 2_000),
        )
        return f"{_marker(head)}\n\n## {said('Dataset diff: not made')}\n\n<p>{text}</p>\n"


def _joined(parts: Iterable[str]) -> str:
    """Return the parts as far as they fit into a comment, each whole or left out, and a sentence if any is left out."""
    too_long = f"<p><b>{said(_TOO_LONG)}</b></p>"
    kept, left, all_fit = [], MOST - len(too_long) - 4, True
    for part in parts:
        fits = len(part) + 2 <= left
        all_fit &= fits
        if fits:
            kept.append(part)
            left -= len(part) + 2
    return "\n\n".join(kept if all_fit else [*kept, too_long]) + "\n"


def _marker(head: str) -> str:
    name = re.sub(r"[^\w/.-]|⟨[^⟩]*⟩", "", faces.terminal(head))
    exact = hashlib.sha256(head.encode("utf-8", "surrogatepass")).hexdigest()[:8]  # two names may look alike
    return f"<!-- selfinstruct diff {faces.cut(name, _NAME).replace('--', '-')} {exact} -->"


def _headline(diff: DatasetDiff) -> Iterator[str]:
    yield f"## {said('Dataset diff: {level} risk', level=said(diff.risk.level))}"
    sides = f"{_name(diff.base.name)} → {_name(diff.head.name)}"
    yield f"<p>{said('{sides}: {reasons}', sides=sides, reasons=f'<b>{html.escape(risk_line(diff))}</b>')}</p>"
    notes = (*diff.base.notes, *diff.head.notes)
    for note in notes[:_NOTES]:
        yield f"<p>{said('Note: {note}', note=_name(told(note), _TEXT))}</p>"
    if more := len(notes[_NOTES:]):
        yield f"<p>{said('… and {more:,} more notes; {where}', more=more, where=said(_ELSEWHERE))}</p>"
    read = reading(diff)
    yield from (f"<p>{_name(line, _TEXT)}</p>" for line in read[:_NOTES])
    columns, lines = scoreboard(diff)
    rows = [f"| | {' | '.join(columns)} |", "|---|" + "--:|" * len(columns)]
    rows += [f"| {name} | {' | '.join(cells)} |" for name, cells in lines]
    yield "\n".join(rows)
    meanings = (
        said("{kind}: {meaning}", kind=kind_name(kind), meaning=said(meaning)) for kind, meaning in MEANINGS.items()
    )
    yield f"<sub>{listed(meanings, '; ')}</sub>"


def _gates(diff: DatasetDiff) -> Iterator[str]:
    shown = diff.gates[:10]
    if shown:
        lines = (
            f"<li>{'❌' if gate.failed else '✅'} {said('{condition} is {value}', condition=_name(gate.expression), value=gate.measured)}</li>"
            for gate in shown
        )
        yield "<ul>\n" + "\n".join(lines) + "\n</ul>"
    if failed := sum(gate.failed for gate in diff.gates[len(shown) :]):
        yield said("and {failed} more conditions failed", failed=failed)


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
    more = f"\n<p>{said('… and {more:,} more; {where}', more=rest, where=said(_ELSEWHERE))}</p>" if rest else ""
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
        yield _name(told(change.said), _TEXT)
    if one := change.nearest:
        yield f"{said(NEAREST[change.kind])}{said(': ')}{one.score:.3f} <code>{one.id}</code> {_code(one.instruction)}"


def _near(one: NearDuplicate) -> str:
    first = f"{one.score:.3f} {one.language} <code>{one.id}</code> {_code(one.instruction)}"
    return f"{first}<br>{said(AGAINST[one.against])} {_name(one.other)} {_code(one.other_text)}"


def _rules(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.findings.introduced:
        yield f"<b>{html.escape(one.rule)}</b> {one.language} <code>{one.id}</code> {_code(broken_how(one))}"


def _groups(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.groups:
        edits = listed(
            f"<del>{_code(before, _NAME)}</del> → <ins>{_code(after, _NAME)}</ins>" for before, after in one.edit
        )
        yield f"{counted(one.rows, 'row')}{said(': ')}{edits}"


def _why(diff: DatasetDiff) -> Iterator[str]:
    for one in diff.causes:
        yield f"<b>{said(one.cause)}</b> {rows_by_kind(one.rows)}{said(': ')}{_name(told(one.detail), 400)}"
    yield from map(_setting, diff.settings)


def _setting(one: Setting) -> str:
    return f"{_name(one.key)} {_name(str(one.base))} → {_name(str(one.head))}"


def _reading(change: Change) -> str:
    entry = change.head or change.base
    score = f" ROUGE-L {change.score:.3f}" if change.score is not None else ""
    lines = [f"<b>{kind_name(change.kind)}</b> {change.language} <code>{change.id}</code>{score}"]
    fields = edited(change)
    if entry and not any(name == "instruction" for name, _ in fields):
        lines.append(_code(entry.instruction))
    lines += [f"{field_name(name)}{said(': ')}{_marked(excerpt(runs))}" for name, runs in fields]
    if entry and not fields:
        texts = (("input", entry.input), ("output", entry.output))
        lines += [f"{field_name(name)}{said(': ')}{_code(text)}" for name, text in texts if text]
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
