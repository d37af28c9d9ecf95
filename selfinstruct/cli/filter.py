"""`selfinstruct filter`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.datasets import filter_file
from selfinstruct.api.given import given_by_flags, given_keys, load_for_run
from selfinstruct.api.settings import keep_targets, load_config
from selfinstruct.cli.console import Screen, print_json, tell_empty, write
from selfinstruct.cli.generate import show
from selfinstruct.cli.next_step import print_next
from selfinstruct.cli.options import common, option, parse_target, run_of
from selfinstruct.cli.repaired import WIDTHLESS, characters, nan_as_null, soft_hyphens_left
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records.place import unit_of
from selfinstruct.system.garbage import uncollected
from selfinstruct.system.numbers import amount
from selfinstruct.system.writing import told_replaced

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.dataset.tools.counts import Counts


@click.command("filter")
@common
@click.argument("input_path", metavar="[INPUT]", required=False)
@option("--output", metavar="KEPT", help="Where the kept rows go.")
@option("--rejected", metavar="DROPPED", help="Where the dropped rows go, each with its nearest neighbour.")
@option("--rules", is_flag=True, help="Drop rows that break a rule of `validate` too, before any are compared.")
@option("--fix", is_flag=True, help="Repair rows first, as `validate --fix` does; INPUT stays as it is.")
@option("--pool", multiple=True, metavar="FILE", help="Compare with the instructions of this file too; repeatable.")
@option("--held-out", multiple=True, metavar="FILE", help="Drop what stands in this evaluation set; repeatable.")
@option("--threshold", type=click.FloatRange(0, 1), help="Highest ROUGE-L that is kept, in both languages.")
@option(
    "--by",
    type=click.Choice(["instruction", "instruction+input"]),
    default="instruction+input",
    help="What two rows are compared by.  [default: instruction+input]",
)
@option(
    "--target",
    metavar="en=N,zh=N",
    help="Without INPUT: accepted rows wanted per language; only this cuts a dataset that has more.",
)
@option(
    "--workers",
    type=click.IntRange(1, 256),
    help="Threads, and for very many rows processes with a share of them each; the result is the same.  [default: one a core]",
)
@option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    help="With INPUT: where the workers are; ray: the cluster at $RAY_ADDRESS.  [default: local]",
)
@click.option(
    "--discard-edits",
    is_flag=True,
    help="Without INPUT: give up what was edited, added or removed by hand; a copy is kept.",
)
@click.option(
    "--verify",
    is_flag=True,
    help="Without INPUT: replay the journal also where nothing changed, and compare the verdicts.",
)
@option("--statistics", metavar="FILE", help="Mean and ten highest scores of each kept row to all before it, to FILE.")
def command(config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Without INPUT: parse, filter, validate and emit this run again from its journal: free, offline, the same bytes.

    Rows that were edited, added or removed by hand in its dataset stay so, as decisions in review.jsonl.

    With INPUT: the same near-duplicate filter over any instruction file (.jsonl, .json array, .parquet; each may be gzipped) or hub:OWNER/NAME@REVISION.
    A row is dropped when its ROUGE-L to a row kept before it, or to one of the pool, is above the threshold of its language.
    Rows that repeat an evaluation set, in question, input or answer, are dropped before they can be anybody's neighbour.

    From a dirty file to a clean one: filter INPUT --fix --rules --output KEPT --rejected DROPPED. Every row of INPUT is in one of the two files,
    a dropped one with its line, the rule and what was found, also a line that is not JSON (not_json), no row (not_a_row) or too large (too_large: its beginning); the ledger counts them by rule. The exit code is 0, whatever is dropped.
    """
    held_out = list(given.pop("held_out")) or None
    settings = {"filter.threshold": given.pop("threshold"), "filter.held_out": held_out}
    target = parse_target(given.pop("target")) or {}
    flags = settings | {f"target.{language}": rows for language, rows in target.items()}
    how = {name: given.pop(name) for name in ("discard_edits", "verify")}
    if given["input_path"] is None:
        _refuse_without_input()
        screen = Screen(quiet)
        config = load_for_run(config_path, run_dir, flags, screen.say, asks=False)
        config = keep_targets(config, run_dir, screen.say, named=target, asks=False)
        run = run_of(config, run_dir, screen)
        run.remember(given_by_flags(config_path, flags, config), named=given_keys(flags))
        with uncollected():
            show(run.filter(**how), as_json, quiet)
        if not (as_json or quiet) and run.manifest["stop"] != "target reached":
            print_next(run.path, run.status(), run_dir)
        return
    _filter_file(load_config(config_path, flags), as_json, quiet, **given)


def _filter_file(config: "Config", as_json: bool, quiet: bool, **given: Any) -> None:
    """Filter the file that was given, and say what became of its rows."""
    source, output, rejected = (given.pop(name) for name in ("input_path", "output", "rejected"))
    if not output or not rejected:
        if not source.startswith("hub:") and not Path(source).exists():
            raise InputError(f"{source}: no such file")
        raise ConfigError("`filter INPUT` needs `--output KEPT` and `--rejected DROPPED`")
    screen = Screen(quiet or as_json)
    replaced = [file for file in (output, rejected, given["statistics"]) if file and Path(file).exists()]
    with screen.open():
        counts = filter_file(
            source,
            output,
            rejected,
            config=config,
            progress=screen.filter,
            checked=screen.rules,
            say=screen.say,
            **given,
        )
    done = f"{amount(counts.rows, 'row')}: {counts.kept} kept in {output}, {counts.dropped} dropped in {rejected}"
    if as_json:
        files = {"kept": output, "dropped": rejected} | (
            {"statistics": given["statistics"]} if given["statistics"] else {}
        )
        print_json(counts.document() | {"files": files, "replaced": replaced})
    elif not quiet:
        write(done)
        tell_empty(counts.rows, source)
        for said in _told(counts, rules=given["rules"] or given["fix"]):
            write(said)
    else:  # a loss is said, whatever is quiet
        dropped = [f"{done}: {_listed(counts.ledger['total']['rejected'])}"] if counts.dropped else []
        for said in (*dropped, *nan_as_null(counts.nan), *_warned(counts)):
            screen.say(said)
    for said in () if as_json else _doubts(counts, given["by"], replaced):
        screen.say(said)


def _told(counts: "Counts", *, rules: bool) -> Iterator[str]:
    """Yield what was done, by rule."""
    if counts.dropped and rules:
        yield f"Dropped: {_listed(counts.ledger['total']['rejected'])}"
    if counts.fixed:
        yield f"Rows repaired among the kept: {_repaired(counts)}"
    yield from soft_hyphens_left(counts.soft_hyphens)
    yield from nan_as_null(counts.nan)
    if counts.empty:
        yield f"Rows without a letter, digit or character to compare by: {counts.empty}, kept"
    yield from _warned(counts)


def _warned(counts: "Counts") -> Iterator[str]:
    """Yield the rules that are warnings, which are said whatever is quiet."""
    if counts.warnings:
        yield f"Warnings, not dropped for them: {_listed(counts.warnings)}"


def _listed(rules: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in rules.items())


def _repaired(counts: "Counts") -> str:
    """Return how many rows each repair changed; characters without width, which one repair takes out, are counted behind it."""
    return ", ".join(
        f"{name} {rows}{f' (characters taken out: {told})' if name == WIDTHLESS and (told := characters(counts.taken_out)) else ''}"
        for name, rows in counts.fixed.items()
    )


def _doubts(counts: "Counts", by: str, replaced: list[str]) -> Iterator[str]:
    """Yield what a person should look at before the dropped rows are thrown away, and which files there are no more."""
    if replaced:
        yield told_replaced(replaced)
    for one in counts.noticed:
        yield f"{unit_of(one.line)} {one.line}: {one.rule}: {one.detail}"
    if counts.other_input:
        how = "--by instruction+input compares it too; " if by == "instruction" else ""
        yield (
            f"{counts.other_input} of the dropped rows have another input, system text or tools than the row they are near to; {how}a higher --threshold keeps "
            "more of them"
        )
    if counts.template[1]:
        line, number = counts.template
        yield (
            f"{counts.dropped} of {counts.rows} rows were dropped, {number} of them for {unit_of(line)} {line}: they may be one template with other names "
            "or numbers; read some in the dropped file, and raise --threshold if they are tasks of their own"
        )


def _refuse_without_input() -> None:
    """Raise ConfigError for a flag that goes with INPUT only; SELFINSTRUCT_OUTPUT is of other verbs too."""
    given = click.get_current_context().get_parameter_source
    for name in ("output", "rejected", "pool", "by", "statistics", "rules", "fix", "engine"):
        if given(name) is click.core.ParameterSource.COMMANDLINE:
            raise ConfigError(
                f"--{name} goes with INPUT, and there is none: name the file to filter, or leave --{name} out to filter the run"
            )
