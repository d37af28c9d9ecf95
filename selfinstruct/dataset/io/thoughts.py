"""Thoughts before an answer: between the tags of the field, or a field of their own."""

_MARKS = (("<think>", "</think>"), ("<|begin_of_thought|>", "<|end_of_thought|>"))
_SOLUTION = ("<|begin_of_solution|>", "<|end_of_solution|>")


def with_thought(thought: str, answer: str) -> str:
    """Return an answer after its thought, between the tags that most chat templates know."""
    return f"<think>\n{thought}\n</think>\n\n{answer}" if thought else answer


def split_thought(text: str) -> tuple[str, str]:
    """Return (thought, answer) of a text that may begin with a thought between tags."""
    for opening, closing in _MARKS:
        thought, closed, answer = text.partition(closing)
        opens = thought.lstrip().startswith(opening)
        if closed and (opens or opening not in text):  # many templates write the opening tag themselves
            return thought.strip().removeprefix(opening).strip(), _solution(answer.lstrip())
    return "", text


def _solution(text: str) -> str:
    """Return an answer without the marks of OpenThoughts around it."""
    if text.startswith(_SOLUTION[0]):
        return text.removeprefix(_SOLUTION[0]).strip().removesuffix(_SOLUTION[1]).strip()
    return text
