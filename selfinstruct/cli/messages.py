"""Messages in the reader's language: English stands in the code, Chinese beside it in `chinese/`, found by the English text."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from selfinstruct.system.locale_language import LANGUAGES, VARIABLE, Language, locale_language

if TYPE_CHECKING:
    from selfinstruct.system.translator import Translator

_chosen: dict[str, Language] = {}
"""What `--lang` named: of the whole process, since its threads speak too."""


def choose_language(context: click.Context, parameter: click.Parameter, value: Language | None) -> None:
    """Speak the language that `--lang` names, from here on."""
    if value:
        _chosen["--lang"] = value


def choose_typed(arguments: Sequence[str]) -> None:
    """Speak the language that was typed, where the command line is too wrong for click to have read it."""
    typed = " ".join(arguments).replace("--lang ", "--lang=").split()
    for one in LANGUAGES:
        if f"--lang={one}" in typed:
            _chosen["--lang"] = one


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of messages: `--lang`, else SELFINSTRUCT_LANG, else the locale's; English where the stream holds no Chinese."""
    if named := _chosen.get("--lang"):
        return named
    return locale_language(environment)


def language_named(environment: Mapping[str, str] = os.environ) -> Language | None:
    """Return the language that `--lang` or SELFINSTRUCT_LANG names; None where only the locale says one."""
    given = environment.get(VARIABLE)
    return _chosen.get("--lang") or next((one for one in LANGUAGES if one == given), None)


def unknown_language(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Yield that SELFINSTRUCT_LANG names no language that is spoken."""
    if (given := environment.get(VARIABLE)) and given not in LANGUAGES:
        yield f"SELFINSTRUCT_LANG={given} is neither `en` nor `zh`; the language is that of the locale"


def said(text: str, **fields: Any) -> str:
    """Return a message in the reader's language, its fields filled in; the catalogue has every text that is said.

    >>> said("extra {name}", name="local") in {"extra local", "附加依赖 local"}
    True
    """
    pattern = _by_call()[text] if language() == "zh" else text
    return pattern.format(**fields) if fields else pattern


def said_if_known(text: str) -> str:
    """Return a text of the help in the reader's language, or as it is where no catalogue has it."""
    return _by_call().get(text, text) if language() == "zh" else text


def in_chinese(text: str) -> str:
    """Return a finished message in Chinese, line by line; what no catalogue has stays as it is.

    >>> in_chinese("seeds.jsonl: no such file")
    'seeds.jsonl：没有这个文件'
    """
    return "\n".join(map(_translator().message, text.split("\n")))


def spoken(text: str) -> str:
    """Return a finished message in the reader's language."""
    return in_chinese(text) if language() == "zh" else text


def spoken_word(text: str) -> str:
    """Return a header, a cell or another text that may be a single word in the reader's language."""
    return _translator().word(text) if language() == "zh" else text


@cache
def _by_call() -> dict[str, str]:
    """Return {English text: Chinese text} of the catalogues that `said` reads."""
    from selfinstruct.system.chinese import BY_CALL, sections

    return {english: chinese for _, section in sections(*BY_CALL) for english, chinese in section.items()}


def _translator() -> "Translator":
    from selfinstruct.system.chinese import translator

    return translator()
