"""Conversion of a GGUF file into a directory next to it that transformers can load, train and save."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from selfinstruct.errors import InputError, StorageError
from selfinstruct.training.storage import writing

ORIGIN = "converted-from.sha256"
"""File in a converted directory with the sha256 of the GGUF file that it was made from."""


def converted(path: Path, say: Callable[[str], None]) -> Path:
    """Return the directory `<stem>-transformers` next to a GGUF file, converted unless made from this very file."""
    target = path.with_name(f"{path.stem}-transformers")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if _origin(target) == digest:
        return target
    say(f"converting {path.name} to {target.name}; once, about half a minute")
    try:
        _replace_folder(target, lambda folder: _convert(path, folder, digest))
    except OSError as error:
        raise StorageError(
            f"{target}: cannot be written ({error.strerror}); move the .gguf file to a disk with room"
        ) from error
    return target


def _origin(folder: Path) -> str:
    origin = folder / ORIGIN
    return origin.read_text(encoding="utf-8").strip() if origin.is_file() else ""


def _convert(path: Path, folder: Path, digest: str) -> None:
    """Write a GGUF model as dequantized safetensors.

    Without `GgufConfig(dequantize=True)` transformers 5 calls the model quantized, and neither saves nor trains it.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    source = {"gguf_file": path.name, "local_files_only": True}
    try:
        plain = GgufConfig(dequantize=True)
        model = AutoModelForCausalLM.from_pretrained(
            path.parent, dtype=torch.float32, quantization_config=plain, **source
        )
        tokenizer = AutoTokenizer.from_pretrained(path.parent, **source)
    except (ImportError, ValueError, KeyError) as error:
        raise InputError(f"{path}: not a GGUF model that transformers can read ({error})") from error
    with writing(path.with_name(f"{path.stem}-transformers"), "the converted model"):
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    (folder / ORIGIN).write_text(digest + "\n", encoding="utf-8")


def _replace_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Fill a temporary folder and rename it to the target, so that the target is never incomplete."""
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        fill(temporary)
        temporary.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
