"""The dry run of a fine-tuning run: lengths, steps and memory, computed without loading weights."""

import math
from collections.abc import Sequence

from selfinstruct.records import Row
from selfinstruct.training.data.batches import Order, padding_share
from selfinstruct.training.data.encode import IGNORED
from selfinstruct.training.data.prepare import Data, Encoded
from selfinstruct.training.data.remarks import remarks
from selfinstruct.training.loop.schedule import warmup_of
from selfinstruct.training.loop.train import steps_of
from selfinstruct.training.model.memory import Memory, check
from selfinstruct.training.records import Preview, TrainingJob


def preview(rows: Sequence[Row], data: Data, job: TrainingJob, parameters: tuple[int, int], memory: Memory) -> Preview:
    """Return the preview of a run; raises InputError when weights and optimizer alone exceed the memory."""
    learned = data.learned
    tokens = sum(len(one["labels"]) for one in learned)
    order = Order([len(one["labels"]) for one in learned], job.settings.micro_batch_size, job.seed)
    return Preview(
        method=job.settings.method,
        model=job.model,
        prompt=data.form.prompt,
        train_rows=len(data.train),
        held_out_rows=len(data.validation),
        replay_rows=len(data.replay),
        left_out={one.row.id: one.length for one in data.left_out},
        no_place=data.ids_without_place,
        lengths=lengths([*data.train, *data.validation, *data.left_out]),
        learned_share=1 - sum(one["labels"].count(IGNORED) for one in learned) / tokens,
        padding_share=padding_share(order, math.ceil(job.settings.epochs)),
        steps=steps_of(job, len(learned)),
        warmup_steps=warmup_of(steps_of(job, len(learned))),
        learning_rate=job.settings.learning_rate or 0.0,
        trainable_parameters=parameters[0],
        parameters=parameters[1],
        memory_bytes=memory.model_dump(),
        remarks=(*remarks(rows, data, job.settings), *check(memory, job.settings)),
    )


def lengths(encoded: Sequence[Encoded]) -> dict[str, dict[str, int]]:
    """Return language -> number of rows and quantiles of their token lengths."""
    table: dict[str, dict[str, int]] = {}
    for language in sorted({one.row.language for one in encoded}):
        sizes = sorted(one.length for one in encoded if one.row.language == language)
        last = len(sizes) - 1
        quantiles = {"least": 0.0, "middle": 0.5, "of 100, the 90th": 0.9, "greatest": 1.0}
        table[language] = {"rows": len(sizes)} | {name: sizes[round(at * last)] for name, at in quantiles.items()}
    return table
