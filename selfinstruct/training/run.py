"""A fine-tuning run, from rows to a checked adapter: the order of the steps, which other modules implement."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from transformers import set_seed

from selfinstruct.dataset.export.rates import rate_of
from selfinstruct.records import Row
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount
from selfinstruct.training.data.batches import Order, padding_share
from selfinstruct.training.data.encode import IGNORED
from selfinstruct.training.data.prepare import Data, dataset_sha256, examples_of, prepare
from selfinstruct.training.data.remarks import remarks
from selfinstruct.training.distributed import rank, sharded, wait_for_others
from selfinstruct.training.loop.callbacks import minutes
from selfinstruct.training.loop.checkpoint import claim, clear, day_of
from selfinstruct.training.loop.measure import measure
from selfinstruct.training.loop.train import train
from selfinstruct.training.model import memory
from selfinstruct.training.model.attach import attach, parameters
from selfinstruct.training.model.facts import facts_of
from selfinstruct.training.model.load import Source, load_model, load_tokenizer, locate, sketch
from selfinstruct.training.model.methods import method_of
from selfinstruct.training.model.strangers import reading
from selfinstruct.training.output.adapter import (
    MERGED_TOLERANCE,
    architecture_of,
    check_losses,
    check_not_base_model,
    load_tuned,
    merge,
    open_folder,
    put_in_place,
    save,
)
from selfinstruct.training.output.artifacts import TrainingOutcome, summarise, write_artifacts
from selfinstruct.training.output.metadata import SUMMARY
from selfinstruct.training.preview import preview
from selfinstruct.training.records import Preview, Result, TrainingJob

Say = Callable[[str], None]


def run(rows: Sequence[Row], general: Sequence[Row], job: TrainingJob, say: Say) -> Result:
    """Run the whole fine-tuning; see `selfinstruct.training.finetune`."""
    started = time.monotonic()
    if rank() == 0:
        open_folder(job.output)
    job = dated(job)
    source, tokenizer, data = begin(rows, general, job, say)
    job = rated(job, source)
    said = [*remarks(rows, data, job.settings), *memory.check(needed(source, data, job), job.settings)]
    for line in said:
        say(line)
    if rank() == 0:
        if job.fresh:
            clear(job.checkpoints)
        claim(job.checkpoints, owner(rows, general, job))
        clear(job.unfinished)
        if (job.output / SUMMARY).is_file():
            say(Aside(f"{job.output}: the finished model there stays until the new one is finished"))
    wait_for_others()
    with memory.enough(memory.lighter(job.settings)):
        outcome = tune(source, tokenizer, data, job, say)
    result = summarise(rows, data, outcome, job, time.monotonic() - started, tuple(said))
    if rank() == 0:
        write_artifacts(result, job, data, outcome)
        put_in_place(job.unfinished, job.output)
        clear(job.checkpoints)
    losses = f"{result.loss_before:.4f} -> {result.loss_after:.4f}"
    say(Aside(f"validation loss {losses} in {minutes(result.seconds)}: {job.output}"))
    return result


def dry_run(rows: Sequence[Row], general: Sequence[Row], job: TrainingJob, say: Say) -> Preview:
    """Return what `run` would do; loads the tokenizer and the model's shape only, and writes nothing."""
    job = dated(job)
    source, _, data = begin(rows, general, job, say)
    job = rated(job, source)
    model = sketched(source, job)
    return preview(rows, data, job, parameters(model), needed(source, data, job))


def dated(job: TrainingJob) -> TrainingJob:
    """Return the job with its day: that of the checkpoints that it goes on from, else today."""
    begun = "" if job.fresh else day_of(job.checkpoints)
    return job.model_copy(update={"day": job.day or begun or datetime.now(UTC).date().isoformat()})


def rated(job: TrainingJob, source: Source) -> TrainingJob:
    """Return the job with a learning rate: the one that was set, else what is usual for the method and the model's size."""
    if job.settings.learning_rate:
        return job
    with reading(source.name, "give another model"), memory.enough("a smaller model"):
        size = sum(value.numel() for value in sketch(source, "full").parameters())
    rate = rate_of(job.settings.method, size, method_of(job.settings).learning_rate)
    return job.model_copy(update={"settings": job.settings.model_copy(update={"learning_rate": rate})})


def begin(rows: Sequence[Row], general: Sequence[Row], job: TrainingJob, say: Say) -> tuple[Source, Any, Data]:
    """Locate the model, load its tokenizer and encode the rows."""
    source = locate(job.model, say)
    check_not_base_model(source, job.output)
    tokenizer = load_tokenizer(source)
    data = prepare(rows, tokenizer, job, general, facts_of(source))
    mixed = f", {len(data.replay)} general rows mixed in" if data.replay else ""
    told = (
        f"{amount(len(data.train), 'row')} to train on{mixed}, {amount(len(data.validation), 'validation row')}, "
        f"{len(data.left_out)} left out as too long; prompt: {data.form.prompt}"
    )
    say(told if data.left_out else Aside(told))
    return source, tokenizer, data


def needed(source: Source, data: Data, job: TrainingJob) -> memory.Memory:
    """Return the estimated memory of a run, before anything large is loaded."""
    model = sketched(source, job)
    rows = data.train + data.replay
    answers = (len(one["labels"]) - one["labels"].count(IGNORED) for one in data.learned)
    return memory.estimate(model, job.settings, max(one.length for one in rows), max(answers))


def sketched(source: Source, job: TrainingJob) -> Any:
    """Return the model with its method, without weights; an adapter is laid out in memory, its model is not."""
    with reading(source.name, "give another model"), memory.enough("a smaller model"):
        return attach(sketch(source, job.settings.method), job.settings)


def owner(rows: Sequence[Row], general: Sequence[Row], job: TrainingJob) -> dict[str, Any]:
    """Return the settings that must match for a checkpoint to be resumed; the method first, as it is reported first."""
    settings = job.settings.model_dump(mode="json")
    return {
        "method": settings.pop("method"),
        "model": job.model,
        "dataset": dataset_sha256(rows),
        "replay": dataset_sha256(general),
        "seed": job.seed,
        "max_steps": job.max_steps,
        "day": job.day,
        **{name: value for name, value in settings.items() if name not in {"model", "replay", "patience"}},
    }


def tune(source: Source, tokenizer: Any, data: Data, job: TrainingJob, say: Say) -> TrainingOutcome:
    """Measure the base model, train, save the adapter, reload it and measure again."""
    validation = examples_of(data.validation)
    measure_validation = partial(measure, examples=validation, pad=data.pad, batch_size=job.settings.micro_batch_size)
    model = load_model(source, job.settings.method)
    base = architecture_of(model)
    before = None if sharded() else measure_validation(model)
    if before:
        say(Aside(f"validation loss before training: {before.loss:.4f}"))
    set_seed(job.seed)
    model = attach(model, job.settings, tokenizer)
    trainable, total = parameters(model)
    learned = data.learned
    trained, state = train(model, learned, validation, data.pad, job, say)
    if rank() == 0:
        save(model, tokenizer, job.unfinished, state, data.form.end)
    wait_for_others()
    del model, state  # free the memory for the next model
    reloaded = merged = None
    if not sharded():
        model = load_tuned(source, job.unfinished, job.settings.method)
        reloaded = measure_validation(model)
        check_losses(trained.best.loss, reloaded.loss, job.unfinished)
        merged = merged_loss(model, tokenizer, measure_validation, job, data.form.end) if job.merge else None
    return TrainingOutcome(
        base=base,
        trainable=trainable,
        parameters=total,
        padding=padding_share(
            Order([len(one["input_ids"]) for one in learned], job.settings.micro_batch_size, job.seed)
        ),
        trained=trained,
        before=before or trained.first,
        reloaded=reloaded,
        merged=merged,
    )


def merged_loss(
    model: Any, tokenizer: Any, measure_validation: Callable[[Any], Any], job: TrainingJob, end: int
) -> float:
    """Write the merged model and return its validation loss, measured after reading it back."""
    folder = job.unfinished / "merged"
    expected = measure_validation(model).loss
    if rank() == 0:
        merge(model, tokenizer, folder, end)
    wait_for_others()
    loss = float(measure_validation(load_model(Source(name=str(folder), local=True))).loss)
    check_losses(expected, loss, folder, MERGED_TOLERANCE)
    return loss
