"""Rules for options and labels: what is chosen from stays what it was, and the answer is one of the translated labels."""

import re
import unicodedata
from typing import Final

from selfinstruct.quality.translation.json_keys import changed_key
from selfinstruct.quality.translation.pair import Pair, cut
from selfinstruct.quality.translation.spans import outside

_OPTION: Final = re.compile(
    r"(?:^|[\s(（,，;；。？?:：])([A-H]|(?<=[(（])[a-h])\s?[.)、:：）．]\s?(?=\S)", re.MULTILINE
)
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


def changed_options(pair: Pair) -> str:
    """Other option letters than in the source, or an answer that names another one."""
    for name, before, after in pair.fields:
        wanted, found = ([one.upper() for one in _OPTION.findall(outside(text))] for text in (before, after))
        if wanted != found and ["A", "B"] in (wanted[:2], found[:2]):
            return f"{name}: options {', '.join(found) or 'none'} for {', '.join(wanted) or 'none'}"
    return _other_option(pair) if _has_options(pair) else ""


def label_not_offered(pair: Pair) -> str:
    """Answer that is one of the words which the source's instruction offers, and none of those which the translation offers; a key of JSON likewise.

    Source: Alpaca-CoT #62: options and answers were translated apart
    """
    if detail := changed_key(pair.source, pair.target):
        return detail
    label, offered = _bare(pair.source.get("output", "")), _even(pair.source.get("instruction", ""))
    if not 0 < len(label) <= _LONGEST or "\n" in label or not _within(label, offered):
        return ""
    said = _bare(pair.target.get("output", ""))
    if said and _within(said, _even(pair.target.get("instruction", ""))):
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
    return [one.upper() for one in _OPTION.findall(outside(asked))[:2]] == ["A", "B"]


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
