"""One awkward reply and what a careful human reads in it."""

from typing import NamedTuple

Expected = tuple[str, str, str, str]
"""instruction, input, output, fault."""


class Case(NamedTuple):
    name: str
    reply: str
    expected: list[Expected]
    cut: bool = False


def task(instruction: str, given: str, output: str) -> Expected:
    return instruction, given, output, ""


OUTSIDE: Expected = ("", "", "", "outside_items")
UNPARSABLE: Expected = ("", "", "", "unparsable")
CUT_OFF: Expected = ("", "", "", "truncated")
