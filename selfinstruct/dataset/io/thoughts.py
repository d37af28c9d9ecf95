"""Thoughts before an answer: between the tags of the field, or a field of their own."""

import re

_MARKS = (("<think>", "</think>"), ("<|begin_of_thought|>", "<|end_of_thought|>"))
_LONE = re.compile(r"\n[ \t]*</think>|</think>[ \t]*\n|<\|end_of_thought\|>")
_QUOTES = set("`'\"“”‘’「」")
_SOLUTION = ("<|begin_of_solution|>", "<|end_of_solution|>")


def with_thought(thought: str, answer: str) -> str:
    """Return an answer after its thought, between the tags that most chat templates know."""
    return f"<think>\n{thought}\n</think>\n\n{answer}" if thought else answer


def split_thought(text: str, *, half: bool = True) -> tuple[str, str]:
    """Return (thought, answer) of a text that may begin with a thought between tags; with `half` also without the first tag.

    Many templates write the first tag themselves. A tag between quotation marks is one that the answer is about.
    """
    for opening, closing in _MARKS:
        thought, closed, answer = text.partition(closing)
        opens = thought.lstrip().startswith(opening)
        lone = half and opening not in text and thought[-1:] not in _QUOTES and answer[:1] not in _QUOTES
        if closed and (opens or lone):
            return thought.strip().removeprefix(opening).strip(), _solution(answer.lstrip())
    return "", text


def split_written(text: str) -> tuple[str, str]:
    """Return (thought, answer) of a text in a file: a tag without the first one must end its line or begin it, as an answer may be about tags."""
    return split_thought(text, half=bool(_LONE.search(text)))


def _solution(text: str) -> str:
    """Return an answer without the marks of OpenThoughts around it."""
    if text.startswith(_SOLUTION[0]):
        return text.removeprefix(_SOLUTION[0]).strip().removesuffix(_SOLUTION[1]).strip()
    return text
