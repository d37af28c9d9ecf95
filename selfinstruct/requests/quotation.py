"""Where a quotation stands in a passage: a teacher copies words faithfully, but not line breaks, quotation marks, width and capitals."""

import unicodedata
from typing import Final

_ALIKE: Final = str.maketrans(
    dict.fromkeys("“”„‟«»「」『』″", '"') | dict.fromkeys("‘’‚‛`´′", "'") | dict.fromkeys("‐‑‒–—―−", "-")
)
_AROUND: Final = " \"'“”「」‘’*_`"
_BEHIND: Final = ".,;:!?。，、；：！？…"
"""Marks that end a quotation and do not stand in the passage, which goes on."""


def place_of(quote: str, passage: str) -> tuple[int, int] | None:
    """Return the characters of a passage that a quotation means: (first, one after the last); None where its words do not stand there.

    >>> place_of("The mill's wheel.", "In winter the mill’s wheel, of oak, stood still.")
    (10, 26)
    """
    held, places = _folded(passage)
    for wanted in dict.fromkeys((quote.strip(_AROUND), quote.strip(_AROUND).rstrip(_BEHIND + _AROUND))):
        folded, _ = _folded(wanted)
        at = held.find(folded) if folded else -1
        while at >= 0:
            last = at + len(folded)
            first, end = places[at], places[last - 1] + 1
            parted = first in places[:at][-1:] or end - 1 in places[last : last + 1]  # of a character such as `½`
            if not (parted or _parts_word(passage, first) or _parts_word(passage, end)):
                return first, end
            at = held.find(folded, at + 1)
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text without blanks, of one width and case, with the place that each of its characters had."""
    marks = [
        (mark, place)
        for place, one in enumerate(text)
        if not one.isspace()
        for mark in unicodedata.normalize("NFKC", one).casefold().translate(_ALIKE)
    ]
    return "".join(mark for mark, _ in marks), [place for _, place in marks]


def _parts_word(text: str, place: int) -> bool:
    """Return whether a place lies within a word or number; Chinese characters are words by themselves."""
    around = text[max(place - 1, 0) : place + 1]
    return len(around) == 2 and place > 0 and all(mark.isalnum() and ord(mark) < 0x2E80 for mark in around)
