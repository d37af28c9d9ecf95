"""What a verb shows: messages and live progress on stderr, tables and JSON on stdout, untrusted text made harmless."""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.cli.asking import chosen, confirmed
from selfinstruct.cli.messages import spoken, spoken_word
from selfinstruct.system.aside import Aside
from selfinstruct.system.faces import json_text, terminal
from selfinstruct.system.numbers import amount
from selfinstruct.system.streams import write_document, write_json

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

    from selfinstruct.runs.loop import Bootstraps
    from selfinstruct.teacher import Budget

_EVERY_S = 10.0
"""Seconds between progress lines when stderr is not a terminal."""
_REDRAW_S = 0.1
_NARROWEST = 4
"""Cells of a column in a terminal that is too narrow for the words of all headers."""
_LARGE = 1_000_000
"""Sizes above this are shown in per cent: they are bytes."""


def print_json(value: Any) -> None:
    """Write one JSON document to stdout."""
    write_json(json_text(value) + "\n")


def write(text: str = "", *, row: bool = False, err: bool = False) -> None:
    """Write one line to stdout, or to stderr with `err`, in the reader's language; `row` for the text of a row, which stays as it is."""
    click.echo(terminal(text if row else spoken(text), row=row), file=sys.stderr if err else sys.stdout)


def print_rendered(text: str, *, json: bool = False) -> None:
    """Write to stdout what a renderer has made for a face, as it is."""
    (write_json if json else write_document)(text)


def print_table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a plain table to stdout, as wide as the terminal at most; numbers are set to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(soft_wrap=False)
    names = [terminal(spoken_word(header)) for header in headers]
    texts = [[_cell(cell) for cell in row] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))  # two blanks between columns
    widths = _widths(names, texts, console.width - 2 * len(names))
    for position, (name, width) in enumerate(zip(names, widths, strict=True)):
        numeric = all(isinstance(row[position], int | float) for row in rows)
        table.add_column(Text(name), justify="right" if numeric else "left", overflow="fold", width=width)
    for row in texts:
        table.add_row(*map(Text, row))
    console.print(table)


def _cell(value: object) -> str:
    """Return a cell of a table: figures to three places, texts in the reader's language."""
    if isinstance(value, float):
        return f"{value:.3f}"
    return terminal(spoken_word(value) if isinstance(value, str) else str(value))


def _widths(names: Sequence[str], texts: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return the cells of each column: headers break between words first, then contents fold, the widest first."""
    from rich.cells import cell_len

    words = [max(map(cell_len, name.split()), default=1) for name in names]
    contents = [max((cell_len(row[position]) for row in texts), default=1) for position in range(len(names))]
    widths = [max(cell_len(name), content) for name, content in zip(names, contents, strict=True)]
    for least in (list(map(max, words, contents)), words, [_NARROWEST] * len(names)):
        while sum(widths) > room and (wide := [at for at, width in enumerate(widths) if width > least[at]]):
            widths[max(wide, key=lambda at: widths[at])] -= 1
    return widths


class Screen:
    """Progress on stderr: a live panel on a terminal, a plain line now and then elsewhere, only warnings and losses when quiet."""

    def __init__(self, quiet: bool) -> None:
        """Show no progress when quiet."""
        self.quiet = quiet
        self._live: Live | None = None
        self._last = -_EVERY_S
        self._started = time.monotonic()
        self._base: int | None = None

    @contextmanager
    def open(self) -> Iterator["Screen"]:
        """Draw while the block runs, and leave the terminal tidy at its end."""
        if self.quiet or not sys.stderr.isatty():
            yield self
            return
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), transient=True, auto_refresh=False) as self._live:
            yield self
        self._live = None

    def say(self, text: str) -> None:
        """Write one message; when quiet all but asides."""
        if self.quiet and isinstance(text, Aside):
            return
        if self._live:
            self._live.console.print(terminal(spoken(text)), markup=False, highlight=False, soft_wrap=True)
        else:
            write(text, err=True)

    def confirm(self, question: str) -> bool:
        """Ask a person, also when quiet; False where none is at the terminal."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        live = self._live
        if live:
            live.stop()  # it would draw over what is typed
        try:
            return confirmed(terminal(spoken(question)))
        finally:
            if live:
                live.start()

    def choose(self, question: str, choices: Sequence[str]) -> str:
        """Ask a person for one of several words; the first is the default, and the answer where none is at the terminal."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return choices[0]
        return chosen(terminal(spoken(question)), choices)

    def download(self, done: int, size: int) -> None:
        """Show how far a download is."""
        line = f"{done / 1e6:,.0f} of {size / 1e6:,.0f} MB"
        self._draw([("weights", done, size)], [line], final=done >= size)

    def filter(self, decided: int, written: int) -> None:
        """Show how far a file is filtered: its length is known once all rows are decided on."""
        self._draw(
            [("written", written, decided)] if written else [], [f"{amount(decided, 'row')} compared"], final=False
        )

    def conversations(self, read: int, written: int) -> None:
        """Show how far an import is: the length of its file is known once all are read."""
        self._draw(
            [("written", written, read)] if written else [], [f"{amount(read, 'conversation')} read"], final=False
        )

    def comparison(self, what: str, done: int, wanted: int) -> None:
        """Show how far a comparison is with what it does."""
        self._draw([(what, done, wanted)], [], final=False)

    def rules(self, checked: int) -> None:
        """Show how many rows of a file the rules have seen."""
        self._draw([], [f"{amount(checked, 'row')} checked"], final=False)

    def run(self, bootstraps: "Bootstraps", in_flight: int, budget: "Budget") -> None:
        """Show where a run is."""
        if not self._due():
            return
        rejected = sum((bootstrap.acceptance.rejected for bootstrap in bootstraps.values()), Counter())
        why = ", ".join(f"{rule} {count}" for rule, count in rejected.most_common(4))
        facts = [f"{in_flight} in flight", *_used(budget), *self._left(bootstraps)]
        bars = [(language, len(bootstrap.rows), bootstrap.target) for language, bootstrap in bootstraps.items()]
        told = f"rejected {rejected.total()}: {why}" if why else f"rejected {rejected.total()}"
        lines = [told, " · ".join(facts)]
        self._draw(bars, lines, final=False)

    def purchase(self, done: int, rows: int, in_flight: int, budget: "Budget") -> None:
        """Show how far the answers are that views of a run lack."""
        if self._due():
            self._draw([("rows", done, rows)], [" · ".join([f"{in_flight} in flight", *_used(budget)])], final=False)

    def _left(self, bootstraps: "Bootstraps") -> list[str]:
        """Return the time left at the pace so far, once there is one."""
        done = sum(len(bootstrap.rows) for bootstrap in bootstraps.values())
        missing = sum(max(bootstrap.target - len(bootstrap.rows), 0) for bootstrap in bootstraps.values())
        if self._base is None:
            self._base, self._started = done, time.monotonic()
        fresh = done - self._base
        if not fresh or not missing:
            return []
        seconds = (time.monotonic() - self._started) / fresh * missing
        return [f"{seconds / 60:.0f} min left" if seconds >= 90 else f"{seconds:.0f} s left"]

    def _due(self, final: bool = False) -> bool:
        """Return whether something would be drawn now; asked first, since most replies come between two drawings."""
        since = time.monotonic() - self._last
        return not self.quiet and (final or since >= (_REDRAW_S if self._live else _EVERY_S))

    def _draw(self, bars: list[tuple[str, int, int]], lines: list[str], final: bool) -> None:
        if not self._due(final):
            return
        self._last = time.monotonic()
        bars, lines = [(spoken_word(name), done, size) for name, done, size in bars], list(map(spoken, lines))
        if self._live:
            self._live.update(_panel(bars, lines), refresh=True)
        else:
            counts = ["  ".join(f"{name} {done:,}/{size:,}" for name, done, size in bars if size <= _LARGE)]
            click.echo(terminal(" · ".join(part for part in [*counts, *lines] if part)), file=sys.stderr)


def _used(budget: "Budget") -> list[str]:
    """Return the tokens and the money of the run so far; of each only what is known."""
    tokens = [f"{budget.tokens:,} tokens"] if budget.tokens else []
    return [*tokens, *(["cost unknown"] if budget.price is None else [budget.told()] if budget.spent else [])]


def _panel(bars: list[tuple[str, int, int]], lines: list[str]) -> "RenderableType":
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    for name, done, size in bars:
        share = f"{100 * done / max(size, 1):3.0f} %" if size > _LARGE else f"{done}/{size}"
        grid.add_row(name, ProgressBar(total=max(size, 1), completed=done, width=40), share)
    return Group(grid, *(Text(terminal(line), no_wrap=True, overflow="ellipsis") for line in lines))


def tell_empty(rows: int, source: object) -> None:
    """Say of a file, or a run, without a row that it has none."""
    if not rows:
        write(f"{source}: holds no row, so that nothing came of it; name a file or a run that has some")


def ledger_rows(ledger: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """Return (language, candidates, accepted, rejected, pending) for a table."""
    return [
        (language, entry["candidates"], entry["accepted"], sum(entry["rejected"].values()), entry["pending"])
        for language, entry in ledger.items()
    ]
