"""The language of a page: English stands in the code, Chinese in `chinese/*.toml`, found by the English text.

`said` takes the texts of this room, and the catalogue has every one. `told` takes what rooms below wrote into records, with names and numbers in it:
the translator of the command line takes it apart, by the templates of this room too, and what fits none stays as it is. Rows are never touched.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from selfinstruct.records import LanguageCode
from selfinstruct.system.chinese import sections
from selfinstruct.system.files import read_text
from selfinstruct.system.numbers import amount
from selfinstruct.system.translator import Translator

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
_STRICT = '"use strict";'
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
    '答案'
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
    return "\n".join(map(_translator().message, text.split("\n"))) if is_chinese() else text


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


@cache
def _translator() -> Translator:
    """Return what takes apart the messages of the command line, with what a page says in other words."""
    own = {english: one for section in _sections(_TOLD).values() for english, one in section.items()}
    words = {english: one for english, one in own.items() if english.isalpha()}
    nouns = {noun: f"{{0}} {chinese}" for noun, chinese in _nouns().items()}
    return Translator([*sections(), ("messages", own), ("words", words), ("nouns", nouns)])


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
