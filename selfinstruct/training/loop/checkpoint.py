"""Checkpoints: whose they are, the last one, and what is trained as safetensors.

All that is trained is saved, not PEFT's adapter: of prefix-tuning and P-Tuning the adapter has only what the encoder makes, and
training could not go on from it. Optimizer and random states are torch's own files, read with `weights_only`.
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
"""File beside the checkpoints: what they are checkpoints of."""
WEIGHTS = "trained.safetensors"


def last_checkpoint(folder: Path) -> Path | None:
    """Return the checkpoint with the highest step that was written to its end."""
    whole = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json")]
    return max(whole, key=lambda path: int(re.sub(r"\D", "", path.name)), default=None)


def claim(folder: Path, owner: dict[str, Any]) -> None:
    """Write down whose checkpoints will stand in the folder; raises InputError when those of another job do."""
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
    """Remove checkpoints that are not needed any more."""
    shutil.rmtree(folder, ignore_errors=True)


def save_trained(model: Any, folder: Path, state: dict[str, Any] | None = None) -> None:
    """Save the values that are trained; `state` has them where no process has the whole model.

    Raises InputError, and leaves no checkpoint, when one of them is no number; StorageError when the disk does not take them.
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
    """Put the values of a checkpoint into the model; raises InputError when its file is broken."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        values = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise InputError(
            f"{folder / WEIGHTS}: cannot be read ({error}); remove {folder} to go on from the one before, or use --fresh"
        ) from error
    model.load_state_dict(values, strict=False)
