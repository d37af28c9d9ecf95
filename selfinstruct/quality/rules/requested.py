"""How many of what an instruction asks for: items of a list, sentences, lines, paragraphs, words, characters.

Only numbers in the instruction's own words count, and only where one thing is asked for. What is given (`these three`,
`下列三个`) or asked for each piece is no request for the whole answer, except a number of words per line.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from selfinstruct.quality.rules.count_wording import COUNT_WORDING, CountWording
from selfinstruct.quality.rules.numerals import whole
from selfinstruct.quality.rules.text import own_words
from selfinstruct.records import LanguageCode

_LOOK = 1_000
_NEAR = 80
_MOST_MENTIONS = 20
_MOST_ITEMS = 50
_LEAST_LENGTH = 20
"""Words or characters from which a number is a length; `using three words` names what is to be used."""
_UNITS = {"句": "sentence", "段": "paragraph", "行": "line", "字": "word"}


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
    text, wording = own_words(instruction[:_LOOK]), COUNT_WORDING[code]
    if wording.per_piece.search(text):
        return []
    per_line = []
    if wording.line.search(text):
        per_line, text = _per_line(text, wording), wording.per_line.sub(" ", text)
    mentions = list(islice(_mentions(text, wording), _MOST_MENTIONS))
    found = [one for mention in mentions if (one := _request(mention, wording))]
    others = sum(mention.most > 1 for mention in mentions) - sum(one.most > 1 for one in found)
    if len(found) > 1 or (found and others and found[0].unit != "word"):
        return []
    return [*found, *per_line]


def _per_line(text: str, wording: CountWording) -> list[Request]:
    found = wording.per_line.search(text)
    count = whole(next(filter(None, found.groups()), "")) if found else None
    return [Request("words per line", count, count)] if count else []


def _mentions(text: str, wording: CountWording) -> Iterator[_Mention]:
    for found in wording.number.finditer(text):
        least = whole(found[1])
        most = whole(found[2]) if found[2] else least
        if least is not None and most is not None and 0 < least <= most:
            yield _Mention(least, most, text[: found.start()], text[found.end() : found.end() + _NEAR])


def _request(mention: _Mention, wording: CountWording) -> Request | None:
    """Return what a number asks for, or None where it is none of the units or tells what is given."""
    if wording.given[0].search(mention.before) or wording.given[1].match(mention.after):
        return None
    found = wording.unit.match(mention.after)
    unit = next(filter(None, found.groups()), "").lower() if found else ""
    unit = _UNITS.get(unit, unit)
    bound, before = _bound(mention, wording)
    is_listed = wording.lists.search(before) and wording.item.match(mention.after)
    if is_listed and unit in {"", "word"} and mention.least > 1 and mention.most <= _MOST_ITEMS:
        unit = "item"
    if not unit or (unit != "item" and not wording.writes.search(before)):
        return None
    if (unit == "word" and mention.most < _LEAST_LENGTH) or (unit == "line" and mention.most == 1):
        return None
    if unit != "item" and (
        wording.also[1].search(mention.after) or (unit != "word" and wording.also[0].search(before))
    ):
        return None
    return bound._replace(unit=unit)


def _bound(mention: _Mention, wording: CountWording) -> tuple[Request, str]:
    """Return the bounds of a number, and the text before the words that say so."""
    least, most, loose = (
        (before.search(mention.before), after.match(mention.after))
        for before, after in (wording.least, wording.most, wording.loose)
    )
    said = most[0] or least[0] or loose[0]
    rest = mention.before[: said.start()] if said else mention.before
    if any(most):
        return Request("", 0, mention.most, exact=False), rest
    if any(least):
        return Request("", mention.least, math.inf, exact=False), rest
    if any(loose):
        return Request("", mention.least / 2, mention.most * 2, exact=False), rest
    return Request("", mention.least, mention.most, exact=mention.least == mention.most), rest
