"""A fine-tuning run from rows to a checked adapter, in order; every step is a function of another room."""

import hashlib
import importlib.metadata
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from transformers import set_seed

from selfinstruct.config import Finetune
from selfinstruct.errors import InputError
from selfinstruct.files import to_line, write_text
from selfinstruct.finetune.adapter import SUMMARY, check_losses, open_folder, reload, save
from selfinstruct.finetune.encode import Example, encode_all, format_of
from selfinstruct.finetune.measure import Measure, measure
from selfinstruct.finetune.methods import attach, parameters
from selfinstruct.finetune.model import Source, load_model, load_tokenizer, locate
from selfinstruct.finetune.progress import minutes
from selfinstruct.finetune.result import Job, Result
from selfinstruct.finetune.split import held_out
from selfinstruct.finetune.train import Trained, train
from selfinstruct.records import Record, Row


@dataclass(frozen=True)
class Data:
    """The rows as the model takes them."""

    prompt: str
    pad: int
    left_out: int
    train: tuple[Example, ...]
    held_out: tuple[Example, ...]


class Outcome(Record):
    """What was trained and what it did."""

    trainable: int
    parameters: int
    trained: Trained
    before: Measure
    after: Measure
    reloaded: Measure


def run(rows: Sequence[Row], job: Job, say: Callable[[str], None]) -> Result:
    """Do the whole run; see `selfinstruct.finetune.finetune`."""
    started = time.monotonic()
    open_folder(job.output)
    source = locate(job.model, say)
    tokenizer = load_tokenizer(source)
    data = prepare(rows, tokenizer, job.settings)
    say(f"{len(data.train)} rows to train on, {len(data.held_out)} held out, {data.left_out} left out as too long")
    outcome = tune(source, tokenizer, data, job, say)
    result = summarise(rows, data, outcome, job.output, time.monotonic() - started)
    write_text(job.output / SUMMARY, describe(result, job, data, outcome.trained))
    say(f"held-out loss {result.loss_before:.4f} -> {result.loss_after:.4f} in {minutes(result.seconds)}: {job.output}")
    return result


def prepare(rows: Sequence[Row], tokenizer: Any, settings: Finetune) -> Data:
    """Encode the rows, leave out the long ones, set some aside for measuring."""
    form = format_of(tokenizer)
    kept = encode_all(rows, tokenizer, form, settings.max_length)
    if len(kept) < 2:
        raise InputError(
            f"{len(kept)} of {len(rows)} rows fit into max_length = {settings.max_length} tokens; training needs "
            "at least 2; raise max_length in [finetune] or generate more rows"
        )
    flags = held_out([row for row, _ in kept], settings.held_out)
    sides = list(zip(kept, flags, strict=True))
    return Data(
        prompt=form.prompt,
        pad=form.end if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
        left_out=len(rows) - len(kept),
        train=tuple(example for (_, example), held in sides if not held),
        held_out=tuple(example for (_, example), held in sides if held),
    )


def tune(source: Source, tokenizer: Any, data: Data, job: Job, say: Callable[[str], None]) -> Outcome:
    """Measure, train, measure, save, reload, measure again."""
    look = partial(measure, examples=data.held_out, pad=data.pad, batch_size=job.settings.micro_batch_size)
    model = load_model(source)
    before = look(model)
    say(f"held-out loss before training: {before.loss:.4f}")
    set_seed(job.seed)
    model = attach(model, job.settings)
    trainable, total = parameters(model)
    trained = train(model, data.train, data.pad, job, say)
    after = look(model)
    save(model, tokenizer, job.output)
    del model  # the next one needs its room
    reloaded = look(reload(load_model(source), job.output))
    check_losses(after.loss, reloaded.loss, job.output)
    return Outcome(
        trainable=trainable, parameters=total, trained=trained, before=before, after=after, reloaded=reloaded
    )


def summarise(rows: Sequence[Row], data: Data, outcome: Outcome, output: Path, seconds: float) -> Result:
    """Return the run in numbers."""
    return Result(
        rows=len(rows),
        left_out=data.left_out,
        train_rows=len(data.train),
        held_out_rows=len(data.held_out),
        trainable_parameters=outcome.trainable,
        parameters=outcome.parameters,
        steps=outcome.trained.steps,
        seconds=round(seconds, 1),
        loss_before=outcome.before.loss,
        loss_after=outcome.after.loss,
        loss_reloaded=outcome.reloaded.loss,
        eos_rate_before=outcome.before.eos_rate,
        eos_rate=outcome.after.eos_rate,
        adapter=output,
        dataset_sha256=dataset_sha256(rows),
    )


def dataset_sha256(rows: Sequence[Row]) -> str:
    """Return the sha256 of the rows as lines of a dataset file, in the order given."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update((to_line(row.model_dump()) + "\n").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def describe(result: Result, job: Job, data: Data, trained: Trained) -> str:
    """Return the text of `finetune.json`: result, what was asked, the losses on the way, versions."""
    versions = {name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft")}
    value = {
        "result": result.model_dump(mode="json"),
        "model": job.model,
        "seed": job.seed,
        "max_steps": job.max_steps,
        "prompt": data.prompt,
        "settings": job.settings.model_dump(mode="json"),
        "losses": [{"step": step, "loss": loss} for step, loss in trained.losses],
        "versions": versions,
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
