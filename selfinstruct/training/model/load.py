"""Base models and tokenizers, read by transformers from a directory, a GGUF file or a hub id.

Safetensors only, and code that comes with a model is never run. Only a hub id may use the network. Weights are float32
on a CPU (bfloat16 was three times slower on one without AMX) and bfloat16 on CUDA, except those that are trained.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.hub.reach import check_hub
from selfinstruct.records import Record
from selfinstruct.training.distributed import rank, sharded
from selfinstruct.training.model.gguf import converted
from selfinstruct.training.model.growth import check_file, check_loaded
from selfinstruct.training.model.strangers import check_config, own_kernels, reading

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
EXAMPLE = "a hub id such as Qwen/Qwen2.5-0.5B-Instruct"


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
    if (path / "adapter_config.json").is_file():
        raise InputError(
            f"{path}: an adapter, not a base model; give the model that it was trained on, or train it with --merge and give "
            f"{path / 'merged'}"
        )
    if path.exists():
        raise InputError(
            f"{path}: not a model; it takes a directory with config.json and *.safetensors, or a .gguf file"
        )
    if HUB_ID.fullmatch(model):
        return Source(name=model, local=False)
    raise InputError(f"{model}: no such model; give a directory, a .gguf file, or {EXAMPLE}")


def load_tokenizer(source: Source) -> Any:
    """Return the tokenizer of a model; raises InputError, before it is loaded, for one that makes a text far longer."""
    from transformers import AutoTokenizer

    with _reading(source):
        for path in _tokenizer_files(source):
            check_file(path)
    tokenizer = _read(AutoTokenizer, source)
    with _reading(source):
        check_loaded(tokenizer, source.name)
        tokenizer("a")  # some settings are looked at only here
    return tokenizer


def _tokenizer_files(source: Source) -> list[Path]:
    from transformers.utils import cached_file

    if source.local:
        return sorted(Path(source.name).glob("tokenizer*.json"))
    check_hub(source.name)
    _quiet(source)
    found = cached_file(source.name, "tokenizer.json", _raise_exceptions_for_missing_entries=False)
    return [Path(found)] if found else []


def load_model(source: Source, method: str = "lora") -> Any:
    """Return the base model for a method, on the GPU if there is one; raises InputError unless it is causal."""
    from transformers import AutoModelForCausalLM

    config = load_config(source)
    with _reading(source):
        check_kind(config, source)
        _check_no_adapter(source)
    options: dict[str, Any] = {"quantization_config": _four_bits()} if method == "qlora" else {}
    options |= {"use_safetensors": True, "output_loading_info": True}
    model, info = _read(AutoModelForCausalLM, source, config=config, dtype=dtype_of(method), **options)
    if rank() == 0 and (missing := sorted(info["missing_keys"])):  # transformers would initialize them at random
        more = f" and {len(missing) - 1} more tensors" if missing[1:] else ""
        raise InputError(f"{source.name}: incomplete: none of its files has {missing[0]}{more}; download it again")
    model.config.use_cache = False  # only generation uses the cache
    return model.to(device()) if method != "qlora" else model


def load_config(source: Source) -> Any:
    """Return a model's configuration, without loading weights."""
    from transformers import AutoConfig

    config = _read(AutoConfig, source)
    with _reading(source):
        return own_kernels(config, source.name)


def context_of(config: Any) -> int | None:
    """Return the maximum number of positions of a model, or None if its configuration does not say."""
    positions = getattr(config.get_text_config(), "max_position_embeddings", None)
    return positions if isinstance(positions, int) and positions > 0 else None


def sketch(source: Source, method: str) -> Any:
    """Return the model on the meta device, without weights, to count parameters and inspect layers."""
    import torch
    from transformers import AutoModelForCausalLM

    config = load_config(source)
    with _reading(source), torch.device("meta"):
        check_kind(config, source)
        return AutoModelForCausalLM.from_config(config, dtype=dtype_of(method), trust_remote_code=False)


def check_kind(config: Any, source: Source) -> None:
    """Raise InputError for a model that is no causal language model, or that transformers does not know."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES as CAUSAL

    if config.model_type not in CAUSAL:
        raise InputError(f"{source.name}: a `{config.model_type}` model does not continue text; give {EXAMPLE}")
    names = CAUSAL[config.model_type]
    known = {names} if isinstance(names, str) else set(names)
    said = config.architectures or sorted(known)
    # BERT loads as a causal model without being trained as one: the saved architecture decides
    if config.is_encoder_decoder or not known & set(said):
        raise InputError(
            f"{source.name}: a {said[0]} does not continue text; it takes a {min(known)}, for example {EXAMPLE}"
        )


def _check_no_adapter(source: Source) -> None:
    """Raise InputError for an adapter beside a model: transformers would load it too, whatever it says."""
    from transformers.utils import find_adapter_config_file

    if find_adapter_config_file(source.name, local_files_only=source.local):
        raise InputError(
            f"{source.name}: holds adapter_config.json beside a model, and is neither the one nor the other; move that file away, or give the "
            "model that the adapter was trained on"
        )


def _read(kind: Any, source: Source, **options: Any) -> Any:
    _quiet(source)
    if source.local:
        check_config(Path(source.name) / "config.json")
    else:
        check_hub(source.name)
    with _reading(source):
        return kind.from_pretrained(source.name, local_files_only=source.local, trust_remote_code=False, **options)


@contextmanager
def _reading(source: Source) -> Iterator[None]:
    """Map what reading a model raises to InputError with a remedy."""
    local = "the directory needs config.json, *.safetensors and a tokenizer"
    try:
        with reading(source.name, local if source.local else "check the name and the network"):
            yield
    except InputError as error:
        if not any(words in str(error) for words in ("trust_remote_code", "custom code")):
            raise
        raise InputError(
            f"{source.name}: brings code of its own, which is never run; give a model that transformers knows: of GLM the "
            "ones that end in -hf, such as zai-org/glm-4-9b-chat-hf"
        ) from error


def _quiet(source: Source) -> None:
    """Switch off the bars of loading; a download keeps its own."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    if source.local:
        logging.disable_progress_bar()


def has_cuda() -> bool:
    """Whether training runs on a GPU."""
    import torch

    return bool(torch.cuda.is_available())


def device() -> str:
    """Return the device of this process: its own GPU, or the CPU; accelerate moves a sharded model itself."""
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if has_cuda() and not sharded() else "cpu"


def dtype_of(method: str) -> Any:
    """Return the dtype of the weights; trained weights need float32, or small steps are lost."""
    import torch

    return torch.bfloat16 if has_cuda() and method != "full" else torch.float32


def _four_bits() -> Any:
    """Return QLoRA's quantization: 4-bit NormalFloat, double quantization, computing in bfloat16 (QLoRA, section 3)."""
    import torch
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
