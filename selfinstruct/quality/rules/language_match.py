"""Rules for the language of instruction and answer."""

import re

from selfinstruct.language import (
    Language,
    english_words,
    foreign_share,
    han_share,
    is_other_latin,
    is_plain_english,
    misses_target,
    speaks_of_translation,
)
from selfinstruct.quality.rules.text import is_sum, looks_like_code, own_words, prose, unquoted
from selfinstruct.records import Candidate

_COMMENT = re.compile(r"^[ \t]{0,80}(?:#|//|--|\*|/\*|%).*", re.MULTILINE)
_OF_CODE = re.compile(r"[(){}=<>_]")
_LONG_WORD = re.compile(r"(?<![\w@./-])[a-z]{5,20}(?![\w@/-])")
"""A word that a name or title hardly has in lower case: `of the` and their like are shorter."""
_QUOTED_ENGLISH = re.compile(r"[“\"'‘（(「][A-Za-z]{2,}")
_MOST_QUOTED = 8
"""Most Chinese characters in an English text without quotation marks: an idiom or two."""
_MOST_IN_NAME = 12
"""Most words of a title or motto in its own language."""
_ENGLISH_RUN = re.compile(r"(?<![A-Za-z])(?:[A-Za-z'’]{1,20}[ ,]{1,2}){4}[A-Za-z'’]{1,20}")
_SUNG, _ENGLISH_NAME, _ENGLISH_TITLE = (
    re.compile(one) for one in ("歌|曲", r"(?<![A-Za-z])[A-Z][a-z]{2,}", r"《[A-Za-z][^《》\n]{1,60}》")
)
"""A song of somebody with an English name, or with an English title, is in English."""
_ENGLISH_SENTENCE = re.compile(r"(?<![A-Za-z])(?:[A-Za-z'’]{1,20}[ ,;:.-]{1,3}){7}[A-Za-z'’]{1,20}")
_PARENTHESIS = re.compile(r"[（(][^（()）]{0,400}[）)]")
_NOT_HAN = re.compile(r"[A-Za-z\u00c0-\u1fff\u3040-\u30ff\uac00-\ud7af]")
_IN_NAME = re.compile(r"\bin(?=[A-Z])")
_GLANCE = 600
"""Characters in which a language shows."""
_HAN = re.compile(r"[\u3400-\u9fff]")
NEITHER = "is in neither English nor Chinese"
_EXTRACTS = re.compile(
    "找出|提取|指出|识别|抽取|摘出|圈出|[单名动形副介代]词|词性|句|字母|元音|辅音|回文|反转|颠倒|语法|短语"
)
_STRANGE = re.compile(r"(?<![A-Za-z#])[a-z]{3,20}(?![A-Za-z])")
_ADDRESS = re.compile(r"!\[[^\]\n]{0,80}\]\([^)\s]+\)|(?:https?://|www\.)[^\s，。；）]+|[\w.-]{1,64}@[\w.-]{1,80}|[\w-]{1,40}\.(?:com|org|net|cn|io|edu|gov)\b\S{0,200}")  # fmt: skip
"""Addresses of pages and people, which are in no language."""
_TAGGED = re.compile(r"^[ \t]{0,8}(```|~~~)[ \t]?\w.*?^[ \t]{0,8}\1", re.DOTALL | re.MULTILINE)
"""Fenced code that names its language."""
_FORMULA = re.compile(r"\$\$[^$]{1,2000}\$\$|\$[^$\n]{1,200}\$|\\[A-Za-z]{1,30}(?:\{[^{}\n]{0,100}\}){0,3}")
_WORD = re.compile(r"[^\W\d_]{2}")
_SENTENCE = re.compile(r"^[ \t>]{0,8}[A-Z][a-z'’]{0,20}(?: [a-z'’]{1,20}){2}", re.MULTILINE)
_FULL_WIDTH = re.compile(
    "[\uff08-\uff0c\uff10-\uff1f\uff21-\uff3a\uff41-\uff5a]|\\|[ \t]{0,9}[\u2070-\u2079\u2080-\u2089\xb9\xb2\xb3]{1,4}[ \t]{0,20}\\|"
)
_EASTERN = re.compile(
    "[\u2500-\u27bf\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uffe0-\uffe6]|full-?width|unicode|kaomoji", re.IGNORECASE
)
"""Letters beside which full-width marks are at home, and the signs of faces."""
_QUERY = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER)\s")


def wrong_language(candidate: Candidate, language: Language) -> str:
    """Instruction not written in the language that was asked for; what it quotes or wants translated does not count.

    Source: BELLE drops the wrong language; Alpaca what does not begin with ASCII
    """
    if _is_plain(candidate.instruction, language) and (language.code == "en" or _HAN.search(candidate.instruction)):
        return ""
    own = own_words(candidate.instruction)
    own = own if language.units(own) >= language.length[0] else candidate.instruction
    share, whole = han_share(own), han_share(candidate.instruction)
    wrong = max(share, whole) < 0.3 if language.code == "zh" else min(share, whole) > 0.3
    foreign = min(map(foreign_share, (own, candidate.instruction))) > 0.3
    if not wrong and not (foreign or (language.code == "en" and is_other_latin(own[:_GLANCE]))):
        return ""
    least, letters = (4, len(_HAN.findall(own))) if language.code == "zh" else (3, len(re.findall("[A-Za-z]+", own)))
    quotes = language.code == "en" and 0 < len(_HAN.findall(own)) <= _MOST_QUOTED
    spoken_of = letters >= least and (quotes or language.matches(language.asks_for_translation, own))
    if spoken_of or is_sum(candidate.instruction) or _is_in_no_language(candidate.instruction):
        return ""
    return f"{share:.0%} of its words are Chinese characters" if wrong else NEITHER


def wrong_language_output(candidate: Candidate, language: Language) -> str:
    """Answer in another language, unless translation, code or part of the input is asked for; translation into another one.

    The full-width digits and brackets of Chinese, and raised or lowered digits alone in a cell, in a row without a Chinese or Japanese character, are of another language too.

    Source: BELLE drops Chinese tasks with English answers
    """
    asked = candidate.instruction
    said = prose(candidate.output)
    if not speaks_of_translation(asked) and _is_plain(said, language):
        return ""  # nearly every row
    said = _COMMENT.sub("", said)
    if target := misses_target(asked, said):
        return f"is not in {target}"
    strays = _strays_from_chinese if language.code == "zh" else _strays_from_english
    detail = strays(candidate, said, language) and strays(candidate, _ADDRESS.sub(" ", said), language)
    about_words = language.code == "zh" and _QUOTED_ENGLISH.search(asked)
    if not detail or len(candidate.output) < 8 or about_words or _names_a_language(asked, language):
        return ""
    return detail


def _names_a_language(asked: str, language: Language) -> bool:
    """Return whether an instruction speaks of a language, at its beginning or its end, also where a space is missing (`inKorean`)."""
    parts = (_IN_NAME.sub("in ", part) for part in (asked, asked[-_GLANCE:]))
    return any(language.matches(language.asks_for_translation, part) for part in parts)


def _is_in_no_language(text: str) -> bool:
    """Return whether a text is code, formulas, figures and addresses alone; a sentence in code of no named language is none of them."""
    rest = _ADDRESS.sub(" ", _FORMULA.sub(" ", prose(text)))
    if _HAN.search(rest) or (_WORD.search(rest) and not looks_like_code(rest)):
        return False
    return not _SENTENCE.search(_TAGGED.sub("\n", text))


def _is_plain(said: str, language: Language) -> bool:
    """Return whether a text is surely in its language: every eighth word is a common English one, or there are no letters but Chinese."""
    if language.code == "zh":
        return not _NOT_HAN.search(said)
    return said.isascii() and is_plain_english(said[:_GLANCE])


def _strays_from_english(candidate: Candidate, said: str, language: Language) -> str:
    task = f"{candidate.instruction} {candidate.input}"
    share = han_share(said)
    if (wide := _FULL_WIDTH.search(said)) and not (_EASTERN.search(said) or _EASTERN.search(task)):
        return f"contains {wide[0]}"
    if share > 0.3 and han_share(candidate.input) < 0.3 and not _HAN.search(candidate.instruction):
        return f"{share:.0%} of its words are Chinese characters"
    foreign = foreign_share(said) > 0.3 and foreign_share(task) < 0.05
    if not foreign and (not is_other_latin(said[:_GLANCE]) or is_other_latin(task[:_GLANCE])):
        return ""
    parts = re.split("[,\n]", said)
    listed = len(parts) > 1 and all(len(part.split()) <= 3 for part in parts)
    named = listed or language.matches(language.asks_for_name, candidate.instruction)
    return "" if not foreign and named and len(said.split()) <= _MOST_IN_NAME else NEITHER


def _strays_from_chinese(candidate: Candidate, said: str, language: Language) -> str:
    """Return how an answer strays: another language, all English or a sentence of it, or English words for those of a Chinese input."""
    task = candidate.instruction + candidate.input
    if foreign_share(said) > 0.3 and foreign_share(task) < 0.05:
        return NEITHER
    strange = _STRANGE.findall(said) if _EXTRACTS.search(candidate.instruction) else []
    if (
        (len(strange) > 1 or (strange and re.search(f'[“"]{strange[0]}[”"]', said)))
        and len(candidate.input) >= 4
        and not re.search("[A-Za-z]", task)
        and not re.search(r"[(){}=<>;]", said)
    ):
        return f"the input has no {strange[0]}"
    bare = (
        _PARENTHESIS.sub(" ", unquoted(said)) if _HAN.search(said) else said
    )  # names and quotations in a Chinese text
    sung = _SUNG.search(candidate.instruction) and (_ENGLISH_NAME.search(task) or _ENGLISH_TITLE.search(said))
    of_english = sung or _ENGLISH_RUN.search(candidate.instruction)
    given = (not candidate.input or han_share(candidate.input) >= 0.1) and not of_english
    share = han_share(bare)
    if share < 0.2 and given and _is_english(bare):
        least = 6 if language.matches(language.about_markup, candidate.instruction) else 2
        if english_words(bare) >= least and not looks_like_code(said) and not _QUERY.match(said):
            return f"{share:.0%} of its words are Chinese characters"
    if share < 0.2 and is_other_latin(said[:_GLANCE]) and not is_other_latin(candidate.input):
        return NEITHER
    run = _english_sentence(said, task) if given else ""
    return f"turns to English: {run[:40]}" if run else ""


def _english_sentence(said: str, task: str) -> str:
    """Return an English sentence in a Chinese answer that is neither quoted nor taken from the task."""
    if not _ENGLISH_SENTENCE.search(said[:20_000]) or looks_like_code(said):
        return ""
    text = _PARENTHESIS.sub(" ", unquoted(said))
    for run in (found[0] for found in _ENGLISH_SENTENCE.finditer(text[:20_000])):
        defined = re.search(rf"[=\[(]\s?{re.escape(run[:12])}", text)
        is_title = not _LONG_WORD.search(run) and sum(word[0].isupper() for word in run.split()) > 2
        if english_words(run) >= 3 and run[:30] not in task and not defined and not is_title:
            return run
    return ""


def _is_english(text: str) -> bool:
    """Return whether a text is English prose: a run of words, or, with no Chinese in it, words in lower case that are neither names nor code."""
    if english_words(text) < 2:
        return False
    if _ENGLISH_RUN.search(text):
        return True
    return not _HAN.search(text) and not _OF_CODE.search(text) and len(set(_LONG_WORD.findall(text[:2_000]))) >= 2
