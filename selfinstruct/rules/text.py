"""Rules for any field of a candidate, and the loop finder that instruction and answer rules share."""

import re
from collections.abc import Sequence

from selfinstruct.language import Language
from selfinstruct.records import Candidate

_CONTROL_TOKEN = re.compile(
    r"<\|[a-z_]{2,40}\|>|<(?:start|end)_of_turn>|\[/?INST\]|<<SYS>>|<start_of_image>|</?think>|</s>\s*\Z"
    r"|\A\s*<s>(?![^<]{0,200}</s>)",
    re.IGNORECASE,
)
_SCAFFOLD = re.compile(
    r"^[ \t]{0,8}(?:#{1,6}[ \t]{0,4}|\*\*)?(?:\d{1,3}[ \t]{0,3}[.)、][ \t]{0,3})?(?:Instruction"
    r"|指令)(?:\*\*)?[ \t]{0,3}[:：]"
    r"|^#{2,6}[ \t]{0,3}Response[ \t]{0,3}[:：]|<no ?(?:in|out)put>|<无输[入出]>",
    re.IGNORECASE | re.MULTILINE,
)
_STEERING = re.compile(
    r"^\s{0,8}(?:Topic|Start with|主题|开头用)\s{0,3}[:：]|\b(?:Topic: .{1,80}\. Start with:)|主题：.{1,40}。开头用：",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufeff\ufff0-\uffff]"
    r"|\r(?!\n)"
)
_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")


def leaked_markup(candidate: Candidate, _: Language) -> str:
    """Control tokens of a chat template in any field, or heads of our own prompts (AlpacaDataCleaned, 2 and 7)."""
    for text in (candidate.instruction, candidate.input, candidate.output):
        if found := _CONTROL_TOKEN.search(text) or _SCAFFOLD.search(text):
            return f"contains {found[0].strip()}"
    found = _STEERING.search(candidate.instruction)
    return f"contains {found[0].strip()}" if found else ""


def control_characters(candidate: Candidate, _: Language) -> str:
    """Characters that no text contains: control codes, surrogates, direction marks, U+FFFD (AlpacaDataCleaned, 10)."""
    found = _CONTROL.search(candidate.instruction + candidate.input + candidate.output)
    return f"contains U+{ord(found[0]):04X}" if found else ""


def words_of(text: str) -> list[str]:
    """Return words and single CJK characters of a text, without digits: the numbers of a list do not hide its loop."""
    return _UNIT.findall(text)


def loop(units: Sequence[str], size: int, times: int) -> str:
    """Return what a text says `times` times running, `size` or more units long each time or together.

    A refrain or a term that comes back after other words does not count. Linear: each is compared with its last place.
    """
    last: dict[tuple[str, ...], int] = {}
    run_gap = run_start = 0
    for start in range(len(units) - size + 1):
        gram = tuple(units[start : start + size])
        gap = start - last.get(gram, start)
        last[gram] = start
        if not gap or gap != run_gap:
            run_gap, run_start = gap, start
        if gap and start - run_start + size >= gap * (times - 1):
            return " ".join(units[start : start + min(gap, size)])
    return ""
