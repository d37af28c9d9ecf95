"""Messages in the reader's language: English stands in the code, Chinese beside it in `zh.toml`, found by the English text."""

import os
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any, Literal

import click

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
VARIABLE = "SELFINSTRUCT_LANG"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX reads them: the first that is set decides."""

_chosen: ContextVar[Language | None] = ContextVar("language", default=None)


def choose_language(context: click.Context, parameter: click.Parameter, value: Language | None) -> None:
    """Speak the language that `--lang` names, from here on."""
    if value:
        _chosen.set(value)


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of messages: `--lang`, else SELFINSTRUCT_LANG, else the locale's; English where the stream holds no Chinese."""
    if named := _chosen.get():
        return named
    if (given := environment.get(VARIABLE)) in LANGUAGES:
        return "zh" if given == "zh" else "en"
    locale = next((environment[name] for name in _LOCALES if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") and _holds_chinese() else "en"


def said(text: str, **fields: Any) -> str:
    """Return a message in the reader's language, its fields filled in; the catalogue has every text that is said.

    >>> said("extra {name}", name="local") in {"extra local", "附加依赖 local"}
    True
    """
    pattern = _chinese()[text] if language() == "zh" else text
    return pattern.format(**fields) if fields else pattern


@cache
def _chinese() -> dict[str, str]:
    """Return {English text: Chinese text} of all sections."""
    import tomllib
    from pathlib import Path

    sections = tomllib.loads(Path(__file__).with_name("zh.toml").read_text(encoding="utf-8"))
    return {english: chinese for section in sections.values() for english, chinese in section.items()}


def _holds_chinese() -> bool:
    try:
        "中文".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
