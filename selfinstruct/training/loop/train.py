"""The training loop: `transformers.Trainer`, made silent, offline and reproducible.

Recipe: alpaca-lora's, with Alpaca's cosine schedule. The loss of a step is its mean over answer tokens, however they are split into micro-batches.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback, Trainer, TrainerState, TrainingArguments

from selfinstruct.errors import InputError, StorageError
from selfinstruct.records import Record
from selfinstruct.system.aside import Aside
from selfinstruct.training.data.batches import Order, collate
from selfinstruct.training.data.encode import TokenizedExample
from selfinstruct.training.distributed import sharded, world
from selfinstruct.training.loop.callbacks import StopOnInterrupt, TrainingMonitor
from selfinstruct.training.loop.checkpoint import clear, last_checkpoint, load_trained, reading_state, save_trained
from selfinstruct.training.loop.measure import Measure, answer_loss, measure
from selfinstruct.training.loop.schedule import scheduler
from selfinstruct.training.loop.trainer_state import STATE, check_state
from selfinstruct.training.model.load import has_cuda
from selfinstruct.training.records import TrainingJob
from selfinstruct.training.storage import writing


class Trained(Record):
    """The result of training."""

    steps: int
    losses: tuple[tuple[int, float], ...]
    """(step, training loss) of each step."""
    validation: tuple[tuple[int, float], ...]
    """(step, validation loss) of each measurement."""
    best: Measure
    """Measurement of the model as it is now: the best one."""
    best_step: int
    first: Measure
    """Measurement before the first step if it was made here, else the best one."""
    tokens_per_second: float
    """Without padding, during training steps of this command."""


class Loop(Trainer):  # type: ignore[misc]
    """A Trainer with our row order, our validation loss, and checkpoints of all trained values."""

    control: Any  # declared for mypy: transformers has no types here
    lr_scheduler: Any

    def __init__(self, order: Order, measure_validation: Callable[[Any], Measure], **options: Any) -> None:
        super().__init__(**options, compute_loss_func=answer_loss)
        self.order, self.measure_validation = order, measure_validation
        self.measures: dict[int, Measure] = {}

    def _get_train_sampler(self, *_: Any) -> Order:
        return self.order

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """Return the scheduler, made at the first call."""
        self.lr_scheduler = self.lr_scheduler or scheduler(optimizer or self.optimizer, num_training_steps)
        return self.lr_scheduler

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Measure the validation rows."""
        found = self.measures[self.state.global_step] = self.measure_validation(self.model)
        metrics = {"eval_loss": found.loss, "eval_eos_rate": found.eos_rate}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def training_step(self, *args: Any, **kwargs: Any) -> Any:
        """Train on one micro-batch; raises InputError before a non-finite loss reaches the weights."""
        loss = super().training_step(*args, **kwargs)
        if not torch.isfinite(loss):
            raise InputError(self.diverged())
        return loss

    def diverged(self) -> str:
        """Return the error message for a non-finite loss, with a remedy."""
        kept = self.state.best_model_checkpoint or last_checkpoint(Path(self.args.output_dir))
        where = f"the last good checkpoint is {kept}" if kept else "it was before the first checkpoint"
        rate = self.args.learning_rate
        return (
            f"training diverged at step {self.state.global_step + 1}: the loss is no number any more; {where}. Set a "
            f"learning_rate below {rate:g} in [finetune], and start anew with --fresh"
        )

    def finish(self, state: Any, checkpoint: Path) -> None:
        """Resume a run whose last step is done but not its evaluation; `train` would do one step too many."""
        self.state = state
        load_trained(self.model, Path(state.best_model_checkpoint or checkpoint))

    def _save_checkpoint(self, *args: Any, **kwargs: Any) -> None:
        """Write a checkpoint; an incomplete one is removed. Raises StorageError when the disk is full."""
        folder = Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"
        try:
            with writing(folder, "the checkpoint"):
                super()._save_checkpoint(*args, **kwargs)
        except StorageError:
            clear(folder)
            raise

    def _save(self, output_dir: str | None = None, state_dict: dict[str, Any] | None = None) -> None:
        if self.args.should_save:
            save_trained(self.model, Path(output_dir or self.args.output_dir), state_dict)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        if self.is_fsdp_enabled or self.is_deepspeed_enabled:
            super()._load_from_checkpoint(resume_from_checkpoint, model)
        else:
            load_trained(self.model, Path(resume_from_checkpoint))

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        with reading_state(checkpoint):
            super()._load_optimizer_and_scheduler(checkpoint)

    def _load_rng_state(self, checkpoint: str | None) -> None:
        with reading_state(checkpoint):
            super()._load_rng_state(checkpoint)

    def _load_best_model(self) -> None:
        if self.is_fsdp_enabled or self.is_deepspeed_enabled:
            super()._load_best_model()
        else:
            load_trained(self.model, Path(self.state.best_model_checkpoint))


def train(  # noqa: PLR0913, PLR0917 -- what a training run is made of
    model: Any,
    rows: Sequence[TokenizedExample],
    validation: Sequence[TokenizedExample],
    pad: int,
    job: TrainingJob,
    say: Callable[[str], None],
) -> tuple[Trained, dict[str, Any] | None]:
    """Train the model in place, from the job's last checkpoint if there is one, and load the best weights.

    Returns the result, and the gathered weights of a sharded model. Raises InterruptedRunError after Ctrl-C, with a
    checkpoint on disk; InputError when training diverges.
    """
    settings, folder = job.settings, job.checkpoints
    order = Order([len(row["input_ids"]) for row in rows], settings.micro_batch_size, job.seed)
    measure_validation = partial(measure, examples=validation, pad=pad, batch_size=settings.micro_batch_size)
    watch = TrainingMonitor(say, settings.patience, order)
    loop = Loop(
        order,
        measure_validation,
        model=model,
        args=one_gpu(arguments(job, len(rows)), say),
        train_dataset=list(rows),
        eval_dataset=list(validation),
        data_collator=partial(collate, pad=pad),
        callbacks=[watch],
    )
    loop.remove_callback(PrinterCallback)
    before = last_checkpoint(folder)
    if before:
        check_state(before, TrainerState.__dataclass_fields__)
        say(Aside(f"going on from {before.name}"))
    if before and watch.over(reached := TrainerState.load_from_json(str(before / STATE))):
        loop.finish(reached, before)
    else:
        with StopOnInterrupt(watch, folder):
            loop.train(resume_from_checkpoint=str(before) if before else None)
    return _trained(loop, watch), loop.accelerator.get_state_dict(loop.model_wrapped) if sharded() else None


def _trained(loop: Loop, watch: TrainingMonitor) -> Trained:
    state = loop.state
    best_step = state.best_global_step or state.global_step
    best = loop.measures.get(best_step) or loop.measure_validation(
        loop.model
    )  # an earlier command measured it: measure again
    return Trained(
        steps=state.global_step,
        losses=tuple((entry["step"], entry["loss"]) for entry in state.log_history if "loss" in entry),
        validation=tuple((entry["step"], entry["eval_loss"]) for entry in state.log_history if "eval_loss" in entry),
        best=best,
        best_step=best_step,
        first=loop.measures.get(0, best),
        tokens_per_second=round(watch.tokens_per_second(state), 1),
    )


def one_gpu(args: Any, say: Callable[[str], None]) -> Any:
    """Return the Trainer's arguments, limited to one GPU per process; with more, each step would have more rows."""
    _ = args.device  # reading it counts the GPUs
    if args.n_gpu > 1:
        say(
            f"one GPU of {args.n_gpu} is used; for all of them: PYTHONSAFEPATH=1 accelerate launch -m selfinstruct finetune ..."
        )
    args._n_gpu = min(args.n_gpu, 1)  # noqa: SLF001 -- the Trainer has no other way to say so
    return args


def steps_of(job: TrainingJob, rows: int) -> int:
    """Return the number of training steps for so many rows."""
    return job.max_steps or math.ceil(math.ceil(rows / job.settings.batch_size) * job.settings.epochs)


def arguments(job: TrainingJob, rows: int) -> Any:
    """Return the Trainer's arguments; raises InputError when batch_size cannot be divided among the processes."""
    settings, cuda, steps = job.settings, has_cuda(), steps_of(job, rows)
    parts, rest = divmod(settings.batch_size, settings.micro_batch_size * world())
    if rest or not parts:
        raise InputError(
            f"[finetune.batch_size]: {settings.batch_size} rows cannot be shared by {world()} processes with "
            f"{settings.micro_batch_size} at once each; make it a multiple of {settings.micro_batch_size * world()}"
        )
    every = math.ceil(steps / settings.evaluations)
    return TrainingArguments(
        output_dir=str(job.checkpoints),
        max_steps=steps,
        per_device_train_batch_size=settings.micro_batch_size,
        gradient_accumulation_steps=parts,
        activation_checkpointing=settings.gradient_checkpointing,
        learning_rate=settings.learning_rate,
        weight_decay=0.0,
        remove_unused_columns=False,
        label_names=["labels"],
        seed=job.seed,
        data_seed=job.seed,
        use_cpu=not cuda,
        ddp_find_unused_parameters=False,
        bf16=cuda,
        dataloader_pin_memory=cuda,
        eval_on_start=sharded(),
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,  # the best and the last
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        logging_steps=1,
        logging_nan_inf_filter=False,
        include_num_input_tokens_seen="non_padding",
        disable_tqdm=True,
        report_to="none",
    )
