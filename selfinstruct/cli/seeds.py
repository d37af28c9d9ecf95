"""`selfinstruct seeds`."""

from pathlib import Path
from typing import Any

import click

from selfinstruct.api.datasets import check_seeds
from selfinstruct.api.settings import load_config
from selfinstruct.cli.console import print_json, print_table, write
from selfinstruct.cli.options import common
from selfinstruct.errors import FindingsError


@click.command("seeds")
@common
@click.argument("files", metavar="[FILE]...", nargs=-1)
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, files: tuple[str, ...]) -> None:
    """Check seed files and print their figures; exit 1 when a bound is broken."""
    figures = check_seeds(files, config=load_config(config_path))
    found = [
        f"{path}:{finding['line']}: {finding['rule']}: {finding['detail']}"
        for path, one in figures.items()
        for finding in one["findings"]
    ]
    if as_json:
        one_each = len({one["language"] for one in figures.values()}) == len(figures)
        print_json({one["language"] if one_each else path: one | {"file": path} for path, one in figures.items()})
    elif not quiet:
        _print(figures, found)
    if found:
        raise FindingsError(f"{len(found)} findings in the seed files")


def _print(figures: dict[str, dict[str, Any]], found: list[str]) -> None:
    headers = ("file", "tasks", "categories", "classification", "with input", "local", "leading words", "highest pair")
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
        categories = one["categories"]
        write(f"{Path(path).name}: " + ", ".join(f"{name} {count}" for name, count in categories.items()))
    for line in found:
        write(line)
