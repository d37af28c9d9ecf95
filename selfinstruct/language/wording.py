r"""How words are looked for, and the reader of the files that hold them: `en/*.txt`, `zh/*.txt`.

A file has sections, `[kind name]`, of one entry a line; a line that begins with `# ` is a comment.

    words     words and phrases; `translat*` and `*error` are parts of English words; `@text` stands for all words of the list `text`
    frames    patterns for lower-case text; a group `(?P<text>...)` must hold a word of the list `text`, `{please}` is one of the `parts`;
              `[frames declines: unable]`: only where a word of the list `unable` stands, which is quicker to see
    pairs     `how + harm`: a word of each list stands in one sentence
    lines     texts, in their order; `set` is the same without order
    pattern   one pattern

No pattern is long: a list of words is no alternation, it is looked up. That is quicker too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import NamedTuple, Protocol

_LONG = 100
"""Characters above which a text without spaces is not taken apart: each word of a list is looked for."""
_TOKEN = re.compile(r"[a-z0-9+#]+")
_CLAUSE = re.compile(r"[.;:?!。；：？！\n]")
_GROUP = re.compile(r"\(\?P<(\w+)>")


class Wording(Protocol):
    """What may be said in a text."""

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in a text, or None."""


class Topic:
    """Words of which a text has one, in any case."""

    def __init__(self, whole: frozenset[str], parts: tuple[str, ...], *, spaced: bool) -> None:
        """Take whole words, and parts of the text: phrases, stems, all Chinese words; in English with a space where a word ends."""
        self._whole, self._parts, self._spaced = whole, parts, spaced
        self._by_start: dict[str, tuple[str, ...]] = {}
        """First word of a phrase, or first character of a Chinese word -> those that begin with it."""
        for part in parts:
            start = (part[1:].split(" ")[0] if part.count(" ") > 1 and part[0] == " " else "") if spaced else part[0]
            self._by_start[start] = (*self._by_start.get(start, ()), part)
        self._stems = self._by_start.pop("", ())
        """Parts of words, which may be anywhere."""
        self._starts = whole.union(self._by_start)

    def has(self, text: str) -> bool:
        """Return whether a text has one of the words: quicker than a search."""
        if not self._spaced and len(text) > _LONG:
            return any(map(_lowered(text).__contains__, self._parts))
        seen = _tokens(text) if self._spaced else _characters(text)
        if self._stems and any(map(seen.text.__contains__, self._stems)):
            return True
        if self._starts.isdisjoint(seen.units):
            return False  # nearly every text
        if not self._whole.isdisjoint(seen.units):
            return True
        found = self._starts & seen.units
        return any(part in seen.text for start in found for part in self._by_start[start])

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first word of the list that stands in a text, whole words first, or None."""
        if not self.has(text):
            return None
        seen = _tokens(text) if self._spaced else _characters(text)
        if whole := self._whole & seen.units:
            return _literal(f" {min(whole)} ").search(seen.text)
        return next((_literal(one).search(seen.text) for one in self._parts if one in seen.text), None)


class Frame(NamedTuple):
    """A short pattern, with the topics that its named groups must be of."""

    says: str
    words: Mapping[str, Topic]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match whose groups hold words of their topics, or None."""
        pattern, place = _pattern(self.says), 0
        while found := pattern.search(text, place):
            if all(topic.has(found[name]) for name, topic in self.words.items()):
                return found
            place = found.start() + 1
        return None


class Frames:
    """Several frames, of which one is enough; what was found in a text is kept for the next rule that asks."""

    def __init__(self, frames: tuple[Frame, ...], needs: Topic | None = None) -> None:
        """Take frames, and words without one of which none of them is found."""
        self._frames = tuple((frame, tuple(frame.words.values())) for frame in frames)
        self._needs = needs

    def search(self, text: str) -> re.Match[str] | None:
        """Return the match of the first frame that has one, or None."""
        if self._needs and not self._needs.has(text):
            return None  # nearly every text
        return _first_match(self, text)

    def look(self, text: str) -> re.Match[str] | None:
        """Look through the frames."""
        for frame, topics in self._frames:
            for topic in topics:
                if not topic.has(text):
                    break
            else:
                if found := frame.search(text):
                    return found
        return None


@lru_cache(maxsize=512)
def _first_match(frames: Frames, text: str) -> re.Match[str] | None:
    return frames.look(text)


class Together(NamedTuple):
    """Pairs of topics; both words stand in one sentence."""

    pairs: tuple[tuple[Topic, Topic], ...]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the second word of the first pair that stands together, or None."""
        for first, second in self.pairs:
            if not (second.has(text) and first.has(text)):
                continue
            for clause in _CLAUSE.split(text):
                if (found := second.search(clause)) and first.has(clause):
                    return found
        return None


class Unless(NamedTuple):
    """A topic that another one takes away."""

    says: Topic
    unless: Topic

    def search(self, text: str) -> re.Match[str] | None:
        """Return the match of the first topic, unless the text is of the other one."""
        return None if self.unless.has(text) else self.says.search(text)


class Wordings(NamedTuple):
    """All that the files of a language hold, by name."""

    wordings: Mapping[str, Wording]
    lines: Mapping[str, tuple[str, ...]]


def read_wordings(code: str) -> Wordings:
    """Return the words, frames and lines of a language."""
    sections = list(_sections(code))
    parts = dict(line.split(" = ", 1) for kind, _, lines in sections if kind == "parts" for line in lines)
    listed = {name: lines for kind, name, lines in sections if kind == "words"}
    topics = {name: topic(_with_lists(lines, listed), spaced=code == "en") for name, lines in listed.items()}
    wordings: dict[str, Wording] = dict(topics)
    for kind, name, lines in sections:
        if kind == "frames":
            own, _, needs = name.partition(": ")
            wordings[own] = frames([_filled(line, parts) for line in lines], topics, topics.get(needs))
        elif kind == "pairs":
            first_and_second = (line.split(" + ") for line in lines)
            wordings[name] = Together(tuple((topics[first], topics[second]) for first, second in first_and_second))
    wordings |= {name: Unless(topics[name], topics[f"not_{name}"]) for name in topics if f"not_{name}" in topics}
    return Wordings(wordings, {name: tuple(lines) for kind, name, lines in sections if kind in _PLAIN})


_PLAIN = frozenset({"lines", "set", "pattern"})


def topic(words: Iterable[str], *, spaced: bool) -> Topic:
    """Return a topic of words; those of a language without spaces are found in any place, the longest first."""
    if not spaced:
        return Topic(frozenset(), tuple(sorted(words, key=lambda one: (-len(one), one))), spaced=False)
    said = list(words)
    whole = frozenset(one for one in said if _TOKEN.fullmatch(one))
    parts = (f" {one} ".replace(" *", "").replace("* ", "") for one in said if one not in whole)
    return Topic(whole, tuple(parts), spaced=True)


def frames(says: Iterable[str], topics: Mapping[str, Topic], needs: Topic | None = None) -> Frames:
    """Return frames; a named group of a pattern must be of the topic with its name."""
    return Frames(tuple(Frame(one, {name: topics[name] for name in _GROUP.findall(one)}) for one in says), needs)


def _sections(code: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (kind, name, lines) of the sections of all files of a language."""
    folder = files("selfinstruct.language").joinpath(code)
    for file in sorted((one for one in folder.iterdir() if one.name.endswith(".txt")), key=lambda one: one.name):
        for text in file.read_text(encoding="utf-8").split("\n\n"):
            lines = [line for line in text.strip("\n").split("\n") if not line.startswith("# ")]
            kind, _, name = lines[0].strip("[]").partition(" ") if lines else ("", "", "")
            yield kind, name, lines[1:]


def _with_lists(lines: Iterable[str], listed: Mapping[str, list[str]]) -> Iterator[str]:
    for line in lines:
        yield from listed[line[1:]] if line[0] == "@" else [line]


def _filled(frame: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        frame = frame.replace(f"{{{name}}}", part)
    return frame


class _Seen:
    """A text as topics look at it: its words or characters, and the text that phrases are looked for in."""

    def __init__(self, units: Iterable[str], words: Sequence[str] | str) -> None:
        self.units, self._words = frozenset(units), words

    @cached_property
    def text(self) -> str:
        """The text in lower case; words stand between spaces."""
        return self._words if isinstance(self._words, str) else f" {' '.join(self._words)} "


@lru_cache(maxsize=64)
def _tokens(text: str) -> _Seen:
    """Return the words of a text in lower case. A text keeps its hash, its copy in lower case has none."""
    words = text.lower().encode("utf-8", "surrogatepass").translate(_WORDS_ONLY).decode("ascii").split()
    return _Seen(words, words)


@lru_cache(maxsize=64)
def _characters(text: str) -> _Seen:
    lowered = text.lower()
    return _Seen(lowered, lowered)


_WORDS_ONLY = bytes(code if _TOKEN.match(chr(code)) else 32 for code in range(256))
_lowered = lru_cache(maxsize=16)(str.lower)
_pattern = cache(re.compile)
_literal = lru_cache(maxsize=4_000)(lambda text: re.compile(re.escape(text)))
