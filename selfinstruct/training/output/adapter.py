"""The adapter on disk: saving, checking, loading and merging.

Early trainers saved 443-byte adapters without noticing (alpaca-lora issues 293, 334, 390, 483), so a saved adapter is
loaded again and its loss compared with the one in memory.
"""

import math
import shutil
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError, StorageError
from selfinstruct.system.plain import refuse_links
from selfinstruct.training.loop.checkpoint import OWNER
from selfinstruct.training.model.attach import quiet_peft
from selfinstruct.training.model.load import Source, has_cuda, load_model
from selfinstruct.training.model.strangers import reading
from selfinstruct.training.output.adapter_config import ADAPTER, check_shape, peft_config, read_adapter
from selfinstruct.training.output.metadata import SPLIT, SUMMARY, summary_of
from selfinstruct.training.storage import writing

TOLERANCE = 1e-4
"""Maximum difference, in nats, between the loss of the reloaded adapter and that in memory."""
MERGED_TOLERANCE = 1e-3
"""The same for the merged model, whose weights are rounded once more."""
GPU_TOLERANCE = 2e-2
"""The same for both on a GPU, which computes in bfloat16 and in varying order of summation."""
MODEL_FILES = ("adapter_*", "model*.safetensors*", "config.json", "generation_config.json")
OF_A_RUN = (*MODEL_FILES, "evaluation.*", "merged")
"""Patterns of files that a run removes from its folder, so that old ones do not pass for its own."""


def open_folder(output: Path) -> None:
    """Create the output folder before training; raises InputError when it holds a model that no run of ours wrote."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{output}: cannot be used as output folder ({error.strerror}); choose another --output"
        ) from error
    refuse_links(output, [path.name for path in output.iterdir()])
    ours = any((output / name).is_file() for name in (SUMMARY, SPLIT, f"checkpoints/{OWNER}"))
    if not ours and (found := _found(output, MODEL_FILES)):
        raise InputError(
            f"{output}: holds {found[0].name}, which no run of `finetune` wrote and this one would replace; choose another --output"
        )


def check_not_base_model(source: Source, output: Path) -> None:
    """Raise InputError when the output folder is the base model's folder."""
    if source.local and Path(source.name).resolve() in {output.resolve(), output.resolve() / "merged"}:
        raise InputError(f"{output}: the base model stands there and would be replaced; choose another --output")


def put_in_place(made: Path, output: Path) -> None:
    """Move a whole model from the folder where it was made to that of an earlier run, perhaps of another method, whose files go.

    The summary goes first and comes last: in between the folder is marked as incomplete.
    """
    _remove([output / SUMMARY, *_found(output, OF_A_RUN)])
    for path in sorted(made.iterdir(), key=lambda one: one.name == SUMMARY):
        with writing(output / path.name, "the model"):
            path.replace(output / path.name)


def _found(output: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted(path for pattern in patterns for path in output.glob(pattern))


def _remove(paths: list[Path]) -> None:
    for path in paths:
        with writing(path, "the folder"):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def save(model: Any, tokenizer: Any, output: Path, state: dict[str, Any] | None = None, end: int | None = None) -> None:
    """Save the adapter or whole model, and the tokenizer; `state` has the gathered weights of a sharded model.

    A whole model ends at `end` too, whatever its generation configuration said before.
    Raises StorageError when the disk did not take them or a file is empty.
    """
    # "auto" would ask the hub about the base model's vocabulary
    options = {"save_embedding_layers": False} if hasattr(model, "peft_config") else {}
    if end is not None and getattr(model, "generation_config", None):
        ends = model.generation_config.eos_token_id
        known = ends if isinstance(ends, list) else [] if ends is None else [ends]
        model.generation_config.eos_token_id = known if end in known else [*known, end]
    with writing(output, "the adapter"):
        model.save_pretrained(output, state_dict=state, **options)
        tokenizer.save_pretrained(output)
        for path in output.glob("*.safetensors"):
            check_tensors(path)


def check_tensors(path: Path) -> None:
    """Raise StorageError when a saved file has no tensors or an empty one."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        sizes = {name: math.prod(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118 -- not a mapping
    if not sizes or not all(sizes.values()):
        raise StorageError(
            f"{path}: the saved adapter is empty; this is a bug of selfinstruct or peft, please report it"
        )


def load_tuned(source: Source, output: Path, method: str | None = None) -> Any:
    """Return the tuned model of a folder in float32: the base with its adapter, or a whole model.

    `method`: what it was trained by; None: as its summary says. Raises InputError before the base is loaded when the folder has no weights.
    """
    check_weights(output)
    if not (output / ADAPTER).is_file():
        return load_model(Source(name=str(output), local=True), "full")
    from peft import PeftModel

    summary = summary_of(output)
    base = load_model(source, method or (summary.settings.method if summary else "lora"))
    if summary and summary.base != architecture_of(base):
        raise InputError(
            f"{output}: an adapter of another base model: {summary.base}; {source.name} is {architecture_of(base)}"
        )
    adapter = read_adapter(output)
    check_shape(adapter, base.config, output / ADAPTER)
    remedy = f"a broken adapter, or one of another base model than {source.name}"
    with reading(str(output), remedy), quiet_peft():
        return PeftModel.from_pretrained(base, output, config=peft_config(adapter))


def check_weights(output: Path) -> None:
    """Raise InputError for a folder without safetensors, or with an adapter of a kind that is not read.

    PEFT would load a pickle, which can run code.
    """
    adapter = (output / ADAPTER).is_file()
    found = _found(output, ("adapter_model.safetensors",) if adapter else ("model*.safetensors",))
    if not found or not all(path.is_file() for path in found):  # on a pipe the reader waits for ever
        wanted = "adapter_model.safetensors" if adapter else "adapter_config.json and no model*.safetensors"
        raise InputError(
            f"{output}: has no {wanted}; it takes what `selfinstruct finetune` wrote, or an adapter saved as safetensors"
        )
    if adapter:
        read_adapter(output)


def architecture_of(base: Any) -> str:
    """Return model type and number of parameters, to tell base models apart; PEFT only warns, or fails later."""
    return f"{base.config.model_type} of {sum(value.numel() for value in base.parameters()):,} values"


def merge(model: Any, tokenizer: Any, folder: Path, end: int) -> None:
    """Save the base model with the adapter merged into its weights."""
    save(model.merge_and_unload(safe_merge=True), tokenizer, folder, end=end)


def check_losses(in_memory: float, on_disk: float, path: Path, tolerance: float = TOLERANCE) -> None:
    """Raise StorageError when the loss of the saved model differs from that of the trained one."""
    if not abs(in_memory - on_disk) <= (GPU_TOLERANCE if has_cuda() else tolerance):
        raise StorageError(
            f"{path}: what was saved gives a validation loss of {on_disk:.6f}, the trained model {in_memory:.6f}; "
            "do not use it. "
            "The last checkpoint stays: the same command saves and compares again; report it if it stays so"
        )
