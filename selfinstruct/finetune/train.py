"""The training loop: `transformers.Trainer`, made silent, offline and repeatable.

Recipe: alpaca-lora's, with Alpaca's cosine schedule and 3 % warm-up, because alpaca-lora's 100 warm-up steps are more
than a small dataset has. No checkpoints: a run that is stopped starts again.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from transformers import PrinterCallback, Trainer, TrainingArguments

from selfinstruct.finetune.encode import Example, collate
from selfinstruct.finetune.model import has_cuda
from selfinstruct.finetune.progress import Progress
from selfinstruct.finetune.result import Job
from selfinstruct.records import Record

LINES = 20
"""About how many progress lines a run says."""


class Trained(Record):
    """What the loop did."""

    steps: int
    losses: tuple[tuple[int, float], ...]
    """(step, training loss since the line before), in order."""


def train(model: Any, examples: Sequence[Example], pad: int, job: Job, say: Callable[[str], None]) -> Trained:
    """Train the model in place."""
    trainer = Trainer(
        model=model,
        args=arguments(job, len(examples)),
        train_dataset=list(examples),
        data_collator=partial(collate, pad=pad),
        callbacks=[Progress(say)],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    losses = tuple((entry["step"], entry["loss"]) for entry in trainer.state.log_history if "loss" in entry)
    return Trained(steps=trainer.state.global_step, losses=losses)


def arguments(job: Job, rows: int) -> Any:
    """Return the Trainer's arguments for so many rows."""
    settings, cuda = job.settings, has_cuda()
    steps = job.max_steps or math.ceil(math.ceil(rows / settings.batch_size) * settings.epochs)
    return TrainingArguments(
        output_dir=str(job.output),
        max_steps=steps,
        per_device_train_batch_size=settings.micro_batch_size,
        gradient_accumulation_steps=settings.batch_size // settings.micro_batch_size,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=0.03,  # below 1: a share of the steps
        weight_decay=0.0,
        train_sampling_strategy="group_by_length",
        remove_unused_columns=False,
        label_names=["labels"],
        seed=job.seed,
        data_seed=job.seed,
        use_cpu=not cuda,
        bf16=cuda,
        dataloader_pin_memory=cuda,
        save_strategy="no",
        logging_steps=max(1, steps // LINES),
        logging_nan_inf_filter=False,
        include_num_input_tokens_seen="non_padding",
        disable_tqdm=True,
        report_to="none",
    )
