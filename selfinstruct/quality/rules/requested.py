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

from selfinstruct.quality.rules.numerals import in_figures
from selfinstruct.quality.rules.text import own_words
from selfinstruct.records import LanguageCode

_LOOK, _NEAR = 1_000, 80
_MOST_MENTIONS, _MOST_ITEMS = 20, 50
_LEAST_LENGTH = 20
"""Words or characters from which a number is a length; `using three words` names what is to be used."""
_UNITS = {"句": "sentence", "段": "paragraph", "行": "line", "字": "word"}


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


class _Words(NamedTuple):
    """Patterns of one language for the text around a number in figures; before it unless said otherwise."""

    number: re.Pattern[str]
    unit: re.Pattern[str]
    """After: a unit of text."""
    item: re.Pattern[str]
    """After: things to list."""
    lists: tuple[re.Pattern[str], ...]
    """The instruction to list things; a group, if there is one, is a verb of `_LISTS`."""
    writes: tuple[re.Pattern[str], ...]
    """The instruction to write so much; a group is a verb of `_WRITES`."""
    given: tuple[re.Pattern[str], re.Pattern[str]]
    """Before and after: the things exist already."""
    also: tuple[re.Pattern[str], re.Pattern[str]]
    """Before and after: something else is asked for as well."""
    per_piece: re.Pattern[str]
    """Anywhere: numbers hold for each piece, not for the answer."""
    per_line: re.Pattern[str]
    bounds: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    """(kind, before, after)."""


_LISTS_TEXT = (
    "list name give suggest provide write generate create offer propose state mention identify brainstorm "
    "recommend outline describe cite enumerate think come what tell"
)
_LISTS = frozenset(_LISTS_TEXT.split())
_WRITES = frozenset(
    [
        "write",
        "compose",
        "create",
        "generate",
        "produce",
        "make",
        "craft",
        "construct",
        "draft",
        "give",
        "provide",
        "tell",
    ]
)
_CLAUSE = r"(?:\A|[.!?;,]\s+)(?:please |kindly |(?:can|could) you )?([a-z]+) "
_ENGLISH = _Words(
    number=_pattern(
        r"(?<![\w.,$£€#%'’:/-])([0-9]{1,6}|[0-9]{1,3},[0-9]{3})(?:\s?(?:-|–|to|or)\s?([0-9]{1,6}))?(?![\w%]|[.,:/][0-9])"
    ),
    unit=_pattern(
        r"[- ](?:(?!(?:of|or|and|to|in|the|key|more|other|word|line|sentence)\b)[a-z]+[- ])?(sentence|line|paragraph|word|character)s?\b(?!['’-])"
    ),
    item=_pattern(
        r" (?!of |in |to |or |and |times? )(?:(?!of |in |to |for |that |who |with )[a-z'’-]+ ){0,3}(?:[a-z'’-]+[a-rt-z]s|children|people|women|men)\b"
    ),
    lists=(
        _pattern(
            _CLAUSE
            + r"(?:of |up with |are )?(?:(?:me|us|up|out|down) )?(?:a )?(?:[a-z]+ )?(?:list of |set of )?(?:the )?(?:top )?\Z"
        ),
    ),
    writes=(
        _pattern(r"\b(?:in|into|using|within|to|exactly|just|only)(?: (?:only|just|exactly))?(?: an?)? \Z"),
        _pattern(
            _CLAUSE
            + r"(?:(?:me|us|an?) )?(?:(?!of |for |about |on |from |to )[a-z]+ ){0,4}(?:(?:of|with|in) )?(?:exactly |a )?\Z"
        ),
    ),
    given=(
        _pattern(
            r"\b(?:these|those|following|given|this|each|every|per|last|first|next|between|any|all|another|other|of the) \Z"
        ),
        _pattern(r".{0,20}\b(?:above|below|provided|given|that follow)\b"),
    ),
    also=(
        _pattern(
            r"[.!?;:] |\b(?:and|then|also) (?:list|name|give|write|say|explain|summari[sz]e|add|discuss|translate|describe|end) (?:[a-z]+ ){0,4}\Z"
        ),
        _pattern(
            r", (?:and|then) |\b(?:and|then|also) (?:say|explain|justify|add|list|write|give|describe|translate|use)\b"
        ),
    ),
    per_piece=_pattern(r"\b(?:each|every|per|both|respectively|apiece)\b(?! lines?\b| of the lines)|syllable"),
    per_line=_pattern(
        r"\b([0-9]+) (?:[a-z]+ )?words? (?:in|on|per|for)? ?(?:each|every|per)?(?: of the)? ?lines?\b",
        r"(?:each|every) line [a-z ]{0,24}?([0-9]+) words?\b",
    ),
    bounds=(
        (
            "most",
            _pattern(
                r"(?:at most|up to|(?:no|not) (?:more|longer) than|maximum(?: of)?|under|(?<!no )(?<!not )(?:less|fewer) than|within|below|(?:limit|exceed)\w*)(?: an?| to)? \Z"
            ),
            _pattern(r".{0,24}?(?:or (?:less|fewer|under)|max)"),
        ),
        (
            "least",
            _pattern(r"(?:at least|minimum(?: of)?|(?:no|not) (?:less|fewer) than|more than|over|above)(?: an?)? \Z"),
            _pattern(r".{0,24}?(?:or (?:more|longer)|minimum|at least)"),
        ),
        (
            "loose",
            _pattern(r"(?:about|around|approximately|roughly|nearly|almost|some)(?: an?)? \Z"),
            _pattern(r".{0,24}?(?:or so|roughly)"),
        ),
    ),
)
_CHINESE = _Words(
    number=_pattern(r"(?<![0-9.万几数第])([0-9]{1,6})(?:[到至~～\-–—]([0-9]{1,6}))?(?![0-9.%万几多余])"),
    unit=_pattern(
        r" ?个?(?:简?[短单]?(句)[子话]|(段)(?:落|话|文字|[，。的]|\Z)|(行)(?![业为人星李动程])|(字)(?![母符段典]))"
    ),
    item=_pattern(
        r" ?(?:个(?!字|月|小时|人|星期|单词|音节)|种|条|项|首|位|款|类|件|道|则|本(?!书的)|部|座|名|点(?=[\u4e00-\u9fff]{2})(?!钟|半|前|后|到))"
    ),
    lists=(
        _pattern(
            r"(?<![不被])(?:[列说举给写想]出|列举|给我|写|想|提[供出]|推荐|建议|生成|创[建造]|描述|介绍|起|取|说明|解释|概述|有哪)(?:(?!来|如何)[^，。；,;：:！!？?\n]){0,24}\Z"
        ),
    ),
    writes=(
        _pattern(r"(?:用|成|为|以|在|字数|篇幅)\s?\Z|(?:写|作|生成|创[建造]|编|讲|给我)[^，。；,;：:！!？?\n]{0,24}\Z"),
    ),
    given=(
        _pattern(
            r"(?:[这那该此][\u4e00-\u9fff]?|[每各同前后另有由含为给对]|包括|以[下上]|下[列面]|上[述面]|给定的?|给出的|其中|中的|里的|[0-9])\s?\Z"
        ),
        _pattern(r"[^，。]{0,8}(?:之间|中间)"),
    ),
    also=(
        _pattern(r"[。！？!?；;]|(?:并|再|然后|同时|最后)[^，。]{0,8}\Z"),
        _pattern(r"[,，;；。]\s?(?:并|再|然后|另|同时|最后|附|还)"),
    ),
    per_piece=_pattern(r"每(?!行|天|日)|各(?!种|类|地|国|个方面)|分别"),
    per_line=_pattern(r"每行(?:必须|只|正好|恰好|都|应)?(?:有|写|用|是|为)?([0-9]+)个?字"),
    bounds=(
        (
            "most",
            _pattern(r"(?:最多|不(?:要?超过|多于)|(?<!不)[少小低]于|至多|限于?|控制在)[有写为用]?\s?\Z"),
            _pattern(r" ?个?[字句段行]话?(?:或者?)?(?:以[内下]|之?内|更少)"),
        ),
        (
            "least",
            _pattern(r"(?:至少|不[少低]于|最少|超过|[多大]于)[^0-9，。]{0,3}\Z"),
            _pattern(r" ?个?(?:[字句段行]话?)?(?:或者?)?(?:以上|起步|更多)"),
        ),
        (
            "loose",
            _pattern(r"(?:约|大概|差不多|接?近)\s?\Z"),
            _pattern(r" ?个?(?:[字句段行]话?)?(?:左右|上下)"),
        ),
    ),
)
_WORDS: dict[LanguageCode, _Words] = {"en": _ENGLISH, "zh": _CHINESE}


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
    text, words = in_figures(own_words(instruction[:_LOOK])), _WORDS[code]
    if not re.search("[0-9]", text) or words.per_piece.search(text):
        return []
    line = words.per_line.search(text)
    count = int(next(filter(None, line.groups()))) if line else 0
    mentions = list(islice(_mentions(words.per_line.sub(" ", text), words), _MOST_MENTIONS))
    found = [one for mention in mentions if (one := _request(mention, words))]
    others = sum(mention.most > 1 for mention in mentions) - sum(one.most > 1 for one in found)
    if len(found) > 1 or (found and others and found[0].unit != "word"):
        return []
    return [*found, Request("words per line", count, count)] if count else found


def _mentions(text: str, words: _Words) -> Iterator[_Mention]:
    for found in words.number.finditer(text):
        least = int(found[1].replace(",", ""))
        most = int(found[2] or least)
        if 0 < least <= most:
            yield _Mention(least, most, text[: found.start()], text[found.end() : found.end() + _NEAR])


def _request(mention: _Mention, words: _Words) -> Request | None:
    """Return what a number asks for, or None where it is none of the units or tells what is given."""
    if words.given[0].search(mention.before) or words.given[1].match(mention.after):
        return None
    found = words.unit.match(mention.after)
    unit = next(filter(None, found.groups()), "").lower() if found else ""
    unit = _UNITS.get(unit, unit)
    bound, before = _bound(mention, words)
    is_listed = words.item.match(mention.after) and _orders(words.lists, before, _LISTS)
    if is_listed and unit in {"", "word"} and mention.least > 1 and mention.most <= _MOST_ITEMS:
        return bound._replace(unit="item")
    if not unit or not _orders(words.writes, before, _WRITES):
        return None
    if (unit == "word" and mention.most < _LEAST_LENGTH) or (unit == "line" and mention.most == 1):
        return None
    if words.also[1].search(mention.after) or (unit != "word" and words.also[0].search(before)):
        return None
    return bound._replace(unit=unit)


def _orders(patterns: tuple[re.Pattern[str], ...], before: str, verbs: frozenset[str]) -> bool:
    """Return whether the text before a number orders so many, by one of the verbs where a pattern leaves them open."""
    found = (pattern.search(before) for pattern in patterns)
    return any(one and (not one.lastindex or one[1].lower() in verbs) for one in found)


def _bound(mention: _Mention, words: _Words) -> tuple[Request, str]:
    """Return the bounds of a number, and the text before the words that say so."""
    for kind, before, after in words.bounds:
        said = before.search(mention.before)
        if said or after.match(mention.after):
            least, most = {
                "most": (0.0, float(mention.most)),
                "least": (float(mention.least), math.inf),
                "loose": (mention.least / 2, mention.most * 2.0),
            }[kind]
            return Request("", least, most, exact=False), mention.before[: said.start()] if said else mention.before
    return Request("", mention.least, mention.most, exact=mention.least == mention.most), mention.before
