# ruff: noqa: N999 - a verb's file has its name, and this one is a keyword
"""`selfinstruct import`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selfinstruct.api.conversations import import_conversations
from selfinstruct.api.settings import load_config
from selfinstruct.cli.console import Screen, print_json, write
from selfinstruct.cli.messages import language
from selfinstruct.cli.options import common, option
from selfinstruct.errors import ConfigError
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.api.conversations import Imported


@click.command("import")
@common
@click.argument("input_path", metavar="FILE")
@option(
    "--output",
    required=True,
    metavar="DIR",
    help="Folder that dataset, rejected conversations, ledger and report are written to.",
)
@option(
    "--max-tokens",
    type=click.IntRange(1),
    metavar="N",
    help="Split longer conversations between two exchanges.  [default: no limit]",
)
@option(
    "--threshold", type=click.FloatRange(0, 1), help="Highest ROUGE-L of two conversations that is kept; 1 keeps all."
)
@option("--workers", type=click.IntRange(1, 256), help="Processes; the result is the same.  [default: one a core]")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    input_path: str,
    output: str,
    max_tokens: int | None,
    threshold: float | None,
    workers: int | None,
) -> None:
    """Clean conversations turn by turn into a dataset that finetune, validate, diff and export read.

    FILE holds ShareGPT or messages rows, an export of ChatGPT or Claude, or one message a row (as ShareChat), as .jsonl, .json, .parquet or a
    table; each may be gzipped. HTML becomes Markdown and labels of the page go. A bad turn ends its conversation before the question that leads to it;
    what is whole before is kept. Every turn of FILE is in DIR/dataset or, with its rule, in DIR/rejected.jsonl; DIR/ledger.json adds up.

    Tokens are counted by o200k_base; leave a tenth for another tokenizer. The exit code is 0, whatever is cut.
    """
    if (
        run_dir is not None
        and click.get_current_context().get_parameter_source("run_dir") is click.core.ParameterSource.COMMANDLINE
    ):
        raise ConfigError("--run goes with a run, and import makes none: --output DIR is where its files go")
    config = load_config(config_path, {"filter.threshold": threshold})
    screen = Screen(quiet or as_json)
    with screen.open():
        done = import_conversations(
            input_path,
            output,
            max_tokens=max_tokens,
            workers=workers,
            language=language(),
            config=config,
            progress=screen.conversations,
        )
    if as_json:
        print_json(done.document())
        return
    if not quiet:
        for said in _told(done, Path(output)):
            write(said)
    if not done.kept:
        screen.say(
            f"Nothing of {input_path} is kept: {_listed(done.rejected)}; {Path(output) / 'rejected.jsonl'} has every turn"
        )


def _told(done: "Imported", output: Path) -> Iterator[str]:
    """Yield what became of the conversations, their turns and texts."""
    entry = done.ledger["total"]
    turns, cut = entry["turns"], entry["conversations"]["cut_by"]
    yield f"{amount(done.conversations, 'conversation')}: {done.kept} kept as {amount(done.rows, 'row')}, {done.cut} of them cut short, {sum(done.rejected.values())} rejected"
    yield f"{amount(turns['read'], 'turn')}: {turns['kept']} kept, {sum(turns['cut'].values())} not"
    for head, counts in (("Rejected", done.rejected), ("Cut short", cut), ("Mended turns", entry["mended"])):
        if counts:
            yield f"{head}: {_listed(counts)}"
    if languages := entry["turn_languages"]:
        yield f"Languages of the kept turns: {_listed(languages)}"
    yield f"{output}: dataset, provenance.jsonl, rejected.jsonl, ledger.json, report.html"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
