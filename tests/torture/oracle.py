"""Judges a run after each kill: the journal's files and `status --json` beside the server's ledger.

Reads the run directory as a stranger would, line by line; knows nothing of selfinstruct's classes.
"""

import base64
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from tests.torture.ledger import key_of

LATE_S = 1.0
"""A reply that left the server this long before a kill had its time to become durable."""

PROMISES = (
    "lost",
    "sent_again",
    "unaccounted",
    "status_wrong",
    "cost_wrong",
    "uncovered_micro_usd",
    "over_budget",
    "bought_twice",
    "unbalanced",
    "canary",
)
"""Figures of a verdict that have to be 0."""


class Bought(NamedTuple):
    """A reply in the journal."""

    key: str
    cost: int
    counted: bool
    """Whether its body has a usage."""


@dataclass
class Books:
    """What the files of a journal say."""

    replies: list[Bought] = field(default_factory=list)
    uncertain: Counter[str] = field(default_factory=Counter)
    """Key -> intents without an outcome."""
    intents_after_reply: int = 0

    @property
    def answered(self) -> Counter[str]:
        """Key -> replies."""
        return Counter(one.key for one in self.replies)


@dataclass
class Verdict:
    """What the oracle found in one run, summed over its kills."""

    kills: int = 0
    by_manner: Counter[str] = field(default_factory=Counter)
    before_the_first_send: int = 0
    in_flight: int = 0
    """Delivered, and killed before it could be durable."""
    lost: int = 0
    sent_again: int = 0
    billed: int = 0
    duplicates: int = 0
    """Billed again because of a kill."""
    most_duplicates: int = 0
    """After one kill."""
    unaccounted: int = 0
    """Billed sends that neither a reply nor an uncertain send stands for."""
    status_wrong: int = 0
    cost_wrong: int = 0
    """Replies with a usage whose cost is not the server's bill, to the micro-USD."""
    uncovered_micro_usd: int = 0
    over_budget: int = 0
    bought_twice: int = 0
    """Bills for a request that was billed before, whatever the reason, where the policy is to buy nothing twice."""
    unbalanced: int = 0
    """Ledgers in `status` that do not add up."""
    canary: int = 0
    notes: list[str] = field(default_factory=list)

    def defects(self) -> int:
        """Return the number of broken promises."""
        return sum(getattr(self, name) for name in PROMISES)


def read_books(folder: Path) -> Books:
    """Read a journal's segments; a line that is not whole counts as never written."""
    books = Books()
    keys: dict[str, str] = {}
    waiting: dict[tuple[str, int], str] = {}
    answered: set[str] = set()
    for record in _records(folder):
        slot, attempt = str(record.get("slot")), int(record.get("attempt", 0))
        if record["kind"] == "intent":
            request = record["request"]
            keys[slot] = key_of(request["sampling"]["model"], request["messages"], request["sampling"]["seed"])
            waiting[slot, attempt] = keys[slot]
            books.intents_after_reply += slot in answered
            continue
        if record["kind"] in {"reply", "unsent"}:
            waiting.pop((slot, attempt), None)
        if record["kind"] == "reply" and slot in keys:
            answered.add(slot)
            books.replies.append(Bought(keys[slot], record["cost"], _counted(record)))
    books.uncertain = Counter(waiting.values())
    return books


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((folder / "journal").glob("*.jsonl")):
        for line in path.read_bytes().split(b"\n")[:-1]:
            try:
                yield json.loads(line)
            except ValueError:
                continue


def held_in(folder: Path) -> int:
    """Return the number of requests that a run left out."""
    return sum(record["kind"] == "held" for record in _records(folder))


def _counted(record: dict[str, Any]) -> bool:
    raw = base64.b64decode(record["body_base64"]) if "body_base64" in record else str(record.get("body", "")).encode()
    try:
        return bool(json.loads(raw.decode("utf-8", "replace"))["usage"])
    except (ValueError, KeyError, TypeError):
        return False


def status_of(config: Path, folder: Path) -> dict[str, Any]:
    """Return what `selfinstruct status --json` prints, asked in this process to save its start."""
    from selfinstruct.cli import cli

    said = StringIO()
    with redirect_stdout(said):
        cli.main(["status", "--json", "--config", str(config), "--run", str(folder)], standalone_mode=False)
    status: dict[str, Any] = json.loads(said.getvalue())
    return status


def adds_up(entry: dict[str, Any]) -> bool:
    """Return whether every candidate of a ledger's entry is accepted, rejected by one rule, or pending."""
    return bool(entry["candidates"] == entry["accepted"] + sum(entry["rejected"].values()) + entry["pending"])


def bought_twice(sends: list[dict[str, Any]]) -> int:
    """Return how many bills came on top of the first one of each request."""
    billed = Counter(send["key"] for send in sends if send["billed"])
    return billed.total() - len(billed)


def micro(text: str) -> int:
    """Return micro-USD of an amount in USD."""
    return int(Decimal(text) * 1_000_000)


class Oracle:
    """Follows one run through its kills."""

    def __init__(self, config: Path, folder: Path, concurrency: int, canary: str) -> None:
        """Nothing has been sent yet."""
        self.verdict = Verdict()
        self._config, self._folder, self._concurrency, self._canary = config, folder, concurrency, canary.encode()
        self._answered: Counter[str] = Counter()
        self._seen = 0
        self._paid: dict[str, int] = {}
        """Key -> the kill that ended the life in which its answer was billed, and no fault took it."""
        self._again: Counter[int] = Counter()

    def judge(self, sends: list[dict[str, Any]], killed_at: float | None, budget: int) -> None:
        """Compare the files and `status` with all sends so far, after the child has ended (`killed_at`, or by itself)."""
        books, verdict = read_books(self._folder), self.verdict
        new = sends[self._seen :]
        if killed_at is not None:
            verdict.kills += 1
            verdict.before_the_first_send += not new
        self._losses(books, sends, killed_at)
        verdict.sent_again += sum(self._answered[send["key"]] > 0 for send in new)
        self._duplicates(new)
        self._money(books, sends, budget)
        self._status(books, sends, budget)
        self._answered, self._seen = books.answered, len(sends)

    def _losses(self, books: Books, sends: list[dict[str, Any]], killed_at: float | None) -> None:
        answered, verdict = books.answered, self.verdict
        vanished = sum((self._answered - answered).values())
        fresh = sends[self._seen :]
        missing = [send for send in fresh if send["delivered"] is not None and not answered[send["key"]]]
        limit = killed_at - LATE_S if killed_at is not None else time.monotonic()
        late = [send for send in missing if send["delivered"] < limit]
        flying = len(missing) - len(late)
        verdict.in_flight += min(flying, self._concurrency)
        verdict.lost += vanished + len(late) + max(0, flying - self._concurrency)
        if vanished or late:
            verdict.notes.append(f"lost {vanished} + {[send['key'] for send in late]}")

    def _duplicates(self, new: list[dict[str, Any]]) -> None:
        """Lay each bill for a request that was billed before to the kill that took the answer, unless a fault took it."""
        verdict = self.verdict
        for send in new:
            if not send["billed"]:
                continue
            verdict.billed += 1
            if (kill := self._paid.pop(send["key"], None)) is not None:
                verdict.duplicates += 1
                self._again[kill] += 1
            if send["delivered"] is not None or not send["fault"]:
                self._paid[send["key"]] = verdict.kills
        verdict.most_duplicates = max(self._again.values(), default=0)

    def _money(self, books: Books, sends: list[dict[str, Any]], budget: int) -> None:
        verdict = self.verdict
        bills = {send["key"]: send["billed"] for send in sends if send["billed"]}
        verdict.cost_wrong += sum(one.counted and one.cost != bills.get(one.key) for one in books.replies)
        billed = Counter(send["key"] for send in sends if send["billed"])
        verdict.unaccounted += sum((billed - books.answered - books.uncertain).values())
        verdict.over_budget += sum(send["billed"] for send in sends) > budget

    def _status(self, books: Books, sends: list[dict[str, Any]], budget: int) -> None:
        if not (self._folder / "manifest.json").exists():
            self.verdict.status_wrong += bool(books.replies or books.uncertain)
            return
        status, verdict = status_of(self._config, self._folder), self.verdict
        counted = (status["requests"]["answered"], status["requests"]["uncertain"])
        if counted != (len(books.answered), sum(books.uncertain.values())):
            verdict.status_wrong += 1
            verdict.notes.append(f"status says {counted}, journal {len(books.answered)}, {books.uncertain.total()}")
        verdict.unbalanced += sum(not adds_up(entry) for entry in status["ledger"].values())
        claimed = micro(status["cost_usd"]) + micro(status["uncertain_usd"])
        verdict.uncovered_micro_usd += max(0, sum(send["billed"] for send in sends) - claimed)
        verdict.over_budget += claimed > budget

    def end(self, outputs: list[Path], sends: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the figures that only the end of a run shows, after a search for the key in every byte."""
        books, status = read_books(self._folder), status_of(self._config, self._folder)
        files = [path for path in self._folder.rglob("*") if path.is_file()]
        for path in [*files, *outputs]:
            if hits := path.read_bytes().count(self._canary):
                self.verdict.canary += hits
                self.verdict.notes.append(f"the key is in {path.name}")
        self.verdict.sent_again += books.intents_after_reply
        return {
            "ledger_micro_usd": sum(send["billed"] for send in sends),
            "journal_micro_usd": micro(status["cost_usd"]),
            "uncertain_micro_usd": micro(status["uncertain_usd"]),
            "uncertain": status["requests"]["uncertain"],
            "held": held_in(self._folder),
            "unpriced": sum(not one.counted for one in books.replies),
        }
