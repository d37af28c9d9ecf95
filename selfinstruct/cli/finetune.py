"""`selfinstruct finetune`."""

import shlex
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from selfinstruct.api.datasets import export
from selfinstruct.api.settings import load_config, run_path
from selfinstruct.api.training import finetune, training_data, tuned_folder
from selfinstruct.cli.console import Screen, print_json, print_table, write
from selfinstruct.cli.export import show
from selfinstruct.cli.options import common, option
from selfinstruct.system.numbers import amount

if TYPE_CHECKING:
    from selfinstruct.training import Preview, Result

ENVIRONMENT = {name: [f"SELFINSTRUCT_FINETUNE_{name}", f"SELFINSTRUCT_{name}"] for name in ("MODEL", "REPLAY")}
"""`generate` has a --model and a --replay too, of another kind: where both verbs are run, the longer name is this one's."""
METHODS = "lora, rslora, dora, ia3, prompt-tuning, prefix-tuning, p-tuning, p-tuning-v2, full or qlora."


@click.command("finetune")
@common
@option(
    "--dataset",
    metavar="PATH",
    help="File, folder, run or hub:OWNER/NAME@REVISION to train on.  [default: the run's dataset]",
)
@option(
    "--model",
    metavar="NAME_OR_DIR",
    envvar=ENVIRONMENT["MODEL"],
    help="Base model: a known name, a directory, a GGUF file or a hub id.",
)
@option("--method", help=METHODS + "  [default: lora]")
@option("--output", metavar="DIR", help="Where the adapter goes.  [default: finetune/<method> in the run]")
@option("--max-steps", type=click.IntRange(min=1), help="Stop after this many steps.")
@option("--epochs", type=float, help="Times that each row is seen.  [default: 2]")
@option("--learning-rate", type=float, help="Learning rate.  [default: by method and size of the model]")
@option("--seed", type=int, help="Randomness of the training.")
@option("--replay", metavar="FILE", envvar=ENVIRONMENT["REPLAY"], help="General rows to mix in, against forgetting.")
@option("--replay-share", type=float, help="Their share of the learned rows.  [default: 0.2]")
@option("--merge", is_flag=True, help="Write the base model with the adapter in it, too.")
@option(
    "--dry-run",
    is_flag=True,
    help="Show lengths, steps and memory without training; known weights are fetched first, a GGUF file is converted.",
)
@option(
    "--export",
    "export_to",
    type=click.Choice(["axolotl", "llamafactory", "swift"]),
    help="Write what another trainer needs instead.",
)
@option("--fresh", is_flag=True, help="Start anew where a stopped run left a checkpoint.")
def command(
    config_path: str | None,
    run_dir: str | None,
    as_json: bool,
    quiet: bool,
    dataset: str | None,
    output: str | None,
    export_to: str | None,
    seed: int | None,
    **options: Any,
) -> None:
    """Train an adapter on the dataset, measure it on validation rows before and after, reload it and compare.

    A run that was stopped goes on from its last checkpoint. On several GPUs: PYTHONSAFEPATH=1 accelerate launch -m selfinstruct finetune ...
    (without it, Python would run a click.py or another module that lies in the working folder).
    """
    from selfinstruct.training.distributed import rank

    settings = ("model", "method", "epochs", "learning_rate", "replay", "replay_share")
    given = {f"finetune.{key}": options.pop(key) for key in settings}
    config = load_config(config_path, given | {"run.seed": seed})
    folder, screen = run_path(config, run_dir), Screen(quiet)
    if export_to:
        _check_alone()
        target = tuned_folder(config, folder, output or folder / "finetune" / export_to)
        show(
            export(training_data(dataset, folder, screen.say).path, export_to, target, config=config, say=screen.say),
            target,
            as_json,
            quiet,
        )
        return
    with screen.open():
        done = finetune(
            dataset,
            output=output,
            config=config,
            run=run_dir,
            say=screen.say,
            progress=screen.download,
            **options,
        )
    if not rank():  # the first process of several speaks for all
        _print(done, as_json, quiet)


def _print(done: "Result | Preview", as_json: bool, quiet: bool) -> None:
    if as_json:
        print_json(done.model_dump(mode="json"))
    elif not quiet:
        _show(done)


def _check_alone() -> None:
    """Raise UsageError for an option that says nothing to the trainer that --export writes for."""
    context = click.get_current_context()
    for name in ("dry_run", "merge", "fresh", "max_steps", "replay", "replay_share"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"--{name.replace('_', '-')} does not go with --export, which writes files for another trainer; leave it out"
            )


def _show(done: "Result | Preview") -> None:
    from selfinstruct.training import Result
    from selfinstruct.training.records import too_few

    if isinstance(done, Result):
        write(f"Trained in {_steps(done.steps)}, with {amount(done.train_rows, 'row')} for training: {done.adapter}")
        write(
            f"Validation loss: {done.loss_before:.4f} before, {done.loss_after:.4f} after, on {amount(done.held_out_rows, 'row')}"
        )
        if few := too_few(done.held_out_rows):
            write(f"{few}; generate more rows, or raise [finetune] held_out")
        if done.loss_reloaded is not None:
            write(f"The adapter read back from disk: {done.loss_reloaded:.4f}")
        if done.merged:
            write(f"Merged: {done.merged}, read back: {done.loss_merged:.4f}")
        command = shlex.join(["selfinstruct", "evaluate", "--adapter", str(done.adapter)])
        if few:
            write(f"Next: `{command}` shows answers of both models")
        else:
            write(f"Next: `{command}` says how sure that difference is, and shows answers of both models")
    else:
        _show_preview(done)


def _show_preview(plan: "Preview") -> None:
    write(f"{plan.method} on {plan.model}, prompt {plan.prompt}. Tokens of a row:")
    names = list(next(iter(plan.lengths.values())))
    print_table(
        ["language", *names], [[language, *(row[name] for name in names)] for language, row in plan.lengths.items()]
    )
    rate = f"the learning rate begins at {plan.learning_rate:g}"
    if plan.warmup_steps:
        rate = f"the learning rate rises in {_steps(plan.warmup_steps)} to {plan.learning_rate:g}"
    write(
        f"{amount(plan.train_rows, 'row')} to learn, {plan.replay_rows} mixed in, {plan.held_out_rows} for validation, "
        f"{len(plan.left_out)} too long; {_steps(plan.steps)}; {rate}"
    )
    write(f"{plan.learned_share:.0%} of the tokens are answers; {plan.padding_share:.1%} padding")
    write(f"Trained: {plan.trainable_parameters:,} of {plan.parameters:,} values")
    need = {name: f"{size / 2**30:.1f} GiB" for name, size in plan.memory_bytes.items()}
    write(
        f"weights {need['weights']}, training {need['training']}, activations {need['activations']}, available {need['available']}"
    )
    for remark in plan.remarks:
        write(remark)


def _steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"
