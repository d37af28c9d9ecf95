"""Long lines of a list, broken at the width of the terminal; whole in a pipe, where they are searched."""

import shutil
from itertools import chain, repeat

from selfinstruct.cli.console import write
from selfinstruct.cli.messages import spoken
from selfinstruct.system.faces import terminal
from selfinstruct.system.wrapping import cells, folded, wrapped

_LEAST = 20
"""Cells that are left for a text, however long its head is."""


def write_folded(head: str, text: str, *, row: bool = False) -> None:
    """Write a head and a text to stdout as `console.write` does; what goes on stands below the text's beginning."""
    line, head = terminal(text if row else spoken(text)), terminal(head)
    width = shutil.get_terminal_size((0, 0)).columns  # $COLUMNS, the terminal, or 0
    lines = wrapped(line, max(width - cells(head), _LEAST)) if width else [line]
    for before, part in zip(chain([head], repeat(" " * cells(head))), lines, strict=False):
        write(before + part, row=True)


def write_wrapped(text: str) -> None:
    """Write one message to stdout as `console.write` does, on several lines where it is wider than the terminal."""
    for line in fitted(terminal(spoken(text))):
        write(line, row=True)


def fitted(text: str) -> list[str]:
    """Return the lines of a text as wide as the terminal; one line in a pipe, unless $COLUMNS is set."""
    width = shutil.get_terminal_size((0, 0)).columns
    return folded(text, width) if width else [text]


def folded_choices(names: str, width: int) -> str:
    r"""Return the names of an option, its choices on several lines where they do not fit into `width` cells.

    >>> folded_choices("--format [alpaca|messages|parquet]", 28)
    '--format [alpaca|messages|\n  parquet]'
    """
    lines = [""]
    for part in names.replace("|", "|\0").split("\0"):
        if lines[-1] and cells(lines[-1] + part) > width:
            lines.append("  ")
        lines[-1] += part
    return "\n".join(lines)
