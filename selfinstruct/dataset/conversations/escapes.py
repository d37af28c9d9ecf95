r"""Backslashes that an export put before marks of Markdown: `MY\_KEY` in code, where they break it, and inside a word.

Only where it is certain: in code where every such mark has one, and between two letters of a word in prose. Never in a formula, nor in a talk
about LaTeX, Markdown, patterns or escapes, where a backslash is meant.
"""

import re
from collections.abc import Iterable

_CODE = re.compile(
    r"^[ \t]{0,3}(?P<fence>```+|~~~+)[ \t]*(?P<info>[^\n`]*)\n(?P<code>.*?)(?=^[ \t]{0,3}(?P=fence)[ \t]*$|\Z)|(?P<span>`[^`\n]+`)",
    re.MULTILINE | re.DOTALL,
)
_ABOUT = re.compile(
    r"latex|\btex\b|markdown|escap|backslash|regex|regular expression|pattern|\bsed\b|\bgrep\b|转义|反斜[杠线]|正则|公式",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"\$\$.{1,2000}?\$\$|\$[^$\n]+\$|\\\(.{1,2000}?\\\)|\\\[.{1,2000}?\\\]|\\begin\{(?P<name>\w{1,20}\*?)\}.{0,4000}?\\end\{(?P=name)\}|https?://\S+",
    re.DOTALL,
)
_TEX = re.compile(
    r"\\(?:text|math|frac|begin|sum|int|left|right|sqrt|operatorname|ref|cite|usepackage|section)\w*[ {\[(]"
)
_WORD = re.compile(r"(?<=[^\W_])((?:\\_)+)(?=[^\W_])")
_OTHERS = re.compile(r"\b(?:tex|latex|markdown|md|rst|regex|sql|awk|sed|perl|diff)\b", re.IGNORECASE)
_SHELLS = re.compile(r"\b(?:bash|sh|shell|zsh|fish|console|terminal|powershell|cmd|bat)\b", re.IGNORECASE)
_INDEX = re.compile(r"^[^\"'`/\n]*\w\\\[", re.MULTILINE)
"""A bracket behind a name, with a backslash, outside any string or pattern: no language has that."""
_ESCAPABLE = "_[]*<>"


def may_be_escaped(text: str) -> bool:
    """Return whether a text has a backslash that an export may have put there."""
    return "\\_" in text or "\\[" in text


def speaks_of_escapes(texts: Iterable[str]) -> bool:
    """Return whether a conversation is about what has backslashes."""
    return any(_ABOUT.search(text) for text in texts)


def without_escapes(text: str) -> str:
    r"""Return a text without the backslashes that an export put before marks of Markdown.

    >>> without_escapes("Set `MY\\_KEY`, or MY\\_KEY, not $a\\_b$.")
    'Set `MY_KEY`, or MY_KEY, not $a\\_b$.'
    """
    if not may_be_escaped(text):
        return text
    parts, end = list[str](), 0
    for found in _CODE.finditer(text):
        parts += [_prose(text[end : found.start()]), _code(found)]
        end = found.end()
    return "".join((*parts, _prose(text[end:])))


def _prose(text: str) -> str:
    if "\\_" not in text or _TEX.search(text):
        return text
    parts, end = list[str](), 0
    for found in _FORMULA.finditer(text):
        parts += [_WORD.sub(_unescaped, text[end : found.start()]), found[0]]
        end = found.end()
    return "".join((*parts, _WORD.sub(_unescaped, text[end:])))


def _unescaped(found: re.Match[str]) -> str:
    return found[0].replace("\\", "")


def _code(found: re.Match[str]) -> str:
    if span := found["span"]:
        return _WORD.sub(_unescaped, span) if _all_escaped(span, "_") and not _TEX.search(span) else span
    code, info = found["code"], found["info"]
    if _OTHERS.search(info) or _TEX.search(code):
        return found[0]
    words = bool(_WORD.search(code)) and _all_escaped(code, "_")
    indexed = bool(info) and not _SHELLS.search(info) and _all_escaped(code, "[") and bool(_INDEX.search(code))
    if not words and not indexed:
        return found[0]
    marks = [mark for mark in _ESCAPABLE if _all_escaped(code, mark)]
    for mark in marks:
        code = code.replace(f"\\{mark}", mark)
    return found[0][: found.start("code") - found.start()] + code


def _all_escaped(code: str, mark: str) -> bool:
    return 0 < code.count(mark) == code.count(f"\\{mark}")
