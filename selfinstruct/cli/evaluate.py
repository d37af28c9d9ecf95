"""`selfinstruct evaluate`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selfinstruct.api.settings import load_config, run_path
from selfinstruct.api.training import tuned_folder
from selfinstruct.api.tuned import ask, evaluate
from selfinstruct.cli.console import Screen, print_json, print_table, write
from selfinstruct.cli.finetune import ENVIRONMENT
from selfinstruct.cli.options import common, option

if TYPE_CHECKING:
    from selfinstruct.training.evaluation.report import Sample


@click.command("evaluate")
@common
@option(
    "--model",
    metavar="NAME_OR_DIR",
    envvar=ENVIRONMENT["MODEL"],
    help="Base model.  [default: the one the adapter was trained on]",
)
@option("--adapter", metavar="DIR", help="What `finetune` wrote.  [default: finetune/<method> in the run]")
@option(
    "--dataset", metavar="PATH", help="File, folder or run; learned rows are passed over.  [default: the run's dataset]"
)
@option("--output", metavar="DIR", help="Where evaluation.json and .md go.  [default: the adapter's folder]")
@option("--max-new-tokens", type=click.IntRange(min=1), default=256, show_default=True, help="Longest answer.")
@option("--batch-size", type=click.IntRange(min=1), default=8, show_default=True, help="Rows answered at once.")
@option("--rows", type=click.IntRange(min=0), default=0, help="At most so many rows of each language.  [default: all]")
@option(
    "--ask",
    "tasks",
    metavar="TEXT",
    multiple=True,
    help="A task of your own, as often as you like: both models answer it, and nothing is measured.",
)
@option("--samples", type=click.IntRange(min=0), default=3, show_default=True, help="Rows shown with both answers.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    model: str | None,
    adapter: str | None,
    dataset: str | None,
    output: str | None,
    max_new_tokens: int,
    batch_size: int,
    rows: int,
    samples: int,
    tasks: tuple[str, ...],
) -> None:
    """Compare base and tuned model on rows that were not learned: loss, ROUGE-L, and whether answers end.

    With --ask, both answer a task of yours instead.

    Where [judge] names a model, it says which answers are better too, as `selfinstruct compare` does.
    """
    from selfinstruct.training.evaluation.report import HEADERS, judged, measured, table, verdicts
    from selfinstruct.training.records import too_few

    config, screen = load_config(config_path), Screen(quiet)
    if tasks:
        with screen.open():
            answers = ask(
                tasks,
                adapter,
                model=model,
                max_new_tokens=max_new_tokens,
                batch_size=batch_size,
                config=config,
                run=run_dir,
                say=screen.say,
                progress=screen.download,
            )
        _show_answers(answers, as_json=as_json)
        return
    tuned = tuned_folder(config, run_path(config, run_dir), adapter)
    with screen.open():
        found = evaluate(
            adapter,
            dataset,
            model=model,
            output=output,
            max_new_tokens=max_new_tokens,
            batch_size=batch_size,
            rows_per_language=rows,
            samples=samples,
            config=config,
            run=run_dir,
            say=screen.say,
            progress=screen.download,
        )
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif not quiet:
        print_table(HEADERS, table(found))
        found_enough = not too_few(found.rows)
        if found_enough:
            write("Tuned minus base, with the 95 % interval of a bootstrap over the rows:")
        for line in verdicts(found):
            write(f"  {line}" if found_enough else line)
        for line in judged(found):
            write(line)
        write(f"{measured(found)} Answers side by side: {(Path(output) if output else tuned) / 'evaluation.md'}")


def _show_answers(found: "Sequence[Sample]", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {"answers": [{"instruction": one.row.instruction, "base": one.base, "tuned": one.tuned} for one in found]}
        )
        return
    for one in found:
        write(one.row.instruction)
        write(f"  base model: {_indented(one.base)}")
        write(f"  tuned model: {_indented(one.tuned)}")


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
