"""`selfinstruct export`."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.api.datasets import FORMATS, SPLITS, THOUGHTS, export
from selfinstruct.api.settings import load_config, run_path
from selfinstruct.cli.console import Screen, print_json, tell_empty, write
from selfinstruct.cli.options import common, option
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.dataset.export.write import Exported


_SAME = {"openai": "messages"}
"""Other names of formats."""


class _Format(click.Choice[str]):
    """The formats, also by their other names."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the format that a value names."""
        return super().convert(_SAME.get(value, value), param, ctx)


@click.command("export")
@common
@option(
    "--format",
    "format_name",
    required=True,
    type=_Format(FORMATS),
    metavar="FORMAT",
    help="Layout, or trainer to hand over to.",
)
@option("--output", required=True, metavar="DIR", help="Folder that the files are written to.")
@option("--dataset", metavar="PATH", help="File or folder to export.  [default: the run's dataset]")
@option("--split", type=click.Choice(SPLITS), help="Rows to write.  [default: all]")
@option(
    "--reasoning",
    type=click.Choice(THOUGHTS),
    help="How thoughts are written: not at all, in <think> tags, as a field, in tags that each answer has.  [default: as the target reads it]",
)
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
    reasoning: str | None,
    model: str | None,
) -> None:
    """Write the dataset in the layout of another tool.

    FORMAT is alpaca, messages (OpenAI's: `openai` is the same), trl, sharegpt, parquet or chatglm, one file; or llamafactory, axolotl or swift,
    a folder that their trainer runs in: train and validation rows, and its configuration.
    """
    config = load_config(config_path, {"finetune.model": model})
    source = dataset or str(run_path(config, run_dir))
    screen, said = Screen(quiet), list[str]()

    def say(line: str) -> None:
        said.append(line)
        screen.say(line)

    done = export(source, format_name, output, split=split, reasoning=reasoning, config=config, say=say)
    show(done, Path(output), as_json, quiet, said)
    if not (as_json or quiet):
        tell_empty(done.rows, source)


def show(done: "Exported", folder: Path, as_json: bool, quiet: bool, said: Sequence[str] = ()) -> None:
    """Say what was written, and what to do next; `said` is what rows or target could not hold."""
    if as_json:
        print_json({"rows": done.rows, "files": [str(path) for path in done.files], "notes": list(said or done.notes)})
    elif not quiet:
        rows, files = amount(done.rows, "row"), ", ".join(map(str, done.files))
        if done.held_out:
            write(f"{rows} ({done.rows - done.held_out} for training, {done.held_out} for validation): {files}")
        else:
            write(f"{rows}: {files}")
        if done.command:
            write(f"Next: cd {shlex.quote(str(folder))} && {done.command}")
