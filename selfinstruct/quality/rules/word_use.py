"""Rule for a word that an instruction wants used: the answer does not have it.

Words in quotation marks count where the words around them say that they are to be used, not explained or replaced; so do those of a list
that the instruction calls the words to be used.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from selfinstruct.language import Language
from selfinstruct.quality.rules.listing import sequence
from selfinstruct.records import Candidate, LanguageCode

_LOOK, _OWN, _ANSWER = 1_000, 400, 8_000
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
_FIRST_WORD: Final = {"en": 2, "zh": 1}
"""Characters of a word with which an answer is to begin; less is a letter of each of its words."""
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
        _place("zh", "(?:用上?|使用|运用|拿)(?:[单字]?词语?|词组|汉字|字)?", _LIST["zh"], f"(?={_BEHIND})"),
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
    "zh": re.compile(r"[造问短的个句]句|句子|对话|句话|一[段首篇个则条]|造|编|[写说]"),
}
"""What is to be written stands in the instruction."""
_NOT: Final = {
    "en": re.compile(
        r"\b(?:not|never|without|avoid\w*|don'?t|except|instead of|which|how|when|why|replac\w*|count|meaning)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"不|没|别|勿|避免|除了?|代替|替换|换成|改成|意思|解释|什么时候|多少|区别"),
}
_LATER: Final = {
    "en": re.compile(
        r"\b(?:(?:paragraph|line|sentence|section|stanza|verse|part|number|no\.) +(?:[2-9]|1\d)\b|(?:[2-9]|1\d)(?:nd|rd|th)\b|"
        r"(?:second|third|fourth|fifth|last|final|next|other)\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile("第(?:[二三四五六七八九十]|[2-9]|1[0-9])|最后|末[段句尾]"),
}
"""A part of the answer that is not its beginning."""
_AT_MOST: Final = re.compile(
    r"[\s,，]*(?:for |in it )?(?:less|fewer|no more|not more|at most|最多|不超过|少于|至多)", re.IGNORECASE
)
_STANDS_FOR: Final = re.compile(r"\w [A-Z]\Z")
"""A name with a letter in place of a number: Section X."""
_VOWELS: Final = re.compile("[aeiou]")
_PARTS: Final = re.compile(r"…+|\.{3,}|——|[,，、]| and ")
_OTHER: Final = re.compile(r"\b(?:rhym|acrostic|synonym|antonym)|押韵|藏头|离合诗|[近同反]义|尽可能", re.IGNORECASE)
"""Words that a task is about, and that need not stand in its answer."""
_LISTS_WORDS: Final = {
    "en": re.compile(r"\bus(?:e|es|ing) (?:all )?(?:of )?(?:the|these) (?:following |given |provided )?(?:\w+ )?words\b", re.IGNORECASE),
    "zh": re.compile(r"(?:用|含|插入|采用)[^，。：:\n]{0,3}(?:以下|下列|下面|给[定出]|提供|这些)的?[^，。：:\n“]{0,4}(?:单词|词语|词汇|关键词|字词)(?!的)|给定[^，。：:\n]{0,8}(?:单词|词语)[^，。：:\n]{0,4}，(?:构[建造]|创[建造]|[写造编]|生成)"),
}  # fmt: skip
"""An instruction that names a list as the words to be used."""
_ONE_WORD: Final = re.compile(r"[\u3400-\u9fff]{1,6}|[A-Za-z]{2,20}")
_LABEL: Final = re.compile(r"\A(?:words?|[单字关键]{0,2}词[语汇]?)\s?[:：]\s*", re.IGNORECASE)
_DRESS: Final = " -•“”\"'‘’。.，,；;"
_NUMBER: Final = re.compile(r"\A\W*\d{1,2}[.)、）]")
_PIECES: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def unused_word(candidate: Candidate, language: Language) -> str:
    """Answer without a word in quotation marks that the instruction wants used, or that does not begin with it where it has to.

    Source: IFEval (Zhou et al. 2023), `keywords:existence`; what a small teacher misses most in tasks on words
    """
    asked, code = candidate.instruction[:_LOOK], language.code
    answer, has_quotes = candidate.output.strip(), not candidate.input and any(map(asked.__contains__, '"“「'))
    listed = _LISTS_WORDS[code].search(asked)
    if (
        not (has_quotes or listed)
        or len(asked) > _OWN
        or len(answer) > _ANSWER
        or _OTHER.search(asked)
        or not _WRITTEN[code].search(asked)
    ):
        return ""  # nearly every row
    for word in _given(candidate, asked) if listed and not _NOT[code].search(asked) else ():
        if not (_nearly_has if code == "zh" else _has)(answer, word, code):
            return f"`{word}` is not used"
    if not has_quotes:
        return ""
    for word, is_first in islice(_words(asked, code), _MOST_WORDS):
        if not _has(answer, word, code):
            return f"`{word}` is not used"
        if is_first and not _bare(_NUMBER.sub("", answer, count=1)).startswith(_bare(word)):
            return f"it does not begin with `{word}`"
    return ""


def _given(candidate: Candidate, asked: str) -> list[str]:
    """Return the words of a list: the input, or what stands behind the last colon or line break."""
    text = candidate.input or re.split(r"[:：\n]", asked.strip())[-1]
    words = [word.strip(_DRESS) for word in sequence(_LABEL.sub("", text.strip(), count=1))]
    are_words = all(map(_ONE_WORD.fullmatch, words)) and len(words) <= _MOST_WORDS
    return words if are_words else []


def _nearly_has(answer: str, word: str, _: LanguageCode) -> bool:
    """Return whether at least half of the characters of a Chinese word stand in an answer: 攀上 for 攀登."""
    return 2 * sum(mark in answer for mark in word) >= len(word)


def _words(asked: str, code: LanguageCode) -> Iterator[tuple[str, bool]]:
    """Yield (word or part of one, whether the answer begins with it) of what is to be used."""
    for place, is_first in [(one, True) for one in _FIRST[code]] + [(one, False) for one in _USED[code]]:
        for found in place.before.finditer(asked):
            if not (said := place.words.match(asked, found.end())):
                continue
            before = _ENDS.split(asked[max(0, found.start() - _NEAR) : found.start()])[-1]
            if _NOT[code].search(before) or _AT_MOST.match(asked, said.end()):
                continue
            if not (is_first and _LATER[code].search(f"{before}{found[0]}")):
                listed = _listed(said[1], code, whole=is_first)
                yield from ((word, is_first) for word in listed if not is_first or len(word) >= _FIRST_WORD[code])


def _listed(text: str, code: LanguageCode, *, whole: bool) -> Iterator[str]:
    """Yield the words in quotation marks; the parts of those with a gap or several words in one pair, unless they are `whole`."""
    for one in re.findall(_ONE[code], text):
        parts = [one[1:-1]] if whole else _PARTS.split(one[1:-1])
        words = (part.strip(" ,.，。") for part in parts if re.search(r"[^\W_]", part))
        yield from (word for word in words if not _STANDS_FOR.search(word))


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
