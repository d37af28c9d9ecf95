"""What a chat template itself marks as written by the model: between `{% generation %}` and `{% endgeneration %}` (transformers' tags).

Some models' templates have them (SmolLM3), and so have those that TRL puts in the place of others. A text is kept here in parts, each with
whether it is inside of marks. A token on a border is learned, as in transformers' own mask.
"""

from collections.abc import Sequence
from itertools import pairwise

Spans = Sequence[tuple[int, int]]
"""(First character, first one behind) of each marked part of a filled template."""
Marked = tuple[tuple[str, bool], ...]
"""(Text, whether it is learned)"""


def all_learned(text: str) -> Marked:
    """Return a text that has no marks."""
    return ((text, True),) if text else ()


def plain(marked: Marked) -> str:
    """Return the text alone."""
    return "".join(text for text, _ in marked)


def parts(text: str, spans: Spans | None, start: int, stop: int) -> Marked:
    """Return what stands from start to stop, in parts; `spans` is None for a template without marks.

    >>> parts("ask: answer.", [(5, 11)], 3, 12)
    ((': ', False), ('answer', True), ('.', False))
    """
    if spans is None:
        return all_learned(text[start:stop])
    borders = sorted({start, stop, *(place for span in spans for place in span if start < place < stop)})
    return tuple((text[one:two], any(first <= one < last for first, last in spans)) for one, two in pairwise(borders))


def cut(marked: Marked, length: int) -> Marked:
    """Return the first characters.

    >>> cut((("ab", False), ("cd", True)), 3)
    (('ab', False), ('c', True))
    """
    found: list[tuple[str, bool]] = []
    for text, learned in marked:
        if kept := text[: max(0, length)]:
            found.append((kept, learned))
        length -= len(text)
    return tuple(found)


def marked_at(text: str, spans: Spans | None, start: int, wanted: str) -> Marked:
    """Return a text in parts, which may stand at a place of a filled template; one that does not has no marks."""
    found = start >= 0 and text.startswith(wanted, start)
    return parts(text, spans, start, start + len(wanted)) if found else all_learned(wanted)
