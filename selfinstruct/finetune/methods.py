"""What is trained: a base model goes in, the same model with a trainable part comes out.

One function per method; a new one is a case in `attach` and a name in KNOWN. Source: LoRA, arXiv 2106.09685.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.errors import ConfigError

KNOWN = ("lora",)


def check_method(method: str) -> None:
    """Raise ConfigError, with the known methods, when there is no such one."""
    if method not in KNOWN:
        raise ConfigError(f"[finetune.method]: no method `{method}`; known: {', '.join(KNOWN)}")


def attach(base: Any, settings: Finetune) -> Any:
    """Return the base model with what the method trains; the base's own weights are frozen.

    The caller seeds torch: an adapter's first values are random.
    """
    from peft import get_peft_model

    check_method(settings.method)
    with quiet_peft():
        return get_peft_model(base, lora(settings))


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Hide that peft 0.21 asks transformers 5.23 for a property by its old name, which no user can change."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        yield


def lora(settings: Finetune) -> Any:
    """Low-rank updates of every linear layer.

    All linear layers, not alpaca-lora's q and v: as BELLE and Chinese-Vicuna chat do, and the one choice for which peft
    needs no table of model names (it has none for glm and glm4).
    """
    from peft import LoraConfig, TaskType

    return LoraConfig(
        r=settings.lora_rank,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules="all-linear",
        task_type=TaskType.CAUSAL_LM,
    )


def parameters(model: Any) -> tuple[int, int]:
    """Return how many values are trained, and how many there are."""
    counts = [(value.numel(), value.requires_grad) for value in model.parameters()]
    return sum(count for count, trained in counts if trained), sum(count for count, _ in counts)
