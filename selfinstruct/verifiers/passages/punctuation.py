"""Punctuation: a text without its marks, in English without capitals at the start of sentences, is to be restored."""

import re

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Scene, Task, unequal
from selfinstruct.verifiers.scenes import digest, draw_scene

_FRAMES = {
    "en": (
        "Add the missing punctuation and the capital letters at the start of sentences.{hint}",
        "This message was typed without punctuation. Put in the marks and capital letters, and change nothing else.{hint}",
        "Restore the punctuation of the text below and begin each sentence with a capital letter.{hint}",
        "Please punctuate this message correctly. Keep all words and their order; start every sentence with a capital.{hint}",
    ),
    "zh": (
        "给下面这段话加上标点，字词不要改动。{hint}",
        "这段文字漏掉了全部标点，请补上。{hint}",
        "请为这段没有标点的文字断句，加上合适的标点符号。{hint}",
        "下面的消息打字时没打标点，帮我加好，别的不变。{hint}",
    ),
}
_NAMES: dict[str, dict[str, Json]] = {
    "en": {
        ",": ("comma", "commas"),
        ".": ("full stop", "full stops"),
        "?": ("question mark", "question marks"),
        "!": ("exclamation mark", "exclamation marks"),
        ":": ("colon", "colons"),
        ";": ("semicolon", "semicolons"),
    },
    "zh": {"，": "逗号", "。": "句号", "？": "问号", "！": "感叹号", "：": "冒号", "；": "分号", "、": "顿号"},
}
_MARK = {"en": re.compile(r"[,.?!:;](?=\s|$)"), "zh": re.compile(r"[，。？！：；、]")}
_UNSURE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|etc)\.|[\"“”‘()（）《》「」…—–]|\.\.|\s['-]|['-]\s")
_START = re.compile(r"(?:\A|(?<=[.?!] ))[A-Z]")


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task | None:
    """Make the task on a message; None when it holds marks that cannot be told apart. A strong teacher's tells the number of marks only."""
    text, language = text.strip(), draw.language
    marks: list[list[int | str]] = [[found.start(), found[0]] for found in _MARK[language].finditer(text)]
    if _UNSURE.search(text) or len(marks) < 2:
        return None
    proper = {"I"} | {word for _, value in scene.details for word in value.split()}
    starts = [] if language == "zh" else [found.start() for found in _START.finditer(text)]
    capitals = [start for start in starts if re.split(r"[\s,.!?:;'’]", text[start:])[0] not in proper]
    bare = _bare(text, marks, capitals)
    hint = _hint([mark for _, mark in marks], language, draw.level)
    instruction = draw.rng.choice(_FRAMES[language]).format(hint=hint)
    arguments = {"marks": marks, "capitals": capitals, "text": digest(bare), "level": draw.level}
    return Task(instruction, bare, text, arguments, (hint.strip(),))


def fault(row: Row) -> str:
    """Return what is wrong with a row: the answer is the input with the marks and capitals put back at their places."""
    marks, capitals = row.arguments["marks"], row.arguments["capitals"]
    if digest(row.input) != row.arguments["text"]:
        return "the input is not the text that the task was made on"
    hint = _hint([mark for _, mark in marks], row.language, row.arguments["level"]).strip()
    return unequal(row, _restored(row.input.strip(), marks, capitals), hint)


def _bare(text: str, marks: list[list[int | str]], capitals: list[int]) -> str:
    places = {place for place, _ in marks}
    return "".join(
        letter.lower() if place in capitals else letter for place, letter in enumerate(text) if place not in places
    )


def _restored(bare: str, marks: list[list[int | str]], capitals: list[int]) -> str:
    text = list(bare)
    for place, mark in marks:
        text.insert(int(place), str(mark))
    return "".join(letter.upper() if place in capitals else letter for place, letter in enumerate(text))


def _hint(marks: list[str | int], language: str, level: int) -> str:
    if level == 2:
        return (
            f"一共要加{len(marks)}个标点。" if language == "zh" else f" It needs {len(marks)} punctuation marks in all."
        )
    counts = {mark: marks.count(mark) for mark in dict.fromkeys(marks)}
    if language == "zh":
        return "一共要加" + "、".join(f"{count}个{_NAMES['zh'][str(mark)]}" for mark, count in counts.items()) + "。"
    parts = [f"{count} {_NAMES['en'][str(mark)][count > 1]}" for mark, count in counts.items()]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    return f" It needs {listed}."


KIND = Kind("punctuation", "passage", draw, fault, build)
