"""Rules for text leaked into a field: field headings, no-input markers, the next item; template tokens are `control.py`.

The headings and remarks stand in `language/*/leaks.txt`; a teacher writes those of either language, whatever it is asked in.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from selfinstruct.language import LANGUAGES, Language, is_no_input
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_HEAD = re.compile(r"[ \t>]{0,8}([-*] |#{1,6}|\*\*|[\[【])?[ \t]{0,3}(?:(\d{1,3})[ \t]?[.)、])?[ \t]{0,3}\*{0,2}([A-Za-z]{1,12}|[\u4e00-\u9fff]{1,4})[ \t]?(\d{0,3})(?:\*\*|[\]】])?[ \t]{0,3}[:：]")  # fmt: skip
_KEY = re.compile(r"[\s>*-]{0,8}([^\W\d_][^:：\n]{0,23}?)[ \t]{0,3}[:：]")
_CODE_LINE = re.compile(r"^\s*(?:def|print|class|import|for|return|int|var|let|const)\b|[();=]$", re.MULTILINE)


class _Head(NamedTuple):
    """A line that begins with a word and a colon."""

    line: int
    text: str
    mark: str
    is_numbered: bool
    word: str
    has_number: bool
    """Whether a number follows the word: `Task 3:`."""

    def is_of(self, kind: str) -> bool:
        """Return whether the word is one of those of a section of `leaks.txt`."""
        return self.word.lower() in _words(kind)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for language in LANGUAGES.values() for word in language.sets[kind])


def _said(kind: str, text: str) -> str:
    """Return what a text says of a section of `leaks.txt`, or ""."""
    lowered = text.lower()
    found = next((found for one in LANGUAGES.values() if (found := getattr(one, kind).search(lowered))), None)
    return text[found.start() : found.end()].strip() if found else ""


@lru_cache(maxsize=8)
def _heads(text: str) -> tuple[_Head, ...]:
    """Return the headings of a text, in order."""
    if ":" not in text and "：" not in text:
        return ()
    lines = enumerate(text.split("\n"))
    found = ((n, _HEAD.match(line)) for n, line in lines if ":" in line[:40] or "：" in line[:40])
    return tuple(_Head(n, one[0].strip(), one[1] or "", bool(one[2]), one[3], bool(one[4])) for n, one in found if one)


def leaked_scaffold(candidate: Candidate, language: Language) -> str:
    """Heads or preambles of a prompt in a field: `### Response:`, `Output:`, the colon that stood behind one, a turn of `User:` that nobody asked for.

    Source: AlpacaDataCleaned, defects 2 and 7
    """
    return next((f"contains {found}" for found in _leaks(candidate, language) if found), "")


def _leaks(candidate: Candidate, language: Language) -> Iterator[str]:
    asked, given, said = candidate.instruction, candidate.input, candidate.output
    if head := next((one for one in _heads(asked) if one.is_of("tasks_head") or one.is_of("fields_head")), None):
        lines = asked.rstrip().split("\n")
        around = "\n".join(lines[: head.line]).strip() or ("" if _HEAD.match(lines[-1]) else lines[-1])
        shots = (around and sum(one.word == head.word for one in _heads(asked)) > 1) or _is_gap(lines[-1])
        if not (shots or _is_recorded(asked, head) or (around and language.matches(language.about_prompts, around))):
            yield head.text  # where nothing is around it, it is said before all others too
    if _ANNOUNCES.search(asked):
        yield _said("announces_item", asked)
    yield _said("misaddressed", asked[:_CLOSING])
    yield from (_said("remarks", text) for text in (asked, said) if _has_remark(text.lower()))
    yield _said("specifies", said)
    yield from (head.text for text in (asked, given) for head in _heads(text) if _is_section(head))
    yield from (text.strip()[:20] for text in (given, said) if _COLON.match(text))
    heads = _heads(prose(said))
    yield from filter(
        None, (_input_alone(given, [one for one in _heads(given) if one.line]), _input_alone(said, heads))
    )
    yield from (head.text for head in heads if _is_section(head) and not _is_comment(head, said))
    yield from (_said("field_marks", text) for text in (asked, given, said) if "<" in text or "【" in text)
    if (found := next(_headings(asked, said, heads, given), "")) and not language.matches(language.about_prompts, asked):
        yield found


_COLON = re.compile(r"\s*[:：]\s")
"""What is left of a heading whose word was taken away."""


def _input_alone(text: str, heads: Sequence[_Head]) -> str:
    """Return the heading of an input that has its line for itself, with no word of an output anywhere: with one it is an example."""
    lines = text.split("\n") if heads else ()
    alone = (one for one in heads if one.is_of("inputs_head") and not one.is_numbered and _is_gap(lines[one.line]))
    found = next(alone, None)
    return found.text if found and not _said("outputs", text) else ""


def _is_recorded(text: str, head: _Head) -> bool:
    """Return whether a heading is the first key of a record that the line before announces: the next key is of no prompt."""
    lines = text.split("\n")[max(0, head.line - 1) : head.line + 2]
    if not head.line or len(lines) < 3 or not lines[0].rstrip().endswith((":", "：")):
        return False
    key = _KEY.match(lines[2])
    kinds = ("tasks_head", "fields_head", "answers_head")
    return key is not None and not any(key[1].lower() in _words(kind) for kind in kinds)


def _is_gap(line: str) -> bool:
    """Return whether a line is a heading alone, behind which the answer goes on: the end of a prompt with examples."""
    return bool((found := _HEAD.match(line)) and not line[found.end() :].strip())


def _has_remark(text: str) -> bool:
    return any(map(text.__contains__, _words("remarking")))


_ANNOUNCES = re.compile("[:：\n0-9]")
"""What every announcement of an item has."""


_CLOSING = 40
"""Characters that a line which closes an item has less than, and in which an instruction shows whom it is for."""


def _is_section(head: _Head) -> bool:
    return head.mark.startswith("##") and (
        head.is_of("sections_head") or head.is_of("tasks_head") or head.is_of("fields_head")
    )


def _headings(asked: str, said: str, heads: Sequence[_Head], given: str) -> Iterator[str]:
    """Yield headings that an answer has only from a prompt: `Output:` first or with another one, turns, a question that follows."""
    if heads:
        yield from _of_prompt(said, heads, given, asks_for_questions=_QUESTIONS.search(asked) is not None)
    last = said[-_CLOSING:].rstrip().rsplit("\n", 1)[-1]
    yield _said("closes", last) if len(last) < _CLOSING else ""


_QUESTIONS = re.compile(r"question|(?a:\b)(?:q&a|faq|quiz|interview)|提问|问题|问答|出题|测验|采访", re.IGNORECASE)


def _of_prompt(said: str, heads: Sequence[_Head], given: str, *, asks_for_questions: bool) -> Iterator[str]:
    fields = [one for one in heads if one.is_of("tasks_head") or _is_field(one, said)]
    has_task = any(one.is_of("tasks_head") for one in fields)
    is_first = fields and said.lstrip().startswith(
        (fields[0].text, heads[0].text if _names_task(heads[0]) else fields[0].text)
    )
    mirrored = is_first and [one.word.lower() for one in _heads(given)[:1]] == [fields[0].word.lower()]
    if fields and not mirrored and (is_first or has_task):  # `Input:` and `Output:` further on are an example
        yield fields[0].text
    for one, other in itertools.pairwise(heads):
        if _is_turn(one) and _is_turn(other):  # in a scene somebody else speaks between them
            yield one.text
        is_question = not asks_for_questions and one.is_of("questions_head")
        if is_question and other.is_of("answers_head") and 0 < other.line - one.line < 4 and one.line:
            yield one.text


def _names_task(head: _Head) -> bool:
    """Return whether a heading is a label that our prompts know: `Task:`, `题目：`."""
    return any(head.word.capitalize() in language.instruction_words for language in LANGUAGES.values())


def _is_turn(head: _Head) -> bool:
    return head.word in _words("speakers_head") and not head.is_numbered


def _is_field(head: _Head, said: str) -> bool:
    return head.is_of("fields_head") and not head.is_numbered and not _is_comment(head, said)


def _is_comment(head: _Head, text: str) -> bool:
    """Return whether a heading is a comment in code: `# Output: 9`."""
    return (head.mark == "#" or (bool(head.mark) and head.is_of("output_head"))) and _has_code(text)


@lru_cache(maxsize=8)
def _has_code(text: str) -> bool:
    return bool(_CODE_LINE.search(text))


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
    is_word = text.lower().strip(" .。\"'") in _words("means_none")
    about_it = is_word and any(one.about_words.search(candidate.instruction) for one in LANGUAGES.values())
    return "" if about_it else f"the input is {text}"


def merged_items(candidate: Candidate, language: Language) -> str:
    """Answer or input that swallowed the next item of its reply.

    Source: AlpacaDataCleaned, defect 2 and its `tool_mergedInstructions.py`
    """
    asked = candidate.instruction
    for text in (candidate.output, candidate.input):
        if not _heads(text) and not any(map(text.__contains__, _OF_ITEMS)):
            continue  # nearly every text
        found = next(_next_items(text), "")
        names_itself = found and re.search("nstruction|指令", found)
        if found.strip("#") and not names_itself and language.matches(language.about_prompts, asked):
            continue
        if found and (found.strip("#") or not language.matches(language.about_press, asked)):
            return f"contains {found}"
    return ""


_OF_ITEMS = ("##", "nstruction", "指令")
"""What a text without a heading has that swallowed an item."""


def _next_items(text: str) -> Iterator[str]:
    heads = _heads(text)
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
    stripped = (line.strip() for line in lines if line.startswith("##"))
    yield from (line for line in stripped if not line.strip("# \t") and len(line) < 4)
    for place, head in places.items():
        before = lines[max(0, place - 2) : place] if head.is_of("answers_head") else []
        yield from (line.strip()[:60] for line in before if _said("task_line", line))


_WITHIN_LINE = re.compile(r"(?<=[.!?。！？])\s{0,4}\d{1,3}\. {0,2}(?:Instruction|指令)\s?[:：]", re.IGNORECASE)
