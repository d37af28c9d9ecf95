"""An answer that is a JSON object with given keys and texts as values. Source: IFEval (Zhou et al. 2023), `detectable_format:json_format`."""

import json

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_KEYS = {
    "en": (
        (("title", "text"), ("topic", "answer"), ("short", "long"), ("summary", "details"), ("answer", "note")),
        (
            ("title", "text", "note"),
            ("topic", "answer", "comment"),
            ("summary", "details", "note"),
            ("title", "short", "long"),
        ),
    ),
    "zh": (
        (("标题", "正文"), ("主题", "回答"), ("简短版", "详细版"), ("概要", "内容"), ("回答", "补充")),
        (("标题", "正文", "备注"), ("主题", "回答", "补充"), ("概要", "内容", "备注"), ("标题", "简短版", "详细版")),
    ),
}
_WORDINGS = {
    "en": (
        "Answer with a JSON object that has the keys {keys}, each with a string as its value, and nothing else.",
        "Give the answer as one JSON object with exactly these keys: {keys}. All values must be strings.",
        "Write nothing but a JSON object whose keys are {keys} and whose values are strings.",
        "Your whole answer must be a JSON object, without a code block, with the keys {keys} and string values.",
        "Format the answer as a JSON object with the keys {keys}; the values are plain strings. Add no other text.",
    ),
    "zh": (
        "请只用一个 JSON 对象回答，键为{keys}，值都是字符串。",
        "答案写成 JSON 对象，只含{keys}这几个键，值一律用字符串，前后不要有别的文字。",
        "以 JSON 对象的形式作答：键名用{keys}，每个值都是一段文字，不要放进代码块。",
        "输出一个 JSON 对象，键依次是{keys}，值为字符串，此外什么都不写。",
        "整个回答就是一个 JSON 对象，包含{keys}，对应的值都用字符串。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw two keys; three for a strong teacher."""
    arguments = {"keys": list(draw.rng.choice(_KEYS[draw.language][draw.level - 1]))}
    return condition(draw, _WORDINGS, arguments, _shown(arguments["keys"], draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row: bare JSON with these keys once each, in this order, and texts that are not empty."""
    keys = row.arguments["keys"]
    if wrong := unmet(row, _WORDINGS, _shown(keys, row)):
        return wrong
    try:
        pairs = json.loads(row.output, object_pairs_hook=list)
    except ValueError:
        return "it is not JSON"
    if not isinstance(pairs, list) or not row.output.lstrip().startswith("{") or [pair[0] for pair in pairs] != keys:
        return f"its keys are not {keys}"
    empty = next((key for key, value in pairs if not isinstance(value, str) or not value.strip()), "")
    return f"the value of `{empty}` is no text" if empty else ""


def _shown(keys: list[str], of: Draw | Row) -> dict[str, str]:
    if of.language == "zh":
        chinese = [f"“{key}”" for key in keys]
        return {"keys": f"{'、'.join(chinese[:-1])}和{chinese[-1]}"}
    quoted = [f'"{key}"' for key in keys]
    return {"keys": f"{', '.join(quoted[:-1])} and {quoted[-1]}"}


KIND = Kind("json_object", "task", draw, fault)
