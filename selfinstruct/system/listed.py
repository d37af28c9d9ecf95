"""Lists in finished messages: what stands between their marks, and their counts."""

import re
from collections.abc import Mapping
from itertools import pairwise

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_COUNT = re.compile(r"([a-z][a-z -]*): (\d[\d,]*)(?: \((.*)\))?")
_NUMBER = re.compile(r"\d+")
_NAME_AND_NUMBER = re.compile(r"[\w./+-]*[^\W\d][\w./+-]*(?: | ?= ?)\d[\d.]*(?:/\d+)?")
_PATH_OR_ID = re.compile(r"[\w.-]*/[\w./:-]+|[\w-]+\.jsonl?|[0-9a-f]{4,64}")
_SETTING = re.compile(r"[a-z]\w*(?:\.[a-z]\w*)+")
_PLACE = re.compile(r"line \d+, column \d+")
_ROWS = "rows "


def split(text: str, mark: str) -> list[str]:
    """Split at each mark that stands outside brackets.

    >>> split("a (was 1, is 2), b", ", ")
    ['a (was 1, is 2)', 'b']
    """
    parts, start, within = [], 0, 0
    for found in re.finditer(rf"[(\[]|[)\]]|{re.escape(mark)}", text):
        if found[0] in {"(", "["}:
            within += 1
        elif found[0] in {")", "]"}:
            within = max(within - 1, 0)
        elif not within:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


def joined(parts: list[str], mark: str, chinese: str) -> str:
    """Join with the mark of Chinese beside what is Chinese."""
    text = parts[0]
    for before, part in pairwise(parts):
        text += (chinese if CHINESE.search(before + part) else mark) + part
    return text


def listed_names(text: str) -> str | None:
    """Return a list of numbers, of paths or ids, of names with their numbers or of settings with the marks of Chinese; None for any other text.

    >>> listed_names("9, 11, ..."), listed_names("over_target 2, blank 1"), listed_names("en = 12, zh = 12")
    ('9、11……', 'over_target 2，blank 1', 'en = 12，zh = 12')
    >>> listed_names("dataset/en.jsonl, dataset/zh.jsonl"), listed_names("en 30/30, zh 31/40")
    ('dataset/en.jsonl、dataset/zh.jsonl', 'en 30/30，zh 31/40')
    >>> listed_names("generate.recipe, teacher.extra.min_p")
    'generate.recipe、teacher.extra.min_p'
    """
    *parts, last = text.split(", ")
    if parts and all(map(_NUMBER.fullmatch, (*parts, last.replace("...", "0")))):
        return "、".join(parts) + ("……" if last == "..." else f"、{last}")
    if parts and all(map(_SETTING.fullmatch, (*parts, last))):
        return "、".join((*parts, last))
    if parts and all(map(_PATH_OR_ID.fullmatch, (*parts, last.replace("...", "a/b")))):
        return "、".join(parts) + ("……" if last == "..." else f"、{last}")
    if parts and not _PLACE.fullmatch(text) and all(map(_NAME_AND_NUMBER.fullmatch, (*parts, last))):
        return text.replace(", ", "，")
    return None


def counts_of_rows(text: str, names: Mapping[str, str]) -> str | None:
    """Return a list of counts with the Chinese of each name; None for any other text, and where a name has none.

    >>> counts_of_rows("rows edited: 1, removed: 2 (a, b)", {"edited": "修改", "removed": "删除"})
    '修改 1 行，删除 2 行（a, b）'
    """
    if not text.startswith(_ROWS):
        return None
    found = [_COUNT.fullmatch(part) for part in split(text.removeprefix(_ROWS), ", ")]
    told = [
        f"{names[one[1]]} {one[2]} 行" + (f"（{one[3]}）" if one[3] else "") for one in found if one and one[1] in names
    ]
    return "，".join(told) if len(told) == len(found) else None
