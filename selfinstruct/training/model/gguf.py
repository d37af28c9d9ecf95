"""Conversion of a GGUF file into a directory next to it that transformers can load, train and save."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from selfinstruct.errors import InputError, StorageError
from selfinstruct.system.aside import Aside
from selfinstruct.training.model.strangers import MOST_PARTS, reading
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
    say(Aside(f"converting {path.name} to {target.name}; once, about half a minute"))
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
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    source = {"gguf_file": path.name, "local_files_only": True, "trust_remote_code": False}
    plain = GgufConfig(dequantize=True)
    with reading(str(path), "not a GGUF model that transformers can read; download it again"):
        check_header(path)
        config = AutoConfig.from_pretrained(path.parent, **source)
        with torch.device("meta"):
            layout = AutoModelForCausalLM.from_config(config, trust_remote_code=False)
        check_layout(path, sum(value.numel() for value in layout.parameters()))
        with redirect_stderr(StringIO()):  # a bar of tqdm's own, which the setting above does not reach
            model, info = AutoModelForCausalLM.from_pretrained(
                path.parent, dtype=torch.float32, quantization_config=plain, output_loading_info=True, **source
            )
        if missing := sorted(info["missing_keys"]):  # transformers would initialize them at random
            raise InputError(f"{path}: incomplete: it lacks {missing[0]}; download it again")
        tokenizer = AutoTokenizer.from_pretrained(path.parent, **source)
    with writing(path.with_name(f"{path.stem}-transformers"), "the converted model"):
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    (folder / ORIGIN).write_text(digest + "\n", encoding="utf-8")


def check_header(path: Path) -> None:
    """Raise InputError for a header with absurd counts, and for a file that ends before the tensors that it lists."""
    from transformers.integrations.gguf.reader import GgufHeader, read_gguf_metadata

    metadata, _ = read_gguf_metadata(str(path))
    for key, value in metadata.items():
        if key.endswith(("block_count", "expert_count")) and not 0 <= value <= MOST_PARTS:
            raise InputError(f"{path}: `{key}` is {value}, and none has more than {MOST_PARTS}; give another file")
    header = GgufHeader.from_file(str(path))
    listed, there = sum(one.nbytes for one in header.tensors), path.stat().st_size - header.data_start
    if listed > there:
        raise InputError(f"{path}: lists {listed:,} bytes of tensors and has {max(0, there):,}; download it again")


def check_layout(path: Path, values: int) -> None:
    """Raise InputError when a model has far more values than its file can hold: they would be made up, and fill memory."""
    most = 8 * path.stat().st_size  # no quantization takes less than a bit for a value
    if values > most:
        raise InputError(
            f"{path}: a model of {values:,} values, of which the file can hold {most:,}; download it again"
        )


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
