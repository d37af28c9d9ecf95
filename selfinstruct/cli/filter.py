"""`selfinstruct filter`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.cli.options import common, existing, load_config, option, run_path
from selfinstruct.cli.screen import print_json
from selfinstruct.cli.status import print_summary
from selfinstruct.errors import ConfigError

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.dataset.load import Loaded


@click.command("filter")
@common
@click.argument("input_path", metavar="[INPUT]", required=False)
@option("--output", metavar="KEPT", help="Where the kept rows go.")
@option("--rejected", metavar="DROPPED", help="Where the dropped rows go, each with its nearest neighbour.")
@option("--pool", multiple=True, metavar="FILE", help="Compare with the instructions of this file too; repeatable.")
@option("--held-out", multiple=True, metavar="FILE", help="Drop what stands in this evaluation set; repeatable.")
@option("--threshold", type=click.FloatRange(0, 1), help="Highest ROUGE-L that is kept.")
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
) -> None:
    """Without INPUT: parse, filter, validate and emit this run again from its journal: free, offline, the same bytes.

    With INPUT: the same near-duplicate filter over any instruction file (.jsonl, .json array, .parquet; each may be gzipped).
    Rows that repeat a held-out set, in question, input or answer, are dropped before they can be anybody's neighbour.
    """
    config = load_config(config_path, {"filter.threshold": threshold, "filter.held_out": list(held_out) or None})
    if input_path is None:
        _filter_run(config, run_dir, as_json, quiet)
        return
    if not output or not rejected:
        raise ConfigError("filter INPUT needs --output KEPT and --rejected DROPPED")
    counts = _filter_file(config, existing(input_path), Path(output), Path(rejected), [existing(one) for one in pool])
    if as_json:
        print_json(counts)
    elif not quiet:
        click.echo(
            f"{counts['rows']} rows: {counts['kept']} kept in {output}, {counts['dropped']} dropped in {rejected}"
        )


def _filter_run(config: "Config", run_dir: str | None, as_json: bool, quiet: bool) -> None:
    from selfinstruct.pipeline import refilter
    from selfinstruct.run_folder import RunFolder

    folder = RunFolder(run_path(config, run_dir))
    manifest = refilter(config, folder)
    if as_json:
        print_json(manifest)
    else:
        print_summary(folder.path, manifest, quiet)


def _filter_file(config: "Config", path: Path, kept: Path, dropped: Path, pools: list[Path]) -> dict[str, int]:
    from selfinstruct.dataset.load import load
    from selfinstruct.dataset.save import save
    from selfinstruct.filter import near_duplicates

    every = list(load(path))
    repeats = _repeats(config, every)
    rows = [row for row in every if row.line not in repeats]
    pool = [(number, one.instruction) for file in pools for number, one in enumerate(load(file), 1)]
    keep: list[dict[str, Any]] = []
    drop = list(repeats.values())
    threshold = config.filter.threshold.en
    for decision in near_duplicates([row.instruction for row in rows], threshold, [text for _, text in pool]):
        row = rows[decision.position]
        if decision.kept:
            keep.append(row.value)
        else:
            drop.append(_dropped(row, decision.nearest or 0, decision.score, rows, pool))
    save(kept, keep)
    save(dropped, sorted(drop, key=lambda line: int(line["line"])))
    return {"rows": len(every), "kept": len(keep), "dropped": len(drop)}


def _repeats(config: "Config", rows: list["Loaded"]) -> dict[int, dict[str, Any]]:
    """Return {line: dropped line} of the rows that repeat a held-out set."""
    from selfinstruct.dataset.evaluation import read_held_out
    from selfinstruct.held_out import RULE
    from selfinstruct.records import Candidate

    held_out = read_held_out([existing(file) for file in config.filter.held_out]).held_out
    found = {}
    for row in rows:
        fields = {"instruction": row.instruction, "input": row.input, "output": row.output}
        candidate = Candidate(language=row.language, index=0, position=0, **fields)
        if match := held_out.find(candidate, getattr(config.filter.threshold, row.language)):
            nearest = match.model_dump(exclude={"score"})
            found[row.line] = {
                "line": row.line,
                "rule": RULE,
                "nearest": nearest,
                "score": match.score,
                "row": row.value,
            }
    return found


def _dropped(
    row: "Loaded", nearest: int, score: float, rows: list["Loaded"], pool: list[tuple[int, str]]
) -> dict[str, Any]:
    if nearest < 0:
        line, text = pool[-1 - nearest]
        neighbour: dict[str, Any] = {"pool_line": line, "text": text}
    else:
        neighbour = {"line": rows[nearest].line, "text": rows[nearest].instruction}
    return {"line": row.line, "rule": "near_duplicate", "nearest": neighbour, "score": score, "row": row.value}
