"""The language that the environment asks for: SELFINSTRUCT_LANG, else the locale."""

import os
import sys
from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
VARIABLE = "SELFINSTRUCT_LANG"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX reads them: the first that is set decides."""


def locale_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of messages: SELFINSTRUCT_LANG, else the locale's; English where the stream holds no Chinese."""
    if (given := environment.get(VARIABLE)) in LANGUAGES:
        return "zh" if given == "zh" else "en"
    locale = next((environment[name] for name in _LOCALES if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") and _holds_chinese() else "en"


def _holds_chinese() -> bool:
    try:
        "中文".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
