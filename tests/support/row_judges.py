"""Scripted judges of rows, alone or several a request: what one says of a row is a function of that row, and of how the judge fails."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from selfinstruct.records import Reply, Request

_ROW = re.compile(
    r"=== (?:Row (\d+): instruction|第 (\d+) 条：指令|Instruction|指令) ===\n(.*?)\n\n=== (?:Row \d+: input|第 \d+ 条：输入|Input|输入) ===\n.*?\n\n"
    r"=== (?:Row \d+: answer|第 \d+ 条：回答|Answer|回答) ===\n(.*?)(?=\n\n===)",
    re.DOTALL,
)
CRITERIA = {"en": ("followed", "correct", "clear"), "zh": ("切题", "正确", "通顺")}
NUMBER = {"en": "row", "zh": "序号"}


class Shown(NamedTuple):
    """A row as a judge is shown it; 0 for one that stands alone."""

    number: int
    instruction: str
    output: str

    @property
    def quality(self) -> int:
        """2 to 5, the same wherever the row is shown."""
        return 2 + int(hashlib.sha256(f"{self.instruction}\0{self.output}".encode()).hexdigest(), 16) % 4


def rows_in(request: Request) -> list[Shown]:
    found = _ROW.findall(request.messages[-1].content)
    return [Shown(int(english or chinese or 0), task, answer) for english, chinese, task, answer in found]


Fail = Callable[[Request, list[str]], Sequence[str]]
"""What becomes of the objects of a reply on several rows."""


def judge(request: Request, fail: Fail = lambda _, objects: objects) -> Reply:
    """Return the scores of the rows of a request: each by its own quality, in the form that is asked for."""
    rows = rows_in(request)
    objects = [json.dumps(_numbered(request, one) | _scores(request, one), ensure_ascii=False) for one in rows]
    said = list(fail(request, objects)) if request.step.startswith("judges") else objects
    return Reply(text="\n".join(said), finish_reason="stop")


def _numbered(request: Request, row: Shown) -> dict[str, int]:
    return {NUMBER[request.language]: row.number} if row.number else {}


def _scores(request: Request, row: Shown) -> dict[str, int]:
    return dict.fromkeys(CRITERIA[request.language], row.quality)


def draw(request: Request, salt: str) -> float:
    """A number from 0 to 1 that the same request always has."""
    digest = hashlib.sha256(f"{salt}\0{request.slot}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def loses_one(request: Request, objects: list[str]) -> Sequence[str]:
    """Forget the last row of every second reply."""
    return objects[:-1] if draw(request, "loses") < 0.5 else objects


def is_cut(request: Request, objects: list[str]) -> Sequence[str]:
    """End half-way in a third of the replies."""
    text = "\n".join(objects)
    return [text[: len(text) // 2]] if draw(request, "cut") < 1 / 3 else objects


def forgets_numbers(_: Request, objects: list[str]) -> Sequence[str]:
    """Give every row the number 1."""
    return [re.sub(r'("(?:row|序号)": )\d+', r"\g<1>1", one) for one in objects]


def talks(_: Request, objects: list[str]) -> Sequence[str]:
    """Put an array with commas and words around the objects."""
    return ["Here are the scores:\n```json\n[" + ",\n".join(objects) + "]\n```"]


def mumbles(*_: object) -> Sequence[str]:
    """Say nothing that can be read."""
    return ["They are all fine."]
