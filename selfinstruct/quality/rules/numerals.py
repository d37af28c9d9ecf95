"""Whole numbers in digits, English words and Chinese numerals: what a task or an answer says, as an integer."""

import re

_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_ONES = {word: value for value, word in enumerate((*_TEN, *_TEENS), 1)}
_TIES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TENS = {word: 10 * value for value, word in enumerate(_TIES, 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_OTHERS = {"dozen": 12, "single": 1, "zero": 0}
_WORD = "|".join(sorted((*_ONES, *_TENS), key=len, reverse=True))
ENGLISH = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,6}}|(?:a )?dozen|single|(?:(?:an? )?hundred|(?:{_WORD})(?:[- ](?:{_WORD}))?(?: hundred)?))"
"""Pattern of a number in an English text, without fractions."""
CHINESE = r"(?:[0-9]{1,6}|[一二两三四五六七八九十百千]{1,7})"
"""Pattern of a number in a Chinese text, without fractions."""
_DIGITS = {one: value for value, one in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_LONGEST = 40


def whole(text: str) -> int | None:
    """Return the value of a whole number, or None where it is none or a guess like 三五 (three to five)."""
    text = text.strip().lower().replace(",", "")
    if not 0 < len(text) <= _LONGEST:
        return None
    if text.isascii():
        return int(text) if text.isdigit() else _english(re.split(r"[-\s]+", text))
    return _chinese(text)


def _english(words: list[str]) -> int | None:
    total = current = 0
    for place, word in enumerate(words):
        if word in {"a", "an", "and"}:
            continue
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if word != "hundred":
                total, current = total + current, 0
        elif (value := _ONES.get(word, _TENS.get(word, _OTHERS.get(word)))) is None:
            return None
        elif place and words[place - 1] in _ONES:
            return None  # `two three` is a guess
        else:
            current += value
    return total + current


def _chinese(text: str) -> int | None:
    total = section = 0
    digit: int | None = None
    for one in text:
        if one in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[one]
        elif one in {"万", "亿"}:
            total, section, digit = (total + section + (digit or 0)) * _UNITS[one], 0, None
        elif one in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[one]
            digit = None
        else:
            return None
    return total + section + (digit or 0)
