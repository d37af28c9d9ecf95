"""Base models and tokenizers: a directory, a GGUF file or a hub id, read by transformers.

Safetensors only, and never code that comes with a model. Only a hub id may use the network. Float32 on a CPU (bfloat16
was three times slower on one without AMX), bfloat16 on CUDA.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError, StorageError
from selfinstruct.records import Record

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
ORIGIN = "converted-from.sha256"
"""File in a converted directory: which GGUF it was made of."""


class Source(Record):
    """Where transformers reads a model from."""

    name: str
    """Directory or hub id."""
    local: bool


def locate(model: str, say: Callable[[str], None]) -> Source:
    """Return where to read a model from; a GGUF file is converted first, once."""
    path = Path(model).expanduser()
    if path.is_file() and path.suffix == ".gguf":
        return Source(name=str(converted(path, say)), local=True)
    if (path / "config.json").is_file():
        return Source(name=str(path), local=True)
    if path.exists():
        raise InputError(
            f"{path}: not a model; it takes a directory with config.json and *.safetensors, or a .gguf file"
        )
    if HUB_ID.fullmatch(model):
        return Source(name=model, local=False)
    raise InputError(
        f"{model}: no such model; give a directory, a .gguf file, or a hub id such as Qwen/Qwen2.5-0.5B-Instruct"
    )


def load_tokenizer(source: Source) -> Any:
    """Return the tokenizer of a model."""
    from transformers import AutoTokenizer

    return _read(AutoTokenizer, source)


def load_model(source: Source) -> Any:
    """Return the base model, on the GPU if there is one."""
    from transformers import AutoModelForCausalLM

    model = _read(AutoModelForCausalLM, source, dtype=_dtype(), use_safetensors=True)
    model.config.use_cache = False  # only generation has a use for it
    return model.to("cuda") if has_cuda() else model


def _quiet(source: Source) -> None:
    """Switch off the bars of loading; a download keeps its own."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    if source.local:
        logging.disable_progress_bar()


def _read(kind: Any, source: Source, **options: Any) -> Any:
    _quiet(source)
    try:
        return kind.from_pretrained(source.name, local_files_only=source.local, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().split("\n")[0]
        where = (
            "the directory needs config.json, *.safetensors and a tokenizer"
            if source.local
            else "check the name and the network"
        )
        raise InputError(f"{source.name}: cannot be loaded ({reason}); {where}") from error


def has_cuda() -> bool:
    """Whether training runs on a GPU."""
    import torch

    return bool(torch.cuda.is_available())


def _dtype() -> Any:
    import torch

    return torch.bfloat16 if has_cuda() else torch.float32


def converted(path: Path, say: Callable[[str], None]) -> Path:
    """Return the directory `<stem>-transformers` beside a GGUF file, made now unless it was made of this very file."""
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
    """Write a GGUF model as safetensors.

    Without `GgufConfig(dequantize=True)` transformers 5 calls the model quantized, and neither saves nor trains it.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    _quiet(Source(name=str(path), local=True))
    source = {"gguf_file": path.name, "local_files_only": True}
    try:
        plain = GgufConfig(dequantize=True)
        model = AutoModelForCausalLM.from_pretrained(
            path.parent, dtype=torch.float32, quantization_config=plain, **source
        )
        tokenizer = AutoTokenizer.from_pretrained(path.parent, **source)
    except (ImportError, ValueError, KeyError) as error:
        raise InputError(f"{path}: not a GGUF model that transformers can read ({error})") from error
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / ORIGIN).write_text(digest + "\n", encoding="utf-8")


def _replace_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Fill a new folder and rename it to the target, so that the target is never there in part."""
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        fill(temporary)
        temporary.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
