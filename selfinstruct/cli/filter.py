"""`selfinstruct filter`."""

from typing import Literal

import click

from selfinstruct.api.datasets import filter_file
from selfinstruct.api.settings import load_config
from selfinstruct.cli.console import Screen, print_json, write
from selfinstruct.cli.generate import show
from selfinstruct.cli.options import common, option, run_of
from selfinstruct.errors import ConfigError


@click.command("filter")
@common
@click.argument("input_path", metavar="[INPUT]", required=False)
@option("--output", metavar="KEPT", help="Where the kept rows go.")
@option("--rejected", metavar="DROPPED", help="Where the dropped rows go, each with its nearest neighbour.")
@option("--pool", multiple=True, metavar="FILE", help="Compare with the instructions of this file too; repeatable.")
@option("--held-out", multiple=True, metavar="FILE", help="Drop what stands in this evaluation set; repeatable.")
@option("--threshold", type=click.FloatRange(0, 1), help="Highest ROUGE-L that is kept, in both languages.")
@option(
    "--by",
    type=click.Choice(["instruction", "instruction+input"]),
    default="instruction",
    help="What two rows are compared by.  [default: instruction]",
)
@option("--workers", type=click.IntRange(1, 256), help="Threads; the result is the same.  [default: one a core]")
@option("--statistics", metavar="FILE", help="Mean and ten highest scores of each kept row to all before it, to FILE.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    input_path: str | None,
    output: str | None,
    rejected: str | None,
    pool: tuple[str, ...],
    held_out: tuple[str, ...],
    threshold: float | None,
    by: Literal["instruction", "instruction+input"],
    workers: int | None,
    statistics: str | None,
) -> None:
    """Without INPUT: parse, filter, validate and emit this run again from its journal: free, offline, the same bytes.

    With INPUT: the same near-duplicate filter over any instruction file (.jsonl, .json array, .parquet; each may be gzipped).
    A row is dropped when its ROUGE-L to a row kept before it, or to one of the pool, is above the threshold of its language.
    Rows that repeat an evaluation set, in question, input or answer, are dropped before they can be anybody's neighbour.
    """
    config = load_config(config_path, {"filter.threshold": threshold, "filter.held_out": list(held_out) or None})
    if input_path is None:
        _refuse_without_input()
        show(run_of(config, run_dir, Screen(quiet)).filter(), as_json, quiet)
        return
    if not output or not rejected:
        raise ConfigError("filter INPUT needs --output KEPT and --rejected DROPPED")
    screen = Screen(quiet or as_json)
    with screen.open():
        counts = filter_file(
            input_path,
            output,
            rejected,
            pool=pool,
            by=by,
            workers=workers,
            statistics=statistics,
            config=config,
            progress=screen.filter,
        )
    if as_json:
        print_json(counts._asdict())
    elif not quiet:
        write(f"{counts.rows} rows: {counts.kept} kept in {output}, {counts.dropped} dropped in {rejected}")
        if counts.empty:
            write(f"Rows without a letter, digit or character to compare by: {counts.empty}, kept")


def _refuse_without_input() -> None:
    """Raise ConfigError for a flag that goes with INPUT only; SELFINSTRUCT_OUTPUT is of other verbs too."""
    given = click.get_current_context().get_parameter_source
    for name in ("output", "rejected", "pool", "by", "statistics"):
        if given(name) is click.core.ParameterSource.COMMANDLINE:
            raise ConfigError(
                f"--{name} goes with INPUT, and there is none: name the file to filter, or leave --{name} out to filter the run"
            )
