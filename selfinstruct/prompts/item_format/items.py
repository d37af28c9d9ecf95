r"""The item format: tasks written into a batch prompt, and replies parsed tolerantly.

`parse_items(render_items(tasks))` returns the tasks for any text: a line that looks like a mark gets a backslash.
Parsing never raises; it accepts `##` for `###`, bold, bulleted or numbered marks, half- and full-width colons, missing
or restarted numbers, and JSON. Every span of a reply becomes one Item, with a fault if it is not a task. There are no
stop strings: only the next item ends an item. Source of the format: Stanford Alpaca, `prompt.txt`; of the faults:
AlpacaDataCleaned's list of defects.
"""

import re
import textwrap
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from selfinstruct.language import Language, is_no_input
from selfinstruct.prompts.item_format.endings import answer_end, is_remark
from selfinstruct.prompts.item_format.fences import find_marks, is_balanced
from selfinstruct.prompts.item_format.json_items import begins_json, parse_json_items
from selfinstruct.prompts.item_format.marks import Mark, read_fence, read_mark, strip_number
from selfinstruct.prompts.item_format.spans import ReplyLines, Start, find_starts, understand
from selfinstruct.records import Task


class Item(NamedTuple):
    """One span of a reply: a task, or text with a fault."""

    instruction: str
    input: str
    output: str
    fault: str
    """Empty, or `truncated`, `missing_instruction`, `missing_output`, `outside_items`, `unparsable`."""
    text: str
    """The original text of the span."""


def render_items(tasks: Iterable[Task], language: Language, first: int = 1) -> str:
    """Return tasks in the item format, numbered from `first`."""
    return "\n".join(_render(task, language, number) for number, task in enumerate(tasks, first))


def parse_items(text: str, cut: bool = False) -> list[Item]:
    """Return every span of a reply in order; `cut` means that the reply was truncated at the token limit."""
    thought, text = _split_thought(text)
    items = _parse(text, cut)
    if thought.strip():
        items.insert(0, Item("", "", "", "outside_items" if items or not cut else "truncated", thought.strip()))
    return items


def _parse(text: str, cut: bool) -> list[Item]:
    lines = _lines(text)
    reply = understand(lines, find_marks(lines))
    starts = find_starts(reply)
    if begins_json(text, _offset(lines, starts)) and (found := parse_json_items(text)):
        return [Item(*one) for one in found]
    items = _items(reply, starts, cut)
    if not items and text.strip():
        items = [Item("", "", "", "unparsable", text.strip())]
    if cut and items:
        items[-1] = items[-1]._replace(fault="truncated")
    return items


def _split_thought(text: str) -> tuple[str, str]:
    """Return (reasoning text, reply) of a reasoning model; the reasoning may contain draft items."""
    if not text.lstrip().startswith("<think>"):
        return "", text
    thought, end, rest = text.partition("</think>")
    return thought + end, rest


def _render(task: Task, language: Language, number: int) -> str:
    heads = [f"{number}. {words[0]}{language.colon}" for words in language.field_words.values()]
    instruction, given, output = _escape(task.instruction), _escape(task.input), _escape(task.output)
    if not given:
        given = language.no_input[0]
    elif is_no_input("\n".join(_lines(task.input)).strip().lstrip("\\")):
        given = "\\" + given
    space = "" if language.colon == "：" else " "
    return f"###\n{heads[0]}{space}{instruction}\n{heads[1]}\n{given}\n{heads[2]}\n{output}"


def _lines(text: str) -> list[str]:
    return [line.rstrip("\r") for line in text.split("\n")]


def _escape(text: str) -> str:
    lines = _lines(text.strip())
    kinds = [_structure(line.lstrip("\\")) for line in lines]
    marked = [kind == "mark" or (kind == "fence" and line[0] == "\\") for kind, line in zip(kinds, lines, strict=True)]
    escaped = ["\\" * mark + line for mark, line in zip(marked, lines, strict=True)]
    if not is_balanced(escaped):
        escaped = ["\\" * bool(kind) + line for kind, line in zip(kinds, lines, strict=True)]
    return "\n".join(escaped)


def _unescape(line: str) -> str:
    return line[1:] if line.startswith("\\") and _structure(line.lstrip("\\")) else line


def _structure(line: str) -> str:
    """Return `mark` for a structural line, `fence` for one that is structural if fences are unbalanced, else ""."""
    mark = read_mark(0, line)
    if is_remark(line) or (mark and mark.primary):
        return "mark"
    return "fence" if read_fence(line, mark) else ""


def _offset(lines: Sequence[str], starts: Sequence[Start]) -> int:
    """Return the character position of the first marked instruction."""
    first = next((start.head.line for start in starts if start.marked), len(lines))
    return sum(len(line) + 1 for line in lines[:first])


def _items(reply: ReplyLines, starts: Sequence[Start], cut: bool) -> list[Item]:
    if not starts:
        return []
    items = _outside(reply, 0, starts[0].line)
    lines = [mark.line for mark in reply.marks]
    ends = [*(start.line for start in starts[1:]), len(reply.lines)]
    bounds = [bisect_left(lines, start.line) for start in starts] + [len(lines)]
    for start, end, first, after in zip(starts, ends, bounds, bounds[1:], strict=False):
        items += _read(reply, start, end, reply.marks[first:after], cut)
    return items


def _outside(reply: ReplyLines, start: int, end: int) -> list[Item]:
    """Return a span outside of items as an item, or nothing if it is blank or only structure."""
    if start == end:
        return []
    text = "\n".join(reply.lines[i] for i in range(start, end) if i not in reply.breaks).strip()
    return [Item("", "", "", "outside_items", text)] if text else []


def _read(reply: ReplyLines, start: Start, end: int, marks: Sequence[Mark], cut: bool) -> list[Item]:
    """Return the item between two lines, and text there that does not belong to it."""
    head = start.head
    if end - start.line <= 2 and (fragment := _fragment(reply, start, end, marks)):
        return [fragment]
    output = _choose([mark for mark in marks if mark.field == "output"], head)
    limit = output.line if output else end
    given = _choose([mark for mark in marks if mark.field == "input" and mark.line < limit], head)
    stop = answer_end(reply, marks, (output or given or head).line, end, cut)
    limit = min(limit, stop)
    instruction = _field(reply, head, given.line if given else limit)
    if not start.marked:
        instruction = strip_number(instruction)[1].strip()
    answer = _field(reply, output, stop)
    fault = "" if instruction and answer else "missing_output" if instruction else "missing_instruction"
    text = "\n".join(reply.lines[start.line : stop]).strip()
    item = Item(instruction, _input(_field(reply, given, limit)), answer, fault, text)
    return [item, *_outside(reply, stop, end)]


def _fragment(reply: ReplyLines, start: Start, end: int, marks: Sequence[Mark]) -> Item | None:
    """Return a short item of heads only, or of a head and one line; keeps floods of them cheap."""
    text = "\n".join(reply.lines[start.line : end]).strip()
    if not any(mark.rest for mark in marks) and len(marks) == 1 + text.count("\n"):
        return Item("", "", "", "missing_instruction", text)
    if len(marks) > 1:
        return None
    instruction = _field(reply, start.head, end)
    if not start.marked:
        instruction = strip_number(instruction)[1].strip()
    return Item(instruction, "", "", "missing_output" if instruction else "missing_instruction", text)


def _choose(candidates: Sequence[Mark], head: Mark) -> Mark | None:
    """Return the mark most similar to the head of its item: primary label, same number, same style; else the first."""

    def unlikeness(mark: Mark) -> tuple[bool, bool, bool]:
        return not mark.primary, mark.number != head.number, mark.dress != head.dress

    return min(candidates, key=unlikeness) if len(candidates) > 1 else next(iter(candidates), None)


def _field(reply: ReplyLines, mark: Mark | None, end: int) -> str:
    """Return the text from a mark to a line, unescaped, without trailing breaks."""
    if mark is None:
        return ""
    while end > mark.line + 1 and (end - 1 in reply.breaks or not reply.lines[end - 1].strip()):
        end -= 1
    text = _unescape(mark.rest)
    if end > mark.line + 1:
        body = "\n".join(_unescape(line) for line in reply.lines[mark.line + 1 : end])
        text = f"{text}\n{textwrap.dedent(body) if mark.indented else body}"
    if "<" in mark.dress:
        text = re.split(rf"</{mark.word}>", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return text.strip()


def _input(text: str) -> str:
    if is_no_input(text):
        return ""
    return text[1:] if text.startswith("\\") and is_no_input(text.lstrip("\\")) else text
