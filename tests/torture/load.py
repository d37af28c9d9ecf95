"""Ten thousand requests at concurrency 512: our client with its journal, beside a bare `AsyncOpenAI` loop over the same requests.

    python -m tests.torture.load --requests 10000 --concurrency 512

Each side runs in a process of its own, one after the other, against a server of its own that answers at once. Prints JSON: seconds,
requests a second, CPU of the client for each request, highest resident memory, its curve, and open files.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from selfinstruct.config import Config, parse_config
from selfinstruct.records import Message, Request, Sampling
from tests.torture.service import ROOT, Service

SAMPLE_S = 0.1
CURVE = 20
"""Points of the memory curve that are printed."""
TEXT = "List new tasks about harbours, lanterns and the weather of another age, each with its answer. " * 12
CONFIG = """
[teacher]
kind = "openai"
base_url = "{url}"
model = "scripted-teacher"
api_key_env = "TORTURE_TEACHER_KEY"
price = {{ input = "1", output = "2" }}
[limits]
concurrency = {concurrency}
timeout_s = 120
"""
Send = Callable[[Request], Awaitable[None]]


def main() -> None:
    """Run both sides, or the one that is named, and print the figures."""
    options = _options()
    if options.side:
        figures = asyncio.run(_measure(options))
    else:
        sides = {side: _in_a_process(options, side) for side in ("bare", "ours")}
        ours, bare = sides["ours"], sides["bare"]
        figures = {
            "requests": options.requests,
            "concurrency": options.concurrency,
            **sides,
            "ratio": round(ours["requests_per_s"] / bare["requests_per_s"], 3),
        }
    sys.stdout.write(json.dumps(figures, indent=None if options.side else 1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the client under load beside a bare AsyncOpenAI loop.")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=512)
    parser.add_argument("--side", choices=("ours", "bare"), help="one side alone, against --url")
    parser.add_argument("--url", default="")
    return parser.parse_args()


def _in_a_process(options: argparse.Namespace, side: str) -> dict[str, Any]:
    with Service() as service:
        command = [sys.executable, "-m", "tests.torture.load", "--side", side, "--url", service.url]
        command += ["--requests", str(options.requests), "--concurrency", str(options.concurrency)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TORTURE_TEACHER_KEY": "sk-canary-load"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        figures: dict[str, Any] = json.loads(done.stdout)
        return figures | {"served": service.ask("/summary")["delivered"]}


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    requests = _requests(options.requests)
    memory: list[float] = []
    files: list[int] = []
    async with _sender(options) as send:
        sampler = asyncio.create_task(_sample(memory, files))
        began, cpu = time.monotonic(), time.process_time()
        await asyncio.gather(*(_work(requests, send) for _ in range(options.concurrency)))
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
        sampler.cancel()
    return {
        "seconds": round(seconds, 2),
        "requests_per_s": round(options.requests / seconds, 1),
        "cpu_ms_per_request": round(cpu / options.requests * 1000, 3),
        "peak_rss_mb": round(_peak_kb() / 1024, 1),
        "open_files": max(files, default=0),
        "rss_mb": [round(value, 1) for value in memory[:: max(1, len(memory) // CURVE)]],
    }


def _requests(count: int) -> Iterator[Request]:
    for index in range(count):
        sampling = Sampling(model="scripted-teacher", temperature=1.0, top_p=0.95, max_tokens=512, seed=index)
        messages = (Message(role="user", content=f"{index}. {TEXT}"),)
        yield Request(language="en", index=index, step="batch", messages=messages, sampling=sampling)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


async def _work(requests: Iterator[Request], send: Send) -> None:
    for request in requests:
        await send(request)


def _sender(options: argparse.Namespace) -> contextlib.AbstractAsyncContextManager[Send]:
    config = parse_config(CONFIG.format(url=options.url, concurrency=options.concurrency), "load.toml")
    return _ours(config) if options.side == "ours" else _bare(config)


@contextlib.asynccontextmanager
async def _ours(config: Config) -> AsyncIterator[Send]:
    from selfinstruct.journal import Journal
    from selfinstruct.teacher import Budget, open_teacher, price_of

    with tempfile.TemporaryDirectory(prefix="load-") as folder, Journal(Path(folder)) as journal:
        budget = Budget(price_of(config), None, 0)
        async with open_teacher(config, journal, budget, _say) as ask:

            async def send(request: Request) -> None:
                await ask(request)

            yield send


@contextlib.asynccontextmanager
async def _bare(config: Config) -> AsyncIterator[Send]:
    import openai

    key = os.environ["TORTURE_TEACHER_KEY"]
    async with openai.AsyncOpenAI(base_url=config.teacher.base_url, api_key=key, max_retries=0, timeout=120) as client:

        async def send(request: Request) -> None:
            sampling = request.sampling
            await client.chat.completions.create(
                model=sampling.model,
                messages=[{"role": "user", "content": request.messages[0].content}],
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                max_tokens=sampling.max_tokens,
                seed=sampling.seed,
            )

        yield send


async def _sample(memory: list[float], files: list[int]) -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    while True:
        memory.append(int(_proc("statm").split()[1]) * page / 2**20)
        files.append(len(os.listdir("/proc/self/fd")))  # noqa: PTH208 - a listing of numbers, ten times a second
        await asyncio.sleep(SAMPLE_S)


def _peak_kb() -> int:
    """Return this program's own peak; `ru_maxrss` would begin with that of the parent."""
    found = re.search(r"VmHWM:\s+(\d+)", _proc("status"))
    return int(found[1]) if found else 0


def _proc(name: str) -> str:
    with open(f"/proc/self/{name}", encoding="ascii") as file:  # noqa: PTH123
        return file.read()


if __name__ == "__main__":
    main()
