"""Lines of Chinese in a terminal, where a character takes two cells: no line begins with a mark that ends something.

Source: the rules of line breaking of GB/T 15834 and of the W3C, "Requirements for Chinese Text Layout", section 3.1.
"""

import re
from unicodedata import east_asian_width

_PIECE = re.compile(r"[!-~]+ ?|.", re.DOTALL)
"""A word of ASCII with its blank, or one character."""
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
