"""Splitting a long conversation between two exchanges, so that each part fits a number of tokens. No exchange is in two parts, and none is in no part."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from selfinstruct.dataset.conversations.records import Cleaned, Exchange, Lost, Said
from selfinstruct.dataset.io.thoughts import with_thought
from selfinstruct.dataset.io.tool_calls import as_json

CountTokens = Callable[[str], int]
OVER_BUDGET = "over_token_budget"


class Budget(NamedTuple):
    """The most tokens of a row, and what counts them; 0 for no limit."""

    tokens: int = 0
    count: CountTokens = len
    per_turn: int = 0
    """Tokens that a chat template adds to each turn."""


class Parts(NamedTuple):
    """A conversation in parts: every exchange is in one of them or too long by itself."""

    parts: tuple[tuple[Exchange, ...], ...]
    lost: tuple[Lost, ...]


def split(cleaned: Cleaned, told: Sequence[str], budget: Budget) -> Parts:
    """Return the parts in order: each takes exchanges as long as they fit, beside the system's text, which stands before every part."""
    if not budget.tokens or not cleaned.exchanges:
        return Parts((cleaned.exchanges,) if cleaned.exchanges else (), ())
    system = [*told, *(one.turn.text for one in cleaned.system)]
    left = budget.tokens - sum(budget.count(text) + budget.per_turn for text in system)
    lost: list[Lost] = []
    parts = tuple(_parts(cleaned.exchanges, left, budget, lost))
    lost += [Lost(one, OVER_BUDGET) for one in cleaned.system] if not parts else []
    return Parts(parts, tuple(lost))


def _parts(
    exchanges: Sequence[Exchange], most: int, budget: Budget, lost: list[Lost]
) -> Iterator[tuple[Exchange, ...]]:
    part: list[Exchange] = []
    size = 0
    for exchange in exchanges:
        own = sum(budget.count(_text(one)) + budget.per_turn for one in exchange.said)
        if part and (own > most or size + own > most):
            yield tuple(part)
            part, size = [], 0
        if own > most:
            lost += [Lost(one, OVER_BUDGET) for one in exchange.said]
            continue
        part.append(exchange)
        size += own
    if part:
        yield tuple(part)


def _text(said: Said) -> str:
    turn = said.turn
    return as_json(turn.message) if turn.message is not None else with_thought(turn.reasoning, turn.text)
