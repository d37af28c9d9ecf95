"""`selfinstruct seeds`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from selfinstruct.api.datasets import check_seeds
from selfinstruct.api.settings import load_config
from selfinstruct.cli.console import print_json, print_table, write
from selfinstruct.cli.folding import write_folded
from selfinstruct.cli.messages import said, spoken_word
from selfinstruct.cli.options import common, option
from selfinstruct.errors import FindingsError
from selfinstruct.system.numbers import amount

_FEW = 3
"""Seeds with the same finding that are each a line of their own."""
_LINES = 10
"""Line numbers that are listed; --json has all."""


@click.command("seeds")
@common
@click.argument("files", metavar="[FILE]...", nargs=-1)
@option(
    "--recipe",
    type=click.Choice(["steered"]),
    help="Check for this recipe, in place of that of the configuration: `steered` wants topics.",
)
def command(
    config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, files: tuple[str, ...], recipe: str | None
) -> None:
    """Check seed files and print their figures; exit 1 when a bound is broken, which a warning does not do."""
    given = {"generate.recipe": recipe, "generate.mix": {}} if recipe else {}
    figures = check_seeds(files, config=load_config(config_path, given))
    if as_json:
        one_each = len({one["language"] for one in figures.values()}) == len(figures)
        print_json({one["language"] if one_each else path: one | {"file": path} for path, one in figures.items()})
    elif not quiet:
        _print(figures)
    if found := sum(finding["severity"] == "error" for one in figures.values() for finding in one["findings"]):
        raise FindingsError(f"{amount(found, 'finding')} in the seed files")


def _print(figures: dict[str, dict[str, Any]]) -> None:
    headers = ("file", "tasks", "kinds", "label", "input", "local", "first words", "highest pair")
    keys = (
        "count",
        "category_count",
        "classification_share",
        "input_share",
        "local_share",
        "leading_verb_count",
        "highest_similarity",
    )
    print_table(headers, [(Path(path).name, *(one[key] for key in keys)) for path, one in figures.items()])
    for path, one in figures.items():
        named = {name if name != "none" else spoken_word(name): count for name, count in one["categories"].items()}
        listed = said(", ").join(f"{name} {count}" for name, count in named.items())
        write_folded(f"{Path(path).name}{said(': ')}", listed, row=True)
    for path, one in figures.items():
        for line in _findings(path, one["findings"]):
            write(line)


def _findings(path: str, findings: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each finding, and one for all seeds that have one and the same."""
    same: dict[tuple[str, str, str], list[int]] = {}
    for one in findings:
        same.setdefault((one["severity"], one["rule"], one["detail"]), []).append(one["line"])
    for (severity, rule, detail), lines in same.items():
        called = f"{rule} (warning)" if severity == "warning" else rule
        if len(lines) <= _FEW:
            yield from (f"{path}:{line}: {called}: {detail}" for line in lines)
        else:
            first = ", ".join(map(str, lines[:_LINES])) + (", ..." if len(lines) > _LINES else "")
            yield f"{path}:{lines[0]}: {called}, {len(lines)} seeds alike (lines {first}): {detail}"
