"""The shape of a translation request and its reply: one heading a text, `[[instruction]]`, and first what becomes of the row."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from selfinstruct.quality.translation.spans import unknown_marker
from selfinstruct.requests.translation_headings import Heading, asked_for, in_any_form

Decision = Literal["translate", "adapt", "keep", "drop"]
_DECISIONS: Final[dict[str, Decision]] = {
    "translate": "translate", "adapt": "adapt", "keep": "keep", "drop": "drop", "翻译": "translate", "改编": "adapt", "保留": "keep", "放弃": "drop",
}  # fmt: skip
_DECIDED: Final = re.compile(
    r"\A[\W_]*(?:(?:decision|决定|决策|判断)[\W_]*(?:is|是|为)?[\W_]*)?(translate|adapt|keep|drop|翻译|改编|保留|放弃)(?:p?ed|d)?(?![A-Za-z])",
    re.IGNORECASE,
)
_ALL: Final = re.compile("|".join(_DECISIONS), re.IGNORECASE)
_NOTHING: Final = re.compile(r"\W*(?:none|empty|n/a|无|空)?\W*", re.IGNORECASE)
"""What a teacher writes under a heading of a text that the row does not have."""
_MOST_NAMED: Final = 2
"""Decisions in the line of one: a reply that names more repeats what it was asked."""
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
    body = whole[1] if whole else said
    parts, twice = _parts(body, asked_for(body))
    if not wanted.keys() <= parts.keys():
        parts, twice = _parts(body, in_any_form(body, wanted.values()))
    decision = _decision(parts.pop("decision", "translate"))
    reason, adapted = parts.pop("reason", "").strip(), _adapted(parts.pop("adapted", ""))
    if decision is None:
        return Answer(lacks="[[decision]] is none of the four")
    if decision == "drop":
        return Answer("drop", reason)
    if decision == "keep":
        return Answer("keep", reason, texts=wanted)
    parts = {name: said for name, said in parts.items() if name in wanted or not _NOTHING.fullmatch(said)}
    lacks = f"[[{twice}]] comes twice" if twice else _lacks(parts, wanted)
    if not lacks and decision == "adapt" and not adapted:
        lacks = "does not say what was adapted"
    return Answer(decision, reason, adapted, parts, lacks)


def _decision(said: str) -> Decision | None:
    """Return the decision that a text begins with; None where it is none, or one among others."""
    line = said.strip().partition("\n")[0]
    found = _DECIDED.match(line)
    several = len({_DECISIONS[one.lower()] for one in _ALL.findall(line)}) > _MOST_NAMED
    return None if found is None or several else _DECISIONS[found[1].lower()]


def _parts(text: str, heads: Sequence[Heading]) -> tuple[dict[str, str], str]:
    """Return ({heading: text}, a heading that comes twice)."""
    parts: dict[str, str] = {}
    twice = ""
    for head, following in zip(heads, (*heads[1:], None), strict=False):
        if head.name == "end":
            break
        twice = head.name if head.name in parts else twice
        parts[head.name] = text[head.end : following.start if following else len(text)].strip()
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
