"""The requests of one candidate as the journal holds them: what was sent, how often, and what came back."""

import re
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Literal

from selfinstruct.bootstrap.judge import ROWS_STEPS
from selfinstruct.journal.lines import Intent, Lost, Paid, ReplyLine, Unsent, Withheld, raw, request_of
from selfinstruct.journal.segments import read_lines
from selfinstruct.records import FIRST_STEPS, Record, Reply, Request
from selfinstruct.teacher import read_reply

Outcome = Literal["answered", "not billed", "lost", "in flight", "in flight when the run ended", "paid and gone"]
SlotLine = Intent | ReplyLine | Unsent | Lost | Withheld


class Send(Record):
    """One attempt."""

    attempt: int
    outcome: Outcome
    detail: str = ""
    cost_usd: float | None = None
    """What it cost, or at most may have cost where no reply is there."""


class Asked(Record):
    """One request of a candidate, with all its attempts and its reply."""

    request: Request
    sends: tuple[Send, ...]
    reply: Reply | None
    """None when none came, and when the slot is held."""
    held: bool = False

    @property
    def slot(self) -> str:
        """Name of the place that the request fills."""
        return self.request.slot


def asked_for(journal: Path, language: str, index: int, position: int) -> list[Asked]:
    """Return the requests that a candidate stands on, first step first; the folder of the journal is read once."""
    first = (f"{language}/{index}.0/{step}" for step in FIRST_STEPS)
    prefixes, turn = (*first, f"{language}/{index}.{position}/"), f"{language}/{index}."
    lines, paid = dict[str, list[SlotLine]](), set[tuple[str, int]]()
    for line in read_lines(journal, re.compile(rf'"slot":"{language}/{index}\.|"kind":"paid"'.encode())):
        if isinstance(line, Paid):
            paid.update(line.sends)
        elif not isinstance(line, SlotLine):
            continue
        elif line.slot.startswith(prefixes) or (line.slot.startswith(turn) and line.slot.endswith(ROWS_STEPS)):
            lines.setdefault(line.slot, []).append(line)
    found = [asked for of_slot in lines.values() if (asked := _asked(of_slot, paid, journal))]
    return [one for one in found if one.request.step not in ROWS_STEPS or str(position) in one.request.shown]


def _asked(lines: list[SlotLine], paid: AbstractSet[tuple[str, int]], folder: Path) -> Asked | None:
    intents = [line for line in lines if isinstance(line, Intent)]
    if not intents:
        return None  # the intent is damaged, and with it the request is gone
    ends = [line for line in lines if isinstance(line, ReplyLine | Withheld)]
    first = ends[0] if ends else None
    reply = read_reply(first.status, raw(first)) if isinstance(first, ReplyLine) else None
    return Asked(
        request=request_of(intents[0], folder),
        sends=tuple(_send(intent, lines, paid) for intent in intents),
        reply=reply,
        held=isinstance(first, Withheld),
    )


def _send(intent: Intent, lines: list[SlotLine], paid: AbstractSet[tuple[str, int]]) -> Send:
    own = [line for line in lines if not isinstance(line, Intent | Withheld) and line.attempt == intent.attempt]
    last = next((line for line in own if isinstance(line, ReplyLine)), own[-1] if own else None)
    match last:
        case ReplyLine():
            return Send(
                attempt=intent.attempt, outcome="answered", detail=f"status {last.status}", cost_usd=last.cost / 1e6
            )
        case Unsent():
            return Send(attempt=intent.attempt, outcome="not billed", cost_usd=0.0)
        case Lost():
            return Send(attempt=intent.attempt, outcome="lost", detail=last.reason, cost_usd=intent.reserved / 1e6)
        case _:
            gone = (intent.slot, intent.attempt) in paid
            outcome: Outcome = "paid and gone" if gone else "in flight"
            return Send(attempt=intent.attempt, outcome=outcome, cost_usd=intent.reserved / 1e6)
