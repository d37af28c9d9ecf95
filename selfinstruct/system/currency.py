"""Costs as every face shows them: in USD, and in CNY too where the configuration has a rate. Budgets and bills are in USD."""

import math
from decimal import ROUND_HALF_UP, Decimal

from selfinstruct.system.numbers import number_range

_CENT = Decimal("0.01")
_SMALLEST = Decimal("0.000001")
_FINEST = 6
"""Most digits of an amount: prices and bills are in millionths."""


def cost_in_words(usd: str | tuple[float, float], rate: str | None) -> str:
    """Return an amount, or the least and the most of an estimate, with what it is in CNY by `rate`.

    >>> cost_in_words("11.93", None), cost_in_words("11.93", "7.1"), cost_in_words((11.931, 50.08), "7.1")
    ('$11.93', '$11.93 (¥84.70)', '$11.93 to 50.08 (¥84.71 to 355.57)')
    """
    if isinstance(usd, str):
        return f"${usd}" + (f" (¥{in_cny(usd, rate)})" if rate else "")
    low, high = usd
    each = float(rate) if rate else 0.0
    return f"${_range(low, high)}" + (f" (¥{_range(low * each, high * each)})" if rate else "")


def four_digits(usd: float) -> str:
    """Return an amount to four digits, never as a power of ten.

    >>> four_digits(0.0000123456), four_digits(12.3456)
    ('0.00001235', '12.35')
    """
    return f"{Decimal(f'{usd:.4g}'):f}"


def in_cny(usd: str, rate: str) -> str:
    """Return an amount of USD in CNY: to the fen, smaller ones to a millionth.

    >>> in_cny("11.93", "7.1"), in_cny("0.000123", "7.1"), in_cny("0.000000", "7.1")
    ('84.70', '0.000873', '0.00')
    """
    amount = Decimal(usd) * Decimal(rate)
    return f"{amount.quantize(_CENT if amount >= 1 or not amount else _SMALLEST, ROUND_HALF_UP):f}"


def _range(low: float, high: float) -> str:
    """Return a range with two digits, or as many more as show that it is not zero."""
    least = min((end for end in (low, high) if end > 0), default=1.0)
    return number_range(low, high, min(max(2, 1 - math.floor(math.log10(least))), _FINEST))
