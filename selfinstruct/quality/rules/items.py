"""Rules for an input that says there is none, and for fields that swallowed the next item of a reply."""

import re
from collections.abc import Iterator

from selfinstruct.language import LANGUAGES, Language, is_no_input
from selfinstruct.quality.rules.heads import heads_of, said_of, words_of
from selfinstruct.records import Candidate


def no_input_marker(candidate: Candidate, _: Language) -> str:
    """Input that only says there is none; an empty one says so.

    A bare `None` or `无` stays where the task is about a word or value.
    Source: AlpacaDataCleaned, defect 7
    """
    text = candidate.input.strip()
    if not text:
        return ""
    text = text.replace("{\\no", "{no")
    last = text.rsplit("\n", 1)[-1].strip()
    if last != text and last[:1] in "<（(【[" and re.search("input|输入", last) and is_no_input(last):
        return f"the input ends in {last}"
    if not is_no_input(text):
        return ""
    is_word = text.lower().strip(" .。\"'") in words_of("means_none")
    about_it = is_word and any(one.about_words.search(candidate.instruction) for one in LANGUAGES.values())
    return "" if about_it else f"the input is {text}"


def merged_items(candidate: Candidate, language: Language) -> str:
    """Answer or input that swallowed the next item of its reply.

    Source: AlpacaDataCleaned, defect 2 and its `tool_mergedInstructions.py`
    """
    asked = candidate.instruction
    if example := _example(candidate.input, candidate.output):
        return f"contains {example}"
    if (task := _TASK.search(candidate.output)) and "task" not in asked.lower() and _goes_on(task[1], language):
        return f"contains {task[0].strip()[:60]}"
    for text in (candidate.output, candidate.input):
        if not heads_of(text) and not any(map(text.__contains__, _OF_ITEMS)):
            continue  # nearly every text
        found = next(_next_items(text), "")
        names_itself = found and re.search("nstruction|指令", found)
        if found.strip("#") and not names_itself and language.matches(language.about_prompts, asked):
            continue
        if found and (found.strip("#") or not language.matches(language.about_press, asked)):
            return f"contains {found}"
    return ""


_EXAMPLE = re.compile(r"^[ \t>*#]{0,6}(?:示例|样例|例子|example|sample)[ \t]?(\d{1,2})[ \t]{0,3}[:：]?[ \t]{0,3}$", re.MULTILINE | re.IGNORECASE)  # fmt: skip
_TASK = re.compile(r"\n[ \t]{0,4}Task: {0,3}(\S[^\n]*)")


def _example(given: str, said: str) -> str:
    """Return the heading of an example that an answer goes on with, or of the only one in an input: both are of the prompt."""
    first, only = _EXAMPLE.search(said), _EXAMPLE.findall(given)
    found = first if first and int(first[1]) > 1 else _EXAMPLE.search(given) if only == ["1"] else None
    return found[0].strip() if found else ""


def _goes_on(text: str, language: Language) -> bool:
    """Return whether a text behind `Task:` orders something: then it is the next one, and no part of a plan."""
    return language.code == "zh" or text.split(maxsplit=1)[0].lower().strip(",.:") in language.sets["verbs"]


_OF_ITEMS = ("##", "nstruction", "指令")
"""What a text without a heading has that swallowed an item."""


def _next_items(text: str) -> Iterator[str]:
    heads = heads_of(text)
    lines = text.split("\n") if heads or "##" in text else []
    places = {head.line: head for head in heads}
    for one in heads:
        behind = [places[line] for line in (one.line + 1, one.line + 2) if line in places]
        answered = any(head.is_of("answers_head") or head.is_of("inputs_head") for head in behind)
        is_task = one.is_of("instructions_head") and one.line and answered
        is_question = one.is_numbered and one.is_of("questions_head") and answered
        is_item = one.is_of("items_head") and (one.is_numbered or one.has_number or "【" in one.mark)
        if is_item or is_task or is_question:
            yield one.text
    if found := _WITHIN_LINE.search(text) if "nstruction" in text or "指令" in text else None:
        yield found[0].strip()
    yield from _marks_alone(lines)
    for place, head in places.items():
        before = lines[max(0, place - 2) : place] if head.is_of("answers_head") else []
        if len(before) > 1 and all(map(_STEP.match, before)):
            continue  # the steps of a solution
        yield from (line.strip()[:60] for line in before if said_of("task_line", line))


def _marks_alone(lines: list[str]) -> Iterator[str]:
    """Yield dividing marks behind which the next item begins, or nothing; a heading without words is followed by others."""
    for place, line in enumerate(lines):
        if _MARK_ALONE.fullmatch(line):
            after = next((one for one in lines[place + 1 : place + 4] if one.strip()), "")
            if not after or _ITEM_BEGINS.match(after):
                yield line.strip()


_MARK_ALONE, _STEP = re.compile(r"##{1,2}[ \t]*"), re.compile(r"\s{0,8}\d{1,3}[.)、]")
_ITEM_BEGINS = re.compile(r"[ \t#]{0,8}(?:\d{1,3}[.)、]|[A-Za-z\u4e00-\u9fff]{1,12}[ \t]?\d{0,3}[:：])")
_WITHIN_LINE = re.compile(r"(?<=[.!?。！？])\s{0,4}\d{1,3}\. {0,2}(?:Instruction|指令)\s?[:：]", re.IGNORECASE)
