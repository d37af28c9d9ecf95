"""The diff in a terminal: at least 80 columns, double-width characters, legible without colour."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from selfinstruct.dataset.diff.records import Change, DatasetDiff, Segment, Setting
from selfinstruct.reports.diff.words import (
    AGAINST,
    GATE_SETTINGS,
    NAMES,
    NEAREST,
    edited,
    excerpt,
    money,
    moved,
    reading,
    scoreboard,
)
from selfinstruct.system.faces import cut, terminal
from selfinstruct.system.numbers import amount
from selfinstruct.system.text import on_one_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_STYLES = {"removed": "red", "changed": "yellow", "rewritten": "magenta", "format_only": "cyan", "added": "green"}
_RISKS = {"none": "green", "low": "green", "medium": "yellow", "high": "bold red"}
_NAMED = 10
"""Items shown per section; the rest is counted."""
_MORE = "--format html has them all"


def show(diff: DatasetDiff, console: "Console") -> None:
    """Write the diff to a console."""
    from rich.text import Text

    for one in _parts(diff, plain=not console.color_system):
        shown = _folded(one, console.width) if isinstance(one, Text) else one
        console.print(shown, highlight=False, markup=False, soft_wrap=isinstance(one, Text))


def _parts(diff: DatasetDiff, plain: bool) -> Iterator["RenderableType"]:
    from rich.text import Text

    yield Text.assemble((terminal(diff.base.name), "bold"), " → ", (terminal(diff.head.name), "bold"))
    for note in (*diff.base.notes, *diff.head.notes):
        yield Text(f"note: {terminal(note)}", "yellow")
    yield Text.assemble(
        "risk ",
        (diff.risk.level, _RISKS[diff.risk.level]),
        ": ",
        terminal("; ".join(diff.risk.reasons)),
    )
    for line in reading(diff):
        yield Text(terminal(line))
    yield _scoreboard(diff)
    for gate in diff.gates:
        yield Text(
            f"{'FAILED' if gate.failed else 'passed'}  {terminal(gate.expression)}  (is {gate.value:g})",
            "bold red" if gate.failed else "green",
        )
    yield from _section(GATE_SETTINGS, map(_setting, diff.gate_settings), len(diff.gate_settings))
    removed = [one for one in diff.changes if one.kind == "removed"]
    yield from _section("Removed", (_head(one) for one in removed), len(removed))
    yield from _section("Near-duplicates introduced", _near(diff), len(diff.near_duplicates))
    yield from _section(_rules_title(diff), _rules(diff), len(diff.findings.introduced))
    yield from _section("The same edit in several rows", _groups(diff), len(diff.groups))
    notable = [one for one in diff.shifts if one.notable]
    yield from _section(
        "Notable shifts",
        (Text(f"{one.language}  {one.measure} {on_one_line(one.value)}  {moved(one)}") for one in notable),
        len(notable),
    )
    yield from _section("Teacher", (Text(terminal(line)) for line in money(diff)), len(money(diff)))
    yield from _section("Why", _why(diff), len(diff.causes) + len(diff.settings))
    if diff.sample:
        yield Text(f"\nRead these ({len(diff.sample)} of {len(diff.changes):,}, the same for everybody)", "bold")
        for position in diff.sample:
            yield from _reading(diff.changes[position], plain)


def _folded(text: "Text", width: int) -> "Text":
    """Return a text wrapped after spaces or next to Chinese characters, which rich does not do."""
    from rich.cells import cell_len
    from rich.text import Text

    plain = text.plain
    indent = len(plain) - len(plain.lstrip(" \n"))
    breaks: list[int] = []
    column = free = 0
    for position, character in enumerate(plain):
        size = cell_len(character)
        if character == "\n":
            column = 0
            continue
        if _may_break(plain[position - 1 : position], character):
            free = position
        if column + size > width and column > indent:
            breaks.append(free if free > (breaks[-1] if breaks else 0) else position)
            column = indent + cell_len(plain[breaks[-1] : position])
        column += size
    return Text("\n" + " " * indent).join(text.divide(breaks)) if breaks else text


def _may_break(before: str, character: str) -> bool:
    """Return whether a line may break between two characters; in Chinese, not before closing or after opening marks."""
    if before == " ":
        return character != " "
    wide = "\u2e80" <= character <= "\uffef" or "\u2e80" <= before <= "\uffef"
    return wide and character not in "，。；：！？、）》」』】…" and before not in "（《「『【"


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
    yield Text(f"\n{title} ({count:,})", "bold")
    shown = 0
    for line in lines:
        if shown == _NAMED:
            break
        yield Text("  ").append_text(line)
        shown += 1
    if count > shown:
        yield Text(f"  … and {count - shown:,} more; {_MORE}", "dim")


def _head(change: Change) -> "Text":
    from rich.text import Text

    entry = change.head or change.base
    text = cut(on_one_line(entry.instruction), 120) if entry else ""
    said = f"\n      {terminal(change.said)}" if change.said else ""
    return Text.assemble((change.id, "dim"), f" {change.language} ", text, said, (_nearest(change, "\n      "), "dim"))


def _nearest(change: Change, before: str = "") -> str:
    """Return what is beside a row that is only similar to one of the other side; "" where nothing is."""
    if not (one := change.nearest):
        return ""
    return f"{before}{NEAREST[change.kind]}: {one.score:.3f} {one.id} {cut(on_one_line(one.instruction), 120)}"


def _near(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.near_duplicates:
        first = f"{one.score:.3f} {one.language} {cut(on_one_line(one.instruction), 120)}"
        second = f"\n      {AGAINST[one.against]}: {cut(on_one_line(one.other_text), 120)}"
        yield Text.assemble(first, (second, "dim"))


def _rules_title(diff: DatasetDiff) -> str:
    found = diff.findings
    return "Rules newly broken" + (
        f", in {found.checked:,} of {found.differing:,} rows checked" if found.checked < found.differing else ""
    )


def _rules(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.findings.introduced:
        yield Text.assemble((one.rule, "yellow"), f" {one.language} {one.id}  {cut(on_one_line(one.detail), 100)}")


def _groups(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.groups:
        edits = ", ".join(f"{_quoted(before)} → {_quoted(after)}" for before, after in one.edit)
        yield Text(f"{amount(one.rows, 'row')}  {cut(edits, 160)}")


def _quoted(text: str) -> str:
    return f"“{on_one_line(text)}”" if text else "nothing"


def _why(diff: DatasetDiff) -> Iterator["Text"]:
    from rich.text import Text

    for one in diff.causes:
        rows = ", ".join(f"{count:,} {NAMES[kind]}" for kind, count in one.rows.items())
        yield Text.assemble((one.cause, "bold"), f"  {rows}: {cut(terminal(one.detail), 300)}")
    yield from map(_setting, diff.settings)


def _setting(one: Setting) -> "Text":
    from rich.text import Text

    before, after = (cut(terminal(str(value)), 60) for value in (one.base, one.head))
    return Text(f"{terminal(one.key)}  {before} → {after}")


def _reading(change: Change, plain: bool) -> Iterator["Text"]:
    from rich.text import Text

    head = change.head or change.base
    where = terminal(head.where) if head else ""
    what = f" {change.language} {change.id} "
    score = f" ROUGE-L {change.score:.3f}" if change.score is not None else ""
    yield Text.assemble("\n", (NAMES[change.kind], _STYLES[change.kind]), what, (f"{where}{score}", "dim"))
    fields = edited(change)
    if head and not any(name == "instruction" for name, _ in fields):
        yield Text(f"  {cut(on_one_line(head.instruction), 240)}")
    for name, runs in fields:
        yield Text.assemble((f"  {name}: ", "dim")).append_text(_marked(excerpt(runs), plain))
    if head and not fields:
        for name, text in (("input", head.input), ("output", head.output)):
            if text:
                yield Text.assemble((f"  {name}: ", "dim"), cut(on_one_line(text), 240))
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
