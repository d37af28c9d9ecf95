"""Second conditions: which can stand beside a first one without contradicting it."""

from typing import Final

from selfinstruct.verifiers.kind import Draw, Scene, Task
from selfinstruct.verifiers.registry import KINDS

_FORMS: Final = frozenset(
    {"items", "numbered", "sentences", "paragraphs", "words_between", "words_at_least", "words_at_most"}
)
"""Conditions on form or length."""
_WORDS: Final = ("keyword", "keyword_absent", "letter_absent")
"""Conditions on words, which any form can keep."""


def second_condition(kind: str, draw: Draw) -> tuple[str, Task] | None:
    """Draw a condition on words beside one on form; None where the first is no such one."""
    names = [name for name in _WORDS if name in KINDS]
    if kind not in _FORMS or not names:
        return None
    name = draw.rng.choice(names)
    drawing = KINDS[name].draw
    made = drawing(draw) if drawing else None
    return None if made is None or isinstance(made, Scene) else (name, made)
