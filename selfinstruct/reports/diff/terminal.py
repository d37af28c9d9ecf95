"""The diff in a terminal: at least 80 columns, double-width characters, legible without colour."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from selfinstruct.dataset.diff.records import Change, DatasetDiff, Segment, Setting
from selfinstruct.records import LanguageCode
from selfinstruct.reports.diff.fold import folded
from selfinstruct.reports.diff.words import (
    AGAINST,
    GATE_SETTINGS,
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
from selfinstruct.system.faces import cut, terminal
from selfinstruct.system.text import on_one_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_STYLES = {"removed": "red", "changed": "yellow", "rewritten": "magenta", "format_only": "cyan", "added": "green"}
_RISKS = {"none": "green", "low": "green", "medium": "yellow", "high": "bold red"}
_NAMED = 10
"""Items shown per section; the rest is counted."""
_MORE = "--format html has them all"


def show(diff: DatasetDiff, console: "Console", language: LanguageCode = "en") -> None:
    """Write the diff to a console, in English or Chinese."""
    with in_language(language):
        _show(diff, console)


def _show(diff: DatasetDiff, console: "Console") -> None:
    from rich.text import Text

    for one in _parts(diff, plain=not console.color_system):
        shown = folded(one, console.width) if isinstance(one, Text) else one
        console.print(shown, highlight=False, markup=False, soft_wrap=isinstance(one, Text))


def _parts(diff: DatasetDiff, plain: bool) -> Iterator["RenderableType"]:
    from rich.text import Text

    yield Text.assemble((terminal(diff.base.name), "bold"), " → ", (terminal(diff.head.name), "bold"))
    for note in (*diff.base.notes, *diff.head.notes):
        yield Text(said("note: {note}", note=terminal(told(note))), "yellow")
    yield Text.assemble(
        said("risk "),
        (said(diff.risk.level), _RISKS[diff.risk.level]),
        said(": "),
        terminal(risk_line(diff)),
    )
    for line in reading(diff):
        yield Text(terminal(line))
    yield _scoreboard(diff)
    for gate in diff.gates:
        yield Text(
            f"{said('FAILED' if gate.failed else 'passed')}  {terminal(gate.expression)}  {said('(is {value})', value=gate.measured)}",
            "bold red" if gate.failed else "green",
        )
    yield from _section(said(GATE_SETTINGS), map(_setting, diff.gate_settings), len(diff.gate_settings))
    removed = [one for one in diff.changes if one.kind == "removed"]
    yield from _section(said("Removed"), (_head(one) for one in removed), len(removed))
    yield from _section(said("Near-duplicates introduced"), _near(diff), len(diff.near_duplicates))
    yield from _section(rules_title(diff), _rules(diff), len(diff.findings.introduced))
    yield from _section(said("The same edit in several rows"), _groups(diff), len(diff.groups))
    notable = [one for one in diff.shifts if one.notable]
    yield from _section(
        said("Notable shifts"),
        (Text(f"{scope(one)}  {told(one.measure)} {on_one_line(value_of(one))}  {moved(one)}") for one in notable),
        len(notable),
    )
    yield from _section(said("Teacher"), (Text(terminal(line)) for line in money(diff)), len(money(diff)))
    yield from _section(said("Why"), _why(diff), len(diff.causes) + len(diff.settings))
    if diff.sample:
        title = said(
            "Read these ({sample} of {changes:,}, the same for everybody)",
            sample=len(diff.sample),
            changes=len(diff.changes),
        )
        yield Text(f"\n{title}", "bold")
        for position in diff.sample:
            yield from _reading(diff.changes[position], plain)


def _scoreboard(diff: DatasetDiff) -> "RenderableType":
    from rich import box
    from rich.table import Table

    columns, lines = scoreboard(diff)
    styles = [*_STYLES.values(), "", ""]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for (name, cells), style in zip(lines, styles, strict=True):
        table.add_row(name, *cells, style=style)
    return table


def _section(title: str, lines: Iterable["Text"], count: int) -> Iterator["Text"]:
    """Yield a title and the first lines of a section; nothing for an empty one."""
    from rich.text import Text

    if not count:
        return
    yield Text(said("\n{title} ({count:,})", title=title, count=count), "bold")
    shown = 0
    for line in lines:
        if shown == _NAMED:
            break
        yield Text("  ").append_text(line)
        shown += 1
    if count > shown:
        yield Text(f"  {said('… and {more:,} more; {where}', more=count - shown, where=said(_MORE))}", "dim")


def _head(change: Change) -> "Text":
    from rich.text import Text

    entry = change.head or change.base
    text = cut(on_one_line(entry.instruction), 120) if entry else ""
    said = f"\n      {terminal(told(change.said))}" if change.said else ""
    return Text.assemble((change.id, "dim"), f" {change.language} ", text, said, (_nearest(change, "\n      "), "dim"))


def _nearest(change: Change, before: str = "") -> str:
    """Return what is beside a row that is only similar to one of the other side; "" where nothing is."""
    if not (one := change.nearest):
        return ""
    return f"{before}{said(NEAREST[change.kind])}{said(': ')}{one.score:.3f} {one.id} {cut(on_one_line(one.instruction), 120)}"


def _near(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.near_duplicates:
        first = f"{one.score:.3f} {one.language} {cut(on_one_line(one.instruction), 120)}"
        second = f"\n      {said(AGAINST[one.against])}{said(': ')}{cut(on_one_line(one.other_text), 120)}"
        yield Text.assemble(first, (second, "dim"))


def _rules(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.findings.introduced:
        how = cut(on_one_line(broken_how(one)), 140)
        yield Text.assemble((one.rule, "yellow"), f" {one.language} {one.id}  {how}")


def _groups(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.groups:
        edits = listed(f"{_quoted(before)} → {_quoted(after)}" for before, after in one.edit)
        yield Text(f"{counted(one.rows, 'row')}  {cut(edits, 160)}")


def _quoted(text: str) -> str:
    return f"“{on_one_line(text)}”" if text else said("nothing")


def _why(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.causes:
        detail = cut(terminal(told(one.detail)), 300)
        yield Text.assemble((said(one.cause), "bold"), f"  {rows_by_kind(one.rows)}{said(': ')}{detail}")
    yield from map(_setting, diff.settings)


def _setting(one: Setting) -> "Text":
    from rich.text import Text

    before, after = (cut(terminal(str(value)), 60) for value in (one.base, one.head))
    return Text(f"{terminal(one.key)}  {before} → {after}")


def _reading(change: Change, plain: bool) -> Iterator["Text"]:
    from rich.text import Text

    head = change.head or change.base
    where = terminal(told(head.where)) if head else ""
    what = f" {change.language} {change.id} "
    score = f" ROUGE-L {change.score:.3f}" if change.score is not None else ""
    yield Text.assemble("\n", (kind_name(change.kind), _STYLES[change.kind]), what, (f"{where}{score}", "dim"))
    fields = edited(change)
    if head and not any(name == "instruction" for name, _ in fields):
        yield Text(f"  {cut(on_one_line(head.instruction), 240)}")
    for name, runs in fields:
        yield Text.assemble((f"  {field_name(name)}{said(': ')}", "dim")).append_text(_marked(excerpt(runs), plain))
    if head and not fields:
        for name, text in (("input", head.input), ("output", head.output)):
            if text:
                yield Text.assemble((f"  {field_name(name)}{said(': ')}", "dim"), cut(on_one_line(text), 240))
    if change.nearest:
        yield Text(_nearest(change, "  "), "dim")


def _marked(runs: Sequence[Segment], plain: bool) -> "Text":
    """Return an edited text in colour, or with + and - signs when plain."""
    from rich.text import Text

    text = Text()
    for op, run in runs:
        if op == "same":
            text.append(run)
        elif op == "removed":
            text.append(f"[-{run}-]" if plain else run, "red strike")
        else:
            text.append(f"{{+{run}+}}" if plain else run, "green underline")
    return text
