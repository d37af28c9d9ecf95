r"""The item format: how tasks are written into a batch prompt, and how a reply is read back, whatever the teacher made of it.

`parse_items(render_items(tasks))` gives the tasks back for any text: a line that looks like a mark of the format is written with
a backslash before it. Reading is tolerant and never raises: `##` for `###`, bold, bulleted or numbered marks, half- and full-width
colons, missing or restarted numbers, JSON. Every span of a reply ends in one Item, with the rule that it broke if it is not a task.
No stop strings: what ends an item is only the next one. Source of the format: Stanford Alpaca, `prompt.txt`; of the faults:
AlpacaDataCleaned's list of defects.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.prompts.json_items import parse_json_items
from selfinstruct.prompts.marks import Mark, find_marks, is_special, outside_fences
from selfinstruct.records import Task


class Item(NamedTuple):
    """One span of a reply: a task, or the rule that it broke."""

    instruction: str
    input: str
    output: str
    fault: str
    """Empty, or `truncated`, `missing_instruction`, `missing_output`, `outside_items`, `unparsable`."""
    text: str
    """The span as it was sent."""


def render_items(tasks: Iterable[Task], language: Language, first: int = 1) -> str:
    """Return tasks in the item format, numbered from `first`."""
    return "\n".join(_render(task, language, number) for number, task in enumerate(tasks, first))


def parse_items(text: str, cut: bool = False) -> list[Item]:
    """Return every span of a reply in order; `cut` says that the reply ended at the token limit."""
    text = text.replace("\r\n", "\n")
    items = _parse_marked(text) or [Item(*found) for found in parse_json_items(text)]
    if not items:
        items = [Item("", "", "", "unparsable", text)] if text.strip() else []
    if cut and items:
        items[-1] = items[-1]._replace(fault="truncated")
    return items


def is_no_input(text: str) -> bool:
    """Return whether a text is one of the ways to say that there is no input, in any language."""
    bare = text.strip().strip("<>[]()（）【】《》〈〉“”\"'`*_。.，,:：-—").strip().lower()
    return any(bare == variant.strip("<>") for language in LANGUAGES.values() for variant in language.no_input)


def _render(task: Task, language: Language, number: int) -> str:
    words = [words[0] for words in language.field_words.values()]
    given = _escape(task.input)
    if not given:
        given = language.no_input[0]
    elif is_no_input(given.lstrip("\\")):
        given = "\\" + given
    instruction, output = _escape(task.instruction), _escape(task.output)
    heads = [f"{number}. {word}{language.colon}" for word in words]
    space = "" if language.colon == "：" else " "
    return f"###\n{heads[0]}{space}{instruction}\n{heads[1]}\n{given}\n{heads[2]}\n{output}"


def _escape(text: str) -> str:
    lines = text.replace("\r\n", "\n").strip().split("\n")
    return "\n".join("\\" + line if is_special(line.lstrip("\\")) else line for line in lines)


def _field(lines: Sequence[str], mark: Mark | None, end: int) -> str:
    """Return the text from after a mark to before a line, unescaped."""
    if mark is None:
        return ""
    raw = [mark.rest, *lines[mark.line + 1 : end]]
    plain = (line[1:] if line.startswith("\\") and is_special(line.lstrip("\\")) else line for line in raw)
    return "\n".join(plain).strip()


def _parse_marked(text: str) -> list[Item]:
    lines = text.split("\n")
    marks = find_marks(lines, outside_fences(lines))
    starts = _starts(lines, marks)
    if not starts:
        return []
    items = []
    broken = {mark.line for mark in marks if mark.field == "break"}
    if before := "\n".join(line for i, line in enumerate(lines[: starts[0]]) if i not in broken).strip():
        items.append(Item("", "", "", "outside_items", before))
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        items.append(_read(lines, [mark for mark in marks if start <= mark.line < end], start, end))
    return items


def _starts(lines: Sequence[str], marks: Sequence[Mark]) -> list[int]:
    """Return the lines at which items begin: instruction marks, and breaks before an item whose instruction has no mark."""
    heads = [mark for mark in marks if mark.field == "instruction"]
    numbered = any(mark.number for mark in heads)
    starts: list[int] = []
    for position, mark in enumerate(marks):
        if mark.field == "instruction":
            if mark.number or not numbered or _has_output(marks, position):
                starts.append(mark.line)
        elif mark.field == "break" and mark.number != "-" and _begins_item(marks, position):
            starts.append(mark.line)
    leading = next((mark for mark in marks if mark.field != "break"), None)
    if leading and leading.field != "instruction" and (not starts or leading.line < starts[0]):
        starts.insert(0, 0)  # the reply goes on where the prompt ended: its first instruction has no mark
    return starts


def _has_output(marks: Sequence[Mark], position: int) -> bool:
    following = (mark.field for mark in marks[position + 1 :])
    return next((field == "output" for field in following if field in {"instruction", "output"}), False)


def _begins_item(marks: Sequence[Mark], position: int) -> bool:
    following = next((mark.field for mark in marks[position + 1 :] if mark.field != "input"), "")
    return following == "output"


def _read(lines: Sequence[str], marks: Sequence[Mark], start: int, end: int) -> Item:
    span = "\n".join(lines[start:end]).strip()
    last = end
    while last > start and (not lines[last - 1].strip() or any(m.line == last - 1 and m.field == "break" for m in marks)):
        last -= 1
    first = next((mark for mark in marks if mark.line == start), None)
    head = first if first and first.field in {"instruction", "break"} else Mark(start - 1, "instruction", "", "", "")
    output = _choose([mark for mark in marks if mark.field == "output" and mark.line > head.line], head)
    limit = output.line if output else last
    given = _choose([mark for mark in marks if mark.field == "input" and head.line < mark.line < limit], head)
    instruction = _field(lines, head, given.line if given else limit)
    if head.field == "break":
        instruction = re.sub(r"^\d{1,4}\s*[.)、．]\s*", "", instruction)
    input_text = _field(lines, given, limit)
    answer = _field(lines, output, max(last, limit + 1))
    fault = "" if instruction and answer else "missing_instruction" if not instruction else "missing_output"
    unescaped = input_text[1:] if input_text.startswith("\\") and is_no_input(input_text.lstrip("\\")) else input_text
    return Item(instruction, "" if is_no_input(input_text) and unescaped == input_text else unescaped, answer, fault, span)


def _choose(candidates: Sequence[Mark], head: Mark) -> Mark | None:
    """Return the mark written like the head of its item (same number, same dress), else the first."""
    alike = [mark for mark in candidates if mark.number == head.number and mark.dress == head.dress]
    same_number = [mark for mark in candidates if mark.number == head.number]
    return next(iter([*alike, *same_number, *candidates]), None)
