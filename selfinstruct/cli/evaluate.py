"""`selfinstruct evaluate`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selfinstruct.cli.console import Screen, print_json, print_table
from selfinstruct.cli.finetune import ENVIRONMENT, base_model
from selfinstruct.cli.options import common, existing, load_config, option, run_path

if TYPE_CHECKING:
    from selfinstruct.config import Config


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
    """Compare base and tuned model on rows that were not learned: loss, ROUGE-L, and whether answers end."""
    from selfinstruct.dataset.io.categories import load_categories
    from selfinstruct.dataset.io.rows import load_rows
    from selfinstruct.system.files import write_text
    from selfinstruct.training import evaluate
    from selfinstruct.training.evaluation.report import HEADERS, EvaluationJob, markdown, table

    config = load_config(config_path)
    folder = run_path(config, run_dir)
    tuned = existing(adapter or str(folder / "finetune" / config.finetune.method))
    data = existing(dataset or str(folder))
    screen = Screen(quiet)
    with screen.open():
        job = EvaluationJob(
            model=base_model(model or _trained_on(tuned, config), screen),
            adapter=tuned,
            max_new_tokens=max_new_tokens,
            batch_size=batch_size,
            rows_per_language=rows,
            samples=samples,
        )
        found = evaluate(load_rows(data, screen.say), load_categories(data), job, screen.say)
    target = Path(output) if output else tuned
    value = found.model_dump(mode="json")
    write_text(target / "evaluation.json", json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    write_text(target / "evaluation.md", markdown(found))
    if as_json:
        print_json(value)
    elif not quiet:
        print_table(HEADERS, table(found))
        long = f" {found.too_long} rows longer than the model's context passed over." if found.too_long else ""
        click.echo(
            f"{found.passed_over} learned rows passed over.{long} Answers side by side: {target / 'evaluation.md'}"
        )


def _trained_on(adapter: Path, config: "Config") -> str:
    """Return the base model that an adapter names, or that of the configuration."""
    from selfinstruct.training.output.metadata import summary_of

    return str(summary_of(adapter).get("model", config.finetune.model))
