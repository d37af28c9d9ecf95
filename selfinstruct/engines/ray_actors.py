"""Shards in actors of a Ray cluster: that of $RAY_ADDRESS, else one that is started on this machine for the command.

Ray passes large arrays through shared memory, from which they come read-only; the kernels are compiled for such arrays, so nothing is compiled
anew. Source: docs.ray.io, "Actors" and "Fault tolerance". Importing this loads neither Ray nor numba.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.errors import InputError, StorageError
from selfinstruct.rouge import Engine
from selfinstruct.rouge.block import Block, Found
from selfinstruct.rouge.shard import LocalShard, ShardLostError
from selfinstruct.system.extras import require

if TYPE_CHECKING:
    from selfinstruct.rouge.kernels import Array

_PATIENCE_S = 300.0
"""Seconds in which an actor has to start: a cluster that grows on demand takes minutes."""


def code() -> str:
    """Return the version of selfinstruct here, and the hash of what decides."""
    folder = Path(__file__).parents[1] / "rouge"
    files = sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix())
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    return f"{version('selfinstruct')} ({digest[:12]})"


class ShardActor:
    """A shard in an actor."""

    def __init__(self, number: int, of: int) -> None:
        """Start empty."""
        self._shard = LocalShard(number, of)

    def code(self) -> str:
        """Return the version of selfinstruct there."""
        return code()

    def extend(self, tokens: "Array", offsets: "Array") -> None:
        """Append entries."""
        self._shard.extend(Block(tokens, offsets))

    def ask(self, message: "tuple[Array, Array, Array]") -> tuple["Array", "Array", "Array"]:
        """Return the nearest entries to a block of (tokens, offsets, lowest scores)."""
        tokens, offsets, scores = message
        self._shard.ask(Block(tokens, offsets), scores)
        return tuple(self._shard.answer())


class RayShard:
    """The handle of such an actor; implements `rouge.shard.Shard`."""

    def __init__(self, ray: Any, actor: Any, name: str, put: Callable[[Block, "Array"], Any]) -> None:
        """Nothing is asked yet, so that actors start beside each other; `put` hands a block to the cluster."""
        self._ray, self.actor, self._unchecked, self._put = ray, actor, name, put
        self._extended: list[Any] = []
        self._found: Any = None

    def extend(self, block: Block) -> None:
        """Append entries."""
        import numpy as np

        self._extended.append(self.actor.extend.remote(np.asarray(block.tokens), np.asarray(block.offsets)))

    def ask(self, block: Block, scores: "Array") -> None:
        """Begin to look for the nearest entry of each text."""
        self._found = self.actor.ask.remote(self._put(block, scores))

    def answer(self) -> Found:
        """Return what was found; raises ShardLostError for an actor that is gone, and for one that failed to take an entry.

        Raises InputError for one of another version, and StorageError for one that does not start.
        """
        if self._unchecked:
            _check_code(self._ray, self.actor, self._unchecked)
            self._unchecked = ""
        try:
            self._ray.get(self._extended)
            self._extended = []
            return Found(*self._ray.get(self._found))
        except self._ray.exceptions.RayError as error:
            self._ray.kill(self.actor)
            raise ShardLostError(f"is gone ({type(error).__name__})") from error


@contextmanager
def actors(number: int, say: Callable[[str], None] = lambda _: None, *, above: int | None = None) -> Iterator[Engine]:
    """Provide an engine of so many actors, which end with it.

    Raises InputError without Ray, without a cluster at $RAY_ADDRESS, for one with fewer cores, and for another version of selfinstruct on it.
    """
    require(["ray"], "--engine ray", "ray")
    import ray

    _connect(ray, number)
    started: list[RayShard] = []
    last: list[Any] = [None, None]

    def put(block: Block, scores: "Array") -> Any:
        import numpy as np

        if last[0] is not block:  # one copy for all actors
            last[:] = block, ray.put((np.asarray(block.tokens), np.asarray(block.offsets), np.array(scores)))
        return last[1]

    def start(which: int, of: int) -> RayShard:
        actor = ray.remote(ShardActor).options(num_cpus=1, max_restarts=0).remote(which, of)
        started.append(RayShard(ray, actor, f"worker {which + 1} of {of}", put))
        return started[-1]

    try:
        yield Engine(number, start, say=say, **({} if above is None else {"above": above}))
    finally:
        for shard in started:
            ray.kill(shard.actor)
        ray.shutdown()


def _connect(ray: Any, number: int) -> None:
    address = os.environ.get("RAY_ADDRESS", "")
    quiet = {"log_to_driver": False, "configure_logging": False}
    local = {} if address else {"num_cpus": number, "include_dashboard": False}
    try:
        ray.init(address=address or "local", **quiet, **local)
    except Exception as error:  # also for a node that takes too long to start
        where = f"no Ray cluster at RAY_ADDRESS={address}" if address else "Ray does not start on this machine"
        why = str(error).partition("\n")[0]
        raise InputError(f"{where} ({why}); `ray status` says more, --engine local needs none") from error
    cores = int(ray.cluster_resources().get("CPU", 0))
    if cores < number:
        ray.shutdown()
        raise InputError(f"--workers {number}: the Ray cluster has {cores} cores; give at most --workers {cores}")


def _check_code(ray: Any, actor: Any, name: str) -> None:
    """Raise InputError where an actor runs another selfinstruct, or none; StorageError where it does not start."""
    try:
        there = ray.get(actor.code.remote(), timeout=_PATIENCE_S)
    except ray.exceptions.GetTimeoutError as error:
        raise StorageError(
            f"{name} has not started in {_PATIENCE_S:g} seconds; `ray status` says what the cluster waits for; nothing was written"
        ) from error
    except ray.exceptions.RayError as error:
        why = str(error).strip().rsplit("\n", 1)[-1]
        raise InputError(
            f"{name} does not start on the Ray cluster ({why}); `ray status` says whether it still stands, and all of its machines need "
            f"selfinstruct {code()}"
        ) from error
    if there != code():
        raise InputError(
            f"{name} has selfinstruct {there}, and this machine {code()}; install the same on all machines of the cluster"
        )
