"""`selfinstruct filter`."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from selfinstruct.cli.console import Screen, print_json
from selfinstruct.cli.options import common, existing, load_config, option, run_path
from selfinstruct.cli.status import print_summary
from selfinstruct.errors import ConfigError

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.dataset.tools.deduplicate import DeduplicationJob


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
    Rows that repeat a held-out set, in question, input or answer, are dropped before they can be anybody's neighbour.
    """
    config = load_config(config_path, {"filter.threshold": threshold, "filter.held_out": list(held_out) or None})
    if input_path is None:
        _refuse_without_input()
        _filter_run(config, run_dir, as_json, quiet)
        return
    if not output or not rejected:
        raise ConfigError("filter INPUT needs --output KEPT and --rejected DROPPED")
    read = [("INPUT", input_path), *(("--pool", one) for one in pool)]
    read += [("--held-out", file) for file in config.filter.held_out]
    _check_files(read, {"--output": output, "--rejected": rejected, "--statistics": statistics})
    from selfinstruct.dataset.tools.deduplicate import DeduplicationJob

    job = DeduplicationJob(
        Path(input_path),
        Path(output),
        Path(rejected),
        [Path(one) for one in pool],
        by,
        workers or len(os.sched_getaffinity(0)),
        Path(statistics) if statistics else None,
    )
    _filter_file(config, job, as_json, quiet)


def _refuse_without_input() -> None:
    """Raise ConfigError for a flag that goes with INPUT only; SELFINSTRUCT_OUTPUT is of other verbs too."""
    given = click.get_current_context().get_parameter_source
    for name in ("output", "rejected", "pool", "by", "statistics"):
        if given(name) is click.core.ParameterSource.COMMANDLINE:
            raise ConfigError(
                f"--{name} goes with INPUT, and there is none: name the file to filter, or leave --{name} out to filter the run"
            )


def _check_files(read: Sequence[tuple[str, str]], written: Mapping[str, str | None]) -> None:
    """Raise InputError for a file that is not there, ConfigError for one that is written and read, or written twice."""
    for _, file in read:
        existing(file)
    taken = list(read)
    for option_name, path in written.items():
        for other, name in taken if path else ():
            if _is_one_file(Path(str(path)), Path(name)):
                raise ConfigError(f"{option_name} {path}: is the file of {other} {name}; name another one")
        taken += [(option_name, path)] if path else []


def _is_one_file(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _filter_file(config: "Config", job: "DeduplicationJob", as_json: bool, quiet: bool) -> None:
    from selfinstruct.dataset.tools.deduplicate import filter_file

    with Screen(quiet or as_json).open() as screen:
        counts = filter_file(config, job, screen.filter)
    if as_json:
        print_json(counts)
    elif not quiet:
        click.echo(
            f"{counts['rows']} rows: {counts['kept']} kept in {job.kept}, {counts['dropped']} dropped in {job.dropped}"
        )
        if counts["empty"]:
            click.echo(f"Rows without a letter, digit or character to compare by: {counts['empty']}, kept")


def _filter_run(config: "Config", run_dir: str | None, as_json: bool, quiet: bool) -> None:
    from selfinstruct.runs.directory import RunDirectory
    from selfinstruct.runs.run import refilter

    folder = RunDirectory(run_path(config, run_dir))
    manifest = refilter(config, folder, Screen(quiet).say)
    if as_json:
        print_json(manifest)
    else:
        print_summary(folder.path, manifest, quiet)
