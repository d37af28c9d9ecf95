"""The budget, in whole micro-USD: reserve the worst case before a send, settle it by the reported usage."""

from decimal import ROUND_CEILING, Decimal

from selfinstruct.config import Price
from selfinstruct.errors import CapReachedError, ConfigError
from selfinstruct.records import Request, Usage
from selfinstruct.system.currency import cost_in_words
from selfinstruct.teacher.billing.tokens import most_tokens, worst_prompt

MICRO = 1_000_000
_NOTHING = Usage()


def cost(price: Price | None, usage: Usage) -> int:
    """Return the cost in micro-USD, rounded up: the provider's own figure, else by the price; 0 when that is unknown."""
    if usage.cost_micro_usd is not None:
        return usage.cost_micro_usd
    if price is None:
        return 0
    exact = Decimal(price.input) * usage.prompt_tokens + Decimal(price.output) * usage.completion_tokens
    return int(exact.to_integral_value(ROUND_CEILING))  # USD per million tokens is micro-USD per token


def dearer_than(price: Price | None, usage: Usage) -> Decimal:
    """Return by what factor a provider charged more for a reply than by the price; at least 1."""
    by_price = cost(price, usage.model_copy(update={"cost_micro_usd": None}))
    return max(Decimal(1), Decimal(usage.cost_micro_usd or 0) / by_price) if by_price else Decimal(1)


def worst_case(request: Request) -> Usage:
    """Return an upper bound on the tokens of a request."""
    prompt = worst_prompt(request.messages, request.sampling.model)
    return Usage(prompt_tokens=prompt, completion_tokens=request.sampling.max_tokens)


def quick_worst_case(request: Request) -> Usage:
    """Return a looser upper bound on the tokens of a request, which counts no tokens."""
    return Usage(prompt_tokens=most_tokens(request.messages), completion_tokens=request.sampling.max_tokens)


def beyond(worst: Usage, usage: Usage, before: Usage) -> Usage:
    """Return the most tokens that a reply so far was billed beyond its worst case, of prompt and reply."""
    return Usage(
        prompt_tokens=max(before.prompt_tokens, usage.prompt_tokens - worst.prompt_tokens),
        completion_tokens=max(before.completion_tokens, usage.completion_tokens - worst.completion_tokens),
    )


class BudgetReachedError(CapReachedError):
    """The budget has no room for the next request."""

    def __init__(self, budget: "Budget", most: int) -> None:
        """Say what is spent of the budget now; `most` is what the next request may cost, in micro-USD."""
        super().__init__(budget.told_reached(most))
        self._most = most

    def after(self, budget: "Budget") -> "BudgetReachedError":
        """Return the same with what is spent in the end: smaller requests may have fitted after the one that did not."""
        return BudgetReachedError(budget, self._most)


class _Purse:
    """What all who spend from one budget have spent and reserved, in micro-USD, and the tokens of their replies."""

    def __init__(self, spent: int, tokens: int, unknown: int) -> None:
        self.spent, self.reserved, self.tokens = spent, 0, tokens
        self.unknown = unknown
        """Of what is spent: the most that sends without a reply, and replies without `usage`, may have cost."""


class Budget:
    """Spent and reserved micro-USD of a run, with an optional limit."""

    def __init__(  # noqa: PLR0913 -- what a bill says, and what limits it
        self,
        price: Price | None,
        limit_usd: str | None,
        spent: int,
        beyond: Usage = _NOTHING,
        dearer: Decimal = Decimal(1),
        *,
        tokens: int = 0,
        unknown: int = 0,
        cny_per_usd: str | None = None,
    ) -> None:
        """Start from `spent` micro-USD, the journal's bill with uncertain sends at their maximum, of which `unknown` is not reported; raises ConfigError.

        `beyond` is the most that a reply so far was billed beyond its worst case, in tokens, `dearer` the highest factor between what
        the provider charged for a reply and its cost by `price`. `tokens` were reported before; `cny_per_usd` is only for what is said.
        """
        if limit_usd is not None and price is None:
            raise ConfigError(
                "a budget needs the price of the model, which is not known at this base_url: "
                'set [teacher] price = { input = "...", output = "..." } in USD per million tokens'
            )
        self.price = price
        self.limit = None if limit_usd is None else in_micro(limit_usd)
        self._purse = _Purse(spent, tokens, unknown)
        self._beyond = beyond
        self._dearer = dearer
        self._cny_per_usd = cny_per_usd

    def at(self, price: Price | None) -> "Budget":
        """Return the same money for requests at another price, such as the judge's; raises ConfigError as the constructor does."""
        limit = None if self.limit is None else in_usd(self.limit)
        other = Budget(price, limit, 0, cny_per_usd=self._cny_per_usd)
        other._purse = self._purse
        return other

    @property
    def spent(self) -> int:
        """What was spent, in micro-USD."""
        return self._purse.spent

    @property
    def reserved(self) -> int:
        """What requests in flight may cost, in micro-USD."""
        return self._purse.reserved

    @property
    def tokens(self) -> int:
        """Tokens of the run's replies, as reported by the provider."""
        return self._purse.tokens

    def reserve(self, request: Request) -> int:
        """Reserve and return the worst-case cost of a request; raises BudgetReachedError when it could exceed the limit."""
        amount = self._most(request)
        if self.limit is not None and self.spent + self.reserved + amount > self.limit:
            raise BudgetReachedError(self, amount)
        self._purse.reserved += amount
        return amount

    def told(self) -> str:
        """Return in words what is spent, and what more may be: by sends without a reply, and replies without `usage`."""
        known, unknown = self._parts()
        return f"{known} and at most {unknown} uncertain" if unknown else known

    def told_limit(self) -> str:
        """Return the limit in words; empty where there is none."""
        return "" if self.limit is None else self._told(self.limit)

    def told_reached(self, most: int) -> str:
        """Return in words that the limit leaves no room for a request that may cost `most` micro-USD."""
        if not self.spent:
            return f"the budget of {self.told_limit()} is too small for one request, which may cost {self._told(most)}; raise --budget-usd to go on"
        return (
            f"the budget of {self.told_limit()} is reached: {self.told_spent()}, the next request may cost {self._told(most)}; "
            "raise --budget-usd to go on"
        )

    def told_spent(self) -> str:
        """Return in words what is spent, and what more may be, as part of a sentence."""
        known, unknown = self._parts()
        return f"{known} spent and at most {unknown} uncertain" if unknown else f"{known} spent"

    def _parts(self) -> tuple[str, str]:
        """Return in words what is known to be spent, and what more may be; the second empty where that is nothing."""
        unknown = self._purse.unknown
        return self._told(self.spent - unknown), self._told(unknown) if unknown else ""

    def _told(self, micro: int) -> str:
        return cost_in_words(in_usd(micro), self._cny_per_usd)

    def fits(self, request: Request) -> bool:
        """Return whether a request could be reserved now."""
        return self.limit is None or self.spent + self.reserved + self._most(request) <= self.limit

    def _most(self, request: Request) -> int:
        worst = worst_case(request)
        likely = Usage(
            prompt_tokens=worst.prompt_tokens + self._beyond.prompt_tokens,
            completion_tokens=worst.completion_tokens + self._beyond.completion_tokens,
        )
        return int((cost(self.price, likely) * self._dearer).to_integral_value(ROUND_CEILING))

    def settle(self, reserved: int, usage: Usage | None) -> int:
        """Replace a reservation by the actual cost and return it; without usage the full reservation is spent."""
        amount = reserved if usage is None else cost(self.price, usage)
        self._purse.reserved -= reserved
        self._purse.spent += amount
        self._purse.unknown += 0 if usage else amount
        self._purse.tokens += usage.prompt_tokens + usage.completion_tokens if usage else 0
        return amount

    def learn(self, request: Request, usage: Usage) -> tuple[str, ...]:
        """Let later reserves take what a reply really took; returns the parts, prompt or reply, that did so for the first time."""
        before, self._beyond = self._beyond, beyond(worst_case(request), usage, self._beyond)
        self._dearer = max(self._dearer, dearer_than(self.price, usage))
        parts = ("prompt_tokens", "completion_tokens")
        return tuple(part for part in parts if getattr(before, part) == 0 < getattr(self._beyond, part))

    def release(self, reserved: int) -> None:
        """Cancel a reservation: nothing was billed."""
        self._purse.reserved -= reserved

    def reopen(self, written_off: int) -> None:
        """Turn a written-off amount back into a reservation, because its outcome can now be known."""
        self._purse.spent -= written_off
        self._purse.unknown = max(0, self._purse.unknown - written_off)
        self._purse.reserved += written_off

    def write_off(self, reserved: int) -> None:
        """Count a whole reservation as spent: it may have been billed."""
        self._purse.reserved -= reserved
        self._purse.spent += reserved
        self._purse.unknown += reserved


def in_micro(usd: str) -> int:
    """Return an amount of USD as whole micro-USD."""
    return int(Decimal(usd) * MICRO)


def in_usd(micro: int) -> str:
    """Return micro-USD as an amount of USD, e.g. `0.001234`."""
    return f"{Decimal(micro) / MICRO:.6f}"
