r"""The two Alpaca prompts, by name; three incompatible prompts are called Alpaca, so a run records which one it used.

    alpaca-v1        train.py of stanford_alpaca, verbatim: nothing after "### Response:"
    alpaca-lora-v1   templates/alpaca.json of tloen/alpaca-lora: a line break after it; used by Chinese-Vicuna

The third, in prompt.py of Chinese-Vicuna, lacks the line break after "### Instruction:"; no known model uses it, so it
is not offered. The Chinese texts are our own, with the same structure: neither project has one.
"""

from selfinstruct.records import LanguageCode, Row

PROMPTS = {"alpaca-v1": "", "alpaca-lora-v1": "\n"}
"""Prompt name -> text between the heading of the answer and the answer."""

ALONE: dict[LanguageCode, str] = {
    "en": (
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
    ),
    "zh": "下面是一条描述任务的指令。请写出恰当完成该要求的回答。\n\n",
}
PAIRED: dict[LanguageCode, str] = {
    "en": (
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a response that appropriately completes the request.\n\n"
    ),
    "zh": "下面是一条描述任务的指令，并附有提供更多背景的输入。请写出恰当完成该要求的回答。\n\n",
}
HEADINGS: dict[LanguageCode, tuple[str, str, str]] = {
    "en": ("### Instruction:\n", "### Input:\n", "### Response:"),
    "zh": ("### 指令：\n", "### 输入：\n", "### 回答："),
}


def prompts_of(row: Row, prompt: str) -> list[str]:
    """Return the prompt text before each answer of a row: one per earlier turn, and one for the row's own answer.

    Alpaca knows no conversations: a further turn is written like the first one, without the opening sentence; a system
    text stands before it.
    """
    texts = [_turn(row.language, asked, "", prompt) for asked, _ in row.history]
    texts.append(_turn(row.language, row.instruction, row.input, prompt))
    opening = (PAIRED if row.input else ALONE)[row.language]
    told = f"{row.system}\n\n" if row.system else ""
    return [told + opening + texts[0], *("\n\n" + text for text in texts[1:])]


def _turn(language: LanguageCode, instruction: str, given: str, prompt: str) -> str:
    asked, context, answer = HEADINGS[language]
    paired = f"{context}{given}\n\n" if given else ""
    return f"{asked}{instruction}\n\n{paired}{answer}{PROMPTS[prompt]}"
