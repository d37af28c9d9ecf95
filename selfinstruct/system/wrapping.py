"""Lines of Chinese in a terminal, where a character takes two cells: no line begins with a mark that ends something.

Source: the rules of line breaking of GB/T 15834 and of the W3C, "Requirements for Chinese Text Layout", section 3.1.
"""

import re
from unicodedata import east_asian_width

_PIECE = re.compile(r"[!-~]+ ?|.", re.DOTALL)
"""A word of ASCII with its blank, or one character."""
_LEAD = re.compile(r"(?:> )?\s*(?:\d+[.)．、] *|[-*•·] +|[^\s:：]{1,12}[:：]\s{2,})?")
"""What a line begins with before its text: an indent, a number, a mark, or a label with blanks behind it."""
_ENDS = frozenset("，。、；：？！）》」』”’…,.;:?!)]}")
_OPENS = frozenset("（《「『“‘([{")


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, each of at most `width` cells unless one word is longer.

    >>> wrapped("数据写到文件，进度写到 stderr。", 14)
    ['数据写到文件，', '进度写到', 'stderr。']
    """
    lines, line = [], ""
    for piece in _unbroken(text):
        if line and cells(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()]


def folded(text: str, width: int) -> list[str]:
    """Return the lines of a text as wide as a terminal; those behind the first stand under its text, not under its number or mark.

    >>> folded("  1. 春天到了，河边的柳树绿了。", 17)
    ['  1. 春天到了，河', '     边的柳树绿', '     了。']
    """
    lead = _LEAD.match(text)
    begin = lead[0] if lead and 2 * cells(lead[0]) < width else ""
    if cells(text) <= width:
        return [text]
    first, *others = wrapped(text[len(begin) :], width - cells(begin))
    return [begin + first, *(" " * cells(begin) + one for one in others)]


def cells(text: str) -> int:
    """Return the cells that a text takes in a terminal."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _unbroken(text: str) -> list[str]:
    """Return the parts between which a line may be broken."""
    parts: list[str] = []
    for piece in _PIECE.findall(text):
        if parts and (piece[0] in _ENDS or parts[-1].rstrip()[-1:] in _OPENS):
            parts[-1] += piece
        else:
            parts.append(piece)
    return parts
