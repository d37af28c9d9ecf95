"""The server process of the embedded teacher: `python -m selfinstruct.teacher.embedded.server WEIGHTS`, OpenAI-compatible, loopback only.

Prints its address as the first line and exits when its standard input closes, so that no server outlives its parent.
"""

import argparse
import os
import sys
from typing import Any


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(prog="python -m selfinstruct.teacher.embedded.server", description=__doc__)
    parser.add_argument("weights", help="GGUF file")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--slots", type=int, default=8, help="replies written at the same time")
    parser.add_argument("--context", type=int, default=2048, help="tokens of prompt and reply in each slot")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads; no more than there are idle cores")
    given = parser.parse_args()
    server = start(given.weights, port=given.port, slots=given.slots, context=given.context, threads=given.threads)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # the engine's threads would keep the process alive


def start(weights: str, *, port: int, slots: int, context: int, threads: int) -> Any:
    """Return a running xllamacpp server; `context` is in tokens per slot."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.model_alias = {"embedded"}
    params.n_parallel = slots
    params.n_ctx = context * slots
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = threads
        cpu.poll = 0  # no busy-waiting: other programs may need the core
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_threads_http = slots + 4
    params.use_jinja = True
    params.offline = True
    params.cache_ram_mib = 0
    params.verbosity = 0
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
