"""The bill of a run, computed from its journal: tokens, and money where the price is known.

A reply recorded at cost 0 because its price was unknown is counted at the current price; while that is unknown too, the bill is
unknown, not zero.
"""

from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import NamedTuple

from selfinstruct.config import Price
from selfinstruct.journal import Journal, Paid, Recorded, Send
from selfinstruct.records import Usage
from selfinstruct.teacher.billing.budget import beyond, cost, dearer_than, in_usd, quick_worst_case, worst_case
from selfinstruct.teacher.billing.prices import Prices
from selfinstruct.teacher.http.body import read_reply

_LARGEST = Usage(prompt_tokens=16_384, completion_tokens=16_384)
"""Assumed usage of an uncertain send when the journal has no request to estimate it from."""

_BILLED = 200
"""Status of a reply that is billed."""


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
    replies: int = 0
    """Replies that were paid for, those bought again among them."""
    in_journal: int = 0
    """Those of them that the journal has."""

    @property
    def at_most(self) -> int:
        """Maximum total in micro-USD, unknown parts counted as 0: what a budget starts from."""
        return (self.spent or 0) + (self.uncertain or 0) + self.awaited

    @property
    def unknown(self) -> int:
        """The part of `at_most` that nobody reported: of sends without a reply, or with none yet, and of replies without `usage`."""
        return (self.uncertain or 0) + self.awaited + (0 if self.spent is None else self.unreported.cost)

    def summary(self) -> dict[str, object]:
        """Return the JSON keys shared by manifest and status; money is null when unknown."""
        unreported = {"replies_without_usage": self.unreported.replies, "at_most_unreported": self.unreported.tokens}
        return {
            "tokens": {"prompt": self.prompt, "completion": self.completion}
            | (unreported if self.unreported.replies else {}),
            "cost_usd": _text(self.spent),
            "uncertain_usd": _text(self.uncertain),
        }


class _Part(NamedTuple):
    """What some replies cost."""

    replies: int = 0
    prompt: int = 0
    completion: int = 0
    cost: int = 0
    known: bool = True
    """Whether the price of each was."""
    unreported: Unreported = Unreported()

    def plus(self, other: "_Part") -> "_Part":
        """Return what these replies and others cost."""
        bare, more = self.unreported, other.unreported
        return _Part(
            self.replies + other.replies,
            self.prompt + other.prompt,
            self.completion + other.completion,
            self.cost + other.cost,
            self.known and other.known,
            Unreported(bare.replies + more.replies, bare.tokens + more.tokens, bare.cost + more.cost),
        )

    def at_least(self, paid: Paid, prices: Prices) -> "_Part":
        """Return what all replies cost by the time that some were missed; where the cost was not known, at the current price."""
        used = Usage(prompt_tokens=paid.prompt, completion_tokens=paid.completion + paid.at_most_unreported)
        amount = max(cost(one, used) for one in prices) if paid.cost is None else paid.cost
        bare = self.unreported
        return _Part(
            replies=max(self.replies, paid.replies),
            prompt=max(self.prompt, paid.prompt),
            completion=max(self.completion, paid.completion),
            cost=max(self.cost, amount),
            known=self.known and (paid.cost is not None or None not in prices),
            unreported=bare._replace(
                replies=max(bare.replies, paid.without_usage), tokens=max(bare.tokens, paid.at_most_unreported)
            ),
        )


def bill_of(journal: Journal, price: Price | Prices | None) -> Bill:
    """Return the bill of a journal at the current price, of one endpoint or of teacher and judge; None when unknown."""
    prices = price if isinstance(price, Prices) else Prices(price, price)
    parts, most, dearer = dict[int, _Part](), Usage(), Decimal(1)
    for after, one in journal.replies():
        usage = read_reply(one.status, one.body).usage
        if usage:
            most = beyond(quick_worst_case(one.request), usage, most)
            dearer = max(dearer, dearer_than(prices.of(one.request), usage))
        parts[after] = parts.get(after, _Part()).plus(_part(one, usage, prices.of(one.request)))
    payments, total = journal.payments, _Part()
    for number in payments.numbers:
        if paid := payments.stated.get(number):
            total = total.at_least(paid, prices)
        total = total.plus(parts.get(number, _Part())).plus(_Part(cost=payments.costs.get(number, 0)))
    return Bill(
        total.prompt,
        total.completion,
        total.prompt + total.completion + total.unreported.tokens,
        total.cost if total.known else None,
        uncertain_cost(journal, prices),
        sum(journal.awaited.values()),
        most,
        dearer,
        total.unreported,
        total.replies,
        sum(part.replies for part in parts.values()),
    )


def _part(one: Recorded, usage: Usage | None, price: Price | None) -> _Part:
    """Return what a reply counts for, its cost only where the price was not known when it arrived."""
    counts = (1, usage.prompt_tokens, usage.completion_tokens) if usage else (1, 0, 0)
    if one.status != _BILLED:
        return _Part(*counts)
    counted = usage or worst_case(one.request)
    unpriced = 0 if one.cost else cost(price, counted)
    bare = Unreported(1, counted.prompt_tokens + counted.completion_tokens, one.cost or unpriced)
    known = bool(one.cost) or price is not None
    return _Part(*counts, unpriced, known, Unreported() if usage else bare)


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
