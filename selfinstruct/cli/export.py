"""`selfinstruct export`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from selfinstruct.cli.console import Screen, print_json
from selfinstruct.cli.options import common, existing, load_config, option, run_path

if TYPE_CHECKING:
    from selfinstruct.config import Config
    from selfinstruct.records import Row

FORMATS = ("alpaca", "messages", "sharegpt", "parquet", "chatglm", "llamafactory", "axolotl", "swift")


@click.command("export")
@common
@option(
    "--format", "format_name", required=True, type=click.Choice(FORMATS), help="Layout, or trainer to hand over to."
)
@option("--output", required=True, metavar="DIR", help="Folder that the files are written to.")
@option("--dataset", metavar="PATH", help="File or folder to export.  [default: the run's dataset]")
@option("--split", type=click.Choice(["all", "train", "held_out"]), help="Rows to write.  [default: all]")
@option("--model", metavar="NAME_OR_DIR", help="Base model that a trainer is told.  [default: that of [finetune]]")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    format_name: str,
    output: str,
    dataset: str | None,
    split: str | None,
    model: str | None,
) -> None:
    """Write the dataset in the layout of another tool.

    alpaca, messages, sharegpt, parquet and chatglm are one file. llamafactory, axolotl and swift are a folder that their trainer runs
    in: train and held-out rows, and its configuration.
    """
    from selfinstruct.dataset.export.trainers import HANDOVERS
    from selfinstruct.dataset.io.rows import load_rows

    config = load_config(config_path, {"finetune.model": model})
    source = existing(dataset) if dataset else existing(str(run_path(config, run_dir)))
    rows = load_rows(source, Screen(quiet).say)
    if format_name in HANDOVERS:
        if split:
            raise click.UsageError(f"--split does not go with {format_name}, which takes both sides")
        written, hint = hand_over(config, rows, source, format_name, Path(output)), HANDOVERS[format_name].command
    else:
        rows = rows if split in {None, "all"} else _sides(config, rows, source)[split == "held_out"]
        written, hint = _write(rows, format_name, split, Path(output)), ""
    show(rows, written, hint and f"cd {output} && {hint}", as_json, quiet)


def show(rows: "list[Row]", written: list[Path], hint: str, as_json: bool, quiet: bool) -> None:
    """Say what was written, and what to do next."""
    if as_json:
        print_json({"rows": len(rows), "files": [str(path) for path in written]})
    elif not quiet:
        click.echo(f"{len(rows)} rows: {', '.join(map(str, written))}")
        if hint:
            click.echo(f"Next: {hint}")


def _write(rows: "list[Row]", format_name: str, split: str | None, folder: Path) -> list[Path]:
    from selfinstruct.dataset.export.layouts import LAYOUTS, values
    from selfinstruct.dataset.io.write import save

    layout = LAYOUTS[format_name]
    path = folder / f"{layout.stem if split in {None, 'all'} else split}{layout.ending}"
    save(path, values(rows, layout))
    return [path]


def hand_over(config: "Config", rows: "list[Row]", source: Path, format_name: str, folder: Path) -> list[Path]:
    """Write both sides of a dataset and a trainer's configuration; return the files."""
    from selfinstruct.dataset.export.layouts import values
    from selfinstruct.dataset.export.trainers import HANDOVERS, TrainerJob, check_method
    from selfinstruct.dataset.io.write import save
    from selfinstruct.system.files import write_text
    from selfinstruct.training.model.methods import resolved
    from selfinstruct.weights import WEIGHTS

    check_method(config.finetune.method)
    handover = HANDOVERS[format_name]
    train, held = _sides(config, rows, source)
    sides = {"train": train} | ({"held_out": held} if held else {})
    written = []
    for side, wanted in sides.items():
        written.append(folder / f"{side}{handover.ending}")
        save(written[-1], values(wanted, handover.layout))
    known = WEIGHTS.get(config.finetune.model)
    model = known.base if known else config.finetune.model
    for name, text in handover.configuration(
        TrainerJob(train, held, model, resolved(config.finetune), config.run.seed)
    ).items():
        written.append(folder / name)
        write_text(written[-1], text)
    return written


def _sides(config: "Config", rows: "list[Row]", source: Path) -> "tuple[list[Row], list[Row]]":
    """Return (train, held out): as the dataset says, else as the trainer would split the file."""
    from selfinstruct.dataset.io.rows import validation_ids
    from selfinstruct.dataset.release.split import held_out

    chosen = validation_ids(source)
    flags = held_out(rows, config.finetune.held_out) if chosen is None else [row.id in chosen for row in rows]
    pairs = list(zip(rows, flags, strict=True))
    return [row for row, held in pairs if not held], [row for row, held in pairs if held]
