"""The fault server as its clients start it, ask it and end it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parent.parent.parent


class Service:
    """A fault server in its own process; it ends when this process does."""

    def __init__(self, *options: str) -> None:
        """Start it with the options of `tests.torture.server`."""
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tests.torture.server", *options]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.url: str = json.loads(self._process.stdout.readline())["url"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the JSON behind a path."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url.removesuffix("/v1") + path, data)  # noqa: S310 - loopback
        end = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                    value: dict[str, Any] = json.load(answer)
                    return value
            except urllib.error.URLError as error:  # its port is closed in the middle of an outage
                if isinstance(error, urllib.error.HTTPError) or time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def sends(self, since: int = 0) -> list[dict[str, Any]]:
        """Return all sends from one on, once none is being answered any more."""
        end = time.monotonic() + 30
        while self.ask("/summary")["open"] and time.monotonic() < end:
            time.sleep(0.005)
        sends: list[dict[str, Any]] = self.ask(f"/ledger?since={since}")["sends"]
        return sends
