"""How many of what an instruction asks for: items of a list, sentences, lines, paragraphs, words, characters.

Only numbers in the instruction's own words count, and only where one thing is asked for. What is given (`these three`,
`下列三个`) or asked for each piece is no request for the whole answer, except a number of words per line.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from selfinstruct.quality.rules.numerals import DIGIT, NUMBER_WORDS, in_figures
from selfinstruct.quality.rules.text import english_words, own_words
from selfinstruct.records import LanguageCode

_LOOK, _NEAR = 1_000, 80
_MOST_MENTIONS, _MOST_ITEMS = 20, 50
_LEAST_LENGTH = 20
"""Words or characters from which a number is a length; `using three words` names what is to be used."""
_LEAST_LIMIT = 5
"""Likewise of a limit: `in at most ten words`."""
_UNITS = {"句": "sentence", "段": "paragraph", "行": "line", "字": "word"}
_NUMBER = re.compile("[0-9一二两三四五六七八九十百]")
_LISTS_TEXT = "list name give suggest provide write generate create offer propose state mention identify recommend outline describe cite enumerate think come what tell"
_LISTS = frozenset(_LISTS_TEXT.split())
_WRITES_TEXT = "write compose create generate produce make construct draft give provide tell"
_WRITES = frozenset(_WRITES_TEXT.split())
_CLAUSE = r"(?:\A|[.!?;,]\s+)(?:please |kindly |(?:can|could) you )?([a-z]+) "


def _patterns(**named: str) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in named.items()}


_WORDS = {
    "en": _patterns(
        number=r"(?<![\w.,$£€#%'’:/-])([0-9]{1,6}|[0-9]{1,3},[0-9]{3})(?:\s?(?:-|–|to|or)\s?([0-9]{1,6}))?(?![\w%]|[.,:/][0-9])",
        # behind the number
        unit=r"[- ](?:(?!(?:of|or|and|to|in|the|key|more|other|word|line|sentence)\b)[a-z]+[- ])?(sentence|line|paragraph|word|character)s?\b(?!['’-])",
        item=r" (?!of |in |to |or |and |times? )(?:(?!of |in |to |for |that |who |with )[a-z'’-]+ ){0,3}(?:[a-z'’-]+[a-rt-z]s|children|people|women|men)\b",
        most_after=r".{0,24}?(?:or (?:less|fewer|under)|max)",
        least_after=r".{0,24}?(?:or (?:more|longer)|minimum|at least)",
        is_given=r".{0,20}\b(?:above|below|provided|given|that follow)\b",
        # before it
        lists=_CLAUSE + r"(?:of |up with |are )?(?:(?:me|us|up|out|down) )?(?:a )?(?:[a-z]+ )?(?:list of |set of )?(?:the )?(?:top )?\Z",
        writes=_CLAUSE + r"(?:(?:me|us|an?) )?(?:(?!of |for |about |on |from |to )[a-z]+ ){0,4}(?:(?:of|with|in) )?(?:exactly |a )?\Z",
        within=r"\b(?:in|into|using|within|to|exactly|just|only)(?: (?:only|just|exactly))?(?: an?)? \Z",
        given=r"\b(?:these|those|following|given|this|each|every|per|last|first|next|between|any|all|another|other|of the) \Z",
        also=r"[.!?;:] |\b(?:and|then|also) (?:list|name|give|write|say|explain|summari[sz]e|add|discuss|translate|describe|end) (?:[a-z]+ ){0,4}\Z",
        most=r"(?:at most|up to|(?:no|not) (?:more|longer) than|maximum(?: of)?|under|(?<!no )(?<!not )(?:less|fewer) than|within|below|(?:limit|exceed)\w*)(?: an?| to)? \Z",
        least=r"(?:at least|minimum(?: of)?|(?:no|not) (?:less|fewer) than|more than|over|above)(?: an?)? \Z",
        loose=r"(?:about|around|approximately|roughly|nearly|almost|some)(?: an?)? \Z",
        # anywhere
        per_piece=r"\b(?:each|every|per|both|respectively|apiece)\b(?! lines?\b| of the lines)|syllable",
        per_line=r"\b([0-9]+) (?:[a-z]+ )?words? (?:in|on|per|for)? ?(?:each|every|per)?(?: of the)? ?lines?\b|(?:each|every) line [a-z ]{0,24}?([0-9]+) words?\b",
    ),
    "zh": _patterns(
        number=r"(?<![0-9.万几数第])([0-9]{1,6})(?:[到至~～\-–—]([0-9]{1,6}))?(?![0-9.%万几多余])",
        unit=r" ?个?(?:简?[短单]?(句)[子话]|(段)(?:落|话|文字|[，。的]|\Z)|(行)(?![业为人星李动程])|(字)(?![母符段典]))",
        item=r" ?(?:个(?!字|月|小时|人|星期|单词|音节)|[种条项首位款类件道则部座名]|本(?!书的)|点(?=[\u4e00-\u9fff]{2})(?!钟|半|前|后|到))",
        most_after=r" ?个?[字句段行]话?(?:或者?)?(?:以[内下]|之?内|更少)",
        least_after=r" ?个?(?:[字句段行]话?)?(?:或者?)?(?:以上|起步|更多)",
        loose_after=r" ?个?(?:[字句段行]话?)?(?:左右|上下)",
        is_given=r"[^，。]{0,8}(?:之间|中间)",
        lists=r"(?<![不被])(?:[列说举给写想]出|列举|给我|写|想|提[供出]|推荐|建议|生成|创[建造]|描述|介绍|起|取|说明|解释|概述|有哪)(?:(?!来|如何)[^，。；,;：:！!？?\n]){0,24}\Z",
        writes=r"(?:写|作|生成|创[建造]|编|讲|给我)[^，。；,;：:！!？?\n]{0,24}\Z",
        within=r"(?:用|成|为|以|在|字数|篇幅)\s?\Z",
        given=r"(?:[这那该此][\u4e00-\u9fff]?|[每各同前后另有由含为给对]|包括|比较|对比|以[下上]|下[列面]|上[述面]|给定的?|给出的|其中|中的|里的|[0-9])\s?\Z",
        also=r"[。！？!?；;]|(?:并|再|然后|同时|最后)[^，。]{0,8}\Z",
        most=r"(?:最多|不(?:要?超过|多于)|(?<!不)[少小低]于|至多|限于?|控制在)[有写为用]?\s?\Z",
        least=r"(?:至少|不[少低]于|最少|超过|[多大]于)[^0-9，。]{0,3}\Z",
        loose=r"(?:约|大概|差不多|接?近)\s?\Z",
        per_piece=r"每(?!行|天|日)|各(?!种|类|地|国|个方面)|分别",
        per_line=r"每行(?:必须|只|正好|恰好|都|应)?(?:有|写|用|是|为)?([0-9]+)个?字",
    ),
}  # fmt: skip
"""Patterns for the text around a number in figures. A group of `lists` and `writes` is a verb, of `unit` a unit."""


class Request(NamedTuple):
    """What is asked for: its unit, at least and at most how many; `exact` if the number has no bound."""

    unit: str
    least: float
    most: float
    exact: bool = True


class _Mention(NamedTuple):
    least: int
    most: int
    before: str
    after: str


@lru_cache(maxsize=8)
def requests(instruction: str, code: LanguageCode) -> list[Request]:
    """Return the numbers that an instruction asks for: one, or lines and the words of each."""
    asked = instruction[:_LOOK]
    if not _NUMBER.search(asked) and NUMBER_WORDS.isdisjoint(english_words(asked)):
        return []
    text, words = in_figures(own_words(asked)), _WORDS[code]
    if not DIGIT.search(text) or words["per_piece"].search(text):
        return []
    line = words["per_line"].search(text) if "line" in text or "行" in text else None
    count = int(next(filter(None, line.groups()))) if line else 0
    rest = words["per_line"].sub(" ", text) if line else text
    mentions = list(islice(_mentions(rest, words["number"]), _MOST_MENTIONS))
    found = [one for mention in mentions if (one := _request(mention, words))]
    others = sum(mention.most > 1 for mention in mentions) - sum(one.most > 1 for one in found)
    if len(found) > 1 or (found and others and found[0].unit != "word"):
        return []
    return [*found, Request("words per line", count, count)] if count else found


def _mentions(text: str, number: re.Pattern[str]) -> Iterator[_Mention]:
    for found in number.finditer(text):
        least = int(found[1].replace(",", ""))
        if 0 < least <= (most := int(found[2] or least)):
            yield _Mention(least, most, text[: found.start()], text[found.end() : found.end() + _NEAR])


def _request(mention: _Mention, words: dict[str, re.Pattern[str]]) -> Request | None:
    """Return what a number asks for, or None where it is none of the units or tells what is given."""
    found = words["unit"].match(mention.after)
    unit = next(filter(None, found.groups()), "").lower() if found else ""
    unit = _UNITS.get(unit, unit)
    is_few = unit in {"", "word"} and 1 < mention.least <= mention.most <= _MOST_ITEMS
    is_item = bool(is_few and words["item"].match(mention.after))
    if not (unit or is_item) or words["given"].search(mention.before) or words["is_given"].match(mention.after):
        return None
    bound, before = _bound(mention, words)
    if is_item and _orders(words["lists"], before, _LISTS):
        return bound._replace(unit="item")
    if not unit or not (words["within"].search(before) or _orders(words["writes"], before, _WRITES)):
        return None
    shortest = _LEAST_LIMIT if bound.least == 0 else _LEAST_LENGTH
    if mention.most < {"word": shortest, "line": 2}.get(unit, 0):
        return None
    return None if unit != "word" and words["also"].search(before) else bound._replace(unit=unit)


def _orders(pattern: re.Pattern[str], before: str, verbs: frozenset[str]) -> bool:
    found = pattern.search(before)
    return bool(found and (not found.lastindex or found[1].lower() in verbs))


def _bound(mention: _Mention, words: dict[str, re.Pattern[str]]) -> tuple[Request, str]:
    """Return the bounds of a number, and the text before the words that say so."""
    bounds = {
        "most": (0, mention.most),
        "least": (mention.least, math.inf),
        "loose": (mention.least / 2, mention.most * 2),
    }
    for kind, (least, most) in bounds.items():
        said = words[kind].search(mention.before)
        if said or ((after := words.get(f"{kind}_after")) and after.match(mention.after)):
            return Request("", least, most, exact=False), mention.before[: said.start()] if said else mention.before
    return Request("", mention.least, mention.most, exact=mention.least == mention.most), mention.before
