"""A row that is too long for one reply, in parts: each request has some of its paragraphs, and the translation is joined again as the source was.

Code, links and formulas are markers before a text is divided, so that no part ends within one. A paragraph that is too long for a reply is divided
at its lines; a line is never divided.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, get_args

from selfinstruct.quality.translation.spans import Hidden
from selfinstruct.records import Drawn, Original, Step

STEPS: Final[tuple[Step, ...]] = tuple(step for step in get_args(Step) if step.startswith("part."))
"""The requests after the first one, in order."""
MOST: Final = len(STEPS) + 1
_FIRST: Final = "instruction"
"""The text that the first part begins with: what becomes of a row is decided by its task."""
_BLANK: Final = re.compile(r"((?:[ \t]{0,40}\n){2,40})")


class Piece(NamedTuple):
    """What one request has of one text, with markers in place of what is taken over as it is."""

    name: str
    text: str
    before: str = ""
    """The blanks between it and the piece before it of the same text."""


Part = tuple[Piece, ...]
"""What one request has of a row."""


def parts_of(drawn: Drawn) -> tuple[Part, ...]:
    """Return the parts of a row that is asked for in several requests, `part_bytes` each; none for a row that one request holds."""
    return _parts_of(drawn) if drawn.part_bytes else ()


@lru_cache(maxsize=64)
def _parts_of(drawn: Drawn) -> tuple[Part, ...]:
    names = ("instruction", "input", "output", "system", "history", "reasoning")
    row = Original(id="", text_hash="", **{name: getattr(drawn, name) for name in names})
    return divided(row.texts, drawn.part_bytes, comments=drawn.kind.endswith(".comments")) or ()


def divided(texts: Mapping[str, str], most: int, *, comments: bool = False) -> tuple[Part, ...] | None:
    r"""Return texts in parts of at most `most` bytes in UTF-8; None where a line is longer than that, or where more than MOST parts would be needed.

    >>> [[piece.text for piece in part] for part in divided({"instruction": "Sum up.", "output": "One.\n\nTwo."}, 12) or ()]
    [['Sum up.', 'One.'], ['Two.']]
    """
    hidden = Hidden(comments=comments)
    shown = {name: hidden.hide(text).strip() for name, text in texts.items()}
    parts: list[list[Piece]] = [[]]
    room = most
    for name in sorted(shown, key=lambda one: one != _FIRST):
        for before, text in _units(shown[name], most):
            size = _size(before + text)
            if _size(text) > most:
                return None
            if size > room and parts[-1]:
                parts.append([])
                room = most
            room -= size
            _put(parts[-1], Piece(name, text, before))
    return tuple(map(tuple, parts)) if len(parts) <= MOST else None


def _put(part: list[Piece], piece: Piece) -> None:
    """Add a piece to a part; one of the text that the part ends with goes on from there."""
    if part and part[-1].name == piece.name:
        last = part.pop()
        piece = Piece(last.name, f"{last.text}{piece.before}{piece.text}", last.before)
    part.append(piece)


def _units(text: str, most: int) -> Iterator[tuple[str, str]]:
    """Yield (blanks before it, paragraph) of a text, in order; of a paragraph that is too long its lines."""
    before = ""
    for number, said in enumerate(_BLANK.split(text)):
        if number % 2:
            before += said
            continue
        for line in [said] if _size(said) <= most else re.findall(r"[^\n]*\n|[^\n]+", said):
            bare = line.strip()
            if not bare:
                before += line
                continue
            start = line.index(bare)
            yield before + line[:start], bare
            before = line[start + len(bare) :]


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
