"""The headings of a translation reply, in the form that was asked for and in those that teachers make of it: other brackets, capitals, Chinese names."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_ASKED: Final = re.compile(r"^[ \t*#]{0,6}\[\[[ \t]?([a-z]{2,12}(?: \d{1,3})?)[ \t]?\]\][ \t*:：]*", re.MULTILINE)
_NAMES: Final = {
    "decision": "决定|决策|判断", "reason": "原因|理由", "adapted": "改编|改动|调整", "end": "结束", "system": "系统|系统提示|系统提示词", "instruction": "指令|指示",
    "input": "输入", "reasoning": "推理|推理过程|思考|思考过程", "output": "输出",
}  # fmt: skip
"""{heading: what it is called in Chinese}."""
_TURNS: Final = {"question": "问题|提问", "answer": "回答|答案"}
_ANY: Final = re.compile(
    r"^[ \t*#]{0,6}(?:\[\[|\[|［［|［|【【|【)[ \t]?(?P<name>"
    + "|".join(sorted("|".join(f"{name}|{chinese}" for name, chinese in _NAMES.items()).split("|"), key=len, reverse=True))
    + rf"|(?:{'|'.join(f'{name}|{chinese}' for name, chinese in _TURNS.items())})[ \t]?\d{{1,3}})"
    r"[ \t]?(?:\]\]|\]|］］|］|】】|】)[ \t*:：]*",
    re.MULTILINE | re.IGNORECASE,
)  # fmt: skip


class Heading(NamedTuple):
    """A heading of a reply: the field that it names, and where it stands."""

    name: str
    start: int
    end: int


def asked_for(text: str) -> list[Heading]:
    """Return the headings of a reply that stand in the form that was asked for, `[[instruction]]`."""
    return [Heading(found[1], found.start(), found.end()) for found in _ASKED.finditer(text)]


def in_any_form(text: str, sources: Iterable[str]) -> list[Heading]:
    r"""Return the headings of a reply in any form; none but those asked for where the texts of the row hold lines of that kind themselves.

    >>> [one.name for one in in_any_form("【指令】\n说。\n[OUTPUT] 好。\n［［问题 1］］\n谁？\n【注意】", [])]
    ['instruction', 'output', 'question 1']
    """
    if any(_ANY.search(source) for source in sources):
        return asked_for(text)
    return [Heading(_name(found["name"]), found.start(), found.end()) for found in _ANY.finditer(text)]


def _name(said: str) -> str:
    word = said.rstrip(" \t0123456789").lower()
    known = next(name for name, chinese in (_NAMES | _TURNS).items() if word in {name, *chinese.split("|")})
    return f"{known} {number}" if (number := said[len(word) :].strip()) else known
