"""The adapter on disk: saved, looked into, loaded again, merged.

Early trainers saved 443-byte adapters without noticing (alpaca-lora issues 293, 334, 390, 483), so what was saved is
opened again and its loss compared with the one in memory.
"""

import json
import math
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError, StorageError
from selfinstruct.files import read_text
from selfinstruct.finetune.attach import quiet_peft
from selfinstruct.finetune.model import Source, load_model

TOLERANCE = 1e-4
"""Nats by which the loss of the reloaded adapter may differ."""
MERGED_TOLERANCE = 1e-3
"""Nats by which that of the merged model may: its weights are rounded once more."""
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


def save(model: Any, tokenizer: Any, output: Path, state: dict[str, Any] | None = None) -> None:
    """Save adapter or whole model, and tokenizer; `state` has the values where no process has the whole model.

    Raises StorageError when the disk did not take them or a file is empty.
    """
    # "auto" would ask the hub about the base model's vocabulary
    options = {"save_embedding_layers": False} if hasattr(model, "peft_config") else {}
    try:
        model.save_pretrained(output, state_dict=state, **options)
        tokenizer.save_pretrained(output)
    except OSError as error:
        raise StorageError(
            f"{output}: the adapter could not be saved ({error.strerror}); free the disk and run again"
        ) from error
    for path in output.glob("*.safetensors"):
        check_tensors(path)


def check_tensors(path: Path) -> None:
    """Raise StorageError when a saved file holds no tensors, or one without values."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        sizes = {name: math.prod(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118 -- not a mapping
    if not sizes or not all(sizes.values()):
        raise StorageError(
            f"{path}: the saved adapter is empty; this is a bug of selfinstruct or peft, please report it"
        )


def load_tuned(source: Source, output: Path) -> Any:
    """Return the tuned model that stands in a folder: the base with its adapter, or a whole model."""
    if not (output / "adapter_config.json").is_file():
        return load_model(Source(name=str(output), local=True))
    from peft import PeftModel

    path = output / SUMMARY
    summary = json.loads(read_text(path)) if path.is_file() else {}
    base = load_model(source, summary.get("settings", {}).get("method", "lora"))
    if (wanted := summary.get("base", named(base))) != named(base):
        raise InputError(f"{output}: an adapter of another base model: {wanted}; {source.name} is {named(base)}")
    try:
        with quiet_peft():
            return PeftModel.from_pretrained(base, output)
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().split("\n")[0]
        raise InputError(f"{output}: an adapter of another base model than {source.name} ({reason})") from error


def named(base: Any) -> str:
    """Return what tells base models apart: their kind and size. PEFT only warns, or fails later, on another one."""
    return f"{base.config.model_type} of {sum(value.numel() for value in base.parameters()):,} values"


def merge(model: Any, tokenizer: Any, folder: Path) -> None:
    """Save the base model with the adapter's changes in its weights."""
    save(model.merge_and_unload(safe_merge=True), tokenizer, folder)


def check_losses(in_memory: float, on_disk: float, path: Path, tolerance: float = TOLERANCE) -> None:
    """Raise StorageError when what stands on disk is not the model that was trained."""
    if not abs(in_memory - on_disk) <= tolerance:
        raise StorageError(
            f"{path}: what was saved gives a held-out loss of {on_disk:.6f}, the trained model {in_memory:.6f}; "
            "do not use it; run again, and report it if it stays so"
        )
