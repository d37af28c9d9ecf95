"""What is wrong with a text that is no JSON, in the same words on each version of Python: only newer ones name a trailing comma."""

from json import JSONDecodeError
from typing import NamedTuple

_AT_END = {"}": "Expecting property name", "]": "Expecting value"}
"""Bracket that follows a trailing comma -> how the message of Python before 3.13 begins."""


class Fault(NamedTuple):
    """A fault, with its place."""

    text: str
    column: int
    """In its line, from 1."""
    remedy: str = ""
    """What mends it, where that is sure."""


def fault_of(error: JSONDecodeError) -> Fault:
    """Return what is wrong, and in which column.

    >>> import json
    >>> try:
    ...     json.loads('{"a": 1, }')
    ... except JSONDecodeError as error:
    ...     fault_of(error)
    Fault(text='trailing comma', column=8, remedy='delete this comma')
    >>> try:
    ...     json.loads('{"a": [{"b": 1}')
    ... except JSONDecodeError as error:
    ...     fault_of(error).text
    'the end is missing'
    """
    comma = _trailing_comma(error)
    if comma < 0 and 0 < error.pos >= len(error.doc.rstrip()):
        return Fault("the end is missing", error.colno, "this line is not whole; write its end again, or delete it")
    if comma < 0:
        return Fault(error.msg.removesuffix(" at"), error.colno)
    return Fault("trailing comma", comma - error.doc.rfind("\n", 0, comma), "delete this comma")


def _trailing_comma(error: JSONDecodeError) -> int:
    """Return where a comma stands after which nothing comes, else -1."""
    doc, pos = error.doc, error.pos
    if error.msg.startswith("Illegal trailing comma"):  # Python 3.13
        return pos
    if error.msg == "Extra data":
        return pos if doc[pos:].strip() == "," else -1
    before = doc[:pos].rstrip()
    is_end = error.msg.startswith(_AT_END.get(doc[pos : pos + 1], "\0"))
    return len(before) - 1 if is_end and before.endswith(",") else -1
