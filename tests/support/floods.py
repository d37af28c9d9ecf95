"""Endless texts, as a small teacher or an attacker writes them, and the processor time that a function takes for one."""

import re
import time
from collections.abc import Callable, Mapping

SIZE = 200_000
"""Bytes of a flood."""
UNITS = (
    *(
        "7",
        "0",
        "12345 ",
        "1,000,",
        "1.5",
        "1+",
        "1+1=",
        "1 + 1 = 2 ",
        "=",
        "+1 555 ",
        "138-",
        "13812345678 ",
        "110101199001011234 ",
    ),
    *(" ", "\n", "\n \n", "\r\n", "\r", "\t", "\u3000", "\u2028"),
    *("a", "A", "word ", "The cat ", "a.b.", ".", ", ", "-", "- ", "* ", "1. ", "### ", "###\n", "| ", "> "),
    *('"', "'", "“”", "“", "「", "`", "`a` ", "```\n", "~~~\n", "(", "()", "[", "{", '{"a":', "[]("),
    *("<", "<a>", "<user>", "&amp;", "http://", "@", "a@b.c ", "sk-aA1", "\\", "\\n"),
    *("😀", "👨\u200d👩\u200d", "e\u0301", "\u0301", "中", "中文，", "あ", "１", "Ã©", "\u200b", "\ud83d", "\x1b[31m"),
    *("User: a\nAssistant: b\n", "1. Instruction: x\n2. Output:\n", "def f(", "x=1\n", "A) a ", "甲或乙、"),
)
"""What is repeated without end."""


def flood(unit: str) -> str:
    """Return a unit, repeated to 200 KB."""
    return unit * (SIZE // len(unit.encode("utf-8", "surrogatepass")))


def slow(work: Mapping[str, Callable[[], object]], most_s: float = 1.0) -> dict[str, float]:
    """Return what takes more than `most_s` of them, with its seconds, as `seconds` counts them."""
    return {name: round(took, 2) for name, call in work.items() if (took := seconds(call, most_s)) > most_s}


def seconds(call: Callable[[], object], enough_s: float = 1.0) -> float:
    """Return the processor time of a call on a machine that has nothing else to do.

    Where the first try takes longer than `enough_s`, the fastest of three, each divided by how much slower than
    `_YARDSTICK_S` the machine is at that moment: one that is shared gives every process less of its core and its memory.
    """
    took = _processor_s(call)
    if took <= enough_s:
        return took
    return min(_processor_s(call) / max(1.0, _processor_s(_yardstick) / _YARDSTICK_S) for _ in range(3))


_YARDSTICK_S = 0.08
"""Processor time of `_yardstick` on one quiet core of 2.5 GHz and more."""
_WORDS = re.compile(r"(\d{1,12}) (?:second|minute|hour|day|week|month|year)s?\b")


def _yardstick() -> object:
    return {found[1]: found for found in _WORDS.finditer("12345 words 7 days " * 80_000)}


def _processor_s(call: Callable[[], object]) -> float:
    began = time.thread_time()
    call()
    return time.thread_time() - began
