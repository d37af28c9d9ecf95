"""`selfinstruct filter`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.cli.options import common, existing, load_config, option, run_path
from selfinstruct.cli.screen import print_json
from selfinstruct.cli.status import print_summary
from selfinstruct.errors import ConfigError

if TYPE_CHECKING:
    from selfinstruct.dataset.load import Loaded


@click.command("filter")
@common
@click.argument("input_path", metavar="[INPUT]", required=False)
@option("--output", metavar="KEPT", help="Where the kept rows go.")
@option("--rejected", metavar="DROPPED", help="Where the dropped rows go, each with its nearest neighbour.")
@option("--pool", multiple=True, metavar="FILE", help="Compare with the instructions of this file too; repeatable.")
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
    threshold: float | None,
) -> None:
    """Without INPUT: parse, filter, validate and emit this run again from its journal: free, offline, the same bytes.

    With INPUT: the same near-duplicate filter over any instruction file (.jsonl, .json array, .parquet; each may be gzipped).
    """
    if input_path is None:
        _filter_run(config_path, run_dir, as_json, quiet, threshold)
        return
    if not output or not rejected:
        raise ConfigError("filter INPUT needs --output KEPT and --rejected DROPPED")
    config = load_config(config_path)
    limit = config.filter.threshold.en if threshold is None else threshold
    counts = _filter_file(existing(input_path), Path(output), Path(rejected), [existing(one) for one in pool], limit)
    if as_json:
        print_json(counts)
    elif not quiet:
        click.echo(
            f"{counts['rows']} rows: {counts['kept']} kept in {output}, {counts['dropped']} dropped in {rejected}"
        )


def _filter_run(
    config_path: str | None, run_dir: str | None, as_json: bool, quiet: bool, threshold: float | None
) -> None:
    from selfinstruct.pipeline import refilter
    from selfinstruct.run_folder import RunFolder

    config = load_config(config_path, {"filter.threshold": threshold})
    folder = RunFolder(run_path(config, run_dir))
    manifest = refilter(config, folder)
    if as_json:
        print_json(manifest)
    else:
        print_summary(folder.path, manifest, quiet)


def _filter_file(path: Path, kept: Path, dropped: Path, pools: list[Path], threshold: float) -> dict[str, int]:
    from selfinstruct.dataset.load import load
    from selfinstruct.filter import near_duplicates

    rows = list(load(path))
    pool = [(number, one.instruction) for file in pools for number, one in enumerate(load(file), 1)]
    keep: list[dict[str, Any]] = []
    drop: list[dict[str, Any]] = []
    for decision in near_duplicates([row.instruction for row in rows], threshold, [text for _, text in pool]):
        row = rows[decision.position]
        if decision.kept:
            keep.append(row.value)
        else:
            drop.append(_dropped(row, decision.nearest or 0, decision.score, rows, pool))
    _write(kept, keep)
    _write(dropped, drop)
    return {"rows": len(rows), "kept": len(keep), "dropped": len(drop)}


def _dropped(
    row: "Loaded", nearest: int, score: float, rows: list["Loaded"], pool: list[tuple[int, str]]
) -> dict[str, Any]:
    if nearest < 0:
        line, text = pool[-1 - nearest]
        neighbour: dict[str, Any] = {"pool_line": line, "text": text}
    else:
        neighbour = {"line": rows[nearest].line, "text": rows[nearest].instruction}
    return {"line": row.line, "rule": "near_duplicate", "nearest": neighbour, "score": score, "row": row.value}


def _write(path: Path, values: list[dict[str, Any]]) -> None:
    from selfinstruct.files import write_jsonl, write_text

    if path.suffix == ".json":
        write_text(path, json.dumps(values, ensure_ascii=False, indent=4) + "\n")
    else:
        write_jsonl(path, values)
