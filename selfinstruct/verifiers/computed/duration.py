"""The time from one clock time to another on the same day, for a strong teacher less a break."""

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal_or_other

_FRAMES = {
    "en": (
        (
            "The village museum is open {span}{pause}. For how long can people visit it?",
            ", but closes for {pause} at lunchtime",
        ),
        (
            "Erik's shift at the bakery runs {span}{pause}. How much time does he spend working?",
            ", with a break of {pause}",
        ),
        (
            "Hanna painted the fence {span}{pause}. How long did the painting take?",
            ", stopping for {pause} because of rain",
        ),
        (
            "A bicycle repair workshop goes on {span}{pause}. How long do people spend on repairs?",
            ", and {pause} of that are for tea",
        ),
        ("Owen went hiking {span}{pause}. How long was he walking?", " and rested for {pause} on the way"),
        (
            "The street market is held {span}{pause}. For how long can people shop there?",
            ", except for {pause} when it shuts at midday",
        ),
    ),
    "zh": (
        ("社区图书馆{span}开放{pause}。读者一天有多长时间可以进馆？", "，中间闭馆{pause}"),
        ("小赵{span}在面包店上班{pause}。他一共工作了多长时间？", "，其中休息{pause}"),
        ("爸爸{span}在院子里刷围栏{pause}。刷围栏用了多长时间？", "，中途下雨停了{pause}"),
        ("学校{span}举行运动会{pause}。比赛一共进行多长时间？", "，中间休息{pause}"),
        ("驾校今天{span}练车{pause}，请算出实际练车的时间。", "，当中休息{pause}"),
        ("老周{span}爬山{pause}。他走了多长时间？", "，路上歇了{pause}"),
    ),
}


def draw(draw: Draw) -> Task:
    """Draw two clock times in steps of five minutes; for a strong teacher a break to take off too."""
    rng, language = draw.rng, draw.language
    start = rng.randrange(8 * 60, 11 * 60, 5)
    end = start + rng.randrange(2 * 60 + 5 if draw.level == 1 else 6 * 60 + 5, 9 * 60, 5)
    arguments: dict[str, Json] = {
        "start": start,
        "end": end,
        "pause": 0 if draw.level == 1 else rng.randrange(20, 56, 5),
    }
    facts = _facts(arguments, language)
    frame, pause = rng.choice(_FRAMES[language])
    instruction = frame.format(span=facts[0], pause=pause.format(pause=facts[-1]) if arguments["pause"] else "")
    return Task(instruction, "", _answer(arguments, language), arguments, facts)


def fault(row: Row) -> str:
    """Return what is wrong with a row: its question must hold the facts and no other number."""
    facts = _facts(row.arguments, row.language)
    return unequal_or_other(row, _answer(row.arguments, row.language), facts)


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, ...]:
    start, end = _clock(arguments["start"], language), _clock(arguments["end"], language)
    span = f"from {start} to {end}" if language == "en" else f"从{start}到{end}"
    return (span, _length(arguments["pause"], language)) if arguments["pause"] else (span,)


def _answer(arguments: dict[str, Json], language: str) -> str:
    start, end, pause = arguments["start"], arguments["end"], arguments["pause"]
    hours, minutes = divmod(end - start, 60)
    middle = _clock(start + 60 * hours, language)
    whole, rest = _length(60 * hours, language), _length(minutes, language)
    first, last, total = _clock(start, language), _clock(end, language), _length(end - start, language)
    left = _length(end - start - pause, language)
    if language == "en":
        steps = f"From {first} to {middle} is {whole}" + (
            f", and {rest} more to {last} makes {total}." if minutes else "."
        )
        return f"{steps} Taking off {_length(pause, language)} leaves {left}." if pause else steps
    steps = f"从{first}到{middle}是{whole}" + (f"，再到{last}是{rest}，一共{total}" if minutes else "")
    return f"{steps}，减去{_length(pause, language)}，是{left}。" if pause else f"{steps}。"


def _clock(minutes: int, language: str) -> str:
    hour, minute = divmod(minutes, 60)
    if language == "en":
        return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
    return f"{hour}:{minute:02}"


def _length(minutes: int, language: str) -> str:
    hours, rest = divmod(minutes, 60)
    if language == "zh":
        return (f"{hours}小时" if hours else "") + (f"{rest}分钟" if rest or not hours else "")
    parts = [
        f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in ((hours, "hour"), (rest, "minute")) if number
    ]
    return " and ".join(parts)


KIND = Kind("duration", "wording", draw, fault)
