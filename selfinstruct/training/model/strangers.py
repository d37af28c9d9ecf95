"""Files of a model that a stranger wrote: what is checked before transformers reads them, and what it raises mapped to InputError."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError, SelfInstructError
from selfinstruct.system.files import read_text

MOST_PARTS = 4096
"""Layers, experts of a layer, or rank of an adapter; the largest have some hundred. They are built before memory can be estimated."""


_OWN_KERNELS = {None, "eager", "sdpa"}
"""Ways to compute attention and experts that come with torch and transformers; of any other transformers may fetch the code."""


@contextmanager
def reading(name: str, remedy: str) -> Iterator[None]:
    """Raise InputError for whatever the reader of a stranger's files raises; a lack of memory passes."""
    try:
        yield
    except (SelfInstructError, MemoryError):
        raise
    except (
        BaseException
    ) as error:  # a broken file ends in any class, of tokenizers in a bare Exception, or a panic, which is none
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{name}: cannot be loaded ({reason_of(error)}); {remedy}") from error


def reason_of(error: BaseException) -> str:
    """Return what a reader raised, for a message; not torch's advice to run what it has just refused to run."""
    reason = " ".join(str(error).split())
    if "weights_only" in reason or reason.startswith("Weights only load failed"):
        return "it is broken, or holds more than tensors and numbers, which is never run"
    return reason[:200] or type(error).__name__


def check_config(path: Path) -> None:
    """Raise InputError for a config file that is no JSON object, or whose model or adapter could not even be laid out."""
    if not path.is_file():
        return
    try:
        value = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON ({error}); download the model again") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}: must hold one JSON object; download the model again")
    for part in (value, *(held for held in value.values() if isinstance(held, dict))):
        _check_parts(part, path)


def own_kernels(config: Any, name: str) -> Any:
    """Return a model's configuration with attention and experts computed by torch and transformers alone.

    A name such as `somebody/kernel` is code on the hub, and so is flash attention where it is not installed. Raises InputError for the former.
    """
    parts = [getattr(config, key, None) for key in getattr(config, "sub_configs", ())]
    for part in [config, *(one for one in parts if one is not None)]:
        for key in ("_attn_implementation", "_experts_implementation"):
            named = getattr(part, key, None)
            if named is not None and not (isinstance(named, str) and re.fullmatch(r"[a-z0-9_]{1,40}", named)):
                raise InputError(
                    f"{name}: config.json: field `{key[1:]}`: names code of somebody else, which is never run; remove the field, or give "
                    "another model"
                )
            if named not in _OWN_KERNELS:
                setattr(part, key, None)
    return config


def _check_parts(config: dict[str, Any], path: Path) -> None:
    for key, value in config.items():
        counts = key == "r" or (key.startswith(("n_", "num_")) and key.endswith(("layer", "layers", "experts")))
        if counts and isinstance(value, int | float) and not 0 <= value <= MOST_PARTS:
            raise InputError(f"{path}: `{key}` is {value}, and none has more than {MOST_PARTS}; give another one")
