"""A small fine-tuning package on transformers and PEFT: rows in, an adapter and its measured effect out.

Importing this package loads no torch; heavy modules are imported when `finetune` is called.

    data/          prepare (rows -> encoded splits), encode (row -> token ids, labels), conversation (answers behind their prompts), chat_format,
                   chat_template (filling it), alpaca_prompts, split, batches, remarks
    model/         methods (names and defaults), load, gguf, attach (add trainable parts), memory (estimate and check)
    loop/          train (transformers.Trainer), measure (loss), callbacks (progress, stopping), checkpoint
    output/        adapter (save, reload, merge), artifacts (summary, losses, split), metadata, card, curve
    evaluation/    compare (base against tuned model), answers (and their scores), ask, generate (greedy), report (Markdown and tables)
    run.py         the whole run, in order          preview.py      a dry run, without weights
    records.py     TrainingJob, Preview, Result     distributed.py  rank and number of processes
    storage.py     write failures as StorageError
"""

import os
from collections.abc import Callable, Mapping, Sequence

from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.system.extras import require
from selfinstruct.system.faces import to_stderr
from selfinstruct.training.distributed import rank
from selfinstruct.training.evaluation.report import Evaluation, EvaluationJob, Sample
from selfinstruct.training.model.methods import check_settings, resolved
from selfinstruct.training.records import Preview, Result, TrainingJob

__all__ = [
    "Evaluation",
    "EvaluationJob",
    "Preview",
    "Result",
    "Sample",
    "TrainingJob",
    "ask",
    "check_installed",
    "dry_run",
    "evaluate",
    "finetune",
]

NEEDED = ("torch", "transformers", "peft", "accelerate", "safetensors")
ENVIRONMENT = {
    "OMP_WAIT_POLICY": "passive",  # threads that wait by spinning made a shared 2-core machine ten times slower
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def finetune(
    rows: Sequence[Row], general: Sequence[Row], job: TrainingJob, say: Callable[[str], None] = to_stderr
) -> Result:
    """Fine-tune a model on rows, save the result in `job.output` and check that it loads again.

    `general` rows are mixed in at `replay_share`. Only a hub id may use the network; a directory or `.gguf` file does
    not. The same seed, rows and settings give the same losses on the same machine, also after a stop and resume.
    Raises InputError for unusable rows, settings or model, or when training diverges; InterruptedRunError after Ctrl-C;
    StorageError when the adapter cannot be written.
    """
    job = _ready(rows, job)
    from selfinstruct.training.run import run

    return run(rows, general, job, say if rank() == 0 else silent)


def dry_run(
    rows: Sequence[Row], general: Sequence[Row], job: TrainingJob, say: Callable[[str], None] = to_stderr
) -> Preview:
    """Return what `finetune` would do, without loading weights or writing to `job.output`; raises the same errors."""
    job = _ready(rows, job)
    from selfinstruct.training.run import dry_run as run_dry

    return run_dry(rows, general, job, say)


def evaluate(
    rows: Sequence[Row], categories: Mapping[str, str], job: EvaluationJob, say: Callable[[str], None] = to_stderr
) -> Evaluation:
    """Return the scores of base and tuned model on rows not trained on; `categories`: row id -> category."""
    _check(rows)
    from selfinstruct.training.evaluation.compare import compare

    return compare(rows, categories, job, say)


def ask(tasks: Sequence[str], job: EvaluationJob, say: Callable[[str], None] = to_stderr) -> list[Sample]:
    """Return the answers of base and tuned model to tasks of one's own."""
    _ready_to_load()
    from selfinstruct.training.evaluation.ask import ask as answers

    return answers(tasks, job, say)


def silent(_: str) -> None:
    """Discard a progress line."""


def _ready(rows: Sequence[Row], job: TrainingJob) -> TrainingJob:
    """Return the job with the method's defaults filled in, the learning rate aside, which the model's size decides.

    Checks what needs no heavy import first.
    """
    check_settings(job.settings, job.merge)
    _check(rows)
    settings = resolved(job.settings).model_copy(update={"learning_rate": job.settings.learning_rate})
    return job.model_copy(update={"settings": settings, "seed": job.seed % 2**32})


def _check(rows: Sequence[Row]) -> None:
    _ready_to_load()
    if not rows:
        raise InputError(
            "the dataset is empty: there are no rows; run `selfinstruct generate` first, or choose another --dataset"
        )


def _ready_to_load() -> None:
    check_installed()
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def check_installed(needed: Sequence[str] = NEEDED) -> None:
    """Raise InputError that names the missing packages and how to get them."""
    require(needed, "fine-tuning", "finetune")
