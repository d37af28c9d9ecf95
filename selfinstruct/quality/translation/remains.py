"""Rules for what a translator leaves behind: text in the source's language, remarks on the translation, terms that the glossary has otherwise."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from selfinstruct.language import han_share
from selfinstruct.language.wording import read_wordings
from selfinstruct.quality.translation.icu import without_syntax
from selfinstruct.quality.translation.pair import Pair, cut, without
from selfinstruct.quality.translation.spans import outside

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN: Final = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff，、：；]{0,400}")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_PLAIN: Final = re.compile(r"(?<![A-Za-z0-9_./@-])[a-z][a-z'’-]{2,30}(?![A-Za-z0-9_/@]|\.[a-z])")
"""A word in lower case: names of products and abbreviations have capitals or figures."""
_RUN: Final = re.compile(r"[A-Za-z][A-Za-z'’]{0,30}(?:[ ,;:]{1,2}[A-Za-z][A-Za-z'’]{0,30}){3,60}")
_WEDGED: Final = re.compile(
    r"(?<=[\u3400-\u9fff]) ?([a-z]{3,20}(?: [a-z]{3,20}){0,5}) ?(?=[\u3400-\u9fff，。！？；：、])"
)
"""Words in lower case in the middle of a Chinese sentence."""
_PROGRAMMING: Final = re.compile(
    r"\b(?:code|coding|program(?:s|ming|mers?)?|scripts?|functions?|compilers?|languages?|software|web|librar(?:y|ies)|developers?|frameworks?)\b",
    re.IGNORECASE,
)
_NAMED_LANGUAGES: Final = {
    "Python": "蟒蛇", "Java": "爪哇", "Ruby": "红宝石", "Rust": "铁锈|生锈", "Swift": "雨燕|迅速", "Go": "围棋", "Scratch": "划痕", "Dart": "飞镖", "Julia": "朱莉娅",
}  # fmt: skip
"""{language of programs: what its name is taken for}."""
_QUOTED: Final = re.compile(r"[“\"「『《（(][^“”\"「」『』《》（）()\n]{1,200}[”\"」』》）)]")
_WIDE: Final = re.compile(r"(?<=[A-Za-z0-9)])[，。；！？]|[０-９]")
"""A sign or a figure of Chinese text, in English."""
_SPEAKS_OF_WIDTH: Final = re.compile("全角|半角|标点|逗号|句号|Unicode", re.IGNORECASE)
_TECHNICAL: Final = re.compile(r"[(){}\[\]<>=_;|/\\:#*+-]")
_COMMAND: Final = re.compile(
    r"[$>]?\s?[a-z][\w.-]{0,30}(?: [\w./-]{1,40}){0,3} (?:-[\w-]{1,30} )?[\"'][^\"'\n]{0,200}[\"']"
)
"""A line for a shell or a program: a word, and a text in quotation marks behind it."""
_MOST_SHARE: Final = {"zh": 0.5, "en": 0.1}
"""Most words of the source's script among all, names aside."""
_NOTE: Final = re.compile(
    r"translator['’]?s?\s+note|\[?translation note|\[TN[:：]|[(（](?:literally[,: ]|直译)|译者?[注按]|译文说明|翻译说明"
    r"|^\W{0,3}(?:please )?note(?: that)?\s?[:：,]|^\W{0,3}(?:注意?|说明|备注|附注)\s?[:：]|[（(](?:注|note)\s?[:：]"
    r"|(?:^|[.。!！]\s?)注意[，,][“\"「][^\n]{1,40}[”\"」](?:在这里|此处|在此|通常)",
    re.IGNORECASE | re.MULTILINE,
)
_ANNOUNCED: Final = re.compile(
    r"^\W{0,3}(?:[^\n.:：]{0,12}[!！.,，]\s?)?(?:(?:here(?:'s| is| are)|below is|this is|the following is)[^\n]{0,30}\btranslat(?:ion|ed)\b"
    r"|(?:the )?(?:english |chinese )?translation\s?[:：]|(?:以下|下面|这)[^\n]{0,12}(?:翻译|译文)|(?:中文|英文)?(?:翻译|译文)(?:如下|结果)?\s?[:：])"
    r"|以上[^\n]{0,8}(?:翻译|译文)|\bhope (?:this|the|my) translation\b|希望[^\n。]{0,8}(?:翻译|译文)",
    re.IGNORECASE | re.MULTILINE,
)
_OWN_NOTE: Final = re.compile(
    "note|description|instruction|explanation|remark|attention|caution|注|说明|translat|翻译|译", re.IGNORECASE
)
"""What the source has where a remark is its own."""


def left_untranslated(pair: Pair) -> str:
    """Text in the source's language: a whole field, a sentence, an everyday word in a Chinese one, or too large a share of its words; quotations and names of products aside."""
    kept = [new for _, new in (*pair.adapted, *pair.terms)]
    for name, before, after in pair.fields:
        said = without_syntax(outside(without(after, kept)))
        if pair.to == "en" and (found := _WIDE.search(_QUOTED.sub(" ", said))) and not _of_signs(pair, before, after):
            return f"{name}: {found[0]} in English"
        if detail := (_english_left if pair.to == "zh" else _chinese_left)(without_syntax(outside(before)), said):
            return f"{name}: {detail}"
    return ""


def translator_note(pair: Pair) -> str:
    """Remark of the translator's: a note, or an announcement of the translation, that the source does not have."""
    for name, before, after in pair.fields:
        said = outside(after)
        found = _NOTE.search(said) or _ANNOUNCED.search(said)
        if found and not _OWN_NOTE.search(before):
            return f"{name}: {cut(found[0])}"
    return ""


def glossary_missed(pair: Pair) -> str:
    """Term of the glossary that stands in the source, and whose translation does not stand in the same field."""
    for name, before, after in pair.fields:
        for term, wanted in pair.terms:
            if holds(outside(before), term) and not holds(outside(after), wanted):
                return f"{name}: lacks {wanted} for {term}"
    return ""


def translated_name(pair: Pair) -> str:
    """Language of programs whose name was translated as a word: Python that is 蟒蛇, in a text on programming.

    Source: alpaca-chinese-dataset #5
    """
    if pair.to != "zh" or not _PROGRAMMING.search("\n".join(pair.source.values())):
        return ""
    for name, before, after in pair.fields:
        for language, taken_for in _NAMED_LANGUAGES.items():
            lost = re.search(rf"\b{language}\b", before) and not re.search(rf"(?<![A-Za-z]){language}", after)
            if lost and (found := re.search(taken_for, after)):
                return f"{name}: {language} has become {found[0]}"
    return ""


def holds(text: str, term: str) -> bool:
    """Return whether a text holds a term: whole words, whatever their case, in a term of letters.

    >>> holds("Two branches, one branch.", "branch"), holds("An overbranched tree", "branch")
    (True, False)
    """
    if not term.isascii():
        return term in text
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(term)}(?:e?s)?(?![A-Za-z0-9])", text, re.IGNORECASE) is not None


def _english_left(before: str, after: str) -> str:
    if _is_technical(before, after):
        return ""
    bare = _QUOTED.sub(" ", after)
    for run in _sentences(bare):
        if run in before or len(_PLAIN.findall(run)) >= 3:
            return cut(run)
    words = _PLAIN.findall(bare)
    if words and not _HAN.search(after) and _PLAIN.search(before):
        return cut(after)
    for found in _WEDGED.finditer(bare):
        if any(word in _everyday() and holds(before, word) for word in found[1].split()):
            return cut(found[1])
    share = len(words) / max(len(words) + len(_HAN.findall(bare)) / 2, 1)
    return f"{share:.0%} of its words are English" if len(words) > 3 and share > _MOST_SHARE["zh"] else ""


def _of_signs(pair: Pair, before: str, after: str) -> bool:
    """Return whether signs in full width are what a text is about, or data that was taken over."""
    return before.strip() == after.strip() or any(_SPEAKS_OF_WIDTH.search(text) for text in pair.source.values())


@cache
def _everyday() -> frozenset[str]:
    return frozenset(" ".join(read_wordings("en").lines["everyday"]).split())


def _is_technical(before: str, after: str) -> bool:
    """Return whether a text that was taken over whole is code, data or a line of a log: a command, or one of its characters in thirteen is a sign of such."""
    said = after.strip()
    return before.strip() == said and (
        len(_TECHNICAL.findall(after)) * 13 >= len(after) or bool(_COMMAND.fullmatch(said))
    )


def _sentences(text: str) -> Iterator[str]:
    """Yield runs of four English words and more of which two are in lower case."""
    for found in _RUN.finditer(text):
        if len(_PLAIN.findall(found[0])) >= 2:
            yield found[0]


def _chinese_left(before: str, after: str) -> str:
    found = _HAN_RUN.search(_QUOTED.sub(" ", after))
    if found and (len(found[0]) > 1 or not _WORD.search(after)):
        return cut(found[0])
    share = han_share(after)
    return f"{share:.0%} of its words are Chinese" if share > _MOST_SHARE["en"] and not _WORD.search(before) else ""
