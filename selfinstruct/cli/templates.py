"""The Chinese of finished English messages: each is taken apart by the templates of the catalogues, its fields again.

A message comes here as text, because it was made where nobody knows who reads it: an error of a floor below, a remark of a run. A key of a
catalogue is the f-string as it stands in the code, its values as {0}, {1}, ... It does not guess: what no template fits stays English.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

_FIELD = re.compile(r"\{(\d+)\}")
_WORD = re.compile(r"[A-Za-z]+")
_LETTER = re.compile(r"[A-Za-z]")
_AMOUNT = re.compile(r"(\d[\d,]*) ([a-z -]+?)(s?)")
_COUNTED = re.compile(r"\d[\d,]* ([a-z]+?)s?(?= )")
"""The beginning of an amount."""
_MARK = re.compile(r"; |: |, |\. | \(")
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_NUMBER = re.compile(r"[$¥~<>]?\d\S*(?: \S+| \([^()]*\))?")
_NAME = re.compile(r"[\w.-]+")
_QUOTES = ("`", "'", '"')
_LONGEST = 4000
"""Characters of a message above which it is no message but a text that was quoted whole."""
_FEW_LETTERS = 5
"""Letters of a template below which it says something of numbers only, as `{0} of {1}`."""
_DEEPEST = 6
_MOST_PARTS = 12
Section = Mapping[str, str]


class Template(NamedTuple):
    """An English f-string and its Chinese."""

    literals: tuple[str, ...]
    """What stands before, between and behind the fields: one more than there are fields."""
    chinese: str

    def fields(self, text: str, nouns: Container[str] = ()) -> list[str] | None:
        """Return what stands in the fields where the text is made from this template, in linear time; an amount is one field.

        >>> Template(("", " of ", ""), "").fields("3 of 4")
        ['3', '4']
        """
        first, *between, last = self.literals
        end = len(text) - len(last)
        if not (text.startswith(first) and text.endswith(last)) or end < len(first):
            return None
        position, found = len(first), []
        for literal in between:
            at = text.find(literal, position, end)
            if literal == " " and (counted := _COUNTED.match(text, position, end)) and counted[1] in nouns:
                at = text.find(literal, counted.end(), end)
            if at < 0:
                return None
            found.append(text[position:at])
            position = at + len(literal)
        return [*found, text[position:end]]

    @property
    def begins_with_a_number(self) -> bool:
        """Whether it may be said of an amount, as `{0} left`."""
        return not self.literals[0] and self.literals[1].startswith(" ")

    def is_quoted(self, number: int) -> bool:
        """Return whether a field stands in quotes: it is a name, a path or a command, and nothing of it is translated."""
        before, behind = self.literals[number : number + 2]
        return before[-1:] in _QUOTES and before[-1:] == behind[:1]

    def is_place(self, number: int) -> bool:
        """Return whether a field is the place at the beginning of a message: a word alone is a name there."""
        return number == 0 and not self.literals[0] and self.literals[1].startswith(":")


class Translator:
    """All catalogues, compiled once."""

    def __init__(self, sections: Iterable[tuple[str, Section]]) -> None:
        """Read (name, {English: Chinese}) of each section, where three are no messages.

        `cells` stand alone in a table, `words` also in a field or a list, `nouns` are counted.
        """
        self._exact: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._cells: dict[str, str] = {}
        self._nouns: dict[str, str] = {}
        templates = []
        for name, entries in sections:
            if (own := {"words": self._words, "cells": self._cells, "nouns": self._nouns}.get(name)) is not None:
                own.update(entries)
                continue
            for english, chinese in entries.items():
                if _FIELD.search(english):
                    templates.append(Template(tuple(_FIELD.split(english)[::2]), chinese))
                else:
                    self._exact[english] = chinese
        self._by_word = _indexed(templates)
        self._known: dict[str, str] = {}

    def word(self, text: str) -> str:
        """Return the Chinese of a header or a cell, which may be a single word."""
        return self._cells.get(text) or self._words.get(text) or self.message(text)

    def message(self, text: str) -> str:
        """Return the Chinese of a message, or the message where there is none."""
        if len(text) > _LONGEST or not _LETTER.search(text):
            return text
        if (known := self._known.get(text)) is None:
            if len(self._known) > _LONGEST:
                self._known.clear()
            known = self._known[text] = self._any(text, 0)
        return known

    def _any(self, text: str, depth: int) -> str:
        if (whole := self._whole(text, depth)) is not None:
            return whole
        core = text.strip()
        if depth > _DEEPEST or not _WORD.search(core):
            return text
        said = (self._words.get(core) or self._whole(core, depth)) if core != text else None
        said = said or self._in_parts(core, depth + 1)
        return text.replace(core, said, 1) if said is not None else text

    def _whole(self, text: str, depth: int) -> str | None:
        if (found := self._exact.get(text)) is not None or depth > _DEEPEST:
            return found
        if counted := _AMOUNT.fullmatch(text):
            number, noun, plural = counted.groups()
            if (chinese := self._nouns.get(noun) or self._nouns.get(noun + plural)) is not None:
                return chinese.format(number)
        for template in self._candidates(text):
            fields = template.fields(text, self._nouns)
            if fields is not None and _fits(template, fields):
                return _filled(template, [self._field(template, *one, depth + 1) for one in enumerate(fields)])
        return None

    def _candidates(self, text: str) -> list[Template]:
        """Return the templates whose rarest word the text has, those with most literal characters first."""
        words = dict.fromkeys(_WORD.findall(text))
        found = [one for word in ("", *words) for one in self._by_word.get(word, ())]
        return sorted(found, key=_weight, reverse=True)

    def _field(self, template: Template, number: int, text: str, depth: int) -> str:
        if template.is_quoted(number):
            return text
        word = None if template.is_place(number) else self._words.get(text)
        return word or self._any(text, depth)

    def _in_parts(self, text: str, depth: int) -> str | None:
        """Return a text whose parts are messages of their own: behind a place, in a list, in brackets; None where no part is."""
        for look in (self._behind_a_place, self._with_a_tail, self._behind_a_head):
            if (found := look(text, depth)) is not None:
                return found
        for mark, chinese in (("; ", "；"), (" · ", " · "), (", ", "，"), (". ", "。")):
            parts = text.split(mark)
            if 1 < len(parts) <= _MOST_PARTS:
                said = [self._words.get(part) or self._any(part, depth) for part in parts]
                if said != parts:
                    return _joined(said, mark, chinese)
        head, opening, tail = text.rpartition(" (")
        if opening and tail.endswith(")"):
            outer, inner = self._any(head, depth), self._any(tail[:-1], depth)
            if (outer, inner) != (head, tail[:-1]):
                return f"{outer}（{inner}）" if _CHINESE.search(outer) else f"{outer} ({inner})"
        return None

    def _with_a_tail(self, text: str, depth: int) -> str | None:
        """Return a text that ends with a message which begins with a mark, as a hint does; what is before it is one of its own."""
        for mark in list(_MARK.finditer(text))[:_MOST_PARTS]:
            if mark.start() and (said := self._whole(text[mark.start() :], depth)) is not None:
                head = text[: mark.start()]
                return (self._words.get(head) or self._any(head, depth)) + said
        return None

    def _behind_a_head(self, text: str, depth: int) -> str | None:
        """Return a text whose beginning says what the rest is."""
        for at in _places(text):
            if (head := self._words.get(text[:at]) or self._whole(text[:at], depth)) is not None:
                return f"{head}：{self._any(text[at + 2 :], depth)}"
        return None

    def _behind_a_place(self, text: str, depth: int) -> str | None:
        for at in _places(text):
            if (said := self._whole(text[at + 2 :], depth)) is not None:
                place = self._words.get(text[:at]) or self._any(text[:at], depth)
                return f"{place}{'：' if _CHINESE.search(place[-1:]) else ': '}{said}"
        return None


def _places(text: str) -> list[int]:
    """Return where the first colons stand."""
    return [found.start() for found in re.finditer(": ", text)][:_MOST_PARTS]


def _indexed(templates: list[Template]) -> dict[str, list[Template]]:
    """Return {word: templates}: each under the word of its own that fewest others have, those without one under ''."""
    words = {template: _whole_words(template) for template in dict.fromkeys(templates)}
    number = Counter(word for own in words.values() for word in own)
    index = defaultdict(list)
    for template, own in words.items():
        index[min(own, key=lambda word: (number[word], word), default="")].append(template)
    return index


def _whole_words(template: Template) -> set[str]:
    """Return the words of the literals that a value beside them cannot make longer."""
    found = set()
    last = len(template.literals) - 1
    for number, literal in enumerate(template.literals):
        for word in _WORD.finditer(literal):
            begins = word.start() > 0 or number == 0
            ends = word.end() < len(literal) or number == last
            if begins and ends:
                found.add(word[0])
    return found


def _weight(template: Template) -> int:
    return sum(map(len, template.literals))


def _fits(template: Template, fields: list[str]) -> bool:
    """Return whether the fields can be those of the template: one that hardly says anything is about numbers, and one name."""
    if template.begins_with_a_number and fields[0][:1].isdigit() and ", " in fields[0]:
        return False  # the end of a list, of which each part is one of its own
    if sum(len(_LETTER.findall(literal)) for literal in template.literals) >= _FEW_LETTERS:
        return True
    rest = fields[1:] if template.is_place(0) else fields
    words = [field for field in rest if field and not _NUMBER.fullmatch(field)]
    return not words or (len(words) == 1 < len(fields) and bool(_NAME.fullmatch(words[0].strip())))


def _filled(template: Template, fields: list[str]) -> str:
    return _FIELD.sub(lambda found: fields[int(found[1])], template.chinese)


def _joined(parts: list[str], mark: str, chinese: str) -> str:
    """Join with the mark of Chinese behind what is Chinese."""
    text = parts[0]
    for before, part in pairwise(parts):
        text += (chinese if _CHINESE.search(before) and _CHINESE.search(part) else mark) + part
    return text
