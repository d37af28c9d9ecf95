"""Costs in CNY, by the rate of the configuration and only for the eye: budgets and bills are in USD."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_SMALLEST = Decimal("0.000001")


def in_cny(usd: Decimal | str | float, rate: str) -> str:
    """Return an amount of USD in CNY: to the fen, smaller ones to a millionth.

    >>> in_cny("11.93", "7.1"), in_cny("0.000123", "7.1"), in_cny("0.000000", "7.1")
    ('84.70', '0.000873', '0.00')
    """
    amount = Decimal(str(usd)) * Decimal(rate)
    return f"{amount.quantize(_CENT if amount >= 1 or not amount else _SMALLEST, ROUND_HALF_UP):f}"


def and_cny(usd: Decimal | str | float | None, rate: str | None) -> str:
    """Return ` (¥84.70)` to stand behind an amount; empty where the amount or the rate is not known."""
    return f" (¥{in_cny(usd, rate)})" if rate and usd is not None else ""
