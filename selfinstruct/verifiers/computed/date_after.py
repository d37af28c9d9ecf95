"""A date so many days after another, and the day of the week that it falls on."""

from datetime import date, timedelta

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal_or_other

_FRAMES = {
    "en": (
        "A library book was borrowed on {start} and is due {days} later. On which date, and which day of the week, is it due?",
        "The washing machine was bought on {start}, and the shop takes returns up to {days} later. What is the last date for a return, and what weekday is that?",
        "Rosa signed her contract on {start}, and her new job begins {days} later. On which date is that, and on which day of the week?",
        "Which date comes {days} after {start}, and what day of the week is it?",
        "A training plan starts on {start}, and the race is {days} later. Give the date of the race and its weekday.",
        "Our visa was issued on {start} and runs out {days} later. Work out the date and the weekday.",
    ),
    "zh": (
        "{start}借的书，{days}后必须还。应该哪天还，那天是星期几？",
        "{start}再过{days}是几月几日，星期几？",
        "小杨{start}开始备考，{days}后考试。请问考试是哪一天，星期几？",
        "社区{start}贴出通知，{days}后举行厨艺比赛。比赛是哪一天，星期几？",
        "老刘{start}办了一张健身卡，{days}后到期。他的卡哪天到期，那天是星期几？",
        "装修队{start}开工，说好{days}后完工。请算出完工的日期，并说明是星期几。",
    ),
}
_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": tuple(f"星期{day}" for day in "一二三四五六日"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def draw(draw: Draw) -> Task:
    """Draw a date and a number of days: two to four weeks, for a strong teacher up to a hundred days."""
    rng, language = draw.rng, draw.language
    start = date(2024, 1, 1) + timedelta(rng.randrange(3 * 365))
    arguments: dict[str, Json] = {
        "start": start.isoformat(),
        "days": rng.randint(8, 30) if draw.level == 1 else rng.randint(40, 100),
    }
    shown, days = _facts(arguments, language)
    instruction = rng.choice(_FRAMES[language]).format(start=shown, days=days)
    return Task(instruction, "", _answer(arguments, language), arguments, (shown, days))


def fault(row: Row) -> str:
    """Return what is wrong with a row: its question must hold the facts and no other number."""
    facts = _facts(row.arguments, row.language)
    return unequal_or_other(row, _answer(row.arguments, row.language), facts)


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, str]:
    start = date.fromisoformat(str(arguments["start"]))
    if language == "en":
        return _shown(start, language), f"{arguments['days']} days"
    return f"{start.year}年{start.month}月{start.day}日（{_weekday(start, language)}）", f"{arguments['days']}天"


def _answer(arguments: dict[str, Json], language: str) -> str:
    start = date.fromisoformat(str(arguments["start"]))
    days = int(str(arguments["days"]))
    end = start + timedelta(days)
    weeks, rest = divmod(days, 7)
    first, last = _weekday(start, language), _weekday(end, language)
    if language == "en":
        whole = f"{weeks} week{'s' if weeks > 1 else ''}"
        if not rest:
            return f"{days} days is exactly {whole}, so the weekday is the same. The date is {_shown(end, language)}."
        more = f"{rest} day{'s' if rest > 1 else ''}"
        return f"{days} days is {whole} and {more}, so the weekday moves on {more}, from {first} to {last}. The date is {_shown(end, language)}."
    if not rest:
        return f"{days}天正好是{weeks}周，所以还是{first}。那天是{_shown(end, language)}。"
    return f"{days}天是{weeks}周零{rest}天，从{first}往后数{rest}天是{last}。那天是{_shown(end, language)}。"


def _weekday(day: date, language: str) -> str:
    return _WEEKDAYS[language][day.weekday()]


def _shown(day: date, language: str) -> str:
    if language == "en":
        return f"{_weekday(day, language)}, {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日，{_weekday(day, language)}"


KIND = Kind("date_after", "wording", draw, fault)
