"""Checkpoints: the job they belong to, the last one, and the trained values as safetensors.

All trained values are saved, not PEFT's adapter: for prefix-tuning and P-Tuning the adapter has only the encoder's
output, from which training cannot resume. Optimizer and random states are torch's own files, read with `weights_only`.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.system.files import read_text, write_text
from selfinstruct.training.storage import writing

OWNER = "job.json"
"""File in the checkpoint folder that identifies the job."""
WEIGHTS = "trained.safetensors"


def last_checkpoint(folder: Path) -> Path | None:
    """Return the complete checkpoint with the highest step, or None."""
    whole = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json")]
    return max(whole, key=lambda path: int(re.sub(r"\D", "", path.name)), default=None)


def claim(folder: Path, owner: dict[str, Any]) -> None:
    """Record the job that owns the folder; raises InputError when it holds checkpoints of another job."""
    path = folder / OWNER
    if last_checkpoint(folder) and path.is_file():
        try:
            before = json.loads(read_text(path))
        except ValueError as error:
            raise InputError(f"{path}: broken ({error}); start anew with --fresh") from error
        if before != owner:
            key = next(key for key in owner if owner[key] != before.get(key))
            raise InputError(
                f"{folder}: holds a checkpoint of another run: its {key} is {before.get(key)}, now {owner[key]}; "
                "choose another --output, or start anew with --fresh"
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
    model.load_state_dict(values, strict=False)
