"""Rules for options and labels: what is chosen from stays what it was, and the answer is one of the translated labels."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from selfinstruct.quality.translation.json_keys import changed_key
from selfinstruct.quality.translation.pair import Pair, cut
from selfinstruct.quality.translation.spans import outside

_OPTION: Final = re.compile(
    r"(?:^|(?<=[\s(（,，;；。？?:：]))([A-H]|(?<=[(（])[a-h])\s?[.)、:：）．]\s?(?=\S)",
    re.MULTILINE,
)
_SET: Final = re.compile(r"(?<=[A-Za-z\u3400-\u9fff] )[A-H]\s?[:：]")
"""`Set A: 1` names a set, and may be `A组：1`."""
_STEMS: Final = dict(zip("甲乙丙丁", "ABCD", strict=True))
_STEM: Final = re.compile(r"^[甲乙丙丁](?=[:：])", re.MULTILINE)
_LETTER: Final = re.compile(
    r"\A\W{0,4}(?:the )?(?:correct )?(?:正确的?)?(?:answer|option|选项?|答案|应?该?选)?\s?(?:is|应?[是为选])?\s?[:：]?\s?[(（]?([A-H])(?!\s(?!is\b)[a-z])[)）.、:：．。，\s]?(?![A-Za-z'’])",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"(?<![A-Za-z])[A-H](?![A-Za-z'’])", re.IGNORECASE)
"""A letter that may name an option, anywhere."""
_EDGES: Final = " \t\n.,!?;:\"'“”‘’「」。，！？；：()（）"
_BLANKS: Final = re.compile(
    r"(?<=[^\w\s])[ \t]{1,3}|[ \t]{1,3}(?=[^\w\s])|(?<=[\u3400-\u9fff])[ \t]{1,3}|[ \t]{1,3}(?=[\u3400-\u9fff])"
)
_BEHIND_A_LETTER: Final = re.compile(r"(?<![A-Za-z])(?<=[A-H])[.:、)]")
_LONGEST: Final = 40
_WIDE: Final = 4
"""Letters that a Chinese character counts for."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_QUOTED: Final = re.compile(
    r"[^\"“「『\n]{0,40}(?:\b(?:is|as|be) |[是为作于])[\"“「『]([^\"“”「」『』\n]{1,40})[\"”」』]\W?"
)
_BEFORE_EN: Final = re.compile(
    r"(?:[^\w\s'’-]|\b(?:and|as|is|are|either|between|vs|versus|with|into|be)\b)\s{0,2}(?:(?:an?|the) )?\Z",
    re.IGNORECASE,
)
_BEHIND_EN: Final = re.compile(r"\Z|\s?[^\w\s'’-]| and\b", re.IGNORECASE)
_BEFORE_ZH: Final = re.compile(r"(?:[^\w\s]|[是为选答写填成和与属指作]|属于|\s)\Z")
_BEHIND_ZH: Final = re.compile(r"\Z|\s|[^\w\s]|[和与的吗呢两三四中之]")
_OR_BEFORE: Final = re.compile(r"(?:\bor (?:(?:an?|the) )?|或|还是)\Z", re.IGNORECASE)
_OR_BEHIND: Final = re.compile(r" (?:or|vs)\b|或|还是", re.IGNORECASE)
"""What stands around one of several labels."""
_AROUND: Final = 24


def changed_options(pair: Pair) -> str:
    """Other option letters than in the source, or an answer that names another one."""
    for name, before, after in pair.fields:
        wanted, found = _readings(before), _readings(after)
        if ["A", "B"] in (wanted[0][:2], found[0][:2]) and not any(one in found for one in wanted):
            return f"{name}: options {', '.join(found[0]) or 'none'} for {', '.join(wanted[0]) or 'none'}"
    return _other_option(pair) if _has_options(pair) else ""


def label_not_offered(pair: Pair) -> str:
    """Answer that is one of the words which the source's instruction offers, and none of those which the translation offers; a key of JSON likewise.

    Source: Alpaca-CoT #62: options and answers were translated apart
    """
    if detail := changed_key(pair.source, pair.target):
        return detail
    label, asked = _label(pair.source), _even(pair.source.get("instruction", ""))
    if not 0 < _width(label) <= _LONGEST or "\n" in label or not _is_offered(label, asked):
        return ""
    said, offered = _label(pair.target), _even(pair.target.get("instruction", ""))
    if said and (_within(said, offered) or all(_within(word, offered) for word in said.split())):
        return ""
    return f"output: {cut(said, 30) or 'nothing'} is not among the words of the instruction, as {cut(label, 30)} was"


def _other_option(pair: Pair) -> str:
    wanted, found = (_LETTER.match(texts.get("output", "")) for texts in (pair.source, pair.target))
    if not wanted or (found and found[1].upper() == wanted[1].upper()):
        return ""
    others = [found[1].upper()] if found else [one.upper() for one in _NAMED.findall(pair.target.get("output", ""))]
    if wanted[1].upper() in others:
        return ""
    return f"output: names {others[0] if others else 'no option'}, and the source's {wanted[1].upper()}"


def _has_options(pair: Pair) -> bool:
    asked = "\n".join((pair.source.get("instruction", ""), pair.source.get("input", "")))
    return _readings(asked)[0][:2] == ["A", "B"]


def _readings(text: str) -> tuple[list[str], list[str]]:
    """Return the letters of options, those of speakers among them, whom Chinese calls 甲 and 乙; and the letters without those of sets."""
    said = _STEM.sub(lambda found: _STEMS[found[0]], outside(text))
    every, without_sets = ([one.upper() for one in _OPTION.findall(one)] for one in (said, _SET.sub("", said)))
    return every, without_sets


def _label(texts: Mapping[str, str]) -> str:
    """Return what an answer says alone, or what it ends with: The answer is "bed"."""
    said = texts.get("output", "")
    quoted = _QUOTED.fullmatch(said.strip())
    return _bare(quoted[1] if quoted else said)


def _width(label: str) -> int:
    return len(label) + (_WIDE - 1) * len(_HAN.findall(label))


def _is_offered(label: str, asked: str) -> bool:
    """Return whether a label stands in an instruction as one of several: between signs, or words that join them; `the lost dog` in `about the lost dog` does not."""
    before, behind = (_BEFORE_ZH, _BEHIND_ZH) if _HAN.search(asked) else (_BEFORE_EN, _BEHIND_EN)
    for found in re.finditer(re.escape(label), asked, re.IGNORECASE):
        head, tail = asked[max(found.start() - _AROUND, 0) : found.start()], asked[found.end() : found.end() + _AROUND]
        if _OR_BEFORE.search(head) or _OR_BEHIND.match(tail) or (before.search(head) and behind.match(tail)):
            return True
    return False


def _bare(text: str) -> str:
    return _even(text).strip().strip(_EDGES)


def _even(text: str) -> str:
    """Return a text without the blanks beside signs and Chinese characters, its signs those of ASCII: `A） 铜` and `A.铜` are `A)铜`."""
    said = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    return _BEHIND_A_LETTER.sub(")", said)


def _within(label: str, text: str) -> bool:
    """Return whether a text holds a label: whole words in English."""
    edges = (r"(?<![A-Za-z])", r"(?![A-Za-z])") if label.isascii() else ("", "")
    return re.search(f"{edges[0]}{re.escape(label)}{edges[1]}", text, re.IGNORECASE) is not None
