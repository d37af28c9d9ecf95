"""The engine that a command was asked for."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

from selfinstruct.engines.processes import processes
from selfinstruct.engines.ray_actors import actors
from selfinstruct.rouge import Engine


def open_engine(
    name: Literal["local", "ray"], workers: int, say: Callable[[str], None]
) -> AbstractContextManager[Engine | None]:
    """Return an engine of so many workers, which end with it; None within this process for one local worker."""
    if name == "ray":
        return actors(workers, say)
    return processes(workers, say) if workers > 1 else nullcontext()
