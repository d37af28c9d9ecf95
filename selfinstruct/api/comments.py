"""The comments of a new project's files in its language: English stands in the files that ship, Chinese in `project_zh.toml`.

Comments alone change, and what a person reads when a step runs or fails: keys, values and commands are the same in both languages.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from selfinstruct.records import LanguageCode
from selfinstruct.system.files import read_text

_CATALOGUE = Path(__file__).with_name("project_zh.toml")
_COMMENT = re.compile(r"(?<=# )[^#\n]+$", re.MULTILINE)


def in_language(text: str, language: LanguageCode) -> str:
    """Return a file of a new project with the comments of a language.

    >>> in_language("max_minutes = 60  # of one command", "zh")
    'max_minutes = 60  # 一条命令最多跑几分钟'
    """
    if language == "en":
        return text
    comments, texts = _catalogue()
    text = _COMMENT.sub(lambda found: comments.get(found[0], found[0]), text)
    for english, chinese in texts.items():
        text = text.replace(english, chinese)
    return text


@cache
def _catalogue() -> tuple[dict[str, str], dict[str, str]]:
    """Return {English: Chinese} of comments, which end a line, and of other texts."""
    found = tomllib.loads(read_text(_CATALOGUE))
    return found["comments"], found["texts"]
