"""Where a trainer, or the template itself, is known to differ from what we learn: one table, which `python -m tests.trainers.differences` prints.

A difference is a replacement in our text, with [[ ]] around what is learned. What comes out must be the other side's text to the letter, so
a difference that is gone, or another one, fails. What stands behind the last learned token teaches nothing and is not compared.
"""

import re
from typing import NamedTuple

from tests.trainers.models import FAMILIES

LLAMAFACTORY, SWIFT, AXOLOTL, TEMPLATE = "llamafactory", "swift", "axolotl", "template"
SIDES = {
    LLAMAFACTORY: "LLaMA-Factory 0.9.5",
    SWIFT: "ms-swift 4.6.0",
    AXOLOTL: "axolotl 0.19.0",
    TEMPLATE: "the template",
}
"""Side -> its name."""


class Difference(NamedTuple):
    """What other sides have instead."""

    sides: tuple[str, ...]
    families: tuple[str, ...]
    reason: str
    pattern: str
    """What we have."""
    replacement: str
    """What the other side has there."""


_IM = ("Qwen2.5", "Qwen3", "Qwen3-2507")
_GLM = ("GLM-4", "GLM-4.5")
_GEMMA = ("Gemma 2", "Gemma 3")
_BREAK = "the line break behind the end of a turn is learned too"
_TEXT_END = "a line break and the end of the text are learned too, behind the end of a turn"
_LAST_END = "the end of the text, which the template writes behind the last turn, is learned too"
_OTHER_END = "an answer ends with the end of the text, which the model's generation configuration has too"
_NO_END = "the end of the last turn is not there, since the template leaves it to the next one"
_NO_BLANKS = "no blanks around an answer; the real tokenizer puts one before each text that it is given"
_BLANKS = "the blanks around an answer are context, not learned"
_BEFORE = "the line break before an answer is context, not learned"
_DATE = "no system turn with the date"
_EMPTY = "an empty thought is context, not learned"
_LEAD = "the begin of a thought, and an empty one, are context, not learned"
_EARLIER = "earlier answers are learned in one text with the last; here each is learned behind what is served"
_ANSWER_BEFORE = {
    "Qwen3": r"(<\|im_start\|>assistant\n)(?!\[\[|<think>)([^\[\]]*?<\|im_end\|>)",
    "R1-Distill": r"(<｜Assistant｜>)(?!\[\[|<think>)([^\[\]]*?<｜end▁of▁sentence｜>)",
}
"""Family -> an earlier answer that is context."""
_LINES = "thoughts are written with line breaks of their own"
_OPENED = "the begin of a thought, which the prompt opens, is learned too"
_NONE = "an answer without a thought has no empty one"
_CUT = "no thoughts: the template cuts them"
DIFFERENCES = (
    Difference(
        (LLAMAFACTORY, SWIFT), ("Qwen3",), _EARLIER, _ANSWER_BEFORE["Qwen3"], r"\1[[<think>\n\n</think>\n\n\2]]"
    ),
    Difference((AXOLOTL,), ("Qwen3",), _EARLIER, _ANSWER_BEFORE["Qwen3"], r"\1[[\2]]"),
    Difference(
        (LLAMAFACTORY,), ("R1-Distill",), _EARLIER, _ANSWER_BEFORE["R1-Distill"], r"\1[[<think>\n\n</think>\n\n\2]]"
    ),
    Difference((SWIFT, AXOLOTL), ("R1-Distill",), _EARLIER, _ANSWER_BEFORE["R1-Distill"], r"\1[[\2]]"),
    Difference((LLAMAFACTORY, SWIFT), _IM, _BREAK, r"(<\|im_end\|>)\]\]\n?", r"\1\n]]"),
    Difference((LLAMAFACTORY,), ("Phi-3",), _BREAK, r"(<\|end\|>)\]\]\n?", r"\1\n]]"),
    Difference((AXOLOTL,), ("Phi-3",), _LAST_END, r"\]\]\Z", r"]]\n[[<|endoftext|>]]"),
    Difference((LLAMAFACTORY, SWIFT), ("Llama 2",), _NO_BLANKS, r"\[\[ (.*?) </s>\]\]", r"[[\1</s>]]"),
    Difference((AXOLOTL,), ("Llama 2",), _BLANKS, r"\[\[ (.*?) </s>\]\]", r" [[\1]] [[</s>]]"),
    Difference((LLAMAFACTORY,), ("Llama 3.2",), _DATE, r"Cutting Knowledge Date: [^\n]+\nToday Date: [^\n]+\n\n", ""),
    Difference(
        (LLAMAFACTORY,), ("Llama 3.2",), _DATE, r"<\|start_header_id\|>system<\|end_header_id\|>\n\n<\|eot_id\|>", ""
    ),
    Difference(
        (LLAMAFACTORY,), _GEMMA, _TEXT_END, r"<end_of_turn>\]\]\n(<start_of_turn>)", r"<end_of_turn>\n|\1=><eos>]]"
    ),
    Difference((LLAMAFACTORY,), _GEMMA, _TEXT_END, r"<end_of_turn>\]\]\Z", r"<end_of_turn>\n<eos>]]"),
    Difference((LLAMAFACTORY,), _GLM, _OTHER_END, r"<\|user\|>\]\](?=\n)", r"|<|user|>=><|endoftext|>]]"),
    Difference((LLAMAFACTORY,), _GLM, _OTHER_END, r"<\|user\|>\]\]\Z", r"<|endoftext|>]]"),
    Difference((AXOLOTL,), ("GLM-4.5",), _NO_END, r"<\|user\|>\]\]\Z", "]]"),
    Difference((TEMPLATE,), _GLM, _NO_END, r"<\|user\|>\Z", ""),
    Difference((SWIFT,), ("GLM-4.5",), _BEFORE, r"\[\[\n", r"\n[["),
    Difference((SWIFT, AXOLOTL), ("GLM-4",), _BEFORE, r"\[\[\n", r"\n[["),
    Difference((SWIFT,), ("Qwen3", "GLM-4.5"), _EMPTY, r"\[\[(\n?<think>\s*</think>\s*)", r"\1[["),
    Difference((AXOLOTL,), ("Qwen3", "GLM-4.5"), _LEAD, r"\[\[(\n?<think>\n?(?:\n?</think>\n+)?)", r"\1[["),
    Difference((LLAMAFACTORY,), ("GLM-4.5",), _LINES, r"\[\[\n<think></think>\n", r"[[<think>\n\n</think>\n\n\n"),
    Difference((LLAMAFACTORY, SWIFT), ("GLM-4.5",), _LINES, r"<think>([^\n]+)</think>\n", r"<think>\n\1\n</think>\n\n"),
    Difference((SWIFT,), ("R1-Distill",), _NONE, r"<think>\n\[\[\n</think>\n\n", "[["),
    Difference((LLAMAFACTORY, SWIFT), ("R1-Distill",), _OPENED, r"<think>\n\[\[", r"[[<think>\n"),
    Difference((AXOLOTL,), ("R1-Distill",), _CUT, r"<think>\n\[\[[^\n]*\n</think>\n\n", "[["),
    Difference((TEMPLATE,), ("R1-Distill",), _CUT, r"<think>\n[^\n]*\n</think>\n\n", ""),
)


def known(side: str, family: str) -> list[Difference]:
    """Return the known differences of a side, in the order in which they are made."""
    return [one for one in DIFFERENCES if side in one.sides and family in one.families]


def expected(side: str, family: str, ours: dict[str, str]) -> dict[str, str]:
    """Return what a side should have, from our texts of all rows."""
    texts = ours if side != TEMPLATE else {kind: re.sub(r"\[\[|\]\]", "", text) for kind, text in ours.items()}
    for one in known(side, family):
        changed = {kind: re.sub(one.pattern, one.replacement, text, flags=re.DOTALL) for kind, text in texts.items()}
        assert changed != texts, f"{one.pattern} is in no row: take the difference out of the table"
        texts = changed
    return texts


def page() -> str:
    """Return which families each side has equal, and the reasons why others are not."""
    reasons = list(dict.fromkeys(one.reason for one in DIFFERENCES))
    lines = ["| family | " + " | ".join(SIDES.values()) + " |", "|---" * (1 + len(SIDES)) + "|"]
    for family in FAMILIES:
        numbers = [sorted({reasons.index(one.reason) + 1 for one in known(side, family)}) for side in SIDES]
        lines.append(f"| {family} | " + " | ".join(", ".join(map(str, some)) or "equal" for some in numbers) + " |")
    return "\n".join([*lines, "", *(f"{number}. {reason}" for number, reason in enumerate(reasons, 1)), ""])


if __name__ == "__main__":
    print(page())  # noqa: T201
