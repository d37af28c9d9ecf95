"""One process of many: what `accelerate launch` and `torchrun` say in the environment. Light."""

import os


def rank() -> int:
    """Return the number of this process, from 0; 0 writes files and talks."""
    return int(os.environ.get("RANK", "0"))


def world() -> int:
    """Return how many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def sharded() -> bool:
    """Whether FSDP or DeepSpeed cut the model into pieces that no process has whole."""
    return any(os.environ.get(f"ACCELERATE_USE_{name}", "").lower() == "true" for name in ("FSDP", "DEEPSPEED"))


def fully_sharded() -> bool:
    """Whether FSDP cuts weights, gradients and optimizer evenly among the processes; DeepSpeed does so only at stage 3."""
    return os.environ.get("ACCELERATE_USE_FSDP", "").lower() == "true"


def wait_for_others() -> None:
    """Return when every process is here."""
    if world() > 1:
        from accelerate import PartialState

        PartialState().wait_for_everyone()
