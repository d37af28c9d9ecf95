"""Rank and number of processes, as `accelerate launch` and `torchrun` set them; importable without torch."""

import os


def rank() -> int:
    """Return the rank of this process, from 0; rank 0 writes the files and prints."""
    return int(os.environ.get("RANK", "0"))


def world() -> int:
    """Return the number of training processes."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def sharded() -> bool:
    """Whether FSDP or DeepSpeed shards the model, so that no process holds all of it."""
    return any(os.environ.get(f"ACCELERATE_USE_{name}", "").lower() == "true" for name in ("FSDP", "DEEPSPEED"))


def fully_sharded() -> bool:
    """Whether FSDP shards weights, gradients and optimizer evenly; DeepSpeed does so only at stage 3."""
    return os.environ.get("ACCELERATE_USE_FSDP", "").lower() == "true"


def wait_for_others() -> None:
    """Block until every process has reached this call."""
    if world() > 1:
        from accelerate import PartialState

        PartialState().wait_for_everyone()
