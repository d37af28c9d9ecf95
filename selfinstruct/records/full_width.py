"""Punctuation and digits of a Chinese keyboard where a file wants those of ASCII: which, where, and what to write."""

import re

_ASCII = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "「": '"',
    "」": '"',
    "、": ",",
    "。": ".",
    "【": "[",
    "】": "]",
    "\u3000": "a space",
}
_BEYOND = 200
"""Characters behind the place where a parser stopped that are looked at."""
_QUOTED_OR_ELSE = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|(.)', re.DOTALL)
_QUOTED_OR_ELSE_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|(.)', re.DOTALL)


def hint_of(line: str, *, json: bool = False) -> str:
    r"""Return what is said of the first such character of a line outside quotation marks; empty when there is none.

    >>> hint_of("zh ＝ 60")
    'character 4 is the full-width ＝; write ='
    >>> hint_of('{“id”: "，"}', json=True), hint_of('en = "，" # ，')
    ('character 2 is the full-width “; write "', '')
    """
    pattern = _QUOTED_OR_ELSE_JSON if json else _QUOTED_OR_ELSE
    for found in pattern.finditer(line):
        if ascii_one := _ASCII.get(found[1] or ""):
            shown = "blank (U+3000)" if found[1] == "\u3000" else found[1]
            return f"character {found.start() + 1} is the full-width {shown}; write {ascii_one}"
    return ""


def hint_at(text: str, position: int, *, unterminated: bool) -> str:
    """Return what is said of such a character where a JSON parser stopped: outside quotation marks, or in place of the closing one.

    >>> hint_at('{"a": "b”}', 6, unterminated=True)
    'character 9 is the full-width ”; write "'
    """
    if not unterminated:
        return hint_of(text[: position + _BEYOND], json=True)
    closing = max(text.rfind(mark, position) for mark in "“”＂")
    return f'character {closing + 1} is the full-width {text[closing]}; write "' if closing >= 0 else ""
