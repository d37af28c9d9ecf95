"""What a client is asked, and what came of it; a server that sends raw bytes."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from selfinstruct.config import Config
from selfinstruct.journal import Journal
from selfinstruct.records import Message, Reply, Request, Sampling
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.client import open_teacher
from tests.support.fake_clock import FakeClock
from tests.support.teacher_server import Fault

ERROR = Fault(500, b'{"error": {"message": "oops"}}')


LIMITED = Fault(429, b'{"error": {"message": "slow down"}}', headers=(("Retry-After", "7"),))


def request(index: int = 0) -> Request:
    sampling = Sampling(model="m", temperature=1, top_p=1, max_tokens=50, seed=0)
    message = Message(role="user", content="Describe a harbour.")
    return Request(language="en", index=index, step="answer", messages=(message,), sampling=sampling)


class Asked:
    """What came of asking: replies in the order of the requests, what was said, the records of the journal."""

    def __init__(self, config: Config, folder: Path, requests: int = 1, spent: int = 0) -> None:
        self.said: list[str] = []
        self.clock = FakeClock()
        self.replies: list[Reply | BaseException] = []
        self._folder = folder / "journal"
        with Journal(self._folder) as journal:
            self.budget = Budget(config.teacher.price, config.limits.budget_usd, spent)
            asyncio.run(self._ask(config, journal, requests))

    async def _ask(self, config: Config, journal: Journal, requests: int) -> None:
        async with open_teacher(config, journal, self.budget, self.said.append, clock=self.clock) as ask:
            asked = [ask(request(index)) for index in range(requests)]
            answers = asyncio.gather(*asked, return_exceptions=True)
            self.replies = list(await asyncio.wait_for(answers, 60))

    @property
    def answers(self) -> list[Reply]:
        return [reply for reply in self.replies if isinstance(reply, Reply)]

    @property
    def records(self) -> list[dict[str, Any]]:
        lines = (self._folder / "000001.jsonl").read_bytes().split(b"\n")
        return [json.loads(line) for line in lines if line]

    @property
    def kinds(self) -> list[str]:
        return [record["kind"] for record in self.records]


def faults(*planned: Fault | None) -> Callable[[int, dict[str, Any]], Fault | None]:
    """Return a script that plays these in the order of the requests, and answers after that."""
    return lambda number, _: planned[number] if number < len(planned) else None


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class Raw:
    """A server that says these bytes, one after the other and the last for good, and hangs up or, to be a slow one, does not."""

    def __init__(self, *said: bytes, hang_up: bool = True) -> None:
        self._said = said
        self._hang_up = hang_up
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def connections(self) -> int:
        return len(self._open)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (*self._open, self._socket):
            one.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self._open.append(connection)
                connection.recv(65536)
                connection.sendall(self._said[min(len(self._open), len(self._said)) - 1])
                if self._hang_up:
                    connection.close()
