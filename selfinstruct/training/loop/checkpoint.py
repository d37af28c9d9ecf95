"""Checkpoints: the job they belong to, the last one, and the trained values as safetensors.

All trained values are saved, not PEFT's adapter: for prefix-tuning and P-Tuning the adapter has only the encoder's
output, from which training cannot resume. Optimizer and random states are torch's own files, read with `weights_only`.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.system.documents import Day, Hex, Open, read_document
from selfinstruct.system.writing import write_text
from selfinstruct.training.loop.trainer_state import FRESH, STATE
from selfinstruct.training.model.strangers import reason_of
from selfinstruct.training.storage import writing

OWNER = "job.json"
"""File in the checkpoint folder that identifies the job."""
WEIGHTS = "trained.safetensors"


class Owner(Open):
    """The job that a folder of checkpoints belongs to; its further fields are settings."""

    method: str
    model: str
    dataset: Hex
    day: Day = ""


def last_checkpoint(folder: Path) -> Path | None:
    """Return the complete checkpoint with the highest step, or None."""
    whole = (path.parent for path in folder.glob(f"checkpoint-*/{STATE}"))
    numbered = [path for path in whole if re.fullmatch(r"checkpoint-\d{1,12}", path.name, re.ASCII)]
    return max(numbered, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def day_of(folder: Path) -> str:
    """Return the day of the run whose checkpoints the folder holds; empty without any."""
    path = folder / OWNER
    return read_document(path, Owner, FRESH).day if last_checkpoint(folder) and path.is_file() else ""


def claim(folder: Path, owner: Mapping[str, Any]) -> None:
    """Record the job that owns the folder; raises InputError when it holds checkpoints of another job."""
    path = folder / OWNER
    if last_checkpoint(folder) and path.is_file():
        before = read_document(path, Owner, FRESH).document()
        if key := next((key for key in (*owner, *before) if owner.get(key) != before.get(key)), None):
            raise InputError(
                f"{folder}: holds a checkpoint of another run: its {key} is {before.get(key)}, now {owner.get(key)}; "
                f"choose another --output, or {FRESH}"
            )
    write_text(path, json.dumps(owner, ensure_ascii=False, indent=2) + "\n")


def clear(folder: Path) -> None:
    """Remove a folder of checkpoints."""
    shutil.rmtree(folder, ignore_errors=True)


def save_trained(model: Any, folder: Path, state: dict[str, Any] | None = None) -> None:
    """Save the trained values; `state` has the gathered values of a sharded model.

    Raises InputError, leaving no checkpoint, when a value is not finite; StorageError when writing fails.
    """
    import torch
    from safetensors.torch import save_file

    state = state or dict(model.named_parameters())
    names = [name for name, value in model.named_parameters() if value.requires_grad]
    trained = {name: state[name].detach().contiguous().cpu() for name in names if name in state}
    if not all(torch.isfinite(value).all() for value in trained.values()):
        raise InputError(
            "training diverged: a weight is no number any more; lower learning_rate in [finetune], and use --fresh"
        )
    with writing(folder, "the checkpoint"):
        folder.mkdir(parents=True, exist_ok=True)
        save_file(trained, folder / WEIGHTS)


def load_trained(model: Any, folder: Path) -> None:
    """Load the trained values of a checkpoint into the model; raises InputError when the file is broken."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        values = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise InputError(
            f"{folder / WEIGHTS}: cannot be read ({error}); remove {folder} to go on from the one before, or use --fresh"
        ) from error
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    if set(values) != trained:
        raise InputError(f"{folder / WEIGHTS}: holds other values than this run trains; {FRESH}")
    try:
        model.load_state_dict(values, strict=False)
    except RuntimeError as error:  # of another size
        reason = str(error).strip().split("\n")[0]
        raise InputError(f"{folder / WEIGHTS}: not a checkpoint of this model ({reason}); {FRESH}") from error


@contextmanager
def reading_state(checkpoint: str | None) -> Iterator[None]:
    """Raise InputError for torch's own files that cannot be read; they hold tensors and numbers only, never code."""
    try:
        yield
    except (
        OSError,
        RuntimeError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        EOFError,
        UnpicklingError,
    ) as error:
        raise InputError(
            f"{checkpoint}: the state of optimizer or chance cannot be read ({reason_of(error)}); remove the folder to go on from the one before, "
            f"or {FRESH}"
        ) from error
