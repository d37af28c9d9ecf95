"""`selfinstruct diff`."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selfinstruct.cli.options import common, existing, load_config, option, run_path
from selfinstruct.errors import ConfigError, FindingsError

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.dataset.diff import Checks, DatasetDiff

_FACES = ("text", "markdown", "html", "json")
_SUFFIXES = {".txt": "text", ".md": "markdown", ".html": "html", ".json": "json"}
_MANY_ROWS = 500
"""Rows from which a second process pays for the rules: to compile their patterns takes a fifth of a second."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold off the search for cycles: 200,000 records stay to the end, have none, and would be walked again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@click.command("diff")
@common
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="[HEAD]", required=False)
@option("--format", "face", type=click.Choice(_FACES), default="text", show_default=True, help="What stdout shows.")
@option(
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    help="Write a face too: .txt, .md, .html or .json; repeatable.",
)
@option("--fail-on", metavar="EXPR", default="", help='Exit 1 when a condition holds: "removed>1%, near_duplicates>0".')
@option("--held-out", metavar="FILE", multiple=True, help="Evaluation set that no new row may repeat; repeatable.")
@_uncollected()
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    base: str,
    head: str | None,
    face: str,
    outputs: tuple[str, ...],
    fail_on: str,
    held_out: tuple[str, ...],
) -> None:
    """Show what changed from BASE to HEAD, why, and what to read first.

    Each is a file, a dataset folder, a run directory, or git:REVISION:PATH. BASE may also be a revision alone, such as origin/main:
    the same path there. HEAD is the run directory when it is left out.

    Measures of --fail-on: removed, changed, rewritten, format_only, added, unchanged (each with .en or .zh for one language),
    near_duplicates, leaks (those near a seed or held-out row), findings, warnings; compare by > >= < <=, in rows or % of base.
    """
    from selfinstruct.dataset.diff import Findings, compare, later, parse_gates
    from selfinstruct.dataset.diff.read import operands, read_sides
    from selfinstruct.system.fork import beside

    conditions = parse_gates(fail_on)
    written = [(Path(path), _face_of(path)) for path in outputs]
    config = load_config(config_path, {"filter.held_out": list(held_out) or None})
    checks = _checks(config)._replace(conditions=conditions)
    sides = read_sides(*operands(base, head or str(run_path(config, run_dir))))
    many = sum(len(side.entries) for side in sides) >= _MANY_ROWS
    diff = compare(*sides, checks, partial(beside, Findings) if many else later)
    for path, name in written:
        _write(path, _text(diff, name))
    _print(diff, "json" if as_json else face, quiet)
    if failed := [gate for gate in diff.gates if gate.failed]:
        raise FindingsError("failed: " + ", ".join(f"{gate.expression} (is {gate.value:g})" for gate in failed))


def _face_of(path: str) -> str:
    face = _SUFFIXES.get(Path(path).suffix)
    if face is None:
        raise ConfigError(f"--output: {path}: the ending says which face; choose {', '.join(_SUFFIXES)}")
    return face


def _checks(config: "Config") -> "Checks":
    """Return the seeds, held-out sets and rules that a configuration names."""
    from selfinstruct.dataset.diff import Checks, Other
    from selfinstruct.dataset.io.evaluation_sets import read_evaluation_sets
    from selfinstruct.language import LANGUAGES
    from selfinstruct.seeds.read import read_seeds
    from selfinstruct.system.files import bundled

    folder = existing(config.run.seeds) if config.run.seeds else bundled("seed_tasks")
    seeds = [
        Other("seed", seed.id, language, seed.instruction)
        for language in LANGUAGES
        if (folder / f"{language}.jsonl").is_file()
        for seed in read_seeds(folder / f"{language}.jsonl").seeds
    ]
    held_out = read_evaluation_sets([existing(path) for path in config.filter.held_out]).held_out
    return Checks(seeds, held_out, config.validate_.disable)


def _print(diff: "DatasetDiff", face: str, quiet: bool) -> None:
    if face != "text":
        click.echo(_text(diff, face), nl=False)
    elif not quiet:
        from rich.console import Console

        from selfinstruct.reports.diff.terminal import show

        show(diff, Console(soft_wrap=False))


def _write(path: Path, text: str) -> None:
    from selfinstruct.system.files import write_text

    write_text(path, text)


def _text(diff: "DatasetDiff", face: str) -> str:
    faces: dict[str, Callable[[DatasetDiff], str]] = {
        "text": _plain,
        "markdown": _markdown,
        "html": _page,
        "json": lambda one: one.model_dump_json(indent=1) + "\n",
    }
    return faces[face](diff)


def _plain(diff: "DatasetDiff") -> str:
    import io

    from rich.console import Console

    from selfinstruct.reports.diff.terminal import show

    file = io.StringIO()
    show(diff, Console(file=file, width=100, color_system=None))
    return file.getvalue()


def _markdown(diff: "DatasetDiff") -> str:
    from selfinstruct.reports.diff.markdown import markdown

    return markdown(diff)


def _page(diff: "DatasetDiff") -> str:
    from selfinstruct.reports.diff.page import page

    return page(diff)
