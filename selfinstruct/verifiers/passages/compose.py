"""Writing from data: the details are given as lines, the message that the teacher wrote on them is the answer."""

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Scene, Task, holds
from selfinstruct.verifiers.scenes import digest, draw_scene, malformed

_FRAMES = {
    "en": (
        "Write {what}. Use every detail below exactly as it stands, and no other numbers.",
        "Make {what} out of these details. Each must appear once, word for word; add no other numbers or names.",
        "Please write {what} from the notes below. Copy each value exactly as given and add no further names or numbers.",
        "Put the following information into {what}, in whole sentences. Every value must be there once, unchanged.",
    ),
    "zh": (
        "请根据下面的信息写{what}，每项内容都要照抄进去，不要添加别的数字。",
        "用下面这几项内容写{what}，每项原样出现一次，别的人名和数字都不要加。",
        "帮我写{what}，要点如下。各项内容请一字不改地写进去，不要另加人名和数字。",
        "把下列要点连成完整的句子，写成{what}。每项内容都要用到，并且只用一次，写法不变。",
    ),
}
_SHORT = {"en": " Keep it to {most} words or fewer.", "zh": "全文不超过{most}个字。"}
_MOST = {"en": 60, "zh": 110}


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task:
    """Make the task whose answer is the text; a strong teacher's names the limit that the text keeps."""
    details = draw.rng.sample(scene.details, len(scene.details))
    arguments: dict[str, Json] = {
        "what": scene.what,
        "details": [list(pair) for pair in details],
        "text": digest(text),
        "most": 0,
    }
    instruction = draw.rng.choice(_FRAMES[draw.language]).format(what=scene.what)
    if draw.level == 2:
        arguments["most"] = _MOST[draw.language]
        instruction += _SHORT[draw.language].format(most=_MOST[draw.language])
    return Task(instruction, _lines(arguments["details"], draw.language), text.strip(), arguments, (scene.what,))


def fault(row: Row) -> str:
    """Return what is wrong with a row: the answer holds every detail once and no other fact, as when it was accepted."""
    details, most = row.arguments["details"], row.arguments["most"]
    if row.input.strip() != _lines(details, row.language) or row.arguments["what"] not in row.instruction:
        return "the question does not hold the details"
    if most and (most != _MOST[row.language] or not holds(row.instruction, str(most))):
        return f"the instruction does not name {most}"
    if found := malformed(tuple((name, value) for name, value in details), row.output, row.language):
        return found
    return "" if digest(row.output) == row.arguments["text"] else "the answer is not the text that was accepted"


def _lines(details: list[list[str]], language: str) -> str:
    return "\n".join(f"{name}{': ' if language == 'en' else '：'}{value}" for name, value in details)


KIND = Kind("compose", "passage", draw, fault, build)
