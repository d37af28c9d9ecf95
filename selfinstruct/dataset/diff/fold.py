"""Format edits: normalizations that change how a text is written, not its meaning.

Unicode compatibility mappings (NFKC) are not used: they also turn x² into x2 and ① into 1, which changes the meaning.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from selfinstruct.dataset.diff.rows import Format

if TYPE_CHECKING:
    from opencc import OpenCC

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5, 0xFFE1: 0xA3}
_HALF_KATAKANA = re.compile(r"[\uff61-\uff9f]+")
_CJK = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_SPACE_NEXT_TO_CJK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")
_CODE = re.compile(r"```|~~~|^(?: {2,}|\t+)\S", re.MULTILINE)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def unicode_folded(text: str) -> str:
    """Return a text in NFC."""
    return unicodedata.normalize("NFC", text)


def width_folded(text: str) -> str:
    """Return a text with full-width letters, digits and marks as ASCII, and half-width katakana as full-width.

    >>> width_folded("Ｐｙｔｈｏｎ，x²")
    'Python,x²'
    """
    return _HALF_KATAKANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).translate(_WIDTH)


def whitespace_folded(text: str) -> str:
    r"""Return a text with insignificant spaces removed: none at the ends or between Chinese and Latin, else one.

    In a text with code, which a fence or an indented line shows, lines and their indentation do say something and stay.

    >>> whitespace_folded("用 Python  写\n一个程序。 ")
    '用Python写一个程序。'
    >>> whitespace_folded("for x in y:\r\n    print(x)  \r\n")
    'for x in y:\n    print(x)'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CODE.search(text):
        return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    return _SPACE_NEXT_TO_CJK.sub("", " ".join(text.split()))


def script_folded(text: str) -> str:
    """Return a text in simplified characters.

    >>> script_folded("請看著頭髮乾燥的皇后，在後面")
    '请看着头发干燥的皇后，在后面'
    """
    return _opencc().convert(text) if _HAN.search(text) else text


@cache
def _opencc() -> "OpenCC":
    import opencc

    # tw2s and not t2s: only the Taiwanese table has 看著; the one that also exchanges words (軟體, 软件) would hide edits
    return opencc.OpenCC("tw2s")


FOLDS: dict[Format, Callable[[str], str]] = {
    "unicode": unicode_folded,
    "width": width_folded,
    "script": script_folded,
    "whitespace": whitespace_folded,
}
"""Normalizations in order; spaces last, because a full-width space is one too."""


def folded(text: str) -> str:
    """Return a text with all normalizations applied."""
    return _folded(text, tuple(FOLDS))


def formats_between(before: str, after: str) -> tuple[Format, ...] | None:
    """Return the kinds of format edit between two texts; None when their meaning differs.

    >>> formats_between("请用Ｐｙｔｈｏｎ写。", "請用 Python 寫。")
    ('width', 'script', 'whitespace')
    """
    if before == after:
        return ()
    if folded(before) != folded(after):
        return None
    return tuple(name for name in FOLDS if _needed(name, before, after))


def _needed(name: Format, before: str, after: str) -> bool:
    others = tuple(other for other in FOLDS if other != name)
    return _folded(before, others) != _folded(after, others)


def _folded(text: str, names: tuple[Format, ...]) -> str:
    for name in names:
        text = FOLDS[name](text)
    return text
