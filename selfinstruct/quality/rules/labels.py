"""Rule for labels: the answer to a choice must be one of the options that the instruction lists."""

import re

from selfinstruct.language import Language
from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.records import Candidate

_LETTERED = re.compile(r"(?:^|[\s(（,，;；。？?:：])([A-H]|(?<=[(（])[a-h])\s?[.)、:：）．]\s?(?=\S)", re.MULTILINE)
_LETTER_ANSWER = re.compile(r"\W*(?:(?:so|thus|therefore|hence|因此|所以)\W{0,2})?(?:the |正确)?(?:correct )?(?:answer|option|选项?|答案|答)?\s?(?:is|是|为)?\s?[:：]?\s?\(?([A-Z])(?a:\b)[^\w]*", re.IGNORECASE)  # fmt: skip
_LETTER = re.compile(r"[(（][A-Ha-h][)）]\W*")
_LETTERS = re.compile(r"(?<![A-Za-z'’])[b-hB-H](?![A-Za-z'’])")
"""A letter by itself, which may be that of an option."""
_EITHER = re.compile(r"(?a:\b)(?:both|neither|either|all|none of)(?a:\b)|都|均|两者|皆", re.IGNORECASE)
_WORD = re.compile(r"\w")
_SEVERAL = re.compile(r"\w\s?[-–—:：]\s?\w")
_YES = frozenset(["yes", "no", "true", "false", "是", "否", "不是", "对", "错", "真", "假"])
_NO = frozenset(["not", "no", "false", "否", "不是"])
_TRUTH = re.compile(r"(?:正确|错误|对|错|真|假|是|不)|(?:yes|no|true|false|correct|incorrect|right|wrong)\b")
_ASIDE = re.compile(r"(?<=[^\s（(])[（(][^（()）]{0,80}[）)]")
_POINT = re.compile(r"\(\s*[-−]?\d+\s*,\s*[-−]?\d+\s*\)")
"""The coordinates of a point, which are no options."""
_FIGURED = re.compile(r"(?<!\w)[1-9]\s?[.)）、]\s?\S")
"""Options with figures before them, of which the figure is enough."""
_SUPERLATIVE = re.compile(r"\W*(?:最|合适|适当|恰当|正确的|the (?:best|most|right|correct))")
"""What is chosen, and no list to choose from."""
_ALIKE = str.maketrans("积极消", "正面负")
"""积极 and 消极 are other words for 正面 and 负面."""
_MOST_UNITS = {"en": 5, "zh": 10}
_LONGEST = {"en": 240, "zh": 80}
"""Characters of an instruction; a longer one holds its material, in which there are other lists."""


_BY_NUMBER = re.compile(r"(?a:\b)(?:index|number|score)(?a:\b)|编号|序号|分数", re.IGNORECASE)
_SENTENCE = re.compile("[\u4e00-\u9fff]是[\u4e00-\u9fff]")
"""An answer that says more than a label, perhaps in other words."""


_AND = re.compile(r"(?<=[^\W\d_])[和与](?=[^\W\d_])")
_SUBJECT = re.compile(r"\A[^是属]{2,8}(?:属于|(?<!还)是)(?=[^\W\d_])")
"""What Chinese options are said of: 下面的评价是好评还是差评."""


def outside_options(candidate: Candidate, language: Language) -> str:
    """Short answer to a choice that is none of the options which the instruction lists.

    Source: Self-Instruct's classification tasks; its authors' review names wrong labels
    """
    said = candidate.output.strip()[:200]
    if "\n" in said or language.units(said) > _MOST_UNITS[language.code] or not _WORD.search(said):
        return ""
    asked = candidate.instruction
    letters = [one.upper() for one in _LETTERED.findall(asked) or _LETTERED.findall(candidate.input)]
    if letters[:2] == ["A", "B"]:
        found = _LETTER_ANSWER.fullmatch(said)
        return f"{said} is none of {', '.join(letters)}" if found and found[1].upper() not in letters else ""
    if _LETTER.fullmatch(said):
        return "" if _LETTERS.search(f"{asked}\n{candidate.input}") else f"{said} names an option, and there are none"
    if (
        len(asked) > _LONGEST[language.code]
        or _EITHER.search(said)
        or looks_like_code(asked)
        or (said[0].isdigit() and (_FIGURED.search(asked) or _BY_NUMBER.search(asked)))
        or not language.matches(language.asks_to_choose, asked)
        or (language.code == "zh" and _SENTENCE.search(said))
    ):
        return ""
    options = _options(asked, language)
    whole = any(_is_same(option, said) or ("是" in said[1:-2] and option[:2] in said) for option in _apart(options))
    if len(options) < 2 or whole or _is_told(asked, said, options):
        return ""
    return f"{said} is none of {', '.join(options)}"


def _options(instruction: str, language: Language) -> list[str]:
    """Return the options of the first list in an instruction, without quotation marks."""
    instruction = _ASIDE.sub("", _POINT.sub(" ", instruction))
    for pattern in language.option_lists:
        found = re.search(pattern, instruction[:1_000], re.IGNORECASE)
        if found and not _SUPERLATIVE.match(found[1]):
            parts = re.split(language.option_ends, _SUBJECT.sub("", found[1]), flags=re.IGNORECASE)
            joined = [part for part in parts if _AND.search(part)]
            if len(parts) > 1 and joined == parts[-1:]:
                parts += _AND.split(parts[-1])
            return [bare for part in parts if (bare := part.strip(" \"“”'‘’「」。."))]
    return []


def _apart(options: list[str]) -> list[str]:
    """Return the options, in Chinese without the end that all share: 好文 and 坏文 differ in 好 and 坏."""
    ends = {option[-1:] for option in options}
    return (
        [option[:-1] for option in options]
        if len(ends) == 1 and not min(ends).isascii() and len(options[0]) > 1
        else options
    )


def _is_told(asked: str, said: str, options: list[str]) -> bool:
    """Return whether an answer is what the instruction wants written, a yes or no to `whether or not`, or one label for each of several things."""
    bare = said.strip(" .。\"'“”").lower()
    told = re.search(rf"(?<!\w){re.escape(bare)}(?!\w)|[出答写为，,；;]\s?{re.escape(bare)}(?!\d)", asked.lower())
    yes = bare in _YES and (options[-1].lower() in _NO or "是否" in asked)
    yes = yes or (options[-1].lower().removesuffix("的") in _YES and bool(_TRUTH.match(bare)))
    return bool(told or yes or len(_SEVERAL.findall(said)) > 1)


def _is_same(option: str, said: str) -> bool:
    """Return whether an answer contains an option, or shares its stem: `positively` is `positive`, `财经类` is `财经`."""
    if not option.isascii() or not said.isascii():
        one, other = (re.sub(r"[\W的]", "", text).lower().translate(_ALIKE) for text in (option, said))
        return one in other or other in one
    words, wanted = (re.findall(r"\w+", text.lower()) for text in (said, option))
    return any(
        word == one or (len(one) > 3 and word.startswith(one.removesuffix("s")[:5])) for one in wanted for word in words
    )
