"""What a run has used so far, from its journal: tokens, and money where the price is known.

A reply that was settled at nothing because its price was not known then is counted at today's; while that is not known either, the
bill is not zero but unknown.
"""

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from selfinstruct.config import Price
from selfinstruct.journal import Journal
from selfinstruct.records import Usage
from selfinstruct.teacher.billing.budget import cost, usd, worst_case
from selfinstruct.teacher.http.body import read_reply

_LARGEST = Usage(prompt_tokens=16_384, completion_tokens=16_384)
"""Stands for a send of which only its place is known."""


class Bill(NamedTuple):
    """Tokens and micro-USD of a run."""

    prompt: int
    completion: int
    """Tokens of all replies that count them."""
    tokens: int
    """Both together, with the worst case of replies that count none: what a cap on tokens is measured by."""
    spent: int | None
    """Of all replies; None when it is not known."""
    uncertain: int | None
    """Sends without an outcome may have cost this much at most; None when it is not known."""
    awaited: int = 0
    """Requests in batches that are out may cost this much at most, as reserved."""

    @property
    def at_most(self) -> int:
        """Micro-USD that a budget has to count."""
        return (self.spent or 0) + (self.uncertain or 0) + self.awaited

    def summary(self) -> dict[str, object]:
        """Return the keys that manifest and status share; money is null when it is not known."""
        return {
            "tokens": {"prompt": self.prompt, "completion": self.completion},
            "cost_usd": _text(self.spent),
            "uncertain_usd": _text(self.uncertain),
        }


def bill_of(journal: Journal, price: Price | None) -> Bill:
    """Return the bill of all that a journal holds; `price` is today's, or None when it is not known."""
    prompt = completion = uncounted = unpriced = 0
    known = True
    for one in journal.recorded():
        usage = read_reply(one.status, one.body).usage
        prompt += usage.prompt_tokens if usage else 0
        completion += usage.completion_tokens if usage else 0
        if one.status != 200:
            continue  # not billed
        counted = usage or worst_case(one.request)
        uncounted += 0 if usage else counted.prompt_tokens + counted.completion_tokens
        if one.cost == 0:
            unpriced += cost(price, counted)
            known = known and price is not None
    spent = journal.spent + unpriced if known else None
    tokens, awaited = prompt + completion + uncounted, sum(journal.awaited.values())
    return Bill(prompt, completion, tokens, spent, uncertain_cost(journal, price), awaited)


def uncertain_cost(journal: Journal, price: Price | None, slots: AbstractSet[str] | None = None) -> int | None:
    """Return micro-USD that sends without an outcome, of all slots or of some, may have cost; None when it is not known.

    One that was reserved at nothing, its price not known then, counts like the dearest reply.
    """
    reserved = [amount for (slot, _), amount in journal.uncertain.items() if slots is None or slot in slots]
    if all(reserved):
        return sum(reserved)
    if price is None:
        return None
    dearest = max((cost(price, worst_case(one.request)) for one in journal.recorded()), default=cost(price, _LARGEST))
    return sum(amount or dearest for amount in reserved)


def _text(micro: int | None) -> str | None:
    return None if micro is None else usd(micro).removeprefix("$")
