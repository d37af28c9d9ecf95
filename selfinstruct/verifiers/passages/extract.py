"""Extraction: the teacher writes a message that holds details, the task is to copy them out as JSON or as lines."""

import json

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Scene, Task, unequal
from selfinstruct.verifiers.scenes import digest, draw_scene, edited, stands_once

_FRAMES = {
    "en": {
        "lines": (
            "Copy the following details from the text, each on a line of its own as `name: value`: {names}.",
            "Find these details in the message and list them line by line in the form `name: value`: {names}.",
            "Note down {names} from this message. Give each its own line, written `name: value`, in that order.",
            "Which of these details does the text give: {names}? Answer with one line per detail, as `name: value`.",
            "I need only the key facts of this text: {names}. Write each one as `name: value` on a separate line.",
        ),
        "json": (
            "Extract {names} from the text as one JSON object with these keys.",
            "Turn this message into a JSON object with the keys {names}, in that order. Copy the values word for word.",
            "Read the text and return a JSON object whose keys are {names}.",
            "Pull the following fields out of the message as JSON: {names}. Use the field names as keys.",
            "Our program reads JSON. Give it {names} from this text, as one object with exactly these keys.",
        ),
    },
    "zh": {
        "lines": (
            "从这段文字里找出{names}，每项单独一行，写成“名称：内容”。",
            "读一读下面的文字，把{names}抄下来，一行一项，格式为“名称：内容”。",
            "只要这段文字里的几个要点：{names}。请按这个顺序分行列出，写成“名称：内容”的样子。",
            "文中的{names}分别是什么？请照原文抄写，每行一项，用“名称：内容”的形式。",
            "帮我把这段话里的{names}摘出来，按“名称：内容”一行写一项。",
        ),
        "json": (
            "从文字中提取{names}，用一个 JSON 对象回答，键名照写。",
            "把这段文字整理成一个 JSON 对象，键依次为{names}，值照抄原文。",
            "请读下面的文字，以 JSON 对象的形式给出{names}，键名不要改动。",
            "程序只认 JSON。请从文中取出{names}，放进一个 JSON 对象，名称作键，内容作值。",
            "找出文中的{names}，写成 JSON，每一项的名称就是键名。",
        ),
    },
}
SEPARATOR = {"en": ", ", "zh": "、"}


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task:
    """Make the task on a message that holds every detail; all of them for a strong teacher."""
    shape = draw.rng.choice(["lines", "json"])
    details = draw.rng.sample(scene.details, len(scene.details) - (draw.level == 1))
    arguments: dict[str, Json] = {"shape": shape, "details": [list(pair) for pair in details], "text": digest(text)}
    names = SEPARATOR[draw.language].join(name for name, _ in details)
    instruction = draw.rng.choice(_FRAMES[draw.language][shape]).format(names=names)
    marks = ("JSON",) if shape == "json" else (("`name: value`",) if draw.language == "en" else ("“名称：内容”",))
    return Task(instruction, text, _answer(arguments, draw.language), arguments, (names, *marks))


def fault(row: Row) -> str:
    """Return what is wrong with a row: each value must stand in the input, each name in the instruction."""
    names = next((name for name, _ in row.arguments["details"] if name not in row.instruction), "")
    values = next((value for _, value in row.arguments["details"] if not stands_once(row.input, value)), "")
    if names or values:
        return f"the question does not hold `{names or values}`"
    return edited(row) or unequal(row, _answer(row.arguments, row.language))


def _answer(arguments: dict[str, Json], language: str) -> str:
    details: list[list[str]] = arguments["details"]
    if arguments["shape"] == "json":
        return json.dumps(dict(details), ensure_ascii=False, indent=2)
    return "\n".join(f"{name}{': ' if language == 'en' else '：'}{value}" for name, value in details)


KIND = Kind("extract", "passage", draw, fault, build)
