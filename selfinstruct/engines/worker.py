"""A worker process: holds one shard of a pool, and answers blocks from its standard input on its standard output until that ends.

A message is a head (number of texts, number of tokens, 1 where scores follow), then tokens (int32), offsets (int64) and scores (float64);
an answer is entries (int32), scores (float64) and flags (int32). Sender and receiver are always of one installation.
"""

import signal
import struct
import sys
from typing import IO, TYPE_CHECKING

from selfinstruct.rouge.block import Block, Found
from selfinstruct.rouge.shard import LocalShard, ShardLostError

if TYPE_CHECKING:
    from selfinstruct.rouge.kernels import Array

_HEAD = struct.Struct("<qqq")


def send(stream: IO[bytes], block: Block, scores: "Array | None") -> None:
    """Write a message; raises OSError where nobody reads any more."""
    stream.write(_HEAD.pack(len(block), len(block.tokens), scores is not None))
    for array in (block.tokens, block.offsets, scores):
        if array is not None and len(array):
            stream.write(memoryview(array).cast("B"))
    stream.flush()


def receive(stream: IO[bytes]) -> "tuple[Block, Array | None] | None":
    """Return the block and the scores, if any, of the next message; None at its end."""
    import numpy as np

    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    texts, tokens, asks = _HEAD.unpack(head)
    block = Block(np.frombuffer(stream.read(4 * tokens), np.int32), np.frombuffer(stream.read(8 * texts + 8), np.int64))
    return block, np.frombuffer(stream.read(8 * texts), np.float64) if asks else None


def send_found(stream: IO[bytes], found: Found) -> None:
    """Write an answer."""
    for array in found:
        stream.write(memoryview(array).cast("B"))
    stream.flush()


def receive_found(stream: IO[bytes], texts: int) -> Found:
    """Return the answer on a block; raises ShardLostError at the end of the stream."""
    import numpy as np

    data = stream.read(16 * texts)
    if len(data) < 16 * texts:
        raise ShardLostError("has ended")
    entries, scores, flags = data[: 4 * texts], data[4 * texts : 12 * texts], data[12 * texts :]
    return Found(np.frombuffer(entries, np.int32), np.frombuffer(scores, np.float64), np.frombuffer(flags, np.int32))


def serve(shard: LocalShard, questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nothing more is asked."""
    while message := receive(questions):
        block, scores = message
        if scores is None:
            shard.extend(block)
        else:
            shard.ask(block, scores)
            send_found(answers, shard.answer())


def main() -> None:
    """Serve shard number argv[1] of argv[2]; Ctrl-C is for the parent, which then closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        serve(LocalShard(int(sys.argv[1]), int(sys.argv[2])), sys.stdin.buffer, sys.stdout.buffer)
    except MemoryError:
        sys.exit("selfinstruct: a worker of `filter` has too little memory")
    except BrokenPipeError:
        sys.exit(1)


if __name__ == "__main__":
    main()
