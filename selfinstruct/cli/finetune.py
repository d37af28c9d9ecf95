"""`selfinstruct finetune`."""

from pathlib import Path

import click

from selfinstruct.cli.options import common, existing, load_config, option, run_path
from selfinstruct.cli.screen import Screen, print_json


@click.command("finetune")
@common
@option("--dataset", metavar="PATH", help="File, folder or run to train on.  [default: the run's dataset]")
@option("--model", metavar="NAME_OR_DIR", help="Base model: a known name, a directory, a GGUF file or a hub id.")
@option("--method", help="How to train.  [default: lora]")
@option("--output", metavar="DIR", help="Where the adapter goes.  [default: finetune/<method> in the run]")
@option("--max-steps", type=click.IntRange(min=1), help="Stop after this many steps.")
@option("--seed", type=int, help="Randomness of the training.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    dataset: str | None,
    model: str | None,
    method: str | None,
    output: str | None,
    max_steps: int | None,
    seed: int | None,
) -> None:
    """Train an adapter on the dataset, measure it on held-out rows before and after, reload it and compare."""
    from selfinstruct.dataset.load import load_rows
    from selfinstruct.errors import InputError
    from selfinstruct.finetune import check_installed, finetune

    config = load_config(config_path, {"finetune.model": model, "finetune.method": method})
    folder = run_path(config, run_dir)
    if not dataset and not folder.exists():
        raise InputError(f"{folder}: holds no dataset; run `selfinstruct generate` first, or name one with --dataset")
    rows = load_rows(existing(dataset or str(folder)))
    check_installed()
    screen = Screen(quiet)
    with screen.open():
        result = finetune(
            rows,
            config.finetune,
            model=_base_model(config.finetune.model, screen),
            output=Path(output) if output else folder / "finetune" / config.finetune.method,
            seed=config.run.seed if seed is None else seed,
            max_steps=max_steps,
            say=screen.say,
        )
    if as_json:
        print_json(result.model_dump(mode="json"))
    elif not quiet:
        click.echo(f"Trained on {result.train_rows} rows in {result.steps} steps: {result.adapter}")
        click.echo(f"Held-out loss: {result.loss_before:.4f} before, {result.loss_after:.4f} after")
        click.echo(f"The adapter read back from disk: {result.loss_reloaded:.4f}")


def _base_model(name: str, screen: Screen) -> str:
    """Return a directory, file or hub id; known weights are fetched first."""
    from selfinstruct.weights import WEIGHTS, fetch

    if name not in WEIGHTS:
        return name
    return str(fetch(name, say=screen.say, progress=screen.download))
