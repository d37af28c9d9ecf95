"""The shape of a translation request and its reply: one heading a text, `[[instruction]]`, and first what becomes of the row."""

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from selfinstruct.quality.translation.spans import unknown_marker

Decision = Literal["translate", "adapt", "keep", "drop"]
_DECISIONS: Final[dict[str, Decision]] = {
    "translate": "translate", "adapt": "adapt", "keep": "keep", "drop": "drop", "翻译": "translate", "改编": "adapt", "保留": "keep", "放弃": "drop",
}  # fmt: skip
_HEAD: Final = re.compile(r"^[ \t*#]{0,6}\[\[[ \t]?([a-z]{2,12}(?: \d{1,3})?)[ \t]?\]\][ \t*:：]*", re.MULTILINE)
_ARROW: Final = re.compile(r"\s*(?:→|->|=>|⇒)\s*")
_FENCE: Final = re.compile(r"\A```\w{0,12}\n(.*)\n```\Z", re.DOTALL)
_MOST_ADAPTED: Final = 40
FAULT: Final = "malformed_translation"


class Answer(NamedTuple):
    """What a reply says; `lacks` says what is wrong with it, in a few words."""

    decision: Decision = "translate"
    reason: str = ""
    adapted: tuple[tuple[str, str], ...] = ()
    texts: Mapping[str, str] = {}
    lacks: str = ""


def shown(texts: Mapping[str, str]) -> str:
    """Return the texts of a row under their headings."""
    return "\n".join(f"[[{name}]]\n{text}" for name, text in texts.items())


def read_answer(text: str, wanted: Mapping[str, str]) -> Answer:
    r"""Return what a reply says of a row with the texts `wanted`; one with other texts lacks something.

    What stands before the first heading and behind `[[end]]` is the teacher talking to us, and is left out. A reply that goes straight to the
    texts, all of them, is a translation: small teachers leave the decision out.

    >>> read_answer("[[decision]] drop\n[[reason]] rhyme", {"instruction": "Write a limerick."}).reason
    'rhyme'
    >>> read_answer("Sure! Here it is.", {"instruction": "Name a river."}).lacks
    'no [[instruction]]'
    """
    said = text.strip()
    whole = _FENCE.match(said)
    parts, twice = _parts(whole[1] if whole else said)
    decision = _DECISIONS.get(parts.pop("decision", "translate").strip(" .。`*\n").lower())
    reason, adapted = parts.pop("reason", "").strip(), _adapted(parts.pop("adapted", ""))
    if decision is None:
        return Answer(lacks="[[decision]] is none of the four")
    if decision == "drop":
        return Answer("drop", reason)
    if decision == "keep":
        return Answer("keep", reason, texts=wanted)
    lacks = f"[[{twice}]] comes twice" if twice else _lacks(parts, wanted)
    if not lacks and decision == "adapt" and not adapted:
        lacks = "does not say what was adapted"
    return Answer(decision, reason, adapted, parts, lacks)


def _parts(text: str) -> tuple[dict[str, str], str]:
    """Return ({heading: text}, a heading that comes twice)."""
    heads = list(_HEAD.finditer(text))
    parts: dict[str, str] = {}
    twice = ""
    for head, following in zip(heads, (*heads[1:], None), strict=False):
        if head[1] == "end":
            break
        twice = head[1] if head[1] in parts else twice
        parts[head[1]] = text[head.end() : following.start() if following else len(text)].strip()
    return parts, twice


def _lacks(parts: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    for name in wanted:
        if not parts.get(name):
            return f"no [[{name}]]"
    if more := next((name for name in parts if name not in wanted), ""):
        return f"[[{more}]], which the row does not have"
    return ""


def _adapted(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (_ARROW.split(part.strip(" -*•\t"), maxsplit=1) for part in re.split(r"[;；\n]", text)[:_MOST_ADAPTED])
    return tuple(
        (pair[0].strip(), pair[1].strip()) for pair in pairs if len(pair) == 2 and pair[0].strip() and pair[1].strip()
    )


def left_over(texts: Mapping[str, str], source: Mapping[str, str]) -> str:
    """Return a marker in the texts of a reply that stands for nothing, or ""."""
    known = "\n".join(source.values())
    return next((mark for text in texts.values() if (mark := unknown_marker(text)) and mark not in known), "")
