"""Endless texts, as a small teacher or an attacker writes them, and the processor time that a function takes for one."""

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
    """Return the seconds of processor time of what takes more than `most_s` of them, each time of three: a busy machine stalls now and then."""
    found = {}
    for name, call in work.items():
        if (took := seconds(call, most_s)) > most_s:
            found[name] = round(took, 2)
    return found


def seconds(call: Callable[[], object], enough_s: float = 1.0) -> float:
    """Return the processor time of a call; of the fastest of three, where the first takes longer than `enough_s`."""
    tries: list[float] = []
    while not tries or (min(tries) > enough_s and len(tries) < 3):
        began = time.thread_time()
        call()
        tries.append(time.thread_time() - began)
    return min(tries)
