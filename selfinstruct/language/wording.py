"""How words are looked for: topics are plain lists, frames are short patterns whose nouns and verbs stand in lists.

No pattern is long: a list of words is no alternation, it is looked up. That is quicker too.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"[a-z0-9+#]+")


class Topic(NamedTuple):
    """Words of which a text has one: whole words (English), or parts of the text: stems, phrases and all Chinese words."""

    whole: frozenset[str]
    parts: tuple[str, ...]
    apart: bool = True
    """Words are set apart by spaces."""

    def has(self, text: str) -> bool:
        """Return whether a text has one of the words: quicker than a search."""
        spaced, tokens = _tokens(text) if self.apart else (_lower(text), self.whole)
        return not self.whole.isdisjoint(tokens) or any(one in spaced for one in self.parts)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first word of a text that is in the list, or None; ignores case."""
        if not self.apart:
            lowered = _lower(text)
            return next((_literal(one).search(lowered) for one in self.parts if one in lowered), None)
        spaced, tokens = _tokens(text)
        if not self.whole.isdisjoint(tokens):
            return _literal(f" {next(iter(sorted(self.whole & tokens)))} ").search(spaced)
        return next((_literal(one).search(spaced) for one in self.parts if one in spaced), None)


class Frame(NamedTuple):
    """A short pattern for lower-case text, with the topics that its named groups must be of."""

    says: str
    words: Mapping[str, Topic]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match whose groups hold words of their topics, or None."""
        if not all(topic.has(text) for topic in self.words.values()):
            return None
        pattern, place = _pattern(self.says), 0
        while found := pattern.search(text, place):
            if all(topic.has(found[name]) for name, topic in self.words.items()):
                return found
            place = found.start() + 1
        return None


class Frames(NamedTuple):
    """Several frames, of which one is enough."""

    frames: tuple[Frame, ...]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the match of the first frame that has one, or None."""
        return next((found for frame in self.frames if (found := frame.search(text))), None)


class Together(NamedTuple):
    """Pairs of topics; both words stand in one sentence."""

    pairs: tuple[tuple[Topic, Topic], ...]

    def search(self, text: str) -> re.Match[str] | None:
        """Return the second word of the first pair that stands together, or None."""
        for first, second in self.pairs:
            if not second.search(text):
                continue
            for clause in _CLAUSE.split(text):
                if (found := second.search(clause)) and first.search(clause):
                    return found
        return None


_CLAUSE = re.compile(r"[.;:?!。；：？！\n]")


class Unless(NamedTuple):
    """A topic that another one takes away."""

    says: Topic
    unless: Topic

    def search(self, text: str) -> re.Match[str] | None:
        """Return the match of the first topic, unless the text is of the other one."""
        return None if self.unless.search(text) else self.says.search(text)


def topic(words: str) -> Topic:
    """Return a topic of English words; `translat*` and `*error` are parts of words, `shown_in` is a phrase."""
    said = words.split()
    parts = tuple(f" {one.replace('_', ' ')} ".replace(" *", "").replace("* ", "") for one in said)
    plain = frozenset(one for one in said if one.isalnum() or "+" in one or "#" in one)
    return Topic(plain, tuple(part for one, part in zip(said, parts, strict=True) if one not in plain))


def topic_zh(words: str) -> Topic:
    """Return a topic of Chinese words, with Latin ones in lower case; the longest first."""
    return Topic(frozenset(), tuple(sorted(words.split(), key=lambda one: (-len(one), one))), apart=False)


def topics(text: str, make: Callable[[str], Topic] = topic) -> dict[str, Topic]:
    """Return topics by name; each stands in a line, `name: words`; `@name` among the words stands for those of an earlier line."""
    said: dict[str, str] = {}
    for line in text.strip().split("\n"):
        name, words = line.split(": ", 1)
        said[name.strip()] = " ".join(said[one[1:]] if one[0] == "@" else one for one in words.split())
    return {name: make(words) for name, words in said.items()}


def answers(text: str) -> frozenset[str]:
    """Return whole answers, which stand between bars."""
    return frozenset(text.split("|"))


def frames(*said: str, **topics: Topic) -> Frames:
    """Return frames; a group of a pattern must be of the topic that has its name."""
    return Frames(tuple(Frame(one, {name: topics[name] for name in _NAME.findall(one)}) for one in said))


_NAME = re.compile(r"\(\?P<(\w+)>")
_pattern = cache(re.compile)
_literal = lru_cache(maxsize=4_000)(lambda text: re.compile(re.escape(text)))
_lower = lru_cache(maxsize=16)(str.lower)


@lru_cache(maxsize=16)
def _tokens(text: str) -> tuple[str, frozenset[str]]:
    found = _TOKEN.findall(text.lower())
    return f" {' '.join(found)} ", frozenset(found)
