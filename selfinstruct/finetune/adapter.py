"""The adapter on disk: saved, looked into, loaded again.

Early trainers saved 443-byte adapters without noticing (alpaca-lora issues 293, 334, 390, 483), so what was saved is
opened again and its loss compared with the one in memory.
"""

import math
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError, StorageError
from selfinstruct.finetune.methods import quiet_peft

TOLERANCE = 1e-4
"""Nats by which the loss of the reloaded adapter may differ."""
SUMMARY = "finetune.json"
"""Written last: a folder that has it is whole."""


def open_folder(output: Path) -> None:
    """Make the folder now, not after an hour of training, and take away the summary of an earlier run."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        (output / SUMMARY).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"{output}: cannot be used as output folder ({error.strerror}); choose another --output"
        ) from error


def save(model: Any, tokenizer: Any, output: Path) -> None:
    """Save adapter and tokenizer; raises StorageError when the disk did not take them or the adapter is empty."""
    try:
        # save_embedding_layers: "auto" would ask the hub about the base model's vocabulary
        model.save_pretrained(output, safe_serialization=True, save_embedding_layers=False)
        tokenizer.save_pretrained(output)
    except OSError as error:
        raise StorageError(
            f"{output}: the adapter could not be saved ({error.strerror}); free the disk and run again"
        ) from error
    check_tensors(output / "adapter_model.safetensors")


def check_tensors(path: Path) -> None:
    """Raise StorageError when a saved file holds no tensors, or one without values."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        sizes = {name: math.prod(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118 -- not a mapping
    if not sizes or not all(sizes.values()):
        raise StorageError(
            f"{path}: the saved adapter is empty; this is a bug of selfinstruct or peft, please report it"
        )


def reload(base: Any, output: Path) -> Any:
    """Return a fresh base model with the adapter that stands on disk."""
    from peft import PeftModel

    with quiet_peft():
        return PeftModel.from_pretrained(base, output)


def check_losses(in_memory: float, reloaded: float, output: Path) -> None:
    """Raise InputError when training diverged, StorageError when the reloaded adapter is not the trained one."""
    if not math.isfinite(in_memory):
        raise InputError(f"training diverged (held-out loss {in_memory}); lower learning_rate in [finetune]")
    if not abs(in_memory - reloaded) <= TOLERANCE:
        raise StorageError(
            f"{output}: the saved adapter gives a held-out loss of {reloaded:.6f}, the trained model {in_memory:.6f}; "
            "do not use it; run again, and report it if it stays so"
        )
