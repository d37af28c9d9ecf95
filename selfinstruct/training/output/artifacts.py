"""Files that a run writes next to its adapter: `finetune.json`, `losses.json` and `.png`, `split.json`, model card."""

import importlib.metadata
import json
from collections.abc import Sequence
from typing import Any

from selfinstruct.records import Record, Row
from selfinstruct.system.writing import write_text
from selfinstruct.training.data.prepare import Data, dataset_sha256
from selfinstruct.training.data.split import instruction_hash
from selfinstruct.training.loop.measure import Measure
from selfinstruct.training.loop.train import Trained
from selfinstruct.training.model.memory import peak
from selfinstruct.training.model.methods import method_of
from selfinstruct.training.output.card import card
from selfinstruct.training.output.curve import draw
from selfinstruct.training.output.metadata import SPLIT, SUMMARY
from selfinstruct.training.records import Result, TrainingJob


class TrainingOutcome(Record):
    """What training did, and the losses measured."""

    base: str
    trainable: int
    parameters: int
    padding: float
    trained: Trained
    before: Measure
    reloaded: Measure | None
    merged: float | None


def summarise(  # noqa: PLR0913, PLR0917 -- a summary of all parts of a run
    rows: Sequence[Row],
    data: Data,
    outcome: TrainingOutcome,
    job: TrainingJob,
    seconds: float,
    remarks: tuple[str, ...],
) -> Result:
    """Return the result of a run."""
    trained = outcome.trained
    return Result(
        rows=len(rows),
        left_out=len(data.left_out),
        no_place=len(data.ids_without_place),
        train_rows=len(data.train),
        held_out_rows=len(data.validation),
        replay_rows=len(data.replay),
        trainable_parameters=outcome.trainable,
        parameters=outcome.parameters,
        steps=trained.steps,
        best_step=trained.best_step,
        seconds=round(seconds, 1),
        tokens_per_second=trained.tokens_per_second,
        padding_share=outcome.padding,
        peak_memory_bytes=peak(),
        loss_before=outcome.before.loss,
        loss_after=trained.best.loss,
        loss_reloaded=outcome.reloaded.loss if outcome.reloaded else None,
        loss_merged=outcome.merged,
        eos_rate_before=outcome.before.eos_rate,
        eos_rate=trained.best.eos_rate,
        adapter=job.output,
        merged=job.output / "merged" if job.merge else None,
        dataset_sha256=dataset_sha256(rows),
        remarks=remarks,
    )


def write_artifacts(result: Result, job: TrainingJob, data: Data, outcome: TrainingOutcome) -> None:
    """Write all files beside the saved model, the summary last: a folder that has it is complete."""
    losses = {
        "train": [{"step": step, "loss": loss} for step, loss in outcome.trained.losses],
        "held_out": [{"step": step, "loss": loss} for step, loss in outcome.trained.validation],
    }
    write_text(job.unfinished / "losses.json", _json(losses))
    draw(outcome.trained, result, job.unfinished / "losses.png")
    write_text(job.unfinished / SPLIT, _json(split(data)))
    summary = describe(result, job, data, outcome.base)
    write_text(job.unfinished / "README.md", card(result, job, summary["versions"], data))
    write_text(job.unfinished / SUMMARY, _json(summary))


def split(data: Data) -> dict[str, Any]:
    """Return `split.json`: rows trained on, validation rows, rows left out; `evaluate` excludes those trained on."""
    return {
        "train": [one.row.id for one in data.train],
        "held_out": [one.row.id for one in data.validation],
        "replay": [one.row.id for one in data.replay],
        "left_out": {one.row.id: one.length for one in data.left_out},
        "no_place": data.ids_without_place,
        "learned_instructions": sorted({instruction_hash(one.row.instruction) for one in data.train + data.replay}),
    }


def describe(result: Result, job: TrainingJob, data: Data, base: str) -> dict[str, Any]:
    """Return `finetune.json`: the result, the job and the versions of the libraries."""
    return {
        "result": result.model_dump(mode="json"),
        "model": job.model,
        "base": base,
        "seed": job.seed,
        "max_steps": job.max_steps,
        "prompt": data.form.prompt,
        "day": job.day,
        "fingerprint": job.fingerprint,
        **({"dataset": job.dataset} if job.dataset else {}),
        "settings": job.settings.model_dump(mode="json"),
        "source": method_of(job.settings).source,
        "versions": {
            name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft", "selfinstruct")
        },
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
