"""Money in whole micro-USD: the worst case of a request is reserved before it is sent, and settled from the usage it reports."""

from decimal import ROUND_CEILING, Decimal

from selfinstruct.config import Price
from selfinstruct.errors import CapReachedError, ConfigError
from selfinstruct.records import Request, Usage
from selfinstruct.teacher.billing.tokens import worst_prompt

MICRO = 1_000_000


def cost(price: Price | None, usage: Usage) -> int:
    """Return micro-USD, rounded up; 0 when the price is not known."""
    if price is None:
        return 0
    exact = Decimal(price.input) * usage.prompt_tokens + Decimal(price.output) * usage.completion_tokens
    return int(exact.to_integral_value(ROUND_CEILING))  # USD per million tokens is micro-USD per token


def worst_case(request: Request) -> Usage:
    """Return an upper bound of a request's tokens."""
    prompt = worst_prompt(request.messages, request.sampling.model)
    return Usage(prompt_tokens=prompt, completion_tokens=request.sampling.max_tokens)


class Budget:
    """What a run may still spend."""

    def __init__(self, price: Price | None, limit_usd: str | None, spent: int) -> None:
        """`spent` is what the journal already holds, uncertain sends included at their worst."""
        if limit_usd is not None and price is None:
            raise ConfigError(
                "a budget needs the price of the model, which is not known at this base_url: "
                'set [teacher] price = { input = "...", output = "..." } in USD per million tokens'
            )
        self.price = price
        self.limit = None if limit_usd is None else int(Decimal(limit_usd) * MICRO)
        self.spent = spent
        self.reserved = 0
        self.tokens = 0
        """Tokens of this session's replies, as the provider counted them."""

    def reserve(self, request: Request) -> int:
        """Set the worst case of a request aside; raises CapReachedError when it could exceed the limit."""
        amount = cost(self.price, worst_case(request))
        if self.limit is not None and self.spent + self.reserved + amount > self.limit:
            raise CapReachedError(
                f"the budget of {usd(self.limit)} is reached: {usd(self.spent)} spent, the next request may cost {usd(amount)}; "
                "raise --budget-usd to go on"
            )
        self.reserved += amount
        return amount

    def settle(self, reserved: int, usage: Usage | None) -> int:
        """Turn a reservation into what was spent, and return that; without a usage the worst case stays."""
        amount = reserved if usage is None else cost(self.price, usage)
        self.reserved -= reserved
        self.spent += amount
        self.tokens += usage.prompt_tokens + usage.completion_tokens if usage else 0
        return amount

    def release(self, reserved: int) -> None:
        """Give a reservation back: nothing was billed."""
        self.reserved -= reserved

    def reopen(self, written_off: int) -> None:
        """Take a reservation back that was written off, or counted from an earlier run: how it ended is known now."""
        self.spent -= written_off
        self.reserved += written_off

    def write_off(self, reserved: int) -> None:
        """Count a reservation as spent: it may have been billed."""
        self.reserved -= reserved
        self.spent += reserved


def usd(micro: int) -> str:
    """Return micro-USD as text, e.g. `$0.001234`."""
    return f"${Decimal(micro) / MICRO:.6f}"
