"""An answer that uses a word exactly or at least twice. Source: IFEval (Zhou et al. 2023), `keywords:frequency`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.constraints.keyword import WORDS
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import occurrences

_WORDINGS = {
    "en": (
        'Use the word "{word}" {how} {times}.',
        'The word "{word}" must appear {how} {times} in your answer.',
        'Include the word "{word}" {how} {times}.',
        'Make sure the answer has the word "{word}" in it {how} {times}.',
        'Your answer must contain the word "{word}" {how} {times}.',
    ),
    "zh": (
        "“{word}”这个词{how}用{times}次。",
        "回答中“{word}”要{how}出现{times}次。",
        "请让“{word}”一词在文中{how}出现{times}次。",
        "写的时候请把“{word}”{how}用上{times}次。",
        "全文里“{word}”{how}出现{times}次。",
    ),
}
_HOW = {"en": ("at least", "exactly"), "zh": ("至少", "正好")}
_TIMES = {"en": {2: "twice", 3: "three times"}, "zh": {2: "两", 3: "三"}}


def draw(draw: Draw) -> Task:
    """Draw a word and a number: twice, three times for a strong teacher."""
    arguments = {
        "word": draw.rng.choice(WORDS[draw.language]),
        "exactly": draw.rng.random() < 0.5,
        "times": draw.level + 1,
    }
    return condition(draw, _WORDINGS, arguments, _shown(arguments, draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row: that often whether or not parts with a hyphen count as the word."""
    if wrong := unmet(row, _WORDINGS, _shown(row.arguments, row)):
        return wrong
    word, times = row.arguments["word"], row.arguments["times"]
    fewest, most = occurrences(row.output, word, row.language, alone=True), occurrences(row.output, word, row.language)
    if fewest < times or (row.arguments["exactly"] and most > times):
        return f"`{word}` {fewest} to {most} times, asked for {times}"
    return ""


def _shown(arguments: dict[str, object], of: Draw | Row) -> dict[str, object]:
    how, times = _HOW[of.language][arguments["exactly"] is True], _TIMES[of.language][int(str(arguments["times"]))]
    return {"word": arguments["word"], "how": how, "times": times}


KIND = Kind("keyword_times", "task", draw, fault, needs="prose")
