"""Reading: a question on one detail of a message, two for a strong teacher; the answer is the words of the text."""

from selfinstruct.verifiers.kind import Draw, Kind, Row, Scene, Task, unequal
from selfinstruct.verifiers.scenes import digest, draw_scene, edited, stands_once

_FRAMES = {
    "en": {
        1: (
            "{asked} Answer with the exact words of the text only.",
            "Read the message. {asked} Copy the answer from the text and add nothing.",
            "Look it up in the text: {asked} The bare answer is enough, without a sentence around it.",
        ),
        2: (
            "{asked} Answer both questions in this order, one line each, with the exact words of the text.",
            "Read the message and answer briefly, one answer per line, copied from the text: {asked}",
        ),
    },
    "zh": {
        1: (
            "{asked}只写文中的原话。",
            "读下面的文字，回答：{asked}照抄原文即可，不用写成句子。",
            "请从文中找答案：{asked}直接写答案，不要多写。",
        ),
        2: ("{asked}请按顺序用文中原话回答，每题一行。", "读下面的文字，依次回答两个问题，一行一个，照抄原文：{asked}"),
    },
}
_QUESTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "recipient": ("Who is this message addressed to?", "Whose name stands in the greeting?"),
        "contact person": ("Which person should people turn to?", "Who is named as the contact?"),
        "teacher": ("Who teaches the course?", "Who gives the course?"),
        "child": ("Which child is the note about?", "Which child is excused?"),
        "date": (
            "Which date does the message name?",
            "What date is given here?",
            "Which day and month does the text mention?",
        ),
        "time": ("What time does the message give?", "Which time of day is named here?"),
        "place": ("Which place does the message name?", "What place is mentioned here?"),
        "destination": ("What is the destination of the trip?", "Where does the trip go?"),
        "phone number": ("Which phone number can be called?", "What is the phone number?"),
        "item": ("Which item is the message about?", "What item does the text mention?"),
        "appointment": ("What is the appointment for?", "What kind of appointment is it?"),
        "topic": ("What is the topic of the meeting?", "What will the residents talk about?"),
        "event": ("What is being celebrated or held?", "What event is the invitation for?"),
        "reason": ("What reason does the writer give?", "What is the reason?"),
        "work": ("What work will be done?", "Which work is announced?"),
        "course": ("What is the course about?", "What can people learn there?"),
        "price": ("What price does the text give?", "How much does it cost?"),
        "pet": ("Which pet is to be looked after?", "What kind of pet is it?"),
        "room": ("What kind of room was booked?", "Which room type is named?"),
    },
    "zh": {
        "姓名": ("这段话是写给谁的？", "收到这段话的人叫什么名字？"),
        "联系人": ("要找的联系人是谁？", "文中说可以找哪个人？"),
        "老师": ("文中的老师是谁？", "文中提到了哪位老师？"),
        "孩子": ("请假的孩子叫什么？", "是谁要请假？"),
        "日期": ("文中写的是几月几日？", "文中的日期是哪一天？", "文中提到的是什么日期？"),
        "时间": ("文中写的是几点几分？", "具体时间是什么时候（几点几分）？"),
        "地点": ("文中提到的地点是哪里？", "文中写的是什么地方？"),
        "目的地": ("这次郊游去哪里？", "郊游的目的地是什么地方？"),
        "电话": ("可以拨打哪个分机？", "文中留的电话分机是什么？"),
        "物品": ("文中说的是什么东西？", "文中提到的物品是什么？"),
        "商品": ("送的是什么商品？", "顾客订购了什么？"),
        "项目": ("预约的是什么项目？", "对方约了做什么？"),
        "议题": ("要讨论的是什么事？", "会议的议题是什么？"),
        "活动": ("邀请对方参加什么活动？", "要办的是什么活动？"),
        "原因": ("原因是什么？", "文中给出的理由是什么？"),
        "工程": ("要进行的是什么工程？", "这次施工做什么？"),
        "课程": ("招生的是什么课程？", "这个班教什么？"),
        "费用": ("费用是多少？", "要付多少钱？"),
        "价格": ("价格是多少？", "卖多少钱？"),
        "宠物": ("要照看的是什么宠物？", "托人照看的是什么动物？"),
        "位置": ("宠物的食物放在哪里？", "吃的东西放在什么位置？"),
        "房型": ("订的是什么房型？", "客人订了哪种房间？"),
    },
}


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task:
    """Make the task on a message that holds every detail."""
    rng, language = draw.rng, draw.language
    details = [
        [name, value, rng.choice(_QUESTIONS[language][name])] for name, value in rng.sample(scene.details, draw.level)
    ]
    asked = _asked(details, language)
    arguments = {"details": details, "text": digest(text)}
    instruction = rng.choice(_FRAMES[language][draw.level]).format(asked=asked)
    return Task(instruction, text, "\n".join(value for _, value, _ in details), arguments, (asked,))


def fault(row: Row) -> str:
    """Return what is wrong with a row: each question must be one on its detail, each answer stand in the text once."""
    details = row.arguments["details"]
    for name, value, question in details:
        if question not in _QUESTIONS[row.language][name] or not stands_once(row.input, value):
            return f"the question on `{name}` is not answered by `{value}` in the text"
    return edited(row) or unequal(
        row, "\n".join(value for _, value, _ in details), *(question for *_, question in details)
    )


def _asked(details: list[list[str]], language: str) -> str:
    return (" " if language == "en" else "").join(question for *_, question in details)


KIND = Kind("detail_question", "passage", draw, fault, build)
