"""The ways in which teachers say that a task has no input."""

import html
import re

from selfinstruct.language import LANGUAGES

_DRESS = "<>[]{}()（）【】《》〈〉＜＞「」“”\"'‘’`*_。.，,:：;；!！-—"
_JOIN = re.compile(r"[\s_-]+")
_VARIANTS = {_JOIN.sub("", word.strip("<>").lower()) for language in LANGUAGES.values() for word in language.no_input}
_PHRASE = re.compile(
    r"(?:there is|there's)?no(?:additional|further|specific|extra|separate)?input(?:is)?(?:needed|required|provided|necessary|given)?"
    r"|(?:此任务|本任务|该任务)?(?:无需|不需要|没有|无|不用)(?:额外|其他|具体|任何|提供)?的?(?:输入|材料)(?:内容|信息)?"
)
_MOST = 80
"""Characters; anything longer says more than that there is no input."""


def is_no_input(text: str) -> bool:
    """Return whether a text is one of the ways to say that there is no input, in any language."""
    if not text or len(text) > _MOST:
        return False
    bare = _JOIN.sub("", html.unescape(text).strip().strip(_DRESS).strip().lower())
    parts = [part for part in re.split(r"[()（）,，。]", bare) if part]
    return bool(parts) and all(part in _VARIANTS or _PHRASE.fullmatch(part) for part in parts)
