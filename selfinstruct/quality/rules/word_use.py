"""Rule for a word that an instruction wants used: the answer does not have it.

Only words in quotation marks count, and only where the words around them say that they are to be used, not explained or replaced.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from selfinstruct.language import Language
from selfinstruct.records import Candidate, LanguageCode

_LOOK, _ANSWER = 1_000, 8_000
_MOST_WORDS = 8
_STEM: Final = 4
"""Letters of an English word above which its last two may be others in a form of it: forget, forgotten."""
_NAMED: Final = r"(?:words?|verbs?|nouns?|adjectives?|adverbs?|terms?|expressions?|phrases?|names?)"
_ONE: Final = {
    "en": r"[\"“][^\s\"“”][^\"“”]{0,40}[\"”]",
    "zh": r"[“\"「](?:[^\s“”\"「」]{1,12}|[A-Za-z]{2,12}(?: [A-Za-z]{2,12}){0,2})[”\"」]",
}
_LIST: Final = {
    "en": rf"{_ONE['en']}(?:,? (?:and |or |both )?{_ONE['en']}){{0,5}}",
    "zh": rf"{_ONE['zh']}(?:[、，和与及跟]?{_ONE['zh']}){{0,5}}",
}
_ENDS: Final = re.compile("[.!?。！？；]")
_NEAR: Final = 60
"""Characters before a word in which it may be said that it is not to be used."""
_VERBS: Final = r"(?:put|us(?:e|es|ing)|includ(?:e|es|ing)|contain(?:s|ing)?|with|has|have|having|mention(?:s|ing)?|out of|by means of)"
_BEHIND: Final = r"[字一]?个?词|[这两三几]{1,2}个|字?(?:来|分别|各)?(?:造|写|说|编|组|连|表达|描述)|[，。！]|\Z"


class _Place(NamedTuple):
    """Where words stand that are wanted: the text before them, and they with the text behind them."""

    before: re.Pattern[str]
    words: re.Pattern[str]


def _place(code: LanguageCode, before: str, words: str, after: str = "") -> _Place:
    edge = r"\b" if code == "en" else ""
    patterns = (f'{edge}{before}(?=["“「])', f"({words}){after}")
    return _Place(*(re.compile(one, re.IGNORECASE) for one in patterns))


_USED: Final = {
    "en": (
        _place("en", rf"{_VERBS} (?:both |all )?(?:of )?(?:the )?(?:\w{{1,12}} )?{_NAMED} ", _LIST["en"]),
        _place(
            "en",
            r"(?:us(?:e|ing)|includ(?:e|ing)|mention(?:ing)?|put(?:ting)?) (?:both )?",
            _LIST["en"],
            r"(?= (?:in|into|together)\b)",
        ),
    ),
    "zh": (
        _place("zh", "(?:用上?|使用|运用|拿)(?:词语?|词组|汉字|字)?", _LIST["zh"], f"(?={_BEHIND})"),
        _place("zh", "(?:包含|含有?|出现|里面?要?有|带有?|加上)(?:词语?|单词|短语|汉字|字)?", _LIST["zh"]),
        _place("zh", "把", _LIST["zh"], "(?=[写放编用]进)"),
    ),
}
"""A list of words that are to be used."""
_BEGINS: Final = r"(?:begin|start|open)(?:s|n?ing)? (?:[^.!?\"“]{0,30} )?with "
_FIRST: Final = {
    "en": (_place("en", rf"{_BEGINS}(?:the )?(?:\w{{1,12}} )?(?:{_NAMED} )?", _ONE["en"]),),
    "zh": (_place("zh", "以", _ONE["zh"], "一?[字词]?(?:作为?|为|来)?(?:开头|起头|开始|打头)"),),
}
"""Likewise a word that the answer is to begin with."""
_WRITTEN: Final = {
    "en": re.compile(
        r"\b(?:sentences?|questions?|poems?|story|stories|paragraphs?|lines?|slogan|message|note|rhyme|request|something|answer|reply|dialogue)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"[造问短的个句]句|句子|句话|一[段首篇个则条]|造|编|[写说]"),
}
"""What is to be written stands in the instruction."""
_NOT: Final = {
    "en": re.compile(
        r"\b(?:not|never|without|avoid\w*|don'?t|except|instead of|which|how|when|why|replac\w*|count|meaning)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"不|没|别|勿|避免|除了?|代替|替换|换成|改成|意思|解释|什么时候|多少|区别"),
}
_VOWELS: Final = re.compile("[aeiou]")
_PARTS: Final = re.compile(r"…+|\.{3,}|——|[,，、]| and ")
_OTHER: Final = re.compile(r"\b(?:rhym|acrostic|synonym|antonym)|押韵|藏头|离合诗|近义|反义|单词", re.IGNORECASE)
"""Words that a task is about, and that need not stand in its answer."""
_NUMBER: Final = re.compile(r"\A\W*\d{1,2}[.)、）]")
_PIECES: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def unused_word(candidate: Candidate, language: Language) -> str:
    """Answer without a word in quotation marks that the instruction wants used, or that does not begin with it where it has to.

    Source: IFEval (Zhou et al. 2023), `keywords:existence`; what a small teacher misses most in tasks on words
    """
    asked, code = candidate.instruction[:_LOOK], language.code
    if candidate.input or not any(map(asked.__contains__, '"“「')):
        return ""  # nearly every row
    answer = candidate.output.strip()
    if _OTHER.search(asked) or len(answer) > _ANSWER or not _WRITTEN[code].search(asked):
        return ""
    for word, is_first in islice(_words(asked, code), _MOST_WORDS):
        if not _has(answer, word, code):
            return f"`{word}` is not used"
        if is_first and not _bare(_NUMBER.sub("", answer, count=1)).startswith(_bare(word)):
            return f"it does not begin with `{word}`"
    return ""


def _words(asked: str, code: LanguageCode) -> Iterator[tuple[str, bool]]:
    """Yield (word or part of one, whether the answer begins with it) of what is to be used."""
    for place, is_first in [(one, True) for one in _FIRST[code]] + [(one, False) for one in _USED[code]]:
        for found in place.before.finditer(asked):
            if not (said := place.words.match(asked, found.end())):
                continue
            before = _ENDS.split(asked[max(0, found.start() - _NEAR) : found.start()])[-1]
            if not _NOT[code].search(before):
                yield from ((word, is_first) for word in _listed(said[1], code, whole=is_first))


def _listed(text: str, code: LanguageCode, *, whole: bool) -> Iterator[str]:
    """Yield the words in quotation marks; the parts of those with a gap or several words in one pair, unless they are `whole`."""
    for one in re.findall(_ONE[code], text):
        parts = [one[1:-1]] if whole else _PARTS.split(one[1:-1])
        yield from (part.strip(" ,.，。") for part in parts if re.search(r"[^\W_]", part))


def _has(answer: str, word: str, code: LanguageCode) -> bool:
    if code == "zh":
        return word in answer
    pieces = [piece.lower() for piece in _PIECES.findall(answer)]
    return all(any(_is_form(piece, part.lower()) for piece in pieces) for part in _PIECES.findall(word))


def _is_form(piece: str, word: str) -> bool:
    """Return whether an English word is another or a form of it: the same beginning, or other vowels (take, took)."""
    ending = 2 if len(word) < 2 * _STEM else _STEM
    stem = word[: max(len(word) - ending, _STEM - 1)] if len(word) > _STEM else word[: max(len(word) - 1, 3)]
    if piece.startswith(stem) and (len(word) >= _STEM or len(piece) <= len(word) + 4):
        return True
    return len(piece) == len(word) and _VOWELS.sub("", piece) == _VOWELS.sub("", word)


def _bare(text: str) -> str:
    return "".join(mark for mark in text[:200].casefold() if mark.isalnum())
