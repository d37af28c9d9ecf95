"""What a kind of provable task is: it draws a task, and says what is wrong with a row that claims to be one."""

import random
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from selfinstruct.records import LanguageCode

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
Json = Any
"""What JSON can hold."""
Part = Literal["wording", "passage", "task"]
"""What the teacher writes: another wording of the instruction, the text that the task is about, or a task that a condition is added to."""


class Draw(NamedTuple):
    """What a task is drawn from."""

    rng: random.Random
    language: LanguageCode
    level: Literal[1, 2] = 1
    """2 for a strong teacher: more steps, larger numbers, two conditions."""


class Task(NamedTuple):
    """A task as code drew it."""

    instruction: str
    """In the words of its kind; a condition, where the teacher writes the task."""
    input: str = ""
    output: str = ""
    """Empty where the teacher answers."""
    arguments: dict[str, Json] = {}  # noqa: RUF012 - never changed
    """What the proof needs besides the row: only what JSON can hold."""
    kept: tuple[str, ...] = ()
    """What another wording of the instruction must hold word for word; its numbers always."""


class Scene(NamedTuple):
    """A short text that the teacher is asked for: what it is, the details it must hold, and an example by hand."""

    what: str
    """E.g. `a text message that confirms an appointment`."""
    details: tuple[tuple[str, str], ...]
    """(name, value) of each detail; every value stands in the text once, word for word."""
    example: tuple[tuple[tuple[str, str], ...], str]
    """Details and text of another such scene."""


class Row(NamedTuple):
    """What a proof looks at."""

    language: LanguageCode
    instruction: str
    input: str
    output: str
    arguments: dict[str, Json]


class Kind(NamedTuple):
    """One kind of provable task."""

    name: str
    part: Part
    draw: Callable[[Draw], Task | Scene] | None
    """Draw a task; a kind on passages draws the text to ask for. None where a document is what it is drawn from."""
    fault: Callable[[Row], str]
    """Return what is wrong with a row, in a few words; "" when it is proved."""
    build: Callable[[Draw, Scene, str], Task | None] | None = None
    """Of a kind on passages: the task on the text that the teacher wrote; None when the text does not carry one."""
    needs: Literal["", "prose", "list"] = ""
    """Of a condition: what the task that it is added to must ask for."""


def unequal(row: Row, answer: str, *facts: str, given: str = "") -> str:
    """Return what is wrong with a row whose answer must be exactly `answer`, and whose question must hold all `facts`.

    `given` is what the task is about: the whole input, or a part of the instruction where there is no input.
    """
    question = f"{row.instruction}\n{row.input}"
    if given and row.input.strip() and row.input.strip() != given.strip():
        return "the input is not what the answer was computed from"
    facts = (given, *facts) if given else facts
    if missing := next((fact for fact in facts if not holds(question, fact)), ""):
        return f"the question does not hold `{missing[:40]}`"
    if row.output.strip() != answer.strip():
        first = next((at for at, pair in enumerate(zip(row.output, answer, strict=False)) if pair[0] != pair[1]), 0)
        start = max(first - 20, 0)
        return f"the answer is `{shortened(row.output[start:])}`, computed `{shortened(answer[start:])}`"
    return ""


def unequal_or_other(row: Row, answer: str, facts: tuple[str, ...]) -> str:
    """Return what `unequal` finds, or that the instruction holds other numbers than its facts."""
    if sorted(_NUMBER.findall(row.instruction)) != sorted(_NUMBER.findall("\n".join(facts))):
        return "the question holds other numbers"
    return unequal(row, answer, *facts)


def holds(text: str, fact: str) -> bool:
    """Return whether a text holds a fact, whose numbers are not parts of longer ones.

    >>> holds("It takes 127 days.", "27 days"), holds("It takes 27 days.", "27 days")
    (False, True)
    """
    before = r"(?<![\d.,])" if fact[:1].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if fact[-1:].isdigit() else ""
    return re.search(before + re.escape(fact) + after, text) is not None


def shortened(text: str, most: int = 60) -> str:
    """Return a text on one line, cut to a number of characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
