"""Lines as they are printed: words parted at their end, page numbers and the lines that stand on every page."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

_PARTED: Final = re.compile(r"\b([a-z]+)-\n[^\S\n]*([a-z]+)([.,;:!?)]*)[^\S\n]?", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*", re.IGNORECASE)
_SENTENCE_END: Final = tuple(".!?:。！？：”\"'’」")
_FEWEST_PAGES: Final = 3


def joined_words(text: str) -> str:
    r"""Return a text whose words that the end of a line parts are whole; the text itself tells what is a word with a hyphen.

    >>> joined_words("The com-\nmittee met.")
    'The committee\nmet.'
    """
    if "-\n" not in text:
        return text
    known = {word.lower() for word in _WORD.findall(_PARTED.sub(" ", text))}

    def whole(found: re.Match[str]) -> str:
        left, right = found[1], found[2]
        together, hyphened = left + right, f"{left}-{right}"
        if together.lower() in known or not {hyphened.lower(), right.lower()} & known:
            return f"{together}{found[3]}\n"
        return f"{hyphened}{found[3]}\n" if hyphened.lower() in known else found[0]

    return _PARTED.sub(whole, text)


def joined_pages(pages: Sequence[str]) -> str:
    """Return the text of pages without their numbers and running titles; a page that ends within a sentence goes on on the next."""
    bare = [page for page in _without_titles(pages) if page]
    return "".join(
        page if number == len(bare) - 1 else page + ("\n\n" if page.endswith(_SENTENCE_END) else "\n")
        for number, page in enumerate(bare)
    )


def _without_titles(pages: Sequence[str]) -> list[str]:
    texts = [page.strip() for page in pages]
    for end in (0, -1):
        edges = Counter(_shape(page.split("\n")[end]) for page in texts if page)
        many = max(_FEWEST_PAGES, len(pages) // 2 + 1)
        for number, page in enumerate(texts):
            lines = page.split("\n")
            if (shape := _shape(lines[end])) and (edges[shape] >= many or not re.search(r"[^\W\d_]", shape)):
                texts[number] = "\n".join(lines[1:] if end == 0 else lines[:-1]).strip()
    return texts


def _shape(line: str) -> str:
    """Return a line with its numbers alike; "" for an empty one."""
    return re.sub(r"\d+", "0", line.strip())
