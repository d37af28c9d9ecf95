"""The thin PEFT trainer: rows in, an adapter and its measured effect out.

Importing this package loads no torch; the heavy rooms open when `finetune` is called.

    encode    row -> token ids and labels          model     directory, GGUF file or hub id -> base model
    split     which rows are only measured         methods   base model -> model with something to train
    measure   loss on the rows held out            train     the loop, by transformers.Trainer
    adapter   saved, checked, loaded again         run       all of it, in order
"""

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from selfinstruct.config import Finetune
from selfinstruct.errors import InputError
from selfinstruct.finetune.methods import check_method
from selfinstruct.finetune.result import Job, Result
from selfinstruct.records import Row

__all__ = ["Result", "check_installed", "finetune"]

NEEDED = ("torch", "transformers", "peft", "accelerate", "safetensors")
ENVIRONMENT = {
    "OMP_WAIT_POLICY": "passive",  # threads that wait by spinning made a shared 2-core machine ten times slower
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def to_stderr(line: str) -> None:
    """Write one progress line where it does not mix with data."""
    sys.stderr.write(line + "\n")


def finetune(  # noqa: PLR0913 -- the whole public surface of this package
    rows: Sequence[Row],
    settings: Finetune,
    *,
    model: str | Path,
    output: Path,
    seed: int,
    max_steps: int | None = None,
    say: Callable[[str], None] = to_stderr,
) -> Result:
    """Tune a model on rows, save the adapter in `output`, and prove that it can be loaded again.

    `model` is a directory, a `.gguf` file or a hub id; of these only a hub id can use the network. `max_steps` beats
    `settings.epochs`. The same seed, rows and settings give the same losses on the same machine.
    Raises InputError for rows, settings or a model that cannot be used, StorageError when the adapter cannot be kept.
    """
    check_method(settings.method)
    check_installed()
    if not rows:
        raise InputError(
            "the dataset is empty: nothing to train on; run `selfinstruct generate` first, or choose another --dataset"
        )
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    from selfinstruct.finetune.run import run

    return run(
        rows, Job(settings=settings, model=str(model), output=output, seed=seed % 2**32, max_steps=max_steps), say
    )


def check_installed(needed: Sequence[str] = NEEDED) -> None:
    """Raise InputError that names the missing packages and how to get them."""
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        remedy = "run `make finetune`, or: pip install 'selfinstruct[finetune]'"
        raise InputError(f"fine-tuning needs {', '.join(missing)}, which is not installed; {remedy}")
