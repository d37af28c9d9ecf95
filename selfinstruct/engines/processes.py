"""Shards in processes of this machine, over pipes: each has its own interpreter, memory and index."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from selfinstruct.engines.worker import receive_found, send
from selfinstruct.errors import StorageError
from selfinstruct.rouge import Engine
from selfinstruct.rouge.block import Block, Found
from selfinstruct.rouge.shard import ShardLostError
from selfinstruct.system.interpreter import python

if TYPE_CHECKING:
    from selfinstruct.rouge.kernels import Array


class ProcessShard:
    """A shard in a child process; implements `rouge.shard.Shard`."""

    def __init__(self, number: int, of: int) -> None:
        """Start the process; raises StorageError where the system allows no further one."""
        command = python("-m", "selfinstruct.engines.worker", str(number), str(of))
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - arguments, no shell
        except OSError as error:
            raise StorageError(
                f"worker {number + 1} of {of} cannot be started ({error.strerror}); give fewer --workers"
            ) from error
        self._texts = 0

    def extend(self, block: Block) -> None:
        """Append entries."""
        self._send(block, None)

    def ask(self, block: Block, scores: "Array") -> None:
        """Begin to look for the nearest entry of each text."""
        self._texts = len(block)
        self._send(block, scores)

    def answer(self) -> Found:
        """Return what was found; raises ShardLostError where the process has ended."""
        try:
            return receive_found(self.process.stdout, self._texts)  # type: ignore[arg-type] # a pipe
        except ShardLostError as error:
            self.close()
            status = self.process.returncode
            raise ShardLostError(f"was ended by signal {-status}" if status < 0 else f"ended with {status}") from error

    def close(self) -> None:
        """End the process."""
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr] # a pipe
        self.process.kill()
        self.process.wait()

    def _send(self, block: Block, scores: "Array | None") -> None:
        with suppress(OSError, ValueError):  # the process has ended, which `answer` says
            send(self.process.stdin, block, scores)  # type: ignore[arg-type] # a pipe


@contextmanager
def processes(
    number: int, say: Callable[[str], None] = lambda _: None, *, above: int | None = None
) -> Iterator[Engine]:
    """Provide an engine of so many processes, which end with it; a pool of up to `above` entries needs none."""
    started: list[ProcessShard] = []

    def start(which: int, of: int) -> ProcessShard:
        started.append(ProcessShard(which, of))
        return started[-1]

    bound = {} if above is None else {"above": above}
    try:
        yield Engine(number, start, say=say, **bound)
    finally:
        for shard in started:
            shard.close()
