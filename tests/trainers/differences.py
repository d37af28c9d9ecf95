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
    """What another side has instead."""

    side: str
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
_EMPTY = "an empty thought is context, not learned"
_BLANKS = "no blanks around an answer; the real tokenizer puts one before each text that it is given"
DIFFERENCES = (
    Difference(LLAMAFACTORY, (*_IM, "Phi-3"), _BREAK, r"(<\|(im_)?end\|>)\]\]\n?", r"\1\n]]"),
    Difference(SWIFT, _IM, _BREAK, r"(<\|im_end\|>)\]\]\n?", r"\1\n]]"),
    Difference(LLAMAFACTORY, ("Llama 2",), _BLANKS, r"\[\[ (.*?) </s>\]\]", r"[[\1</s>]]"),
    Difference(SWIFT, ("Llama 2",), _BLANKS, r"\[\[ (.*?) </s>\]\]", r"[[\1</s>]]"),
    Difference(
        *(AXOLOTL, ("Llama 2",), "the blanks around an answer are context, not learned"),
        *(r"\[\[ (.*?) </s>\]\]", r" [[\1]] [[</s>]]"),
    ),
    Difference(
        *(LLAMAFACTORY, ("Llama 3.2",), "no system turn with the date"),
        *(r"(<\|start_header_id\|>system<\|end_header_id\|>\n\n)Cutting[^<]*?\n\n(?:<\|eot_id\|>|(?=\S))", r"\1"),
    ),
    Difference(
        *(LLAMAFACTORY, ("Llama 3.2",), "no system turn for rows without a system text"),
        *(r"<\|start_header_id\|>system<\|end_header_id\|>\n\n(?=<)", ""),
    ),
    Difference(
        *(
            LLAMAFACTORY,
            _GEMMA,
            "behind the end of a turn a line break and the end of the text are learned too, where the next turn begins",
        ),
        *(r"<end_of_turn>\]\]\n(<start_of_turn>)", r"<end_of_turn>\n|\1=><eos>]]"),
    ),
    Difference(
        *(LLAMAFACTORY, _GEMMA, "likewise behind the last turn"),
        *(r"<end_of_turn>\]\]\Z", r"<end_of_turn>\n<eos>]]"),
    ),
    Difference(
        *(
            LLAMAFACTORY,
            _GLM,
            "an answer ends with the end of the text, which the model's generation configuration has too",
        ),
        *(r"<\|user\|>\]\]\Z", r"<|endoftext|>]]"),
    ),
    Difference(
        *(LLAMAFACTORY, _GLM, "the same is learned where the next turn begins"),
        *(r"<\|user\|>\]\](?=\n)", r"|<|user|>=><|endoftext|>]]"),
    ),
    Difference(SWIFT, ("GLM-4",), "the line break before an answer is context, not learned", r"\[\[\n", r"\n[["),
    Difference(AXOLOTL, ("GLM-4",), "the line break before an answer is context, not learned", r"\[\[\n", r"\n[["),
    Difference(
        *(AXOLOTL, ("Phi-3",), "the end of the text, which the template writes behind the last turn, is learned too"),
        *(r"\]\]\Z", r"]]\n[[<|endoftext|>]]"),
    ),
    Difference(SWIFT, ("Qwen3", "GLM-4.5"), _EMPTY, r"\[\[(\n?<think>\s*</think>\s*)", r"\1[["),
    Difference(
        *(
            AXOLOTL,
            ("Qwen3", "GLM-4.5"),
            "what the template writes before a thought, and an empty one, is context, not learned",
        ),
        *(r"\[\[(\n?<think>\n?(?:\n?</think>\n+)?)", r"\1[["),
    ),
    Difference(
        *(
            AXOLOTL,
            ("Qwen3",),
            "earlier answers are learned as the template writes them there: without an empty thought",
        ),
        *(r"<think>\n\n</think>\n\n\[\[(?=.*\[\[)", "[["),
    ),
    Difference(
        *(TEMPLATE, ("Qwen3",), "earlier answers have no empty thought"),
        *(r"<think>\n\n</think>\n\n(?=.*<\|im_start\|>)", ""),
    ),
    Difference(
        *(LLAMAFACTORY, ("GLM-4.5",), "an empty thought is written otherwise"),
        *(r"\[\[\n<think></think>\n", r"[[<think>\n\n</think>\n\n\n"),
    ),
    Difference(
        *(LLAMAFACTORY, ("GLM-4.5",), "a thought is written with line breaks"),
        *(r"<think>([^\n]+)</think>\n", r"<think>\n\1\n</think>\n\n"),
    ),
    Difference(
        *(SWIFT, ("GLM-4.5",), "a thought is written with line breaks"),
        *(r"<think>([^\n]+)</think>\n", r"<think>\n\1\n</think>\n\n"),
    ),
    Difference(
        *(AXOLOTL, ("GLM-4.5",), "the last end is not learned, since the template writes none; the export says so"),
        *(r"<\|user\|>\]\]\Z", "]]"),
    ),
    Difference(TEMPLATE, _GLM, "the last turn has no end", r"<\|user\|>\Z", ""),
    Difference(
        *(LLAMAFACTORY, ("R1-Distill",), "the begin of a thought, which the prompt opens, is learned too"),
        *(r"<think>\n\[\[", r"[[<think>\n"),
    ),
    Difference(
        *(SWIFT, ("R1-Distill",), "an answer without a thought is learned without an empty one"),
        *(r"<think>\n\[\[\n</think>\n\n", "[["),
    ),
    Difference(
        *(SWIFT, ("R1-Distill",), "the begin of a thought, which the prompt opens, is learned too"),
        *(r"<think>\n\[\[(?!\n)", r"[[<think>\n"),
    ),
    Difference(
        *(AXOLOTL, ("R1-Distill",), "thoughts are not learned: the template cuts them"),
        *(r"<think>\n\[\[[^\n]*\n</think>\n\n", "[["),
    ),
    Difference(
        *(TEMPLATE, ("R1-Distill",), "thoughts are cut, and not in the prompt"),
        *(r"<think>\n[^\n]*\n</think>\n\n", ""),
    ),
)


def known(side: str, family: str) -> list[Difference]:
    """Return the known differences of a side, in the order in which they are made."""
    return [one for one in DIFFERENCES if one.side == side and family in one.families]


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
