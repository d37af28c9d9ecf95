"""The starts of items in a reply: at an instruction mark, or where an item's instruction lacks its mark."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from selfinstruct.prompts.item_format.marks import Mark, read_title, strip_number


class Start(NamedTuple):
    """The beginning of an item."""

    line: int
    """First line of the item's span; a title or break may precede its head."""
    head: Mark
    """Mark of its instruction; a synthetic one directly precedes an unmarked instruction."""
    marked: bool = True
    number: int | None = None
    """Item number in its head or title."""


class ReplyLines(NamedTuple):
    """The lines of a reply and their structure."""

    lines: Sequence[str]
    marks: Sequence[Mark]
    """Marks in order; those with this reply's own field words are primary."""
    breaks: frozenset[int]
    """Indices of lines that are breaks."""
    separators: frozenset[str]
    """Kinds of breaks that directly precede instructions in this reply."""


def understand(lines: Sequence[str], marks: Sequence[Mark]) -> ReplyLines:
    """Return a reply with resolved marks: Question or 问题 is a head only where Instruction or 指令 never occurs."""
    fields = [mark for mark in marks if mark.field != "break"]
    settled = {mark.field for mark in fields if mark.primary}
    first = next((mark for mark in fields if mark.field == "instruction"), None)
    after = {mark.line: following for mark, following in pairwise(fields)}
    kept = []
    for mark in marks:
        usual = mark.primary or mark.field not in settled
        is_head = mark.primary or (usual and first and mark.word == first.word) or _is_task(mark, after.get(mark.line))
        if mark.field != "instruction" or is_head:
            kept.append(mark if mark.primary == usual else Mark(*mark[:6], usual, mark.indented))
    above = {
        a.dress
        for a, b in pairwise(kept)
        if a.field == "break" and b.field == "instruction" and _only_blank(lines, a, b)
    }
    breaks = frozenset(mark.line for mark in kept if mark.field == "break")
    return ReplyLines(lines, kept, breaks, frozenset(above))


def find_starts(reply: ReplyLines) -> list[Start]:
    """Return the starts of all items, in order."""
    numbers = [mark.number for mark in reply.marks if mark.field == "instruction" and mark.number is not None]
    starts: list[Start] = []
    seen = 0
    output: Mark | None = None
    for position, mark in enumerate(reply.marks):
        last = starts[-1] if starts else None
        current = last.head if last else None
        start = None
        if mark.field == "instruction":
            seen += mark.number is not None
            following = numbers[seen] if seen < len(numbers) else None
            if current is None or (
                (mark.primary or _continues(mark, current, output)) and _is_start(reply, position, current, following)
            ):
                start = _start(reply, position, last)
        elif mark.field != "break" and mark.primary and (current is None or output):
            start = _unmarked(reply, position, current, output)
        if start:
            starts.append(start)
            output = None
        if mark.field == "output" and mark.primary:
            output = output or mark
    return starts


def _is_task(mark: Mark, following: Mark | None) -> bool:
    """Return whether `Task 4: Write a poem` is an instruction, where other items have a separate instruction line."""
    return mark.number is not None and following is not None and following.field != "instruction" and following.primary


def _continues(mark: Mark, current: Mark, output: Mark | None) -> bool:
    return output is not None and current.number is not None and mark.number == current.number + 1


def _only_blank(lines: Sequence[str], above: Mark, below: Mark) -> bool:
    return not any(line.strip() for line in lines[above.line + 1 : below.line])


def _is_start(reply: ReplyLines, position: int, current: Mark, following: int | None) -> bool:
    """Return whether an instruction mark starts an item, rather than being part of the current answer."""
    mark = reply.marks[position]
    if mark.number is not None or (mark.number, mark.dress) == (current.number, current.dress):
        return True
    before = reply.marks[position - 1]
    if before.field == "break" and _only_blank(reply.lines, before, mark):
        return True
    if current.number is not None and following == current.number + 1:
        return False
    later = (reply.marks[i] for i in range(position + 1, len(reply.marks)))
    return (
        next((mark.field for mark in later if mark.primary and mark.field in {"instruction", "output"}), "") == "output"
    )


def _start(reply: ReplyLines, position: int, current: Start | None) -> Start:
    """Return the item that a mark starts, with the title and breaks directly above it."""
    mark = reply.marks[position]
    before = position - 1
    while before >= 0 and reply.marks[before].field == "break":
        before -= 1
    floor = reply.marks[before].line if before >= 0 else -1
    first, number, titled = mark.line, mark.number, False
    for line in range(mark.line - 1, floor, -1):
        if line in reply.breaks:
            first, titled = line, True
        elif reply.lines[line].strip():
            title = read_title(reply.lines[line])
            alone = line == 0 or not reply.lines[line - 1].strip()
            if titled or title is None or not _fits(title, mark, current, alone):
                break
            first, titled = line, True
            number = title[0] if number is None else number
    return Start(first, mark, number=number)


def _fits(title: tuple[int | None, str], mark: Mark, current: Start | None, alone: bool) -> bool:
    """Return whether the line above a mark is the item's title, rather than the end of the current answer."""
    number, kind = title
    if number is None:
        return True
    if mark.number is not None:
        return number == mark.number and kind != "list"
    expected = None if current is None or current.number is None else current.number + 1
    if kind == "list":
        return alone and (current is None or number == expected)
    return expected is None or number == expected


def _unmarked(reply: ReplyLines, position: int, current: Mark | None, output: Mark | None) -> Start | None:
    """Return the start of an unmarked item, given its input or output mark; None inside the current answer."""
    mark = reply.marks[position]
    above = reply.marks[position - 1] if position else None
    floor = above.line if above else -1
    if current is None or output is None:
        return _leading(reply, mark)
    expected = None if current.number is None else current.number + 1
    if above and above.field == "break" and (above.dress in reply.separators or above.dress == "#"):
        number = mark.number if above.number is None else above.number
        return Start(floor, Mark(floor, "instruction", number, mark.dress), marked=False)
    if expected is None or mark.dress != output.dress or mark.number not in {None, expected}:
        return None
    if (mark.number is None) != (output.number is None):
        return None
    return _numbered(reply, floor + 1, mark, expected)


def _leading(reply: ReplyLines, mark: Mark) -> Start:
    """Return the start of an unmarked first instruction: the reply continues the end of the prompt."""
    blank = True
    for line in range(mark.line):
        number, rest = strip_number(reply.lines[line])
        if number is not None and rest.strip() and (number == mark.number or (blank and mark.number is None)):
            return Start(line, Mark(line, "instruction", number, mark.dress, rest), marked=False)
        blank = not reply.lines[line].strip()
    return Start(0, Mark(-1, "instruction", mark.number, mark.dress), marked=False)


def _numbered(reply: ReplyLines, floor: int, mark: Mark, expected: int) -> Start | None:
    for line in range(floor, mark.line):
        number, rest = strip_number(reply.lines[line])
        if number == expected and rest.strip():
            return Start(line, Mark(line, "instruction", number, mark.dress, rest), marked=False)
    if mark.number is None:
        return None
    return Start(mark.line, Mark(mark.line - 1, "instruction", expected, mark.dress), marked=False)
