"""The part of a run that one of several generators asks: every N-th request, and its exact share of every amount."""

from decimal import Decimal
from typing import NamedTuple


class Part(NamedTuple):
    """Part `number`, from 0, of `of`; the whole is part 0 of 1."""

    number: int = 0
    of: int = 1

    def index_at(self, place: int) -> int:
        """Return the number that the part's own request `place`, from 0, has in the whole."""
        return place * self.of + self.number

    def place(self, index: int) -> int:
        """Return the place of request `index` among the part's own."""
        return index // self.of

    def share(self, whole: int) -> int:
        """Return the part's share of a number; the shares of all parts add up to it."""
        return whole * (self.number + 1) // self.of - whole * self.number // self.of

    def money(self, usd: str) -> str:
        """Return the part's share of an amount, in decimal digits; those of all parts add up to it, down to a millionth of a dollar."""
        return usd if self.of == 1 else f"{Decimal(self.share(int(Decimal(usd) * 10**6))) / 10**6:f}"


def part_of(text: str) -> Part:
    """Return the part that `3/8` names, the whole for an empty text; raises ValueError for anything else.

    >>> part_of("3/8")
    Part(number=2, of=8)
    >>> [part_of(f"{number}/3").share(100) for number in (1, 2, 3)]
    [33, 33, 34]
    """
    if not text:
        return Part()
    number, _, of = text.partition("/")
    if not (number.isascii() and of.isascii() and number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise ValueError("must be I/N, part I of N, such as 3/8, with I from 1 to N")
    return Part(int(number) - 1, int(of))
