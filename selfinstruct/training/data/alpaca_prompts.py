r"""The Alpaca prompts by name: three that do not fit together go by that one word, so a run writes down which it used.

    alpaca-v1        stanford_alpaca train.py, to the letter: nothing after "### Response:"
    alpaca-lora-v1   tloen/alpaca-lora templates/alpaca.json: a line break after it; Chinese-Vicuna trains with this one

The third, of Chinese-Vicuna's prompt.py, has lost the line break after "### Instruction:"; no model is trained with it, so it is
not here. The Chinese texts are ours, with the same joints: neither project has one. Pure.
"""

from selfinstruct.records import LanguageCode, Row

PROMPTS = {"alpaca-v1": "", "alpaca-lora-v1": "\n"}
"""Name -> what stands between the heading of the answer and the answer."""

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
    """Return the text before each answer of a row: one for each earlier turn, and one for its own.

    Alpaca knows no conversations; a further turn is written like the first one, without the opening sentence.
    """
    texts = [_turn(row.language, asked, "", prompt) for asked, _ in row.history]
    texts.append(_turn(row.language, row.instruction, row.input, prompt))
    opening = (PAIRED if row.input else ALONE)[row.language]
    return [opening + texts[0], *("\n\n" + text for text in texts[1:])]


def _turn(language: LanguageCode, instruction: str, given: str, prompt: str) -> str:
    asked, context, answer = HEADINGS[language]
    paired = f"{context}{given}\n\n" if given else ""
    return f"{asked}{instruction}\n\n{paired}{answer}{PROMPTS[prompt]}"
