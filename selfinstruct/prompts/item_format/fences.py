"""Marks of a reply that count: all except those inside code fences, unless the fence wraps items or stays open."""

from collections.abc import Sequence

from selfinstruct.prompts.item_format.marks import FIELDS, Mark, after_fence, read_fence, read_mark


def find_marks(lines: Sequence[str]) -> list[Mark]:
    """Return the marks that count, in order; fence lines around whole items are included as breaks."""
    found = [read_mark(number, line) if line else None for number, line in enumerate(lines)]
    fences = {
        i: fence
        for i, line in enumerate(lines)
        if ("```" in line or "~~~" in line) and (fence := read_fence(line, found[i]))
    }
    below = _next_lines(lines)
    wrappers = _wrappers(found, fences, below)
    hidden = _hidden(found, {i: fence for i, fence in fences.items() if i not in wrappers})
    marks = [
        Mark(i, "break", dress="fence") if i in wrappers else mark for i, mark in enumerate(found) if i not in hidden
    ]
    return [mark for mark in marks if mark]


def is_balanced(lines: Sequence[str]) -> bool:
    """Return whether all code fences opened in some lines are closed."""
    opened = ""
    for line in lines:
        if fence := read_fence(line, read_mark(0, line)):
            opened = after_fence(opened, fence)
    return not opened


def _next_lines(lines: Sequence[str]) -> list[int]:
    """Return for each line the index of the next non-blank line."""
    below = [len(lines)] * len(lines)
    for number in range(len(lines) - 1, 0, -1):
        below[number - 1] = number if lines[number].strip() else below[number]
    return below


def _wrappers(found: Sequence[Mark | None], fences: dict[int, tuple[str, bool]], below: Sequence[int]) -> set[int]:
    """Return the fence lines that wrap items: before the first field mark, and the same around later items."""
    first = next((mark.line for mark in found if mark and mark.field in FIELDS), len(found))
    inside, content, wrappers = "", "", set[int]()
    bare = [i for i, (_, closes) in fences.items() if closes]
    for i, fence in fences.items():
        item_below = below[i] in fences or below[i] == len(found) or _begins(found[below[i]])
        if content:
            content = after_fence(content, fence)
        elif inside and fence[1] and (item_below or i == bare[-1]):
            inside = ""
            wrappers.add(i)
        elif not inside and _begins(found[below[i]] if below[i] < len(found) else None) and (i < first or wrappers):
            inside = fence[0]
            wrappers.add(i)
        elif i > first:
            content = fence[0]
    return wrappers


def _begins(mark: Mark | None) -> bool:
    return mark is not None and mark.field in {"instruction", "break"}


def _hidden(found: Sequence[Mark | None], fences: dict[int, tuple[str, bool]]) -> set[int]:
    """Return the line indices inside fences that close before the next item."""
    hidden: set[int] = set()
    opened, since = "", 0
    head: Mark | None = None
    last: Mark | None = None
    for i, mark in enumerate(found):
        if opened and mark and head and last and _ends_fence(mark, head, last, after_break=_is_break(found, i - 1)):
            opened = ""
        if i in fences:
            before, opened = opened, after_fence(opened, fences[i])
            if not before:
                since = i + 1
            elif not opened:
                hidden.update(range(since, i + 1))
        if mark and mark.field != "break" and (not opened or i == since - 1):
            head = mark if mark.field == "instruction" else head
            last = mark
    return hidden


def _is_break(found: Sequence[Mark | None], line: int) -> bool:
    mark = found[line] if line >= 0 else None
    return mark is not None and mark.field == "break"


def _ends_fence(mark: Mark, head: Mark, last: Mark, after_break: bool) -> bool:
    """Return whether a mark inside a fence shows that the fence was never closed, by continuing the items."""
    if mark.dress != head.dress or mark.field == "break":
        return False
    if mark.field != "instruction":
        return (
            mark.number is not None
            and mark.number == head.number
            and FIELDS.index(mark.field) > FIELDS.index(last.field)
        )
    if mark.number is not None and head.number is not None and mark.number == head.number + 1:
        return True
    return after_break and mark.number == head.number
