"""The server's own books: what it was sent, what it billed, what it delivered whole; one line on its disk for each event.

Times are seconds of the machine's monotonic clock, which every process on it shares. Money is in micro-USD, at the prices of `kill.py`.
"""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

INPUT_USD, OUTPUT_USD = 1, 2
"""USD per million tokens, which is micro-USD per token."""


@dataclass
class Send:
    """One request as it arrived."""

    key: str
    number: int
    """Attempt of this key, from 1."""
    attempt: str
    """X-Client-Request-Id, or nothing."""
    fault: str
    sent: float
    billed: int = 0
    delivered: float | None = None
    """When the last byte of a complete answer with status 200 had left; an error inside one is no answer."""


def key_of(model: str, messages: object, seed: object) -> str:
    """Return the name of a request, computed alike from a body on the wire and from an intent in a journal."""
    return hashlib.sha256(json.dumps([model, messages, seed], sort_keys=True).encode()).hexdigest()[:32]


def bill(completion: Mapping[str, Any]) -> int:
    """Return micro-USD of a completion."""
    usage = completion["usage"]
    prompt, output = int(usage["prompt_tokens"]), int(usage["completion_tokens"])
    return prompt * INPUT_USD + max(output, int(usage["total_tokens"]) - prompt) * OUTPUT_USD


class Ledger:
    """All sends, in memory and on disk."""

    def __init__(self, path: Path | None) -> None:
        """Begin a ledger; without a path nothing is written."""
        self.sends: list[Send] = []
        self.open = 0
        """Requests that are being answered now."""
        self._attempts: Counter[str] = Counter()
        self._file = path.open("a", encoding="utf-8") if path else None

    def attempt_of(self, key: str) -> int:
        """Return the number of the next attempt of a key, and count it."""
        self._attempts[key] += 1
        return self._attempts[key]

    def sent(self, send: Send) -> int:
        """Enter a send; returns its number."""
        self.sends.append(send)
        self._write("sent", asdict(send))
        return len(self.sends) - 1

    def billed(self, number: int, amount: int) -> None:
        """Enter what a send costs, before the answer leaves."""
        self.sends[number].billed = amount
        self._write("billed", {"send": number, "billed": amount})

    def delivered(self, number: int) -> None:
        """Enter that an answer left whole."""
        self.sends[number].delivered = time.monotonic()
        self._write("delivered", {"send": number})

    def summary(self) -> dict[str, int]:
        """Return the totals."""
        return {
            "sent": len(self.sends),
            "billed": sum(send.billed > 0 for send in self.sends),
            "delivered": sum(send.delivered is not None for send in self.sends),
            "micro_usd": sum(send.billed for send in self.sends),
            "open": self.open,
        }

    def report(self, since: int = 0) -> dict[str, Any]:
        """Return the totals and every send from number `since` on."""
        return self.summary() | {"sends": [asdict(send) for send in self.sends[since:]]}

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _write(self, event: str, details: dict[str, Any]) -> None:
        if self._file:
            self._file.write(json.dumps({"event": event} | details) + "\n")
            self._file.flush()
