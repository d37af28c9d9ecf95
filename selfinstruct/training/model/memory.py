"""Memory of a training run: an estimate of what it needs, and what is available.

Weights, gradients and Adam's two moments are exact sums. Activations are an estimate: what a layer of the LLaMA family
keeps for the backward pass, in vectors of hidden and inner size; measured peaks were 0.7 to 1.3 times the estimate
(docs/finetune.md).
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selfinstruct.config import Finetune
from selfinstruct.errors import InputError
from selfinstruct.records import Record
from selfinstruct.training.distributed import fully_sharded, world
from selfinstruct.training.model.methods import method_of

GIB = 2**30
LIBRARIES = 0.9 * GIB
"""Bytes that torch, transformers, peft and malloc need on a CPU."""
HIDDEN_KEPT, INNER_KEPT = 16, 6
FROZEN_HIDDEN_KEPT, FROZEN_INNER_KEPT = 6, 3
"""Vectors of hidden and inner size that a layer keeps per token.

They include inputs of linear layers that are trained or that LoRA's dropout copies; fewer when only virtual tokens are
trained.
"""
FOUR_BITS = 0.53
"""Bytes per parameter of qlora's base: half a byte, and double-quantized block constants (QLoRA, section 3)."""
LOGITS_KEPT = 8
"""Float32 copies of the logits of answer tokens: logits, selected logits, softmax, and gradients of each."""


class Memory(Record):
    """Memory of one process, in bytes."""

    weights: int
    training: int
    """Gradients and optimizer state of the trainable parameters."""
    activations: int
    available: int
    """Free memory now; of the GPU if there is one."""

    @property
    def certain(self) -> int:
        """Memory needed whatever the rows are."""
        return self.weights + self.training

    @property
    def total(self) -> int:
        """Estimated total."""
        return self.certain + self.activations


def estimate(model: Any, settings: Finetune, longest: int, answer: int) -> Memory:
    """Return the memory estimate; `longest` is the most tokens of a row, `answer` the most trained tokens of a row."""
    values = list(model.parameters())
    trained = sum(value.numel() for value in values if value.requires_grad)
    parts = world() if fully_sharded() else 1
    shape = model.config.get_text_config()
    tokens = settings.micro_batch_size * longest
    inner = getattr(shape, "intermediate_size", 4 * shape.hidden_size)
    frozen = bool(method_of(settings).virtual_tokens)
    hidden_kept, inner_kept = (FROZEN_HIDDEN_KEPT, FROZEN_INNER_KEPT) if frozen else (HIDDEN_KEPT, INNER_KEPT)
    layer = (hidden_kept * shape.hidden_size + inner_kept * inner) * values[0].element_size()
    layers = shape.num_hidden_layers
    if settings.gradient_checkpointing:
        kept = layers * shape.hidden_size * values[0].element_size() + layer  # each layer's input, and one whole layer
    else:
        kept = layers * layer
    return Memory(
        weights=_weights(model, settings.method) // parts,
        training=trained * 4 * 3 // parts,
        activations=tokens * kept + settings.micro_batch_size * answer * shape.vocab_size * 4 * LOGITS_KEPT,
        available=available(),
    )


def _weights(model: Any, method: str) -> int:
    """Return the bytes of all weights; for qlora, base layers are 4-bit and PEFT makes all else float32."""
    import torch

    if method != "qlora":
        return int(sum(value.numel() * value.element_size() for value in model.parameters()))
    layers = {name: module for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)}
    small = {id(layer.weight) for name, layer in layers.items() if "lm_head" not in name and ".lora_" not in name}
    return int(sum(value.numel() * (FOUR_BITS if id(value) in small else 4) for value in model.parameters()))


def available() -> int:
    """Return the free bytes of the GPU, or else of the machine or container, whichever is less."""
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info(int(os.environ.get("LOCAL_RANK", "0")))[0])
    import psutil

    return min([int(psutil.virtual_memory().available - LIBRARIES), *_container()])


def _container() -> list[int]:
    """Return the free bytes under the control group's limit; empty without a limit."""
    group = Path("/sys/fs/cgroup")
    try:
        limit, used = (int((group / name).read_text(encoding="utf-8")) for name in ("memory.max", "memory.current"))
        lines = (group / "memory.stat").read_text(encoding="utf-8").split("\n")
        cache = sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))
    except (OSError, ValueError):
        return []
    return [limit - used + cache]  # the file cache is released on demand


def peak() -> int:
    """Return the peak memory of this process in bytes; of the GPU if there is one."""
    import resource

    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def check(memory: Memory, settings: Finetune) -> list[str]:
    """Return a warning when the estimate exceeds the free memory; raises InputError when even its certain part does."""
    need, have = memory.total / GIB, memory.available / GIB
    if memory.certain > memory.available:
        raise InputError(
            f"too little memory: weights and optimizer alone need {memory.certain / GIB:.1f} GiB, {have:.1f} GiB are free; "
            + _smaller(settings)
        )
    if memory.total > memory.available:
        return [f"this may need {need:.1f} GiB, and {have:.1f} GiB are free; if it stops, set {lighter(settings)}"]
    return []


def _smaller(settings: Finetune) -> str:
    match settings.method:
        case "full":
            return "use lora instead of full, or a smaller model"
        case "qlora":
            return "use a smaller model"
        case _:
            return "use a smaller model, or qlora on a GPU"


def lighter(settings: Finetune) -> str:
    """Return advice: settings that reduce activation memory."""
    less = "" if settings.gradient_checkpointing else "gradient_checkpointing, "
    return f"{less}a smaller micro_batch_size or max_length"


@contextmanager
def enough(remedy: str) -> Iterator[None]:
    """Turn out-of-memory errors into InputError with a remedy."""
    import torch

    try:
        yield
    except RuntimeError as error:  # on a CPU torch raises a plain RuntimeError
        if not isinstance(error, torch.OutOfMemoryError) and "can't allocate memory" not in str(error):
            raise
        reason = str(error).strip().split("\n")[0]
        raise InputError(f"memory ran out ({reason}); set {remedy}") from error
