"""Rules for text leaked into a field: field headings; the next item is `items.py`, template tokens are `control.py`.

The headings and remarks stand in `language/*/leaks.txt`; a teacher writes those of either language, whatever it is asked in.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.quality.rules.heads import HEAD, Head, heads_of, said_of, words_of
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_KEY = re.compile(r"[\s>*-]{0,8}([^\W\d_][^:：\n]{0,23}?)[ \t]{0,3}[:：]")
_CODE_LINE = re.compile(r"^\s*(?:def|print|class|import|for|return|int|var|let|const)\b|[();=]$", re.MULTILINE)


def leaked_scaffold(candidate: Candidate, language: Language) -> str:
    """Heads or preambles of a prompt in a field: `### Response:`, `Output:`, the colon that stood behind one, a turn of `User:` that nobody asked for.

    Source: AlpacaDataCleaned, defects 2 and 7
    """
    return next((f"contains {found}" for found in _leaks(candidate, language) if found), "")


def _leaks(candidate: Candidate, language: Language) -> Iterator[str]:
    asked, given, said = candidate.instruction, candidate.input, candidate.output
    if head := next((one for one in heads_of(asked) if one.is_of("tasks_head") or one.is_of("fields_head")), None):
        lines = asked.rstrip().split("\n")
        around = "\n".join(lines[: head.line]).strip() or ("" if HEAD.match(lines[-1]) else lines[-1])
        shots = (around and sum(one.word == head.word for one in heads_of(asked)) > 1) or _is_gap(lines[-1])
        if not (shots or _is_recorded(asked, head) or (around and language.matches(language.about_prompts, around))):
            yield head.text  # where nothing is around it, it is said before all others too
    if _ANNOUNCES.search(asked):
        yield said_of("announces_item", asked)
    yield said_of("misaddressed", asked[:_CLOSING])
    yield from (said_of("remarks", text) for text in (asked, said) if _has_remark(text.lower()))
    yield said_of("specifies", said)
    yield from (head.text for text in (asked, given) for head in heads_of(text) if _is_section(head))
    yield from (text.strip()[:20] for text in (given, said) if _COLON.match(text))
    heads = heads_of(prose(said))
    yield from filter(
        None, (_input_alone(given, [one for one in heads_of(given) if one.line]), _input_alone(said, heads))
    )
    yield from (head.text for head in heads if _is_section(head) and not _is_comment(head, said))
    yield from (said_of("field_marks", text) for text in (asked, given, said) if "<" in text or "【" in text)
    if (found := next(_headings(asked, said, heads, given), "")) and not language.matches(
        language.about_prompts, asked
    ):
        yield found


_COLON = re.compile(r"\s*[:：]\s")
"""What is left of a heading whose word was taken away."""


def _input_alone(text: str, heads: Sequence[Head]) -> str:
    """Return the heading of an input that has its line for itself, with no word of an output anywhere: with one it is an example."""
    lines = text.split("\n") if heads else ()
    alone = (one for one in heads if one.is_of("inputs_head") and not one.is_numbered and _is_gap(lines[one.line]))
    found = next(alone, None)
    return found.text if found and not said_of("outputs", text) else ""


def _is_recorded(text: str, head: Head) -> bool:
    """Return whether a heading is the first key of a record that the line before announces: the next key is of no prompt."""
    lines = text.split("\n")[max(0, head.line - 1) : head.line + 2]
    if not head.line or len(lines) < 3 or not lines[0].rstrip().endswith((":", "：")):
        return False
    key = _KEY.match(lines[2])
    kinds = ("tasks_head", "fields_head", "answers_head")
    return key is not None and not any(key[1].lower() in words_of(kind) for kind in kinds)


def _is_gap(line: str) -> bool:
    """Return whether a line is a heading alone, behind which the answer goes on: the end of a prompt with examples."""
    return bool((found := HEAD.match(line)) and not line[found.end() :].strip())


def _has_remark(text: str) -> bool:
    return any(map(text.__contains__, words_of("remarking")))


_ANNOUNCES = re.compile("[:：\n0-9]")
"""What every announcement of an item has."""


_CLOSING = 40
"""Characters that a line which closes an item has less than, and in which an instruction shows whom it is for."""


def _is_section(head: Head) -> bool:
    return head.mark.startswith("##") and (
        head.is_of("sections_head") or head.is_of("tasks_head") or head.is_of("fields_head")
    )


def _headings(asked: str, said: str, heads: Sequence[Head], given: str) -> Iterator[str]:
    """Yield headings that an answer has only from a prompt: `Output:` first or with another one, turns, a question that follows."""
    if heads:
        yield from _of_prompt(said, heads, given, asks_for_questions=_QUESTIONS.search(asked) is not None)
    last = said[-_CLOSING:].rstrip().rsplit("\n", 1)[-1]
    yield said_of("closes", last) if len(last) < _CLOSING else ""


_QUESTIONS = re.compile(r"question|(?a:\b)(?:q&a|faq|quiz|interview)|提问|问题|问答|出题|测验|采访", re.IGNORECASE)


def _of_prompt(said: str, heads: Sequence[Head], given: str, *, asks_for_questions: bool) -> Iterator[str]:
    fields = [one for one in heads if one.is_of("tasks_head") or _is_field(one, said)]
    has_task = any(one.is_of("tasks_head") for one in fields)
    is_first = fields and said.lstrip().startswith(
        (fields[0].text, heads[0].text if _names_task(heads[0]) else fields[0].text)
    )
    mirrored = is_first and [one.word.lower() for one in heads_of(given)[:1]] == [fields[0].word.lower()]
    if fields and not mirrored and (is_first or has_task):  # `Input:` and `Output:` further on are an example
        yield fields[0].text
    for one, other in itertools.pairwise(heads):
        if _is_turn(one) and _is_turn(other):  # in a scene somebody else speaks between them
            yield one.text
        is_question = not asks_for_questions and one.is_of("questions_head")
        if is_question and other.is_of("answers_head") and 0 < other.line - one.line < 4 and one.line:
            yield one.text


def _names_task(head: Head) -> bool:
    """Return whether a heading is a label that our prompts know: `Task:`, `题目：`."""
    return any(head.word.capitalize() in language.instruction_words for language in LANGUAGES.values())


def _is_turn(head: Head) -> bool:
    return head.word in words_of("speakers_head") and not head.is_numbered


def _is_field(head: Head, said: str) -> bool:
    return head.is_of("fields_head") and not head.is_numbered and not _is_comment(head, said)


def _is_comment(head: Head, text: str) -> bool:
    """Return whether a heading is a comment in code: `# Output: 9`."""
    return (head.mark == "#" or (bool(head.mark) and head.is_of("output_head"))) and _has_code(text)


@lru_cache(maxsize=8)
def _has_code(text: str) -> bool:
    return bool(_CODE_LINE.search(text))
