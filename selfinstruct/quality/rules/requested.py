"""How many of what an instruction asks for: items of a list, sentences, lines, paragraphs, words, characters.

Only numbers in the instruction's own words count, and only where one thing is asked for. What is given (`these three`,
`下列三个`) or asked for each piece is no request for the whole answer, except a number of words per line.
"""

import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules.numerals import DIGIT, NUMBER_WORDS, in_figures
from selfinstruct.quality.rules.text import english_words, own_words
from selfinstruct.records import LanguageCode

_LOOK, _NEAR = 1_000, 80
_MOST_MENTIONS, _MOST_ITEMS = 20, 50
_LEAST_LENGTH, _LEAST_LIMIT = 20, 5
"""Words or characters from which a number is a length, and from which it is one where words are no material: `using six words` names what is to be used."""
_OF_WORDS = re.compile(
    r"\b(?:using|with|of|from|replac\w+|contain\w*|includ\w+|list|delet\w+|remov\w+|add\w*)\b[^.]{0,16}\Z"
)
_UNITS = {"句": "sentence", "段": "paragraph", "行": "line", "字": "word"}
_NUMBER = re.compile("[0-9一二两三四五六七八九十百]")


@cache
def _words(code: LanguageCode) -> dict[str, re.Pattern[str]]:
    """Return the patterns for the text around a number in figures."""
    lines = (line.split(" = ", 1) for line in LANGUAGES[code].read.lines["counted"])
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in lines}


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
    text, words = in_figures(own_words(asked)), _words(code)
    if not DIGIT.search(text) or words["per_piece"].search(text):
        return []
    line = words["per_line"].search(text) if "line" in text or "行" in text else None
    count = int(next(filter(None, line.groups()))) if line else 0
    rest = words["per_line"].sub(" ", text) if line else text
    mentions = list(islice(_mentions(rest, words["number"]), _MOST_MENTIONS))
    found = [one for mention in mentions if (one := _request(mention, words, code))]
    others = sum(mention.most > 1 for mention in mentions) - sum(one.most > 1 for one in found)
    if len(found) > 1 or (found and others and found[0].unit != "word"):
        return []
    return [*found, Request("words per line", count, count)] if count else found


def _mentions(text: str, number: re.Pattern[str]) -> Iterator[_Mention]:
    for found in number.finditer(text):
        least = int(found[1].replace(",", ""))
        if 0 < least <= (most := int(found[2] or least)):
            yield _Mention(least, most, text[: found.start()], text[found.end() : found.end() + _NEAR])


def _request(mention: _Mention, words: dict[str, re.Pattern[str]], code: LanguageCode) -> Request | None:
    """Return what a number asks for, or None where it is none of the units or tells what is given."""
    found = words["unit"].match(mention.after)
    unit = next(filter(None, found.groups()), "").lower() if found else ""
    unit = _UNITS.get(unit, unit)
    is_few = unit in {"", "word"} and 1 < mention.least <= mention.most <= _MOST_ITEMS
    is_item = bool(is_few and words["item"].match(mention.after))
    if not (unit or is_item) or words["given"].search(mention.before) or words["is_given"].match(mention.after):
        return None
    bound, before = _bound(mention, words)
    is_list = words["within"].search(before) and words["bullets"].match(mention.after)
    if is_item and (is_list or _orders(words["lists"], before, "lists_counted")):
        return bound._replace(unit="item")
    if not unit or not (words["within"].search(before) or _orders(words["writes"], before, "writes_counted")):
        return None
    is_length = bound.least == 0 or (code == "en" and not _OF_WORDS.search(mention.before))
    shortest = _LEAST_LIMIT if is_length else _LEAST_LENGTH
    if mention.most < {"word": shortest, "line": 2}.get(unit, 0):
        return None
    return None if unit != "word" and words["also"].search(before) else bound._replace(unit=unit)


def _orders(pattern: re.Pattern[str], before: str, verbs: str) -> bool:
    found = pattern.search(before)
    return bool(found and (not found.lastindex or found[1].lower() in LANGUAGES["en"].sets[verbs]))


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
