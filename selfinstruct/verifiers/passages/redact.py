"""Redaction: a mark replaces the names and phone numbers of a message; dates too, each by its own, for a strong teacher."""

from selfinstruct.verifiers.kind import Draw, Kind, Row, Scene, Task, unequal
from selfinstruct.verifiers.scenes import DATES, PEOPLE, PHONES, digest, draw_scene, edited, stands_once

_FRAMES = {
    "en": (
        "Before this message is passed on, replace {what}. Leave everything else as it is.",
        "Make the text anonymous: replace {what}, and change nothing else.",
        "We want to show this message to others. Replace {what}; copy the rest exactly.",
        "For privacy, replace {what} in the text below. All other words stay.",
    ),
    "zh": (
        "这段文字要转发出去，请把{what}，其余照抄。",
        "请给下面的文字做匿名处理：{what}，别的内容不动。",
        "为了保护隐私，把文中的{what}，其他地方一字不改。",
        "这条消息要给别人看，先把{what}，写出处理后的全文。",
    ),
}
_WHAT = {
    "en": {
        "name": "every person's name with {mark}",
        "number": "every phone number with {mark}",
        "date": "every date with {mark}",
        "both": "all names of persons and all phone numbers with {mark}",
    },
    "zh": {
        "name": "人名都换成{mark}",
        "number": "分机号（连同“分机”二字）换成{mark}",
        "date": "日期换成{mark}",
        "both": "人名和分机号（连同“分机”二字）都换成{mark}",
    },
}
_MARKS = {"en": ("XXX", "***", "###", "___", "+++"), "zh": ("×××", "＊＊＊", "△△", "○○", "□□")}


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task | None:
    """Make the task on a message; None when it holds a mark already."""
    marks = draw.rng.sample(_MARKS[draw.language], 3)
    private = [[value, part] for name, value in scene.details if (part := _part(name, draw.level))]
    if not private or any(mark in text for mark in marks):
        return None
    used = dict(zip(("name", "number", "date"), marks if draw.level == 2 else marks[:1] * 3, strict=True))
    replaced = [[value, part, used[part]] for value, part in private]
    what = _what(replaced, draw.language)
    instruction = draw.rng.choice(_FRAMES[draw.language]).format(what=what)
    return Task(instruction, text, _answer(text, replaced), {"replaced": replaced, "text": digest(text)}, (what,))


def fault(row: Row) -> str:
    """Return what is wrong with a row: each name and number stood in the input once and is replaced by its mark."""
    replaced = row.arguments["replaced"]
    if missing := next((value for value, *_ in replaced if not stands_once(row.input, value)), ""):
        return f"the text does not hold `{missing}`"
    return edited(row) or unequal(row, _answer(row.input, replaced), _what(replaced, row.language))


def _answer(text: str, replaced: list[list[str]]) -> str:
    for value, _, mark in replaced:
        text = text.replace(value, mark)
    return text.strip()


def _part(name: str, level: int) -> str:
    if name in PEOPLE:
        return "name"
    return "number" if name in PHONES else "date" if name in DATES and level == 2 else ""


def _what(replaced: list[list[str]], language: str) -> str:
    used = {part: mark for _, part, mark in replaced}
    if len(used) == 2 and len(set(used.values())) == 1:
        return _WHAT[language]["both"].format(mark=_quoted(replaced[0][2], language))
    parts = [_WHAT[language][part].format(mark=_quoted(mark, language)) for part, mark in used.items()]
    if language == "zh":
        return "，".join(parts)
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _quoted(mark: str, language: str) -> str:
    return f"`{mark}`" if language == "en" else f"“{mark}”"


KIND = Kind("redact", "passage", draw, fault, build)
