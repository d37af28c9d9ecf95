"""`selfinstruct evaluate`."""

from pathlib import Path

import click

from selfinstruct.api.settings import load_config, run_path
from selfinstruct.api.training import evaluate, tuned_folder
from selfinstruct.cli.console import Screen, print_json, print_table, write
from selfinstruct.cli.finetune import ENVIRONMENT
from selfinstruct.cli.options import common, option


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
) -> None:
    """Compare base and tuned model on rows that were not learned: loss, ROUGE-L, and whether answers end.

    Where [judge] names a model, it says which answers are better too, as `selfinstruct compare` does.
    """
    from selfinstruct.training.evaluation.report import HEADERS, judged, measured, table, verdicts
    from selfinstruct.training.records import too_few

    config, screen = load_config(config_path), Screen(quiet)
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
