"""What a translation takes over as it is: code, links, placeholders, formulas. Each is hidden behind a marker while a row is translated.

The patterns look at one line or one block, and each part has a longest length, so that any text takes linear time.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from selfinstruct.quality.translation.icu import syntax
from selfinstruct.quality.translation.unfenced import unfenced

Kind = Literal["code", "formula", "link", "placeholder"]
_FENCED: Final = r"^[ \t]{0,8}(?P<fence>`{3,8}|~{3,8})[^\n]*\n(?:(?![ \t]{0,8}(?P=fence))[^\n]*\n){0,2000}?[ \t]{0,8}(?P=fence)[ \t]*$"
_INLINE: Final = r"(?<!`)(?P<ticks>`{1,2})(?!`)[^`\n]{1,400}(?<!`)(?P=ticks)(?!`)"
_NO_FORMULA: Final = r"\{[A-Za-z_][\w.]{0,60}\}(?![\^_])|\d[\d,.]{0,15}(?:[kKmM]|bn)?(?:[ ]{1,2}(?!(?:sin|cos|tan|log|exp|min|max|mod|lim)\b)[A-Za-z]{3}|[ ][(]?(?:or|to|per|in|at|an?|if|is)\b|[ ]?[\u3400-\u9fff])"
"""What stands behind the sign of a variable, ${name}, or of money: $5 for, $5一."""
_FORMULA: Final = (
    r"\$\$[^$]{1,2000}\$\$|\\\[[^\]]{1,500}\\\]|\\\([^\n]{1,300}?\\\)"
    r"|\\begin\{(?P<name>[a-z*]{1,20})\}.{1,1500}?\\end\{(?P=name)\}"
    rf"|(?<![\\$\w])\$(?=[^\s$])(?!{_NO_FORMULA})(?=[^$\n]{{0,200}}[\\^_{{}}=+*/<>()-]|[A-Za-z]\$)[^$\n]{{1,200}}(?<=\S)(?<!%\d)\$"
    r"(?![\d$]|[A-Z_][A-Z0-9_]|\{[A-Za-z_])"
    r"|\\[A-Za-z]{1,30}(?:\{[^{}\n]{0,100}\}){0,3}"
)
_LINK: Final = (
    r"(?:https?|ftp)://[^\s<>\"'`（）()【】「」《》，。；、！？：“”‘’]{1,2000}"
    r"|(?<![\w@./-])www\.[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}(?:/[\w./?=&%#-]{0,300})?"
    r"|(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,60}){1,5}"
    r"|(?<![\w.~/<:)\]-])(?:~|\.{1,2})?(?:/[\w.-]{1,60}){2,12}/?"
)
_PLACEHOLDER: Final = (
    r"\$\{[A-Za-z_][\w.]{0,60}\}|(?<![\\$\w])\$[A-Za-z_]\w{2,40}(?![\w$])|%\d{1,2}\$[-+0#]?\d{0,3}(?:\.\d)?[sdifuxc@]|\{\{[ ]?[A-Za-z_][\w. ]{0,60}\}\}|\{[A-Za-z_][A-Za-z0-9_.]{0,60}\}"
    r"|(?<![\w:/.\])}])(?<!\d ):[a-z][a-z_]{1,30}\b(?!:)|<%[=-]?[^%\n]{1,200}%>|%\([A-Za-z_]\w{0,40}\)[sdif]|(?<![\w%])%(?:\.\d)?[sdf](?![A-Za-z])"
    r"|</?[A-Za-z][A-Za-z0-9_:-]{0,40}(?:\s[^<>\n]{0,300})?/?>|<[A-Z][A-Z0-9_ ]{0,40}>|\[\[[^\[\]\n]{1,60}\]\]|⟦[^⟦⟧\n]{0,40}⟧"
)
_KINDS: Final[dict[Kind, str]] = {
    "code": f"{_FENCED}|{_INLINE}",
    "formula": _FORMULA,
    "link": _LINK,
    "placeholder": _PLACEHOLDER,
}
_WITH_FENCED: Final = re.compile(
    "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.MULTILINE | re.DOTALL | re.ASCII
)
_WITHOUT_FENCED: Final = re.compile(
    "|".join(f"(?P<{kind}>{_INLINE if kind == 'code' else pattern})" for kind, pattern in _KINDS.items()),
    re.MULTILINE | re.DOTALL | re.ASCII,
)
_BLOCK: Final = re.compile(_FENCED, re.MULTILINE | re.ASCII)
_SIGNS: Final = re.compile(r"[`~$\\{}<>%@\[⟦]|://|www\.|:[a-z]|/[\w.-]+/")
_MARKER: Final = re.compile(r"⟦\s?(\d{1,4})\s?⟧")
_END: Final = ".,;:!?"


class Span(NamedTuple):
    """A part of a text that is taken over as it is."""

    kind: Kind
    start: int
    end: int
    text: str


@lru_cache(maxsize=64)
def spans(text: str, *, comments: bool = False) -> tuple[Span, ...]:
    """Return what is taken over as it is, in order; with `comments` a fenced block of code is not, as its comments are translated.

    >>> [one.text for one in spans("Run `make` as {user}, see https://example.org/a. It costs $5 or $6.")]
    ['`make`', '{user}', 'https://example.org/a']
    """
    bare = unfenced(text)
    if not _SIGNS.search(text) and not bare:
        return ()
    fences = [(found.start(), found.end()) for found in _BLOCK.finditer(text)] if "```" in text or "~~~" in text else []
    branches = {end - 1 for _, end in syntax(text)}
    pattern = _WITHOUT_FENCED if comments else _WITH_FENCED
    found = [_span(one) for one in pattern.finditer(text) if one.start() not in branches]
    code = [Span("code", start, end, text[start:end]) for start, end in _apart(bare, fences)]
    around = [*((one.start, one.end) for one in code), *(fences if comments else ())]
    return tuple(sorted([*code, *_outside(found, around)], key=lambda one: one.start))


def _apart(blocks: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the blocks that share nothing with any of the others; both are in order."""
    kept, number = [], 0
    for start, end in blocks:
        while number < len(others) and others[number][1] <= start:
            number += 1
        if number == len(others) or others[number][0] >= end:
            kept.append((start, end))
    return kept


def _outside(found: Iterable[Span], around: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the spans that begin in none of some ranges; the spans are in order."""
    ranges, number = sorted(around), 0
    for one in found:
        while number < len(ranges) and ranges[number][1] <= one.start:
            number += 1
        if number == len(ranges) or one.start < ranges[number][0]:
            yield one


def _span(found: re.Match[str]) -> Span:
    kind: Kind = next(name for name in _KINDS if found[name])
    said = found[0].rstrip(_END) if kind == "link" else found[0]
    return Span(kind, found.start(), found.start() + len(said), said)


def blocks(text: str) -> list[str]:
    """Return the fenced blocks of code of a text."""
    return [found[0] for found in _BLOCK.finditer(text)] if "```" in text or "~~~" in text else []


@lru_cache(maxsize=64)
def outside(text: str, *, comments: bool = False) -> str:
    """Return a text without what is taken over as it is."""
    parts, end = [], 0
    for one in spans(text, comments=comments):
        parts.append(text[end : one.start])
        end = one.end
    return " ".join([*parts, text[end:]])


def counted(text: str, kind: Kind, *, comments: bool = False) -> Counter[str]:
    """Return how often each span of a kind stands in a text."""
    return Counter(one.text for one in spans(text, comments=comments) if one.kind == kind)


class Hidden:
    """Texts with markers in place of what is taken over as it is, and the way back."""

    def __init__(self, *, comments: bool = False) -> None:
        """Start with no marker."""
        self._comments = comments
        self._numbers: dict[str, int] = {}

    def hide(self, text: str) -> str:
        """Return a text with markers; the same span has the same one in every text.

        >>> hidden = Hidden()
        >>> hidden.hide("Call `run` with {name}, then `run`.")
        'Call ⟦1⟧ with ⟦2⟧, then ⟦1⟧.'
        >>> hidden.show("先用 ⟦2⟧ 调用 ⟦1⟧，再调用 ⟦1⟧。")
        '先用 {name} 调用 `run`，再调用 `run`。'
        """
        parts, end = [], 0
        for one in spans(text, comments=self._comments):
            number = self._numbers.setdefault(one.text, len(self._numbers) + 1)
            parts += [text[end : one.start], f"⟦{number}⟧"]
            end = one.end
        return "".join([*parts, text[end:]])

    def show(self, text: str) -> str:
        """Return a text with what the markers stand for; an unknown marker stays."""
        texts = {number: span for span, number in self._numbers.items()}
        return _MARKER.sub(lambda found: texts.get(int(found[1]), found[0]), text)

    @property
    def any(self) -> bool:
        """Whether anything was hidden."""
        return bool(self._numbers)


def unknown_marker(text: str) -> str:
    """Return the first marker that stands for nothing, or ""."""
    found = _MARKER.search(text)
    return found[0] if found else ""
