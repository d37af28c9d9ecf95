"""The bill of a run, computed from its journal: tokens, and money where the price is known.

A reply recorded at cost 0 because its price was unknown is counted at the current price; while that is unknown too, the bill is
unknown, not zero.
"""

from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import NamedTuple

from selfinstruct.config import Price
from selfinstruct.journal import Gone, Journal, Send
from selfinstruct.records import Usage
from selfinstruct.teacher.billing.budget import beyond, cost, dearer_than, in_usd, quick_worst_case, worst_case
from selfinstruct.teacher.billing.prices import Prices
from selfinstruct.teacher.http.body import read_reply

_LARGEST = Usage(prompt_tokens=16_384, completion_tokens=16_384)
"""Assumed usage of an uncertain send when the journal has no request to estimate it from."""


class Unreported(NamedTuple):
    """Replies that came without `usage`, at their worst case."""

    replies: int = 0
    tokens: int = 0
    cost: int = 0
    """In micro-USD; 0 where the price is unknown."""


class Bill(NamedTuple):
    """Tokens and micro-USD of a run."""

    prompt: int
    completion: int
    """Tokens of all replies that report usage."""
    tokens: int
    """Total tokens for the token cap: reported usage, plus the worst case of replies without usage."""
    spent: int | None
    """Cost of all replies; None when unknown."""
    uncertain: int | None
    """Maximum cost of sends without an outcome; None when unknown."""
    awaited: int = 0
    """Maximum cost of requests in outstanding batches, as reserved."""
    beyond: Usage = Usage()
    """The most tokens that a reply took beyond its worst case."""
    dearer: Decimal = Decimal(1)
    """The highest factor between what the provider charged for a reply and its cost by the price."""
    unreported: Unreported = Unreported()
    """Part of `tokens` and `spent`."""

    @property
    def at_most(self) -> int:
        """Maximum total in micro-USD, unknown parts counted as 0: what a budget starts from."""
        return (self.spent or 0) + (self.uncertain or 0) + self.awaited

    @property
    def unknown(self) -> int:
        """The part of `at_most` that nobody reported: of sends without a reply, or with none yet, and of replies without `usage`."""
        return (self.uncertain or 0) + self.awaited + (0 if self.spent is None else self.unreported.cost)

    def plus(self, gone: Gone, prices: Prices) -> "Bill":
        """Return the bill with replies that the journal has no more; where their cost was not known, at the current price."""
        used = Usage(prompt_tokens=gone.prompt, completion_tokens=gone.completion + gone.at_most_unreported)
        amount = max(cost(one, used) for one in prices) if gone.cost is None else gone.cost
        known = self.spent is not None and (gone.cost is not None or None not in prices)
        bare = self.unreported
        return self._replace(
            prompt=self.prompt + gone.prompt,
            completion=self.completion + gone.completion,
            tokens=self.tokens + used.prompt_tokens + used.completion_tokens,
            spent=(self.spent or 0) + amount if known else None,
            unreported=bare._replace(
                replies=bare.replies + gone.without_usage, tokens=bare.tokens + gone.at_most_unreported
            ),
        )

    def summary(self) -> dict[str, object]:
        """Return the JSON keys shared by manifest and status; money is null when unknown."""
        unreported = {"replies_without_usage": self.unreported.replies, "at_most_unreported": self.unreported.tokens}
        return {
            "tokens": {"prompt": self.prompt, "completion": self.completion}
            | (unreported if self.unreported.replies else {}),
            "cost_usd": _text(self.spent),
            "uncertain_usd": _text(self.uncertain),
        }


def bill_of(journal: Journal, price: Price | Prices | None) -> Bill:
    """Return the bill of a journal at the current price, of one endpoint or of teacher and judge; None when unknown."""
    prices = price if isinstance(price, Prices) else Prices(price, price)
    bill = _of_replies(journal, prices)
    for gone in journal.gone:
        bill = bill.plus(gone, prices)
    return bill


def _of_replies(journal: Journal, prices: Prices) -> Bill:
    """Return the bill of what stands in a journal."""
    prompt = completion = unpriced = 0
    unreported = Unreported()
    known, most, dearer = True, Usage(), Decimal(1)
    for one in journal.recorded():
        at = prices.of(one.request)
        usage = read_reply(one.status, one.body).usage
        prompt += usage.prompt_tokens if usage else 0
        completion += usage.completion_tokens if usage else 0
        if usage:
            most = beyond(quick_worst_case(one.request), usage, most)
            dearer = max(dearer, dearer_than(at, usage))
        if one.status != 200:
            continue  # not billed
        counted = usage or worst_case(one.request)
        if one.cost == 0:
            unpriced += cost(at, counted)
            known = known and at is not None
        if not usage:
            unreported = Unreported(
                unreported.replies + 1,
                unreported.tokens + counted.prompt_tokens + counted.completion_tokens,
                unreported.cost + (one.cost or cost(at, counted)),
            )
    spent = journal.spent + unpriced if known else None
    tokens, awaited = prompt + completion + unreported.tokens, sum(journal.awaited.values())
    uncertain = uncertain_cost(journal, prices)
    return Bill(prompt, completion, tokens, spent, uncertain, awaited, most, dearer, unreported)


def uncertain_cost(
    journal: Journal,
    price: Price | Prices | None,
    slots: AbstractSet[str] | None = None,
    *,
    sends: AbstractSet[Send] | None = None,
) -> int | None:
    """Return the maximum cost of sends without an outcome in micro-USD, of all or some slots or `sends`; None when unknown.

    A send reserved at 0 because its price was unknown counts as much as the most expensive reply.
    """
    reserved = [
        amount
        for send, amount in journal.uncertain.items()
        if (slots is None or send[0] in slots) and (sends is None or send in sends)
    ]
    if all(reserved):
        return sum(reserved)
    prices = price if isinstance(price, Prices) else Prices(price, price)
    if prices.teacher is None:
        return None
    largest = cost(prices.teacher, _LARGEST)
    dearest = max(
        (cost(prices.of(one.request), worst_case(one.request)) for one in journal.recorded()), default=largest
    )
    return sum(amount or dearest for amount in reserved)


def _text(micro: int | None) -> str | None:
    return None if micro is None else in_usd(micro)
