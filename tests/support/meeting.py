"""A scripted teacher whose answers keep every condition: sentences of plain words, put into the form that the condition asks for."""

import json
import random
from collections.abc import Callable
from typing import Any

from selfinstruct.records import Check, Drawn, LanguageCode, Reply, Request
from selfinstruct.verifiers.kind import Row
from selfinstruct.verifiers.registry import fault_of
from tests.support.bootstraps import scripted

_TRIES = 400
_PARTS = {
    "en": (
        ["old", "small", "red", "green", "tall", "plain", "soft", "damp", "pale", "lonely", "tiny"],
        ["cat", "hen", "lamp", "chair", "gate", "letter", "stone", "leaf", "spoon", "pan", "hat", "rope", "coin", "tree", "horse", "train", "map", "nest", "rug", "plate"],
        ["stood", "lay", "fell", "rested", "appeared", "turned", "shone", "leaned"],
        ["near the fence", "on the roof", "at the shop", "under the stairs", "in the garden", "across the street", "in the hall", "inside the tent", "on the grass"],
    ),
    "zh": (
        ["旧", "小", "红", "绿", "高", "软", "湿", "白", "灰"],
        ["猫", "灯", "椅子", "铁门", "信", "石头", "树叶", "勺子", "铁锅", "帽子", "绳子", "硬币", "木马", "火车", "地图", "鸟窝", "地毯", "盘子"],
        ["落到", "移到", "滚到", "搬到", "转到", "挂到", "传到", "跑到"],
        ["屋顶", "门口", "楼下", "桥边", "街对面", "院子里", "架子上", "草地上", "走廊尽头", "店里"],
    ),
}  # fmt: skip
Say = Callable[[int], list[str]]
"""(number) -> so many sentences."""


class Meeting:
    """The scripted teacher, whose answers under a condition keep it."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[LanguageCode, int], Drawn] = {}

    def __call__(self, request: Request) -> Reply:
        if request.step == "task" and request.drawn:
            self._drawn[request.language, request.index] = request.drawn
        if request.step != "meet":
            return scripted(request)
        drawn = self._drawn[request.language, request.index]
        return Reply(text=_answer(drawn.checks, request), finish_reason="stop", model="m")


def _answer(checks: tuple[Check, ...], request: Request) -> str:
    """Return an answer that keeps all conditions; the last that was tried where none does."""
    rng, text, asked = random.Random(request.sampling.seed), "", request.messages[-1].content
    for _ in range(_TRIES):
        text = _shaped(checks, request.language, rng)
        rows = [(one.kind, Row(request.language, asked, "", text, one.arguments)) for one in checks]
        if not any(fault_of(kind, row) for kind, row in rows):
            return text
    return text


def _shaped(checks: tuple[Check, ...], language: LanguageCode, rng: random.Random) -> str:
    arguments = checks[0].arguments
    words = [word for one in checks if one.kind == "keyword" for word in one.arguments["words"]]
    spoken: LanguageCode = language if checks[0].kind != "other_language" else "zh" if language == "en" else "en"
    gap = " " if spoken == "en" else ""

    def say(number: int) -> list[str]:
        return [_sentence(spoken, words if place == 0 else [], rng) for place in range(number)]

    shape = _SHAPES.get(checks[0].kind)
    return shape(arguments, say, language) if shape else gap.join(say(rng.randint(1, 28)))


def _sentence(language: LanguageCode, words: list[str], rng: random.Random) -> str:
    adjective, noun, verb, place = (rng.choice(part) for part in _PARTS[language])
    if language == "zh":
        return f"{adjective}{''.join(words)}{noun}{verb}{place}。"
    return f"The {' '.join([adjective, *words, noun])} {verb} {place}."


def _begun(arguments: dict[str, Any], say: Say, language: LanguageCode) -> str:
    (sentence,) = say(1)
    return (
        f"{arguments['phrase']}, {sentence[0].lower()}{sentence[1:]}"
        if language == "en"
        else f"{arguments['phrase']}，{sentence}"
    )


def _in_case(arguments: dict[str, Any], say: Say, _: LanguageCode) -> str:
    text = " ".join(say(2))
    return {"lower": text.lower(), "upper": text.upper()}.get(arguments["case"], text.replace(" ", ""))


def _numbered(arguments: dict[str, Any], say: Say, _: LanguageCode) -> str:
    return "\n".join(f"{number}. {one}" for number, one in enumerate(say(arguments["points"] or 3), 1))


def _times(arguments: dict[str, Any], say: Say, language: LanguageCode) -> str:
    word, times = arguments["word"], arguments["times"]
    held = [one.replace("The ", f"The {word} ") if language == "en" else f"{word}的{one}" for one in say(times)]
    return (" " if language == "en" else "").join(held)


_SHAPES: dict[str, Callable[[dict[str, Any], Say, LanguageCode], str]] = {
    "begins_with": _begun,
    "capitals": _in_case,
    "ends_with": lambda held, say, language: (" " if language == "en" else "").join([*say(2), held["ending"]]),
    "heading": lambda held, say, _: "\n".join(
        f"{held['marks']} {held[name]}\n{say(1)[0]}" for name in ("first", "second")
    ),
    "items": lambda held, say, _: "\n".join(f"- {one}" for one in say(held["items"])),
    "json_object": lambda held, say, _: json.dumps({key: say(1)[0] for key in held["keys"]}, ensure_ascii=False),
    "keyword_times": _times,
    "numbered": _numbered,
    "one_line": lambda _, say, __: say(1)[0],
    "paragraphs": lambda held, say, _: "\n\n".join(say(held["paragraphs"])),
    "question_end": lambda _, say, language: (
        f"{say(1)[0]} Do you see it?" if language == "en" else f"{say(1)[0]}你看见没？"
    ),
    "quoted": lambda _, say, language: f'"{say(1)[0]}"' if language == "en" else f"“{say(1)[0]}”",
    "sentences": lambda held, say, language: (" " if language == "en" else "").join(say(held["sentences"])),
    "title": lambda held, say, language: (
        f"{held['left']}{'The day' if language == 'en' else '一天'}{held['right']}\n{say(1)[0]}"
    ),
}
