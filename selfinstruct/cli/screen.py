"""What a verb shows: messages and live progress on stderr, tables and JSON on stdout, untrusted text made harmless."""

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from selfinstruct.pipeline import Bootstraps
    from selfinstruct.teacher import Budget

_EVERY_S = 10.0
"""Seconds between progress lines when stderr is not a terminal."""


def print_json(value: Any) -> None:
    """Write one JSON document to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode("utf-8"))


def harmless(text: str) -> str:
    """Return untrusted text without control characters, escape sequences and direction overrides, on one line."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+", " ", text)


def print_table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a plain table to stdout; numbers are set to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for position, header in enumerate(headers):
        numeric = all(isinstance(row[position], int | float) for row in rows)
        table.add_column(header, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell:.3f}" if isinstance(cell, float) else harmless(str(cell)) for cell in row))
    Console(soft_wrap=False).print(table)


class Screen:
    """Progress on stderr: a live line on a terminal, a plain line now and then elsewhere, nothing when quiet."""

    def __init__(self, quiet: bool) -> None:
        """Show nothing when quiet."""
        self.quiet = quiet
        self._live = sys.stderr.isatty() and not quiet
        self._last = 0.0
        self._started = time.monotonic()
        self._base: int | None = None
        self._drawn = False

    def say(self, text: str) -> None:
        """Write one message."""
        if not self.quiet:
            self._clear()
            click.echo(harmless(text), err=True)

    def download(self, done: int, size: int) -> None:
        """Show how far a download is."""
        bar = "█" * (done * 30 // size)
        self._show(f"  {done / 1e6:,.0f} of {size / 1e6:,.0f} MB  {bar:<30}", final=done >= size)

    def run(self, bootstraps: "Bootstraps", in_flight: int, budget: "Budget") -> None:
        """Show where a run is."""
        self._show(self._run_line(bootstraps, in_flight, budget), final=False)

    @contextmanager
    def open(self) -> Iterator["Screen"]:
        """Leave the terminal tidy at the end."""
        try:
            yield self
        finally:
            self._clear()

    def _run_line(self, bootstraps: "Bootstraps", in_flight: int, budget: "Budget") -> str:
        from selfinstruct.teacher.budget import usd

        rows = "  ".join(f"{language} {len(machine.rows)}/{machine.target}" for language, machine in bootstraps.items())
        rejected: dict[str, int] = {}
        for machine in bootstraps.values():
            for verdict in machine.verdicts:
                if verdict.rule:
                    rejected[verdict.rule] = rejected.get(verdict.rule, 0) + 1
        most = sorted(rejected.items(), key=lambda item: -item[1])[:3]
        why = " (" + ", ".join(f"{rule} {count}" for rule, count in most) + ")" if most else ""
        parts = [rows, f"rejected {sum(rejected.values())}{why}", f"in flight {in_flight}", f"tokens {budget.tokens:,}"]
        if budget.price is not None and budget.spent:
            parts.append(usd(budget.spent))
        if left := self._left(bootstraps):
            parts.append(left)
        return " · ".join(parts)

    def _left(self, bootstraps: "Bootstraps") -> str:
        """Return the time left at the pace so far."""
        done = sum(len(machine.rows) for machine in bootstraps.values())
        missing = sum(max(machine.target - len(machine.rows), 0) for machine in bootstraps.values())
        if self._base is None:
            self._base, self._started = done, time.monotonic()
        fresh = done - self._base
        if not fresh or not missing:
            return ""
        seconds = (time.monotonic() - self._started) / fresh * missing
        return f"{seconds / 60:.0f} min left" if seconds >= 90 else f"{seconds:.0f} s left"

    def _show(self, line: str, final: bool) -> None:
        now = time.monotonic()
        if self.quiet or (not final and now - self._last < (0.1 if self._live else _EVERY_S)):
            return
        self._last = now
        if not self._live:
            click.echo(line, err=True)
            return
        import shutil

        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[2K" + line[:width])
        sys.stderr.flush()
        self._drawn = True

    def _clear(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._drawn = False


def ledger_rows(ledger: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """Return (language, candidates, accepted, rejected, pending) for a table."""
    return [
        (language, entry["candidates"], entry["accepted"], sum(entry["rejected"].values()), entry["pending"])
        for language, entry in ledger.items()
    ]
