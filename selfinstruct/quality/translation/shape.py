"""Rules for the shape of a translation: lists, headings, lines, emphasis, and an answer that repeats its input."""

import re
from typing import Final

from selfinstruct.quality.translation.pair import Pair, cut
from selfinstruct.quality.translation.spans import outside

_ITEM: Final = re.compile(
    r"^[ \t]{0,12}(?:[-+](?!\d)|[•·●]|\*(?!\*|[^\s*][^*\n]{0,200}\*)|\(?\d{1,3}[.)、．）](?!\d)|（\d{1,3}）|[一二三四五六七八九十]{1,3}、|[①-⑳])[ \t]*(?=\S)",
    re.MULTILINE,
)
_HEADING: Final = re.compile(r"^#{1,6}(?=[ \t]+\S)", re.MULTILINE)
_EMPTY_MARKS: Final = re.compile(r"\*\*[ \t]+\*\*(?!\*)|(?<![*\w])\*[ \t]+\*(?![*\w])|(?<!_)__[ \t]+__(?!_)")
_STRONG: Final = re.compile(r"\*\*([^*\n]{1,300})\*\*")
_ROW: Final = re.compile(r"^[ \t]*\|[^\n]{1,2000}\|[ \t]*$", re.MULTILINE)
_CELL: Final = re.compile(r"(?<!\\)\|")
_TORN: Final = re.compile(r"\|[ \t]*\n(?:[ \t]*\n)+[ \t]*\|")
"""Blank lines between rows of a table."""
_BOX: Final = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+\[([ xX])\]", re.MULTILINE)
_PARAGRAPHS: Final = re.compile(r"\S[ \t]*\n[ \t]*\n[ \t]*(?=\S)")
_WIDE_BAR: Final = "｜"
_PICTURE: Final = re.compile(
    r"[\U0001F300-\U0001F48B\U0001F4A0-\U0001FAFF\u2600-\u2604\u2705\u274c\u2728\u26a0\u2b50\u203c]"
)
"""Emoji, hearts aside: `I ❤️ it` has a word for one."""
_MARK: Final = re.compile(r"[\s。．.!！]+\Z")


def changed_list(pair: Pair) -> str:
    """Another number of list items than in the source, other headings, boxes with other ticks, or a table with other cells."""
    for name, before, after in pair.fields:
        wanted, found = (_items(outside(text)) for text in (before, after))
        if wanted.isdisjoint(found):
            return f"{name}: {max(found)} list items for {max(wanted)}"
        levels, heard = (_HEADING.findall(outside(text)) for text in (before, after))
        if levels != heard:
            return f"{name}: headings {' '.join(heard) or 'none'} for {' '.join(levels) or 'none'}"
        if (ticked := _ticks(after)) != (ticks := _ticks(before)):
            return f"{name}: boxes {ticked or 'none'} for {ticks or 'none'}"
        if detail := _other_table(outside(before), outside(after)):
            return f"{name}: {detail}"
    return ""


def _ticks(text: str) -> str:
    return "".join(f"[{box.lower()}]" for box in _BOX.findall(text))


def _other_table(before: str, after: str) -> str:
    """Return what is wrong with the tables of a text: cells are lost, their bars are no bars, or blank lines part the rows."""
    cells, found = ([len(_CELL.findall(row)) for row in _ROW.findall(text)] for text in (before, after))
    if sum(found) < sum(cells) and _WIDE_BAR in after and _WIDE_BAR not in before:
        return "bars of a table in full width"
    if cells and len(found) == len(cells) and found != cells:
        row = next(number for number, pair in enumerate(zip(cells, found, strict=True), 1) if pair[0] != pair[1])
        return f"row {row} of a table has {found[row - 1] - 1} cells for {cells[row - 1] - 1}"
    return "blank lines between the rows of a table" if _TORN.search(after) and not _TORN.search(before) else ""


def broken_emphasis(pair: Pair) -> str:
    """Emphasis marks that hold nothing any more, or have blanks on their inner side; emoji that are lost.

    Source: translate-shell #214: `*test*` becomes `Test * *`
    """
    for name, before, after in pair.fields:
        found = _EMPTY_MARKS.search(outside(after))
        if found and not _EMPTY_MARKS.search(outside(before)):
            return f"{name}: {found[0]} holds nothing"
        if (loose := _loose(after)) and not _loose(before):
            return f"{name}: {cut(loose)} has blanks inside"
        pictures = dict.fromkeys(_PICTURE.findall(outside(before)))
        if lost := next((one for one in pictures if one not in after), ""):
            return f"{name}: lacks {lost}"
    return ""


def _loose(text: str) -> str:
    """Return the first emphasis with a blank behind its opening or before its closing marks, which Markdown shows as asterisks; "" without one."""
    for line in outside(text).split("\n"):
        if line.count("**") % 2 or "***" in line:
            continue
        for found in _STRONG.finditer(line):
            if found[1] != found[1].strip() and found[1].strip():
                return found[0]
    return ""


def changed_lines(pair: Pair) -> str:
    """Another number of lines than in the source, code and most blank ones aside; or not one blank line, where paragraphs have them."""
    for name, before, after in pair.fields:
        wanted, found = (_lines(text) for text in (before, after))
        if wanted != found and bool(before.strip()):
            return f"{name}: {found} lines for {wanted}"
        if _PARAGRAPHS.search(before) and after.strip() and not _PARAGRAPHS.search(after):
            return f"{name}: no blank line between its paragraphs"
    return ""


def echo_differs(pair: Pair) -> str:
    """Answer that repeats its input where the source's does not, or no longer does: a fault that was to be found has been repaired.

    Source: alpaca-lora #180: the translator mends the sentences that a task is about
    """
    before, after = (_echoes(texts.get("input", ""), texts.get("output", "")) for texts in (pair.source, pair.target))
    if before == after:
        return ""
    return "output: repeats the input, and the source's does not" if after else "output: no longer repeats the input"


def _items(text: str) -> set[int]:
    """Return how many list items a text can have: a mark at a figure may be the sign of that."""
    marks = [(found[0].strip(), text[found.end()]) for found in _ITEM.finditer(text)]
    return {len(marks), sum(not (mark in "-+" and behind.isdecimal()) for mark, behind in marks)}


def strip_items(text: str) -> str:
    """Return a text without the numbers and marks of its list items."""
    return _ITEM.sub("", text)


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in outside(text).split("\n"))


def _echoes(given: str, output: str) -> bool:
    return bool(given.strip()) and _MARK.sub("", given.strip()) == _MARK.sub("", output.strip())
