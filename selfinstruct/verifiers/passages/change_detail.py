"""Editing: one detail of a message is to be replaced, two for a strong teacher, and everything else kept."""

import re

from selfinstruct.verifiers.kind import Draw, Kind, Row, Scene, Task, holds, unequal
from selfinstruct.verifiers.scenes import PEOPLE, digest, draw_scene, edited, other_value, stands_once

_FRAMES = {
    "en": (
        "In this message, change {changes}. Leave everything else as it is.",
        "Something has to be updated. Change {changes} in the message, and keep all other words.",
        "Update the text below: change {changes}. Do not alter anything else.",
        "Please correct the message by changing {changes}; the rest stays the same, word for word.",
    ),
    "zh": (
        "请把这段文字里的{changes}，其他内容一律不动。",
        "情况有变，请把文中的{changes}，其余照抄，给出改好的全文。",
        "下面的消息要更新一下：{changes}，别的字一个也不要改。",
        "帮我改一改这段话：{changes}，其他地方保持原样。",
    ),
}
_CHANGES = {
    "en": {1: "the {name} to `{new}`", 2: "the {name} from `{old}` to `{new}`"},
    "zh": {1: "{name}改成“{new}”", 2: "{name}由“{old}”改为“{new}”"},
}
_AND = {"en": " and ", "zh": "，"}
_GENDER = re.compile(
    r"\b(?:he|him|his|she|her|hers|Mr|Mrs|Ms|Miss|sir|madam)\b|[他她]|先生|女士|小姐|同学|阿姨|叔叔", re.IGNORECASE
)
_DAYTIME = re.compile(r"morning|afternoon|evening|night|noon|[早晚][上饭班间安]|[上中下]午|夜", re.IGNORECASE)


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task | None:
    """Make the task on a message; None when no detail can be changed without changing other words with it."""
    rng, language = draw.rng, draw.language
    free = [(name, value) for name, value in scene.details if not _is_tied(name, value, text)]
    if len(free) < draw.level:
        return None
    changes = [[name, old, other_value(rng, scene, name, text, language)] for name, old in rng.sample(free, draw.level)]
    wording = rng.choice((1, 2))
    parts = [_CHANGES[language][wording].format(name=name, old=old, new=new) for name, old, new in changes]
    instruction = rng.choice(_FRAMES[language]).format(changes=_AND[language].join(parts))
    arguments = {"changes": changes, "text": digest(text)}
    return Task(instruction, text, _answer(text, changes), arguments, tuple(parts))


def fault(row: Row) -> str:
    """Return what is wrong with a row: the answer is the input with the details replaced, which stood in it once."""
    changes = row.arguments["changes"]
    for name, old, new in changes:
        if not stands_once(row.input, old) or name not in row.instruction or not holds(row.instruction, new):
            return f"the question does not hold the change of `{old}` to `{new}`"
    return edited(row) or unequal(row, _answer(row.input, changes))


def _answer(text: str, changes: list[list[str]]) -> str:
    for _, old, new in changes:
        text = text.replace(old, new)
    return text.strip()


def _is_tied(name: str, value: str, text: str) -> bool:
    rest = text.replace(value, " ")
    return bool((name in PEOPLE and _GENDER.search(rest)) or (name in {"time", "时间"} and _DAYTIME.search(rest)))


KIND = Kind("change_detail", "passage", draw, fault, build)
