"""How many words or letters a given word or sentence has, and the number that an answer states."""

import re

from selfinstruct.language import Language
from selfinstruct.quality.rules.numerals import CHINESE, ENGLISH, whole
from selfinstruct.records import Candidate

_LOOK = 1_000
_ASKS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "en": (
        re.compile(
            r"(?a:\b)(?:how many|count (?:all )?(?:the )?(?:number of )?|number of )\s?(words|letters)(?: are)?(?: there)?(?: in| does| with| that| which| containing| contain)(?a:\b)",
            re.IGNORECASE,
        ),
        re.compile(
            r"(?:words? )?(?:with|contain(?:s|ing)?|that contain|that have|which contain) the letter [\"'“‘]?([a-z])(?a:\b)|how many times does the letter [\"'“‘]?([a-z])[\"'”’]? (?:appear|occur)",
            re.IGNORECASE,
        ),
    ),
    "zh": (
        re.compile(
            r"(?:多少|几)个?[^，。？?]{0,8}?(单词|字母|汉字|(?<!数)字(?![母符]))|(?:统计|计算|数)[^，。？?]{0,12}?(单词|字母|汉字|(?<!数)字(?![母符]))[^，。？?]{0,6}(?:数|有几|多少)"
        ),
        re.compile(r"(?:带有?|含有?|包含|有|出现)字母\s?[“\"'‘]?([a-zA-Z])(?![a-zA-Z])"),
    ),
}
_QUOTED = re.compile(r"[\"“「『‘']([^\"“”「」『』‘’\n]{1,600})[\"”」』’']")
_AFTER_COLON = re.compile(r"[:：]\s*(.{1,600})\Z", re.DOTALL)
_OTHERWISE = re.compile(
    r"(?a:\b)(?:unique|different|distinct|each|every|longest|start|begin|end|vowels?|consonants?|capital|syllable|unscramble|make|more|three|two|four|five|code|function|program|script|method)(?a:\b)|不同|每|元音|辅音|大写|音节|开头|结尾|函数|代码|程序|脚本|方法|算法|笔画",
    re.IGNORECASE,
)
_NUMBER = {
    "en": re.compile(rf"(?a:\b)(?:{ENGLISH})(?a:\b)", re.IGNORECASE),
    "zh": re.compile(rf"(?<!第)({CHINESE})(?!共|[句些])"),
}


def wrong_tally(candidate: Candidate, language: Language) -> str:
    """Return the error of an answer that counts the words or letters of a text which the task gives."""
    asked = candidate.instruction[:_LOOK]
    asks, lettered = _ASKS[language.code]
    material = _material(candidate)
    own = asked.replace(material, " ") if material else asked
    found, letter = asks.search(own), lettered.search(asked)
    if not material or not found or _OTHERWISE.search(own) or _more(own):
        return ""
    named = next(filter(None, found.groups()), "").lower()
    unit = "letter" if named in {"letters", "字母"} else "han" if "字" in named else "word"
    wanted = next(filter(None, letter.groups()), "").lower() if letter else ""
    right, said = _count(material, unit, wanted), _said(candidate.output, material, language)
    return "" if right is None or said is None or said in right else f"{min(right)} {unit}s, not {said}"


def _more(own: str) -> bool:
    """Return whether an instruction asks for something else, too."""
    return (
        len(re.findall(r"[?？。!]|\.\s", own.strip().rstrip(".?？。"))) > 1
        or re.search(r"(?a:\b)and(?a:\b)|并", own) is not None
    )


def _material(candidate: Candidate) -> str:
    """Return the text to be counted: the input, a single quotation, or what follows a colon."""
    if text := candidate.input.strip():
        return text[: _LOOK + 1] if len(text) <= _LOOK else ""
    asked = candidate.instruction[:_LOOK].strip()
    quoted = [one for one in _QUOTED.findall(asked) if len(one) > 1]
    if len(quoted) == 1:
        return quoted[0]
    after = _AFTER_COLON.search(asked)
    return after[1].strip() if after and not quoted else ""


def _count(material: str, unit: str, letter: str) -> set[int] | None:
    """Return the possible counts, or None for a text whose words cannot be told apart."""
    if unit == "han":
        han = len(re.findall(r"[\u3400-\u9fff]", material))
        return {han, len(re.sub(r"\s", "", material))} if han and not re.search(r"[A-Za-z0-9]", material) else None
    words = [word.strip("\"“”'‘’.,;:!?()") for word in material.split()]
    words = [word for word in words if word]
    if not words or not all(re.fullmatch(r"[A-Za-z]+(?:['’][A-Za-z]+)?", word) for word in words):
        return None
    if unit == "letter":
        return {sum(character.isalpha() for word in words for character in word)} if not letter else None
    return {sum(letter in word.lower() for word in words)}


def _said(output: str, material: str, language: Language) -> int | None:
    """Return the only number of a short answer outside its quotations."""
    text = _QUOTED.sub(" ", output.strip().replace(material, " "))
    if len(text) > 200:
        return None
    found = [one[0] for one in _NUMBER[language.code].finditer(text)]
    return whole(found[0]) if len(found) == 1 else None
