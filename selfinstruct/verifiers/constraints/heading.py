"""An answer of exactly two sections under given Markdown headings. Source: after IFEval (Zhou et al. 2023), `multiple_sections`."""

import re

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_NAMES = {
    "en": (
        ("In short", "In detail"),
        ("Answer", "Example"),
        ("The idea", "In practice"),
        ("Main point", "More to know"),
        ("Basics", "Extra"),
    ),
    "zh": (
        ("简要回答", "详细说明"),
        ("回答", "举例"),
        ("要点", "细节"),
        ("主要内容", "补充说明"),
        ("先说结论", "再说细节"),
    ),
}
_WORDINGS = {
    "en": (
        'Divide the answer into exactly two sections with the Markdown headings "{marks} {first}" and "{marks} {second}".',
        'Use two Markdown headings, "{marks} {first}" and "{marks} {second}", with text under each.',
        'Structure your answer under the headings "{marks} {first}" and "{marks} {second}", in this order and with no others.',
        'Write two sections: "{marks} {first}", then "{marks} {second}", both as Markdown headings.',
        'Your answer must consist of the two sections "{marks} {first}" and "{marks} {second}".',
    ),
    "zh": (
        "用 Markdown 标题把回答分成两部分：“{marks} {first}”和“{marks} {second}”。",
        "回答分两节，标题依次写成“{marks} {first}”“{marks} {second}”。",
        "请按“{marks} {first}”和“{marks} {second}”这两个 Markdown 标题来写，不加别的标题。",
        "先写“{marks} {first}”，再写“{marks} {second}”，都用 Markdown 标题，每个标题下面都要有内容。",
        "全文只有两个部分，标题分别是“{marks} {first}”和“{marks} {second}”。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw two names and the level of the headings; for a strong teacher the less usual third level too."""
    first, second = draw.rng.choice(_NAMES[draw.language])
    return condition(
        draw, _WORDINGS, {"marks": "#" * draw.rng.randint(1, draw.level + 1), "first": first, "second": second}
    )


def fault(row: Row) -> str:
    """Return what is wrong with a row: these headings and no other, each on its line with text below, nothing above."""
    if wrong := unmet(row, _WORDINGS, row.arguments):
        return wrong
    asked = [f"{row.arguments['marks']} {row.arguments[name]}" for name in ("first", "second")]
    lines = [line.rstrip() for line in row.output.strip().split("\n") if line.strip()]
    places = [number for number, line in enumerate(lines) if re.match(r"\s{0,3}#{1,6}(?:\s|$)", line)]
    if [lines[place] for place in places] != asked:
        return f"its headings are not {asked}"
    if places[0] != 0:
        return "text above the first heading"
    bodies = ("".join(lines[1 : places[1]]), "".join(lines[places[1] + 1 :]))
    return "" if all(re.search(r"\w", body) for body in bodies) else "a section is empty"


KIND = Kind("heading", "task", draw, fault, needs="prose")
