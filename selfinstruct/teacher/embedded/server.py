"""The server process of the embedded teacher: `python -m selfinstruct.teacher.embedded.server WEIGHTS`, OpenAI-compatible, loopback only.

Its key is the first line of standard input, since arguments and environment can be read by others. Prints its address as the first line
of output and exits when standard input closes, so that no server outlives its parent.
"""

import argparse
import asyncio
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selfinstruct.teacher.embedded.front import serve_front

_LONGEST_FOLDER = 60
"""The path of a Unix socket has at most 103 bytes (macOS; 107 on Linux); folder and file below this take 34."""


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(prog="python -m selfinstruct.teacher.embedded.server", description=__doc__)
    parser.add_argument("weights", help="GGUF file")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--slots", type=int, default=8, help="replies written at the same time")
    parser.add_argument("--context", type=int, default=2048, help="tokens of prompt and reply in each slot")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads; no more than there are idle cores")
    given = parser.parse_args()
    key = sys.stdin.buffer.readline().strip().decode()
    if not key:
        parser.error("the first line of standard input must be the key that callers have to send")
    listening = socket.create_server(("127.0.0.1", given.port))
    with _private_folder() as folder:
        threading.Thread(target=_leave_with_parent, args=(folder,), daemon=True).start()
        path = str(folder / "engine.sock")
        engine = start(given.weights, path, slots=given.slots, context=given.context, threads=given.threads)
        sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        asyncio.run(serve_front(listening, path, key))
        del engine  # it serves as long as somebody holds it


def start(weights: str, path: str, *, slots: int, context: int, threads: int) -> Any:
    """Return a running xllamacpp server on a Unix socket; `context` is in tokens per slot.

    What it offers besides the API is switched off here too, although the front hands nothing of it on.
    """
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.model_alias = {"embedded"}
    params.n_parallel = slots
    params.n_ctx = context * slots
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = threads
        cpu.poll = 0  # no busy-waiting: other programs may need the core
    params.hostnames = [path]
    params.n_threads_http = slots + 4
    params.use_jinja = True
    params.offline = True
    params.cache_ram_mib = 0
    params.verbosity = 0
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    return xllamacpp.Server(params)


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Yield a folder that only this user enters, with a name short enough for a Unix socket."""
    usual = tempfile.gettempdir()
    place = usual if len(usual) <= _LONGEST_FOLDER else "/tmp"  # noqa: S108 - made with a random name and mode 0700
    with tempfile.TemporaryDirectory(prefix="selfinstruct-", dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _leave_with_parent(folder: Path) -> None:
    """End this process when standard input closes."""
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # the engine's threads would keep the process alive


if __name__ == "__main__":
    main()
