"""Dates as people write them, alone, in a list or in a sentence, as YYYY-MM-DD."""

import random
from datetime import date, timedelta

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_MONTHS = "January February March April May June July August September October November December"
_NUMERALS = "〇一二三四五六七八九"
_STYLES = {
    "en": ("uk", "us", "ordinal", "of", "short", "clipped"),
    "zh": ("plain", "numerals", "dots", "padded", "hao", "slashes"),
}
_LABELS = {
    "en": "rent due|dentist|passport expires|school trip|car service|library books back|swimming gala|boiler check",
    "zh": "交房租|看牙医|护照到期|同学聚会|车辆年检|图书归还|体检|家长会",
}
_SENTENCES = {
    "en": (
        "The exhibition opens on {0} and closes on {1}.",
        "We moved in on {0}, and the first repair was finished on {1}.",
        "Your order was placed on {0}; it should arrive by {1}.",
        "Applications are accepted from {0} until {1}.",
        "The bridge was closed on {0} and is to reopen on {1}.",
    ),
    "zh": (
        "展览于{0}开幕，{1}闭幕。",
        "我们{0}搬进新家，{1}办完了落户手续。",
        "报名从{0}开始，到{1}截止。",
        "这批货于{0}发出，预计{1}送达。",
        "大桥于{0}封闭施工，{1}恢复通行。",
    ),
}
_FRAMES = {
    "en": {
        "one": (
            "Write the date “{date}” in the form YYYY-MM-DD.",
            "What is “{date}” as YYYY-MM-DD?",
            "Convert “{date}” to the format YYYY-MM-DD.",
        ),
        "list": (
            "Rewrite every date in this list as YYYY-MM-DD and leave the rest of each line as it is.",
            "Change the dates in these reminders to the form YYYY-MM-DD; keep everything else.",
            "Put the dates in the list below into YYYY-MM-DD format without changing anything else.",
        ),
        "text": (
            "Copy this sentence, but with its dates written as YYYY-MM-DD.",
            "Rewrite the sentence so that both dates are in the form YYYY-MM-DD. Change nothing else.",
            "Replace the two dates in the text with YYYY-MM-DD dates and give me the whole sentence.",
        ),
    },
    "zh": {
        "one": (
            "把“{date}”写成 YYYY-MM-DD 的格式。",
            "“{date}”用 YYYY-MM-DD 格式怎么写？",
            "请将日期“{date}”转换为 YYYY-MM-DD 格式。",
        ),
        "list": (
            "把清单里的日期统一改成 YYYY-MM-DD 格式，其他内容不变。",
            "请将下面每条提醒的日期写成 YYYY-MM-DD，其余照抄。",
            "这份清单的日期写法不一致，请全部换成 YYYY-MM-DD 格式。",
        ),
        "text": (
            "把这句话里的日期改写成 YYYY-MM-DD 格式，其余照抄。",
            "请将句中的两个日期换成 YYYY-MM-DD 的写法，给出整句话。",
            "抄写下面的句子，日期一律用 YYYY-MM-DD 格式，别的不改。",
        ),
    },
}


def draw(draw: Draw) -> Task:
    """Draw one date, a list of dates, or a sentence with two; longer lists for a strong teacher."""
    rng, language = draw.rng, draw.language
    shape = rng.choice(["one", "list", "text"]) if draw.level == 1 else rng.choice(["list", "text"])
    number = {"one": 1, "list": draw.level + rng.randint(1, 2) + 1, "text": 2}[shape]
    first = date(rng.randint(2017, 2025), rng.randint(1, 12), rng.randint(1, 28))
    days = [first + timedelta(days=rng.randint(20, 60) * step) for step in range(number)]
    styles = rng.sample(_STYLES[language], number) if shape != "text" else [rng.choice(_STYLES[language])] * 2
    frame = {"one": "{0}", "list": _list(rng, language, number), "text": rng.choice(_SENTENCES[language])}[shape]
    dates = [[day.isoformat(), style] for day, style in zip(days, styles, strict=True)]
    arguments: dict[str, Json] = {"frame": frame, "dates": dates}
    question = frame.format(*_written(arguments, language))
    instruction = rng.choice(_FRAMES[language][shape]).format(date=question)
    kept = ("YYYY-MM-DD", question) if shape == "one" else ("YYYY-MM-DD",)
    return Task(instruction, "" if shape == "one" else question, _answer(arguments), arguments, kept)


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    question = row.arguments["frame"].format(*_written(row.arguments, row.language))
    return unequal(row, _answer(row.arguments), "YYYY-MM-DD", given=question)


def _list(rng: random.Random, language: str, number: int) -> str:
    colon = ": " if language == "en" else "："
    labels = rng.sample(_LABELS[language].split("|"), number)
    return "\n".join(f"- {label}{colon}{{{place}}}" for place, label in enumerate(labels))


def _written(arguments: dict[str, Json], language: str) -> list[str]:
    write = _english if language == "en" else _chinese
    return [write(date.fromisoformat(day), style) for day, style in arguments["dates"]]


def _answer(arguments: dict[str, Json]) -> str:
    return str(arguments["frame"]).format(*(date.fromisoformat(day).isoformat() for day, _ in arguments["dates"]))


def _english(day: date, style: str) -> str:
    month, number = _MONTHS.split()[day.month - 1], day.day
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return {
        "uk": f"{number} {month} {day.year}",
        "us": f"{month} {number}, {day.year}",
        "ordinal": f"{month} {number}{ending}, {day.year}",
        "of": f"the {number}{ending} of {month} {day.year}",
        "short": f"{number} {month[:3]} {day.year}",
        "clipped": f"{month[:3]} {number}, {day.year}",
    }[style]


def _chinese(day: date, style: str) -> str:
    year = "".join(_NUMERALS[int(digit)] for digit in str(day.year))
    return {
        "plain": f"{day.year}年{day.month}月{day.day}日",
        "numerals": f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日",
        "dots": f"{day.year}.{day.month}.{day.day}",
        "padded": f"{day.year}年{day.month:02}月{day.day:02}日",
        "hao": f"{day.year}年{day.month}月{day.day}号",
        "slashes": f"{day.year}/{day.month}/{day.day}",
    }[style]


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "十"}.get(tens, f"{_NUMERALS[tens]}十")
    return ten + (_NUMERALS[ones] if ones else "")


KIND = Kind("iso_dates", "wording", draw, fault)
