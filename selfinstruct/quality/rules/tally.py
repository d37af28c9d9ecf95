"""How many words or letters a given word or sentence has, and the number that an answer states."""

import re
from typing import NamedTuple

from selfinstruct.language import Language
from selfinstruct.quality.rules.numerals import CHINESE, ENGLISH, whole
from selfinstruct.records import Candidate, LanguageCode

_LOOK = 1_000
_LONGEST_ANSWER = 200


class _Wording(NamedTuple):
    units: re.Pattern[str]
    """A question for the number of words, letters or Chinese characters: the group that matches names it."""
    with_letter: re.Pattern[str]
    """Words are counted only if they have this letter."""
    one_letter: re.Pattern[str]
    """How often a letter occurs is asked for."""
    number: re.Pattern[str]
    """The number that an answer states."""
    longest: int
    """Characters of a question without its text."""


_QUOTE = "[\"'“”‘’]?"
_WORDING: dict[LanguageCode, _Wording] = {
    "en": _Wording(
        re.compile(
            r"(?a:\b)(?:how many|count (?:all )?(?:the )?(?:number of )?|number of )\s?(words|letters)(?: are)?(?: there)? (?:in|does|with|that|which|containing|contain)(?a:\b)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"words (?:with|containing|that contain|that have|which contain) the letter {_QUOTE}([a-z])(?a:\b)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"how (?:many times|often) does the letter {_QUOTE}([a-z]){_QUOTE} (?:appear|occur)", re.IGNORECASE
        ),
        re.compile(
            rf"(?a:\b)({ENGLISH})(?a:\b)(?= (?:words?|letters?|times)| [a-z]'?s?(?a:\b)|\W*\Z)|(?a:\b)(once|twice)(?a:\b)",
            re.IGNORECASE,
        ),
        120,
    ),
    "zh": _Wording(
        re.compile(
            r"(?:多少|几)个?(?:英文|英语|汉语)?(单词|字母|汉字|(?<!数)字(?![母符]))[^，。？?]{0,6}[？?。\s]*\Z|(?:统计|计算|数)[^，。？?]{0,24}?(单词|字母|汉字|(?<!数)字(?![母符]))的?(?:总?数|个数|数量|数目|有[几多]少?个?)[^，。？?]{0,2}[？?。\s]*\Z"
        ),
        re.compile(rf"(?:带有?|含有?|包含|有)字母\s?{_QUOTE}([a-zA-Z])(?![a-zA-Z])"),
        re.compile(rf"字母\s?{_QUOTE}([a-zA-Z]){_QUOTE}[^，。？?]{{0,20}}出现了?(?:多少|几)次"),
        re.compile(rf"(?<!第)({CHINESE})\s?(?:(?:个|次|字)|\W*\Z)"),
        50,
    ),
}
_QUOTED = re.compile(r"[\"“「『‘]([^\"“”「」『』‘’\n]{2,600})[\"”」』’]")
_AFTER = re.compile(
    r"[:：]\s*(.{2,600})\Z|(?:the word|单词) ?'?([A-Za-z]{2,40})'?(?:\s?[中里]|[?.]?\Z)", re.DOTALL | re.IGNORECASE
)
_OTHERWISE = re.compile(
    r"(?a:\b)(?:and|unique|different|distinct|each|every|longest|start|begin|end|vowels?|consonants?|capital|syllable|unscramble|make|more|code|function|program|script|method)(?a:\b)|并|再|不同|每|元音|辅音|大写|音节|开头|结尾|函数|代码|程序|脚本|方法|算法|笔画",
    re.IGNORECASE,
)
"""What else an instruction may ask of a text."""


def wrong_tally(candidate: Candidate, language: Language) -> str:
    """Return the error of an answer that counts the words or letters of a text which the task gives."""
    wording, text = _WORDING[language.code], _material(candidate)
    own = candidate.instruction[:_LOOK].replace(text, " ").strip() if text else ""
    if not text or len(own) > wording.longest or _OTHERWISE.search(own):
        return ""
    right, said = _count(text, own, wording), _said(candidate.output, text, wording)
    return "" if right is None or said is None or said in right else f"{min(right)}, not {said}"


def _material(candidate: Candidate) -> str:
    """Return the text to be counted: the input, the only quotation, what follows a colon, or a word that is named."""
    if text := candidate.input.strip():
        return text if len(text) <= _LOOK else ""
    asked = candidate.instruction[:_LOOK].strip()
    quoted = _QUOTED.findall(asked)
    if quoted:
        return quoted[0].strip() if len(quoted) == 1 else ""
    after = _AFTER.search(asked)
    return next(filter(None, after.groups()), "").strip() if after else ""


def _count(text: str, own: str, wording: _Wording) -> set[int] | None:
    """Return the possible counts, or None where nothing is asked for or words cannot be told apart."""
    if one := wording.one_letter.search(own):
        return {text.lower().count(one[1].lower())} if text.isascii() else None
    asked = wording.units.search(own)
    unit = next(filter(None, asked.groups()), "").lower() if asked else ""
    if unit in {"字", "汉字"}:
        han = len(re.findall(r"[\u3400-\u9fff]", text))
        return {han, len(re.sub(r"\s", "", text))} if han and not re.search(r"[A-Za-z0-9]", text) else None
    words = [bare for word in text.split() if (bare := word.strip("\"“”'‘’.,;:!?()"))]
    if not unit or not words or not all(re.fullmatch(r"[A-Za-z]+(?:['’][A-Za-z]+)?", word) for word in words):
        return None
    letter = wording.with_letter.search(own)
    if unit in {"letters", "字母"}:
        return None if letter else {sum(mark.isalpha() for word in words for mark in word)}
    return {sum(letter[1].lower() in word.lower() for word in words) if letter else len(words)}


def _said(output: str, text: str, wording: _Wording) -> int | None:
    """Return the only number of a short answer outside its quotations."""
    answer = output.strip()[: _LOOK + _LONGEST_ANSWER].replace(text, " ")
    rest = _QUOTED.sub(" ", answer)
    found = [next(filter(None, one.groups()), "") for one in wording.number.finditer(rest)]
    if len(rest) > _LONGEST_ANSWER or len(found) != 1:
        return None
    return {"once": 1, "twice": 2}.get(found[0].lower(), whole(found[0]))
