"""Where material stands in an instruction: behind a mark, in quotes or in brackets; and choices that stand nowhere."""

import re

from selfinstruct.language import Language

_LOOK = 2_000
_BEHIND = re.compile(
    r"(?<![a-z])a[.、:：)） ]\s?\S.*b[.、:：)） ]|(?:[:：]|(?<!\w)[-–—]+(?= )|\w- (?=\w)|\w—(?=\w)|[;；] (?=\w+,)|——)\s*[^\s\W]|\n\s*\S|[:：]\s*['\"“「『`(（\[{<$£€¥.·#&-]"
)
QUOTED = re.compile(
    r"[\"“「『‘`《]\s*[^\s\"”][^\"”」』’`》]*[\"”」』’`》]|(?<![A-Za-z])'\S.*?\S'(?![A-Za-z])|[(（\[{][^)）\]}]{3,}[)）\]}]|[“「][^“”「」]{6,}\Z"
)


def stands_behind(asked: str) -> bool:
    """Return whether something stands behind a mark that is not just the labels to choose from."""
    found = _BEHIND.search(asked)
    return bool(found and not (_CLASSIFIES.search(asked) and _LABELS_ONLY.fullmatch(asked[found.end() - 1 :])))


_CLASSIFIES = re.compile(r"classif|categor|label|分类|归类|判断|identify (?:if|whether)")
_LABELS_ONLY = re.compile(
    r"[\w \"“”'-]{1,24}(?:[,，、/] ?[\w \"“”'-]{1,24}){0,8}(?:,? or |或者?|还是|/)[\w \"“”'-]{1,24}[.。?？]?"
)


def chooses_label(instruction: str, language: Language) -> bool:
    """Return whether an instruction asks for one label of a set that it names, for one thing that it does not hold."""
    asked = language.folded(instruction[:_LOOK]).strip()
    if not language.one_thing.search(asked) or not language.chooses.search(asked) or language.writes.search(asked):
        return False
    behind = _BEHIND.search(asked)
    holds = behind and not _LABELS_ONLY.fullmatch(asked[behind.end() - 1 :])
    return not holds and not QUOTED.search(_SHORT_QUOTES.sub("", asked))


_SHORT_QUOTES = re.compile(r"[(（][^)）]*[)）]|[“\"「][^”\"」]{1,3}[”\"」]")
