"""Rules for a number asked for: the answer has another number of items, sentences, lines, words, or names one twice."""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from selfinstruct.language import Language
from selfinstruct.quality.rules.listing import listing
from selfinstruct.quality.rules.requested import Request, requests
from selfinstruct.quality.rules.text import english_words, looks_like_code, own_words, prose
from selfinstruct.records import Candidate
from selfinstruct.verifiers.text import sentence_counts

_MOST, _LOOK = 8_000, 1_000
_TITLE = re.compile(r"\W*(?:《.*》\W*|title\b.*|[标题]目?题?[:：].*|.*[:：])\Z|#|\*\*", re.IGNORECASE)
_WORD = re.compile(r"[^\s—–]*\w[^\s—–]*")
_ENDED = re.compile(r"[.!?。！？…][\"'”’)）」』*_]*\Z")
_INNER = re.compile(r"[:：][^,，、;；]+[,，、;；][^,，、;；]+[,，、;；]")
_CHARACTER = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_CODE = re.compile(r"\b(?:code|script|program|function|query|html|css|python|java|sql)\b|代码|程序|脚本|函数|查询", re.IGNORECASE)  # fmt: skip
_SEVERAL = re.compile(r"\b(?:and|pairs?|sets|groups|categories|differences|similarities|poems?|haikus?|stories|dialogues|couplets|verses|stanzas|questions|riddles|jokes)\b|[和与及对组诗]|故事|问题|谜语|笑话|[区差]别|异同", re.IGNORECASE)  # fmt: skip
"""A list may have a multiple of the number, or things of several lines."""
_THINGS = frozenset(["synonym", "synonyms", "antonym", "antonyms", "adjectives", "adverbs", "verbs", "nouns", "words", "names", "items", "slang", "slangs", "things", "foods", "animals", "countries", "cities"])  # fmt: skip
_LISTS = re.compile(r"\blists? of|[同反近形动名副]义?容?词|列出|清单|列表|名[字称]", re.IGNORECASE)
"""A list of different things is asked for; so it is where one of the things is named."""
_OTHER_LIST = re.compile(
    r"\b(?:conjugat|random|sequence|permut|combin|song|poem|lyric|schedule|numbers|steps|rhym)|变位|随机|序列|排列|组合|歌|诗|日程|数字|步骤",
    re.IGNORECASE,
)
"""Lists in which one thing may come twice."""
_TRIM = " \t.。,，;；!！*_\"“”'‘’"
_OVER, _MUCH_OVER, _UNDER = 1.2, 1.5, 2
"""Tolerance of a length: a fifth above a limit, else half as much again, or half, as a reader would not notice less."""
_FULL = 15
"""Words or characters from which a line or block is a paragraph."""


def wrong_count(candidate: Candidate, language: Language) -> str:
    """Answer with another number of items, sentences, lines, paragraphs or words than the instruction asks for, or a table with uneven rows.

    A length in words may be half or half as much again. Where the text can be counted in two ways, either will do.
    Source: IFEval (Zhou et al. 2023), the length and number constraints that a program can check
    """
    if _HEAD_LINE in candidate.output and (uneven := _uneven_row(prose(candidate.output[:_MOST]).split("\n"))):
        return uneven
    asked = requests(candidate.instruction, language.code)
    answer = prose(candidate.output).strip() if asked else ""
    if (
        not answer
        or len(answer) > _MOST
        or _CODE.search(own_words(candidate.instruction[:_LOOK]))
        or looks_like_code(answer)
    ):
        return ""
    return next((said for one in asked if (said := _COUNTERS[one.unit](one, answer, candidate, language))), "")


_HEAD_LINE = "--"
_RULED = re.compile(r"[\s|:-]*-[\s|:-]*")
_BAR = re.compile(r"(?<!\\)\|")


def _uneven_row(lines: Sequence[str]) -> str:
    """Return how a row of a Markdown table has another number of cells than its head; a single cell is a heading between."""
    width = 0
    for head, line in pairwise(("", *lines)):
        if "|" not in line:
            width = 0
        elif _RULED.fullmatch(line):
            width = len(_BAR.split(head.strip().strip("|"))) if "|" in head else 0
        elif width > 1 and (cells := len(_BAR.split(line.strip().removeprefix("|").removesuffix("|")))) not in {
            1,
            width,
        }:
            return f"a row has {cells} cells, the head {width}"
    return ""


def names_twice(candidate: Candidate, language: Language) -> str:
    """Short list of things that names one twice, where a number of them, different words or names are asked for.

    Equal numbers and whole sentences are left alone: throws of dice may be equal; so are items that go on below their first line.
    Source: a small teacher's commonest defect, in lists too short for `repeats_itself`; translations, where two words become one
    """
    answer = candidate.output.strip()
    if len(answer) > _MOST or not (_lists_things(candidate) or _asks_for_items(candidate, language)):
        return ""
    if language.chooses.search(language.folded(candidate.instruction[:_LOOK])):
        return ""  # labels
    found = None if looks_like_code(answer) or {",", ";"} <= {*answer} else listing(answer)
    if not found or answer.count("\n") >= 2 * len(found.items):
        return ""
    items = Counter(item.strip(_TRIM).casefold() for item in found.items)
    if 5 * len(items) < 3 * len(found.items) and not _asks_for_items(candidate, language):
        return ""  # labels, or votes in turn
    return next((item[:60] for item, times in items.items() if times > 1 and re.search(r"[^\W\d_]", item)), "")


def _asks_for_items(candidate: Candidate, language: Language) -> bool:
    return any(one.unit == "item" for one in requests(candidate.instruction, language.code))


def _lists_things(candidate: Candidate) -> bool:
    """Return whether an instruction without an input asks for words, names or other different things."""
    asked = candidate.instruction[:_LOOK]
    if candidate.input or (_THINGS.isdisjoint(english_words(asked)) and not _LISTS.search(asked)):
        return False  # nearly every row
    return not _OTHER_LIST.search(asked)


def _report(asked: Request, counted: int) -> str:
    if asked.exact:
        wanted = f"{asked.least:g}"
    elif math.isinf(asked.most):
        wanted = f"at least {asked.least:g}"
    else:
        wanted = f"{asked.least:g} to {asked.most:g}" if asked.least else f"at most {asked.most:g}"
    return f"{counted} instead of {wanted} {_PLURALS[asked.unit]}"


def _unless(asked: Request, counts: Collection[int]) -> str:
    """Return the detail unless one of the possible counts is within the bounds."""
    if not counts or any(asked.least <= count <= asked.most for count in counts):
        return ""
    return _report(asked, min(counts))


def _items(asked: Request, answer: str, candidate: Candidate, _: Language) -> str:
    found = listing(answer)
    if not found:
        return ""
    multiple = any(count > asked.most and count % asked.most == 0 for count in found.counts)
    if _SEVERAL.search(candidate.instruction[:_LOOK]) and (multiple or not found.is_marked):
        return ""
    nested = sum(len(_INNER.findall(item)) > 0 for item in found.items)
    if 2 * nested > len(found.items) and min(found.counts) < asked.least:
        return ""  # what is counted stands within the items
    return _unless(asked, found.counts)


def _sentences(asked: Request, answer: str, _: Candidate, language: Language) -> str:
    ended = "\n".join(filter(_ENDED.search, _lines(answer)))  # without greetings, names, rows of a table
    least = max(1, sentence_counts(ended, language.code)[0])
    most = max(1, sentence_counts(answer, "en")[1], sentence_counts(answer, "zh")[1])
    found = listing(answer)
    if found and found.is_marked:
        return _unless(asked, found.counts | {least, most})
    most = max(most, len(_lines(answer)))
    return "" if least <= asked.most and asked.least <= most else _report(asked, least)


def _lines(answer: str) -> list[str]:
    return [line.strip() for line in answer.split("\n") if re.search(r"\w", line)]


def _without_title(answer: str) -> list[str]:
    """Return the lines without a first one that is a title, or stands apart."""
    lines = _lines(answer)
    first, _, rest = answer.partition("\n")
    apart = _TITLE.match(first[:200]) or not rest.split("\n", 1)[0].strip()
    return lines[1:] if len(lines) > 1 and apart else lines


def _verse(asked: Request, answer: str, _: Candidate, language: Language) -> str:
    counts = {len(_lines(answer)), len(_without_title(answer))}
    is_prose = any(language.units(line) > 2 * _FULL for line in _lines(answer))
    return "" if 1 in counts or (is_prose and min(counts) < asked.least) else _unless(asked, counts)


def _per_line(asked: Request, answer: str, _: Candidate, language: Language) -> str:
    for line in _without_title(answer):
        counts = {len(_WORD.findall(line)), len(re.findall(r"[\w'’]+", line))}
        if said := _unless(asked, counts if language.code == "en" else {len(_CHARACTER.findall(line))}):
            return f"{said}: {line[:60]}"
    return ""


def _paragraphs(asked: Request, answer: str, _: Candidate, language: Language) -> str:
    blocks, lines = [block for block in re.split(r"\n\s*\n", answer) if re.search(r"\w", block)], _lines(answer)
    if len(blocks) > 1 and listing(answer):
        return ""
    counts = {sum(language.units(text) >= least for text in texts) for texts in (blocks, lines) for least in (0, _FULL)}
    return _unless(asked, counts)


def _length(asked: Request, answer: str, _: Candidate, language: Language) -> str:
    """Compare a length with its bounds: words in English, characters in Chinese."""
    counted = len((_CHARACTER if language.code == "zh" else _WORD).findall(answer))
    over = _MUCH_OVER if asked.least else _OVER
    return "" if asked.least / _UNDER <= counted <= asked.most * over else _report(asked, counted)


def _characters(asked: Request, answer: str, _: Candidate, __: Language) -> str:
    counted = len(answer)
    return _report(asked, counted) if 50 <= asked.most < counted / _OVER and not asked.least else ""


_COUNTERS: dict[str, Callable[[Request, str, Candidate, Language], str]] = {
    "item": _items,
    "sentence": _sentences,
    "line": _verse,
    "words per line": _per_line,
    "paragraph": _paragraphs,
    "word": _length,
    "character": _characters,
}
_PLURALS = {"item": "items", "sentence": "sentences", "line": "lines", "words per line": "words per line", "paragraph": "paragraphs", "word": "words", "character": "characters"}  # fmt: skip
