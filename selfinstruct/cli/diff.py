"""`selfinstruct diff`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selfinstruct.api.outputs import check_files
from selfinstruct.api.reports import DIFF_FORMATS, diff, render
from selfinstruct.api.settings import load_config, run_path
from selfinstruct.cli.console import Screen, print_rendered
from selfinstruct.cli.messages import language
from selfinstruct.cli.options import common, option
from selfinstruct.errors import ConfigError, FindingsError, SelfInstructError
from selfinstruct.system.garbage import uncollected

if TYPE_CHECKING:
    from selfinstruct.dataset.diff import DatasetDiff

_SUFFIXES = {".txt": "text", ".md": "markdown", ".html": "html", ".json": "json"}


@contextmanager
def _said_if_unmade(head: str, comments: Sequence[Path]) -> Iterator[None]:
    """Write into the comments why there is no diff, whatever ends it: an older comment would stay beside a red check."""
    why = "this is a defect of selfinstruct; the log of the command says more"
    made = False
    try:
        yield
        made = True
    except (SelfInstructError, KeyboardInterrupt) as error:
        why = str(error) or "interrupted"
        raise
    finally:
        if not made:
            from selfinstruct.reports.diff.markdown import unmade

            for path in comments:
                _write(path, unmade(head, why, language()))


@click.command("diff")
@common
@click.argument("base", metavar="BASE", required=False)
@click.argument("head", metavar="[HEAD]", required=False)
@option(
    "--format",
    "format_name",
    type=click.Choice(DIFF_FORMATS),
    default="text",
    show_default=True,
    help="What stdout shows.",
)
@option(
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    help="Write to a file too: .txt, .md, .html or .json; repeatable.",
)
@option("--fail-on", metavar="EXPR", default="", help='Exit 1 when a condition holds: "removed>1%, near_duplicates>0".')
@option("--held-out", metavar="FILE", multiple=True, help="Evaluation set that no new row may repeat; repeatable.")
@uncollected()
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    base: str | None,
    head: str | None,
    format_name: str,
    outputs: tuple[str, ...],
    fail_on: str,
    held_out: tuple[str, ...],
) -> None:
    """Show what changed from BASE to HEAD, why, and what to read first.

    Each is a file, a dataset folder, a run directory, git:REVISION:PATH or hub:OWNER/NAME@REVISION. BASE may also be a revision alone, such as origin/main:
    the same path there. HEAD is the run directory when it is left out.

    Measures of --fail-on: removed, changed, rewritten, format_only, added, unchanged (each with .en or .zh for one language),
    near_duplicates, leaks (those near a seed or evaluation row), findings, warnings, settings; compare by > >= < <=, in rows or % of base.

    Rules, thresholds, seeds and evaluation sets are those of BASE (selfinstruct.toml at its revision, or its run's), so that a pull request
    does not choose its own; --config and --held-out name others. `settings` counts what HEAD changes in them.
    """
    written = [(Path(path), _format_of(path)) for path in outputs]
    check_files([], {f"--output ({number})": path for number, path in enumerate(outputs, 1)})
    config = load_config(config_path)
    named = config if config_path else None
    head = str(head or run_path(config, run_dir))
    if base is None:
        raise click.UsageError(
            f"BASE is missing: a revision (`selfinstruct diff HEAD` compares {head} with the last commit), or a dataset such as {head}"
        )
    with _said_if_unmade(head, [path for path, name in written if name == "markdown"]):
        found = diff(base, head, fail_on=fail_on, held_out=held_out, config=named, say=Screen(quiet).say)
        rendered = [(path, render(found, name, language())) for path, name in written]
    for path, text in rendered:
        _write(path, text)
    _print(found, "json" if as_json else format_name, quiet)
    if failed := [gate for gate in found.gates if gate.failed]:
        raise FindingsError("failed: " + ", ".join(f"{gate.expression} (is {gate.measured})" for gate in failed))


def _format_of(path: str) -> str:
    name = _SUFFIXES.get(Path(path).suffix)
    if name is None:
        raise ConfigError(f"--output: {path}: the ending says which format; choose {', '.join(_SUFFIXES)}")
    return name


def _print(diff: "DatasetDiff", format_name: str, quiet: bool) -> None:
    if format_name != "text":
        print_rendered(render(diff, format_name, language()), json=format_name == "json")
    elif not quiet:
        from rich.console import Console

        from selfinstruct.reports.diff.terminal import show

        show(diff, Console(soft_wrap=False), language())


def _write(path: Path, text: str) -> None:
    from selfinstruct.system.writing import write_text

    write_text(path, text)
