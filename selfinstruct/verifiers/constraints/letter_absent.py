"""An answer without a given letter, for a strong teacher a common one in few words; in Chinese without a given character.

Source: IFEval (Zhou et al. 2023), `keywords:letter_frequency`.
"""

from selfinstruct.verifiers.constraints.condition import condition, count_word, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import words

_LETTERS = {"en": ("zqxj", "kvbw"), "zh": ("吗吧也都还就又被", "了是在有和不这会")}
_NONE = {
    "en": (
        'Do not use any word with the letter "{letter}".',
        'The letter "{letter}" must not appear in your answer.',
        'Answer without the letter "{letter}".',
        'Avoid all words that contain the letter "{letter}".',
        'Write it so that the letter "{letter}" never occurs.',
    ),
    "zh": (
        "回答里不要出现“{letter}”字。",
        "全文不能有“{letter}”这个字。",
        "写的时候避开“{letter}”字。",
        "答案中一个“{letter}”字都不要用。",
        "请不用“{letter}”字来写。",
    ),
}
_FEW = {
    "en": (
        'Use at most {most} {word} with the letter "{letter}".',
        'No more than {most} {word} in your answer may contain the letter "{letter}".',
        'The letter "{letter}" may occur in {most} {word} at most.',
        'Keep words with the letter "{letter}" to {most} at most.',
        'Your answer must not have more than {most} {word} with the letter "{letter}" in it.',
    ),
    "zh": (
        "“{letter}”字最多用{most}次。",
        "全文里“{letter}”字不能超过{most}次。",
        "回答中“{letter}”字至多出现{most}次。",
        "尽量少用“{letter}”字，最多{most}次。",
        "请把“{letter}”字控制在{most}次以内。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a rare letter that must not occur; for a strong teacher a common one in one or two words at most."""
    arguments = {
        "letter": draw.rng.choice(_LETTERS[draw.language][draw.level - 1]),
        "most": draw.rng.randint(1, 2) * (draw.level - 1),
    }
    return condition(draw, _FEW if arguments["most"] else _NONE, arguments, _shown(arguments, draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row: small letters and capitals are the same; where some are allowed, words count in English."""
    letter, most = row.arguments["letter"], row.arguments["most"]
    if wrong := unmet(row, _FEW if most else _NONE, _shown(row.arguments, row)):
        return wrong
    found = row.output.lower().count(letter)
    if most and row.language == "en":
        found = sum(letter in word.lower() for word in words(row.output))
    return f"`{letter}` {found} times, at most {most}" if found > most else ""


def _shown(arguments: dict[str, object], of: Draw | Row) -> dict[str, object]:
    most = int(str(arguments["most"]))
    return {
        "letter": arguments["letter"],
        "most": count_word(most, of.language),
        "word": "word" if most == 1 else "words",
    }


KIND = Kind("letter_absent", "task", draw, fault)
