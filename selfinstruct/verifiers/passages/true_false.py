"""Reading: whether a statement on one detail of a message is true, with the words of the text that show it."""

from selfinstruct.verifiers.kind import Draw, Kind, Row, Scene, Task, unequal
from selfinstruct.verifiers.scenes import digest, draw_scene, edited, other_value, stands_once

_FRAMES = {
    "en": (
        "Is this statement about the text true or false? {statement} Quote the words of the text that decide it.",
        "True or false, according to the message: {statement} Give the words that show it.",
        "Check this claim against the message: {statement} Answer True or False and quote what the text says.",
        "Read the text and judge whether this is true or false: {statement} Support the answer with a quotation.",
    ),
    "zh": (
        "根据这段文字，下面的说法对不对？{statement}请引用原文说明。",
        "读完这段文字，判断对错：{statement}先写“对”或“不对”，再引出原文的字句。",
        "有人这样转述这段文字：{statement}他说得对不对？请拿原文来说明。",
        "请对照原文，看看这句话对不对：{statement}回答时引用文中的字句。",
    ),
}
_STATEMENTS = {
    "en": (
        'The {name} in the message is "{value}".',
        'The message gives "{value}" as the {name}.',
        'The {name} is "{value}".',
    ),
    "zh": ("文中的{name}是“{value}”。", "这段文字里，{name}写的是“{value}”。", "文中写着，{name}是“{value}”。"),
}


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task:
    """Make the task on a message; the statement of a strong teacher's task names two details, of which one may be changed."""
    rng, language = draw.rng, draw.language
    claims = [[name, value, value] for name, value in rng.sample(scene.details, draw.level)]
    if rng.random() < 0.5:
        changed = rng.choice(claims)
        changed[2] = other_value(rng, scene, changed[0], text, language)
    statement = _statement(claims, rng.randrange(3), language)
    arguments = {"claims": claims, "statement": statement, "text": digest(text)}
    instruction = rng.choice(_FRAMES[language]).format(statement=statement)
    return Task(instruction, text, _answer(claims, language), arguments, (statement,))


def fault(row: Row) -> str:
    """Return what is wrong with a row: the statement must name the details as claimed, the text must hold the true ones."""
    claims, statement = row.arguments["claims"], row.arguments["statement"]
    if statement not in {_statement(claims, number, row.language) for number in range(3)}:
        return "the statement is not the one that is judged"
    if missing := next((value for _, value, _ in claims if not stands_once(row.input, value)), ""):
        return f"the text does not hold `{missing}`"
    return edited(row) or unequal(row, _answer(claims, row.language), statement)


def _statement(claims: list[list[str]], number: int, language: str) -> str:
    if len(claims) == 1:
        return _STATEMENTS[language][number].format(name=claims[0][0], value=claims[0][2])
    if language == "en":
        return "In the message, " + " and ".join(f'the {name} is "{said}"' for name, _, said in claims) + "."
    return "文中的" + "，".join(f"{name}是“{said}”" for name, _, said in claims) + "。"


def _answer(claims: list[list[str]], language: str) -> str:
    wrong = [(value, said) for _, value, said in claims if value != said]
    if language == "en":
        if wrong:
            return f'False. The text says "{wrong[0][0]}", not "{wrong[0][1]}".'
        return "True. The text says " + " and ".join(f'"{value}"' for _, value, _ in claims) + "."
    if wrong:
        return f"不对。原文写的是“{wrong[0][0]}”，不是“{wrong[0][1]}”。"
    return "对。原文写的是" + "和".join(f"“{value}”" for _, value, _ in claims) + "。"


KIND = Kind("true_false", "passage", draw, fault, build)
