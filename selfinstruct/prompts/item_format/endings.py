"""The end of an item's last field: before a separator, a closing remark or a truncated head."""

import re
from collections.abc import Sequence

from selfinstruct.language import LANGUAGES
from selfinstruct.prompts.item_format.marks import Mark, strip_number
from selfinstruct.prompts.item_format.spans import ReplyLines

_REMARK = re.compile(
    r"[ \t>*_(（\[]*+(?:" + "|".join(language.closing_remark for language in LANGUAGES.values()) + ")", re.IGNORECASE
)
_HEADS = [word.lower() for language in LANGUAGES.values() for word in language.instruction_words]


_LONGEST_REMARK = 3
"""Most lines of a closing remark; longer text after a rule belongs to the answer."""


def is_remark(line: str) -> bool:
    """Return whether a line starts a closing remark on the reply: `Let me know if you need more tasks!`."""
    return _REMARK.match(line) is not None


def answer_end(reply: ReplyLines, marks: Sequence[Mark], after: int, end: int, cut: bool) -> int:
    """Return the line index at which an item ends; `after`: line of its last field, `end`: line of the next item."""
    breaks = [mark for mark in marks if mark.field == "break" and mark.line > after]
    text = next((i for i in range(end - 1, after, -1) if i not in reply.breaks and reply.lines[i].strip()), after)
    inner = [mark for mark in breaks if mark.line < text and mark.dress in {*reply.separators, "fence"}]
    if hashes := [mark for mark in inner if mark.dress == "#"]:
        return hashes[0].line
    if end < len(reply.lines) or text == after:
        return end
    if inner and _is_short(reply.lines[inner[-1].line + 1 :], 1 if cut else _LONGEST_REMARK):
        return inner[-1].line
    if cut and _is_cut_head(reply.lines[text], marks):
        return text
    paragraph = text
    while paragraph > after + 1 and reply.lines[paragraph - 1].strip():
        paragraph -= 1
    return paragraph if is_remark(reply.lines[paragraph]) else end


def _is_short(lines: Sequence[str], most: int) -> bool:
    return sum(bool(line.strip()) for line in lines) <= most


def _is_cut_head(line: str, marks: Sequence[Mark]) -> bool:
    """Return whether the last line of a truncated reply is part of the next item's head: `9. Instru`."""
    current = next((mark.number for mark in marks if mark.number is not None), None)
    number, rest = strip_number(line.lstrip("#* "))
    part = rest.strip("* :：").lower()
    if current is None or number != current + 1 or len(part.encode()) < 3:
        return False
    return any(word.startswith(part) for word in _HEADS)
