"""Strings of code whose words may be translated, and what of them may not: a key, a subscript, a path, and the fields that a program fills in.

What stands around the strings is compared elsewhere (`taken_over.py`); here it says what a string is for.
"""

import re
from collections import Counter
from typing import Final, NamedTuple

from selfinstruct.quality.translation.pair import cut

STRING: Final = r"\"\"\".{0,4000}?\"\"\"|'''.{0,4000}?'''|\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}'"
COMMENT: Final = r"(?<![\w:])//[^\n]{0,400}|(?<![\w&])#(?!include|define|!)[^\n]{0,400}|/\*.{0,4000}?\*/|<!--.{0,4000}?-->|(?<![\w-])--\s[^\n]{0,400}"
_PART: Final = re.compile(f"(?P<string>{STRING})|{COMMENT}", re.DOTALL)
_BEFORE: Final = 80
"""Characters before a string that say what it is for."""
_PREFIX: Final = re.compile(r"(?<!\w)[A-Za-z]{1,2}\Z")
_SUBSCRIPT: Final = re.compile(r"[\w)\]]\[\Z")
_NAMES_SOMETHING: Final = re.compile(
    r"(?:\b(?:open|getenv|Path|read_csv|require|import_module|getElementById|querySelector)|\.(?:get|pop|setdefault))\(\s?\Z|\b(?:get|set|has)attr\([\w.]{1,40},\s?\Z"
    r"|\b(?:from|import) \Z"
)
_KEY: Final = re.compile(r"(?:[{,]|\A)\s{0,60}\Z")
_PATH: Final = re.compile(
    r"(?:[a-z]{2,5}://|[A-Za-z]:[\\/]|~?/|\.{1,2}/)[\w.~/\\?=&%#-]+|[\w-][\w./\\-]*\.[a-z][a-z0-9]{0,4}"
)
_FIELD: Final = re.compile(
    r"(?<![\d%])%(?:\d\$|\(\w{1,40}\))?[-+0#]?\d{0,3}(?:\.\d{1,2})?l{0,2}[sdifuxXeEgcr]"
    r"|\{[A-Za-z0-9_.\[\]]{0,40}(?:![rsa])?(?::[^{}\n]{0,20})?\}|\$[A-Za-z_]\w{0,40}",
    re.ASCII,
)
_EXPRESSION: Final = re.compile(r"\{[^{}\n]{0,200}\}")
_INNER: Final = re.compile(r"'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"")


class _String(NamedTuple):
    prefix: str
    said: str
    fixed: bool
    """Whether it is a key, a subscript, or the name of something."""

    @property
    def fields(self) -> Counter[str]:
        """What a program fills in; of an expression in it the strings may be others."""
        if "f" in self.prefix.lower():
            bare = self.said.replace("{{", "").replace("}}", "")
            return Counter(_INNER.sub("''", found) for found in _EXPRESSION.findall(bare))
        return Counter(_FIELD.findall(self.said))


def changed_string(before: str, after: str) -> str:
    r"""Return what a program would miss in the strings of a block of code, or ""; both blocks are the same beside strings and comments.

    >>> changed_string('print("You have %d apples" % n)', 'print("你有苹果" % n)')
    '%d is lost in "你有苹果"'
    >>> changed_string('ages["Ann"] = open("a/b.txt")', 'ages["安"] = open("a/b.txt")')
    '"Ann" has become "安"'
    >>> changed_string('print(f"Hi {name}")', 'print(f"{name}，嗨")')
    ''
    """
    wanted, found = _strings(before), _strings(after)
    if len(wanted) != len(found):
        return ""
    return next((said for one, other in zip(wanted, found, strict=True) if (said := _lost(one, other))), "")


def _lost(one: _String, other: _String) -> str:
    if one.said == other.said:
        return ""
    if one.fixed:
        return f"{cut(one.said)} has become {cut(other.said)}"
    missing = one.fields - other.fields
    more = other.fields - one.fields
    if not missing and not more:
        return ""
    if missing:
        return f"{min(missing)} is lost in {cut(other.said)}"
    return f"{min(more)} is added in {cut(other.said)}"


def _strings(code: str) -> list[_String]:
    bare = _PART.sub(lambda found: found["string"] or "", code)
    found: list[_String] = []
    for one in re.finditer(STRING, bare, re.DOTALL):
        before = bare[max(one.start() - _BEFORE, 0) : one.start()]
        prefix = _PREFIX.search(before)
        before = before[: prefix.start()] if prefix else before
        behind = bare[one.end() : one.end() + _BEFORE]
        found.append(_String(prefix[0] if prefix else "", one[0], _is_fixed(one[0].strip("\"'"), before, behind)))
    return found


def _is_fixed(said: str, before: str, behind: str) -> bool:
    if _PATH.fullmatch(said) or _NAMES_SOMETHING.search(before):
        return True
    if _SUBSCRIPT.search(before) and behind.startswith("]"):
        return True
    following = behind.lstrip()
    return following.startswith(":") and not following.startswith("::") and _KEY.search(before) is not None
