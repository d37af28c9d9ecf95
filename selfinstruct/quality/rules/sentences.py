"""How many sentences a text can have: the fewest and the most that a careful reader would count."""

import re

_QUOTED = re.compile(r"[\"“「『][^\"“”「」『』\n]{0,400}[\"”」』]")
_SHORT = re.compile(
    r"(?a:\b)(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Mt|Jr|Sr|vs|etc|[Nn]o|Inc|Ltd|Co|approx|dept|[ap]\.m|[ie]\.[ge]|U\.[SK]|Ph\.D|[A-Z][a-z]{2})\.\Z"
)
"""Text up to a full stop that may belong to an abbreviation."""
_ENGLISH_END = re.compile(r"[.!?…。！？]+[\"'”’)\]*_]*(?=\s|\Z)")
_CHINESE_END = re.compile(r"[。！？!?…；;]+[”’」』）)]*|\.(?=\s*\Z)|(?<=[\u3400-\u9fff])\.")
_NEXT_CAPITAL = re.compile(r"\s+[\"“'‘(*_]*[A-Z0-9]")


def sentence_span(text: str, *, chinese: bool) -> tuple[int, int]:
    """Return the fewest and the most sentences of a text: quotations, abbreviations and lines without mark are doubtful."""
    text = text.strip()
    lines = [line.strip() for line in text.split("\n") if re.search(r"\w", line)]
    calm = _QUOTED.sub("Q", text)
    least = sum(_certain(calm, found, chinese=chinese) for found in _ends(calm, chinese=chinese))
    most = sum(1 for _ in _ends(text, chinese=chinese)) + sum(not _is_ended(line, chinese=chinese) for line in lines)
    open_end = bool(lines) and not _is_ended(lines[-1], chinese=chinese)
    return max(1, least + (open_end and len(lines) == 1 and not chinese)), max(1, most)


def _ends(text: str, *, chinese: bool) -> list[re.Match[str]]:
    return list((_CHINESE_END if chinese else _ENGLISH_END).finditer(text))


def _is_ended(line: str, *, chinese: bool) -> bool:
    tail = line[-12:]
    return any(found.end() == len(tail) for found in _ends(tail, chinese=chinese))


def _certain(text: str, end: re.Match[str], *, chinese: bool) -> bool:
    """Return whether a sentence certainly ends here."""
    if chinese:
        return end[0][0] in "。！？!?."
    if "…" in end[0] or ".." in end[0] or _SHORT.search(text[max(0, end.start() - 6) : end.start() + 1]):
        return end.end() == len(text)
    return end.end() == len(text) or bool(_NEXT_CAPITAL.match(text, end.end()))
