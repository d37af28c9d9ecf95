"""The language of a page: English stands in the code, Chinese in `chinese/*.toml`, found by the English text.

`said` takes the texts of this room, and the catalogue has every one. `told` takes what rooms below wrote into records, with names and numbers in it:
a template says where these stand, of this room or of the messages of the command line, and what fits none stays as it is. Rows are never touched.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from operator import ne
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.records import LanguageCode
from selfinstruct.system.chinese import translator
from selfinstruct.system.files import read_text
from selfinstruct.system.numbers import amount

LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}
FIELD_WORDS = {
    "output": "answer",
    "system": "system text",
    "history": "earlier turns",
    "reasoning": "thought",
    "rejected": "worse answer",
    "calls": "tool calls",
    "checks": "what proved it",
    "unlearned": "answers that are not learned",
    "left_out": "what has no place in a row",
}
"""Field of a row -> what a page calls it, where that is another word."""
_CATALOGUES = Path(__file__).with_name("chinese")
_TOLD, _SCRIPTS, _COUNTED = "told", "scripts", "counted"
"""Files of templates and of scripts, and the section of nouns; all else is said."""
_LONGEST = 4_000
"""Characters of a text above which it is no message."""
_DEEPEST = 6
"""Messages within each other that are told: no text of ours has more, and anybody's may have thousands."""
_STRICT = '"use strict";'
_FIELD = re.compile(r"\{\d+\}")
_COUNT = re.compile(r"([\d,]+) ([a-z]+?)s?")
_language: ContextVar[LanguageCode] = ContextVar("language of a page", default="en")


@contextmanager
def in_language(language: LanguageCode) -> Iterator[None]:
    """Write in a language while the block runs; a page is begun and ended in it."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def is_chinese() -> bool:
    """Return whether the page that is written is Chinese."""
    return _language.get() == "zh"


def page_language() -> LanguageCode:
    """Return the language of the page that is written."""
    return _language.get()


def chinese(text: str) -> str:
    """Return the Chinese of a text that some page says.

    >>> chinese("Show more")
    '再看一些'
    """
    return _said()[text]


def said(text: str, **fields: Any) -> str:
    """Return a text of a page in its language, with its fields filled in.

    >>> said("{count:,} rows that differ", count=1200)
    '1,200 rows that differ'
    """
    pattern = chinese(text) if is_chinese() else text
    return pattern.format(**fields) if fields else pattern


def words(*texts: str) -> tuple[str, ...]:
    """Return the heads of a table, of which one may be empty."""
    return tuple(said(text) if text else "" for text in texts)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(2, "row")
    '2 rows'
    """
    return f"{number:,} {_nouns()[noun]}" if is_chinese() else amount(number, noun)


def language_name(language: str) -> str:
    """Return the name of a language of rows; its code where it is none of ours."""
    return said(LANGUAGE_NAMES[language]) if language in LANGUAGE_NAMES else language


def field_name(field: str) -> str:
    """Return the name of a field of a row: as it stands in the file, or in Chinese.

    >>> with in_language("zh"):
    ...     field_name("output")
    '回答'
    """
    return chinese(FIELD_WORDS.get(field, field)) if is_chinese() else field


def listed(parts: Iterable[str], mark: str = ", ") -> str:
    """Return parts in a row, with the comma or semicolon of the language."""
    return ({", ": "，", "; ": "；"}[mark] if is_chinese() else mark).join(parts)


def told(text: str) -> str:
    """Return what a room below wrote, in the language of the page.

    >>> with in_language("zh"):
    ...     told("3 rows removed (1.0% of base), 1 with a similar row added"), told("a name of somebody's")
    ('删除 3 行（占旧的 1.0%），其中 1 行另有相近的新增行', "a name of somebody's")
    """
    return "\n".join(_inner(line, 0) for line in text.split("\n")) if is_chinese() else text


def _inner(text: str, depth: int) -> str:
    """Return a message or a part of one: by the templates of this room, else by those of the command line."""
    own = _told(text, depth)
    return own if own != text or " " not in text else translator().message(text)


def in_script(source: str, room: str) -> str:
    """Return the script of a page with its texts in the language of the page: whole literals, tables of words, and parts of the code."""
    if not is_chinese() or room not in _sections(_SCRIPTS):
        return source
    script: Mapping[str, Any] = _sections(_SCRIPTS)[room]
    parts = {_literal(one): _literal(chinese(one)) for one in script.get("said", ())} | script["parts"]
    for english, translated in parts.items():
        source = source.replace(english, translated)
    tables = (
        f"const {name} = {json.dumps({key: chinese(one) for key, one in table.items()}, ensure_ascii=False)};"
        for name, table in script.get("tables", {}).items()
    )
    return source.replace(_STRICT, " ".join((_STRICT, *tables)), 1)


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Template(NamedTuple):
    literals: Sequence[str]
    """What stands before, between and behind the fields."""
    chinese: str

    @property
    def has_words(self) -> bool:
        """Return whether it is known by more than its marks, which any text may have."""
        return any(letter.isalpha() for literal in self.literals for letter in literal)

    def fields(self, text: str) -> list[str] | None:
        """Return the fields of a text that fits, each as short as can be; in linear time, for the text may be anybody's.

        A message behind a place, or with another one behind it, is none: each is told by itself.
        """
        first, *middle, last = self.literals
        at, end = len(first), len(text) - len(last)
        if at > end or not text.startswith(first) or not text.endswith(last):
            return None
        found = []
        for literal in middle:
            place = text.find(literal, at, end)
            if place < 0:
                return None
            found.append(text[at:place])
            at = place + len(literal)
        found.append(text[at:end])
        is_several = (not first and ": " in f"{found[0]} ") or (not last and "; " in found[-1])
        return None if is_several else found


def _told(text: str, depth: int) -> str:
    if len(text) > _LONGEST or depth > _DEEPEST:
        return text
    if exact := _templates()[0].get(text):
        return exact
    if (count := _COUNT.fullmatch(text)) and count[2] in _nouns():
        return f"{count[1]} {_nouns()[count[2]]}"
    for one in _templates()[1]:
        if (fields := one.fields(text)) is None:
            continue
        translated = [_inner(field, depth + 1) for field in fields]
        if one.has_words or translated != fields:
            return one.chinese.format(*translated)
    return _parts_told(text, depth + 1)


def _parts_told(text: str, depth: int) -> str:
    """Return a list of messages, or one behind the name of what it is about, in Chinese; where no part is known, as it is."""
    parts = text.split("; ")
    if len(parts) > 1:
        translated = [_inner(part, depth) for part in parts]
        is_list = all(map(ne, translated, parts)) or any(_told(part, depth) != part for part in parts)
        if is_list:
            return "；".join(translated)
    name, colon, rest = text.partition(": ")
    return f"{name}{colon}{_told(rest, depth)}" if rest else text


@cache
def _templates() -> tuple[Mapping[str, str], Sequence[_Template]]:
    """Return texts without fields, and those with fields: first what has most letters of its own."""
    texts = {english: one for section in _sections(_TOLD).values() for english, one in section.items()}
    plain = {english: one for english, one in texts.items() if not _FIELD.search(english)}
    rest = sorted(texts.keys() - plain.keys(), key=lambda english: (-len(_FIELD.sub("", english)), english))
    return plain, [_Template(_FIELD.split(english), texts[english]) for english in rest]


@cache
def _said() -> Mapping[str, str]:
    files = (path.stem for path in sorted(_CATALOGUES.glob("*.toml")) if path.stem not in {_TOLD, _SCRIPTS})
    return {
        english: one
        for file in files
        for section, texts in _sections(file).items()
        if section != _COUNTED
        for english, one in texts.items()
    }


def _nouns() -> Mapping[str, str]:
    return _sections("shared")[_COUNTED]


@cache
def _sections(file: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(read_text(_CATALOGUES / f"{file}.toml"))
