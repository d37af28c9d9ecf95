"""The thin PEFT trainer: rows in, an adapter and its measured effect out.

Importing this package loads no torch; the heavy rooms open when `finetune` is called.

    methods   names, defaults, sources             attach      base model -> model with something to train
    alpaca    the Alpaca prompts by name           encode      row -> token ids and labels
    split     which rows are only measured         data        rows -> what is trained and measured
    batches   rows of a length together            model       directory, GGUF file or hub id -> base model
    train     the loop, by transformers.Trainer    watch       progress, early stopping, Ctrl-C
    measure   loss over answer tokens              checkpoint  to go on from
    memory    what it will need                    preview     a run without weights
    adapter   saved, checked, loaded, merged       leave       summary, curve, model card
    run       all of it, in order                  respond     greedy answers, many at once
    finished  what a folder says of its run        storage     a full disk is one error
    compare   base against tuned model             evaluation  as Markdown and JSON
"""

import importlib.util
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from selfinstruct.errors import InputError
from selfinstruct.records import Row
from selfinstruct.training.distributed import rank
from selfinstruct.training.evaluation.report import Evaluation, EvaluationJob
from selfinstruct.training.model.methods import check_settings, resolved
from selfinstruct.training.records import Preview, Result, TrainingJob

__all__ = [
    "Evaluation",
    "EvaluationJob",
    "Preview",
    "Result",
    "TrainingJob",
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


def to_stderr(line: str) -> None:
    """Write one progress line where it does not mix with data."""
    sys.stderr.write(line + "\n")


def finetune(
    rows: Sequence[Row], general: Sequence[Row], job: TrainingJob, say: Callable[[str], None] = to_stderr
) -> Result:
    """Tune a model on rows, save what was learned in `job.output`, and prove that it can be loaded again.

    `general` rows are mixed in by `replay_share`. Of directory, `.gguf` file and hub id only the last can use the network. The
    same seed, rows and settings give the same losses on the same machine, also when the run was stopped and went on.
    Raises InputError for rows, settings or a model that cannot be used or a training that diverged, InterruptedRunError after
    Ctrl-C, StorageError when the adapter cannot be kept.
    """
    job = _ready(rows, job)
    from selfinstruct.training.run import run

    return run(rows, general, job, say if rank() == 0 else silent)


def dry_run(
    rows: Sequence[Row], general: Sequence[Row], job: TrainingJob, say: Callable[[str], None] = to_stderr
) -> Preview:
    """Return what `finetune` would do, without loading weights or writing to `job.output`; raises the same errors."""
    job = _ready(rows, job)
    from selfinstruct.training.run import dry_run as rehearsal

    return rehearsal(rows, general, job, say)


def evaluate(
    rows: Sequence[Row], categories: Mapping[str, str], job: EvaluationJob, say: Callable[[str], None] = to_stderr
) -> Evaluation:
    """Return how base and tuned model do on the rows that the adapter did not learn; `categories`: row id -> category."""
    _check(rows)
    from selfinstruct.training.evaluation.compare import compare

    return compare(rows, categories, job, say)


def silent(_: str) -> None:
    """Say nothing."""


def _ready(rows: Sequence[Row], job: TrainingJob) -> TrainingJob:
    """Return the job with the method's defaults; raises what can be known before anything heavy is imported."""
    check_settings(job.settings, job.merge)
    _check(rows)
    return job.model_copy(update={"settings": resolved(job.settings), "seed": job.seed % 2**32})


def _check(rows: Sequence[Row]) -> None:
    check_installed()
    if not rows:
        raise InputError(
            "the dataset is empty: there are no rows; run `selfinstruct generate` first, or choose another --dataset"
        )
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def check_installed(needed: Sequence[str] = NEEDED) -> None:
    """Raise InputError that names the missing packages and how to get them."""
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        remedy = "run `make finetune`, or: pip install 'selfinstruct[finetune]'"
        raise InputError(f"fine-tuning needs {', '.join(missing)}, which is not installed; {remedy}")
