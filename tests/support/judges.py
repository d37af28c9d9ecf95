"""Scripted judges of known bias, on loopback: what one says is a function of the two answers it is shown, their order and a hash."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.support.teacher_server import Fault, completion
from tests.support.teacher_words import right_answers

_SHOWN = re.compile(
    r"=== (?:Question|问题) ===\n(?P<question>.*?)\n\n=== (?:Answer|回答) 1 ===\n(?P<first>.*?)\n\n=== (?:Answer|回答) 2 ===\n(?P<second>.*?)\n\n===",
    re.DOTALL,
)


class Shown(NamedTuple):
    """A question with two answers, as a judge is shown them."""

    question: str
    first: str
    second: str
    is_chinese: bool

    def draw(self, salt: str) -> float:
        """A number from 0 to 1 that the same answers in the same order always have."""
        digest = hashlib.sha256(f"{salt}\0{self.question}\0{self.first}\0{self.second}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64


Say = Callable[[Shown], str]
"""Says `1`, `2` or `tie`; any other text is the whole reply."""


def shown(body: dict[str, Any]) -> Shown | None:
    """Return what a judge is asked about; None for another request."""
    asked = body["messages"][-1]["content"]
    found = _SHOWN.search(asked)
    return Shown(found["question"], found["first"], found["second"], "问题" in found[0]) if found else None


def script(
    say: Say, answer: Callable[[dict[str, Any]], str] = lambda _: "An answer."
) -> Callable[[int, dict[str, Any]], Fault]:
    """Return a server's script: verdicts where two answers are shown, answers elsewhere."""

    def reply(_: int, body: dict[str, Any]) -> Fault:
        pair = shown(body)
        text = answer(body) if pair is None else verdict(pair, say(pair))
        return Fault(body=json.dumps(completion(text), ensure_ascii=False).encode())

    return reply


def verdict(pair: Shown, said: str) -> str:
    if said not in {"1", "2", "tie"}:
        return said
    if pair.is_chinese:
        return json.dumps({"理由": "这一份更贴题。", "更好": "平" if said == "tie" else said}, ensure_ascii=False)
    return json.dumps({"reason": "It fits the question better.", "better": said})


RIGHT = right_answers()


def always_first(_: Shown) -> str:
    return "1"


def longer(pair: Shown) -> str:
    return "1" if len(pair.first) > len(pair.second) else "2" if len(pair.second) > len(pair.first) else "tie"


def coin(salt: str = "0") -> Say:
    """Return a judge that throws a coin; another salt, another coin."""
    return lambda pair: "1" if pair.draw(f"coin {salt}") < 0.5 else "2"


def perfect(pair: Shown) -> str:
    """Name the right answer of a calibration pair; of others the one that holds the word `better`."""
    right = RIGHT.get(pair.question)
    marks = [one == right if right else "better" in one for one in (pair.first, pair.second)]
    return "tie" if marks[0] == marks[1] else "1" if marks[0] else "2"


def right_in(share: float, salt: str = "0") -> Say:
    """Return a judge that names the better answer in such a share of its verdicts."""

    def say(pair: Shown) -> str:
        said = perfect(pair)
        if said == "tie" or pair.draw(f"right {salt}") < share:
            return said
        return "2" if said == "1" else "1"

    return say


def refuses(share: float) -> Say:
    """Return a judge that is right, and refuses in such a share of its verdicts."""

    def say(pair: Shown) -> str:
        if pair.draw("refuses") >= share:
            return perfect(pair)
        return "很抱歉，我无法完成这个请求。" if pair.is_chinese else "I'm sorry, but I can't assist with that."

    return say
