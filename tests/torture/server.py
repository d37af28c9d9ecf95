"""An OpenAI-compatible server on loopback, in its own process, that fails in every way and keeps its own books.

    python -m tests.torture.server --seed 1 --rate 0.1      prints {"url": ...}; ends when its stdin closes

POST /v1/chat/completions · GET /v1/chat/completions?metadata[name]=value (stored completions) · GET /ledger?since=N ·
GET /summary · POST /control {option: value}. What it says and how it fails depends on the request alone (`faults.py`).
"""

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.torture.faults import CONTENT, KEYED, SAID, WAY, Fault, Wire, answer, draw, parse, wire
from tests.torture.ledger import Ledger, Send, bill, key_of
from tests.torture.wires import Asked, gone, play, read, send

LIMITED = Fault("limit_seconds", billed=False)


class Bucket:
    """Allowance that refills evenly: `rate` a minute, at most `rate` at once."""

    def __init__(self, rate: float) -> None:
        """Begin full; a rate of 0 limits nothing."""
        self.rate, self.level, self._at = rate, rate, time.monotonic()

    def wait(self, amount: float) -> float:
        """Take `amount` and return 0, or return the seconds until it would be there."""
        now = time.monotonic()
        self.level = min(self.rate, self.level + (now - self._at) * self.rate / 60)
        self._at = now
        if not self.rate or self.level >= amount:
            self.level -= amount
            return 0.0
        return (amount - self.level) * 60 / self.rate


class Server:
    """The server; `options` may be changed while it runs, by POST /control."""

    def __init__(self, options: argparse.Namespace, ledger: Ledger) -> None:
        """Listen nowhere yet."""
        self.options = options
        self.ledger = ledger
        self.rpm, self.tpm = Bucket(options.rpm), Bucket(options.tpm)
        self.stored: list[dict[str, Any]] = []
        self.port = 0
        self._listener: asyncio.Server | None = None
        self._down = False
        """Whether an outage is going on."""
        self._fixed = [fault for name in options.fault for fault in parse(name)]
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self) -> None:
        """Open the port; the same one again after an outage."""
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1024, limit=2**20)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _outage(self) -> None:
        assert self._listener is not None
        self._listener.close()
        await asyncio.sleep(self.options.outage_s)
        self._down = False
        await self.listen()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while asked := await read(reader):
                path = urlsplit(asked.target).path
                if asked.method == "POST" and path == "/v1/chat/completions":
                    self.ledger.open += 1
                    try:
                        alive = await self._complete(asked, reader, writer)
                    finally:
                        self.ledger.open -= 1
                else:
                    alive = await send(writer, self._look_up(asked, path))
                if not alive:
                    break
        writer.close()

    def _look_up(self, asked: Asked, path: str) -> Wire:
        query = dict(parse_qsl(urlsplit(asked.target).query))
        if path == "/ledger":
            return _json(self.ledger.report(int(query.get("since", "0"))))
        if path == "/summary":
            return _json(self.ledger.summary())
        if path == "/control":
            vars(self.options).update(json.loads(asked.body))
            return _json(vars(self.options))
        if path == "/v1/chat/completions":
            wanted = {name[9:-1]: value for name, value in query.items() if name.startswith("metadata[")}
            found = [one for one in self.stored if wanted.items() <= one["metadata"].items()]
            return _json({"object": "list", "data": found, "has_more": False})
        return Wire(404, b'{"error": {"message": "no such path"}}')

    async def _complete(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        body = json.loads(asked.body)
        key = key_of(body["model"], body["messages"], body.get("seed"))
        attempt = self.ledger.attempt_of(key)
        options, late_s = self.options, self._over_limit(body)
        drawn = LIMITED if late_s else self._refused() or self._drawn(key, attempt)
        name = f"{drawn.name}-{'after' if drawn.billed else 'before'}" if drawn else ""
        number = self.ledger.sent(
            Send(key, attempt, asked.headers.get("x-client-request-id", ""), name, time.monotonic())
        )
        if options.latency_ms:
            await asyncio.sleep(random.Random(f"{key}/{attempt}").uniform(0.2, 1.8) * options.latency_ms / 1000)
        right = _with_thoughts(answer(body, f"chatcmpl-{key[:12]}-{attempt}"), options.thoughts)
        secret = asked.headers.get("authorization", "").removeprefix("Bearer ")
        made = self._limited(late_s) if late_s else wire(drawn, right, secret)
        if drawn is None or drawn.billed:
            self.ledger.billed(number, bill(right))
            if body.get("store"):
                said = json.loads(made.body) if drawn and drawn.name in SAID else right
                self.stored.append(said | {"metadata": body.get("metadata") or {}})
        if gone(reader):
            return False
        alive = await play(drawn.name if drawn else "", made, reader, writer)
        told = drawn is not None and drawn.name == "error_200"  # no answer: nothing of it is kept
        if alive and made.status == 200 and not told and not gone(reader):
            self.ledger.delivered(number)
        return alive

    def _drawn(self, key: str, attempt: int) -> Fault | None:
        options, fixed = self.options, self._fixed
        names = tuple(dict.fromkeys(fault.name for fault in fixed)) or WAY + CONTENT
        drawn = draw(options.seed, key, attempt, options.rate, names)
        if drawn is None or (options.calm and drawn.name not in KEYED):
            return None
        variants = [fault for fault in fixed if fault.name == drawn.name]
        return drawn if drawn in variants or not variants else variants[0]

    def _refused(self) -> Fault | None:
        """Return what stops a whole run: the port closes, the key is revoked or the quota gone after so many sends."""
        options, sent = self.options, len(self.ledger.sends)
        if self._down:  # also for those who were connected before
            return Fault("reset", billed=False)
        after = options.outage_after if isinstance(options.outage_after, list) else [options.outage_after]
        if after and after[0] is not None and sent >= after[0]:
            options.outage_after = after[1:] or None
            self._down = True
            task = asyncio.create_task(self._outage())
            self._tasks.add(task)
            return Fault("reset", billed=False)
        if options.revoked_after is not None and sent >= options.revoked_after:
            return Fault("key_revoked", billed=False)
        if options.quota_after is not None and sent >= options.quota_after:
            return Fault("quota", billed=False)
        return None

    def _over_limit(self, body: dict[str, Any]) -> float:
        """Return the seconds until the rate limits allow a request, 0 when they do now."""
        return self.rpm.wait(1) or self.tpm.wait(_tokens(body))

    def _limited(self, late_s: float) -> Wire:
        left = (("Retry-After", f"{late_s:.2f}"), ("x-ratelimit-remaining-requests", f"{self.rpm.level:.0f}"))
        return Wire(429, b'{"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}', headers=left)


def _with_thoughts(right: dict[str, Any], thoughts: int) -> dict[str, Any]:
    """Return a completion whose thoughts stand in `total_tokens` alone, as Gemini counts them."""
    usage = right["usage"]
    total = usage["prompt_tokens"] + usage["completion_tokens"] + thoughts
    return right | {"usage": usage | {"total_tokens": total}} if thoughts else right


def _tokens(body: dict[str, Any]) -> int:
    return sum(len(str(message["content"])) // 4 for message in body["messages"]) + int(body.get("max_tokens") or 0)


def _json(value: Any) -> Wire:
    return Wire(body=json.dumps(value).encode())


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serve deterministic completions and faults until stdin closes.")
    parser.add_argument("--seed", type=int, default=0, help="seed of the faults")
    parser.add_argument("--rate", type=float, default=0.0, help="share of requests that meet a fault")
    parser.add_argument("--fault", action="append", default=[], help="only these, e.g. hang, reset_body-after")
    parser.add_argument("--calm", action="store_true", help="play the faults of content alone")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="mean time to an answer")
    parser.add_argument("--rpm", type=float, default=0, help="requests a minute; 0: no limit")
    parser.add_argument("--tpm", type=float, default=0, help="tokens a minute; 0: no limit")
    parser.add_argument("--quota-after", type=int, help="sends until the quota is gone")
    parser.add_argument("--revoked-after", type=int, help="sends until the key is revoked")
    parser.add_argument("--outage-after", type=int, action="append", help="sends until the port closes; repeatable")
    parser.add_argument("--thoughts", type=int, default=0, help="tokens that are billed beside completion_tokens")
    parser.add_argument("--outage-s", type=float, default=2.0, help="how long it stays closed")
    parser.add_argument("--ledger", type=Path, help="file for the ledger's events")
    return parser.parse_args(argv)


async def _main(options: argparse.Namespace) -> None:
    ledger = Ledger(options.ledger)
    options.ledger = str(options.ledger)
    server = Server(options, ledger)
    await server.listen()
    print(json.dumps({"url": f"http://127.0.0.1:{server.port}/v1"}), flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.buffer.read)
    ledger.close()


if __name__ == "__main__":
    asyncio.run(_main(_options(None)))
