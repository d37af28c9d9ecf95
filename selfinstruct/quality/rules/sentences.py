"""How many sentences a text can have: the fewest and the most that a careful reader would count."""

import re

_QUOTED = re.compile(r"[\"“「『][^\"“”「」『』\n]{0,400}[\"”」』]")
_SHORT = re.compile(
    r"(?a:\b)(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Mt|Jr|Sr|vs|etc|[Nn]o|Inc|Ltd|Co|approx|dept|[ap]\.m|[ie]\.[ge]|U\.[SK]|Ph\.D|[A-Z][a-z]{2})\.\Z"
)
"""Text up to a full stop that may belong to an abbreviation."""
_END = re.compile(
    r"[.!?…]+[\"'”’)\]*_]*(?=\s|\Z)|[。！？；…]+[”’」』）)]*|[!?;]+[”’」』）)]*(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\."
)
_NEXT = re.compile(r"\s*[\"“'‘(*_]*[A-Z0-9]")


def sentence_span(text: str) -> tuple[int, int]:
    """Return the fewest and the most sentences: quotations, abbreviations, semicolons and lines without mark are doubtful."""
    text = text.strip()
    lines = [line.strip() for line in text.split("\n") if re.search(r"\w", line)]
    calm = _QUOTED.sub("Q", text)
    least = sum(_is_certain(calm, end) for end in _END.finditer(calm))
    is_open = len(lines) == 1 and calm[-1:].isalnum()
    most = sum(1 for _ in _END.finditer(text)) + sum(not _is_ended(line) for line in lines)
    return max(1, least + is_open), max(1, most)


def _is_ended(line: str) -> bool:
    tail = line[-12:]
    return any(found.end() == len(tail) for found in _END.finditer(tail))


def _is_certain(text: str, end: re.Match[str]) -> bool:
    """Return whether a sentence certainly ends here."""
    if end[0][0] in "。！？" or end.end() == len(text):
        return True
    if end[0][0] in "；;…" or ".." in end[0] or _SHORT.search(text[max(0, end.start() - 6) : end.start() + 1]):
        return False
    return _NEXT.match(text, end.end()) is not None
