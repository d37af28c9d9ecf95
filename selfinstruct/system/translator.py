"""The Chinese of finished English messages: each is taken apart by the templates of the catalogues, its fields again.

A message comes here as text, because it was made where nobody knows who reads it: an error of a floor below, a remark of a run. It does
not guess: what no template fits stays English.
"""

import re
from collections.abc import Iterable, Mapping

from selfinstruct.system.listed import CHINESE, counts_of_rows, joined, listed_names, split
from selfinstruct.system.templates import Index, Template, template

_LETTER = re.compile(r"[A-Za-z]")
_AMOUNT = re.compile(r"(\d[\d,]*) ([a-z -]+?)(s?)")
_FINDING = re.compile(r"(?:line|row|position) (\d+): ([a-z_]+): (.+)", re.DOTALL)
_MARK = re.compile(r"; |: |, |\. | \(| and (?=\d)")
_CHOICE = re.compile(r"(['\"][^'\"]*['\"](?:, ['\"][^'\"]*['\"])*),? (and|or) (['\"][^'\"]*['\"])")
"""Names in quotation marks of which one is meant, or all."""
_NAMES = re.compile(r"([\w./`-]+(?:, [\w./`-]+)*) and ([\w./`-]+)")
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|\S*[/\\_=]\S*|--\S+|\[[\w.]+\]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_LONGEST = 4000
"""Characters of a message above which it is no message but a text that was quoted whole."""
_DEEPEST = 6
_MOST_PARTS = 12
_LOSS = 10
"""English words that are better left than a value lost."""
_MOST_TRIED = 300
"""Templates that are tried with all their ways in one message; of what is left, each is taken in its first."""
Section = Mapping[str, str]


class Translator:
    """All catalogues, compiled once."""

    def __init__(self, sections: Iterable[tuple[str, Section]]) -> None:
        """Read (name, {English: Chinese}) of each section, where three are no messages; of two Chinese of one text the later.

        `cells` stand alone in a table, `words` also in a field or a list, `nouns` are counted, the fields of `quoting` are somebody's text.
        """
        self._exact: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._cells: dict[str, str] = {}
        self._nouns: dict[str, str] = {}
        kinds = {"words": self._words, "cells": self._cells, "nouns": self._nouns}
        quoting: set[str] = set()
        for name, entries in sections:
            kinds.get(name, self._exact).update(entries)
            quoting.update(entries if name == "quoting" else ())
        made = ((one, template(one, chinese, quotes=one in quoting)) for one, chinese in self._exact.items())
        templates = {english: one for english, one in made if one}
        self._index = Index(templates.values())
        for english in templates:
            del self._exact[english]
        self._known: dict[str, str] = {}
        self._tried = 0

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
            self._tried = 0
            known = self._known[text] = self._any(text, 0)
        return known

    def _any(self, text: str, depth: int) -> str:
        if " · " in text and depth <= _DEEPEST:
            return " · ".join(self._words.get(part) or self._any(part, depth + 1) for part in text.split(" · "))
        exact = self._exact.get(text) or self._exact_behind_a_place(text, depth)
        if (found := exact or self._behind_a_line(text, depth)) is not None:
            return found
        if (whole := self._whole(text, depth)) is not None:
            return whole
        if text.startswith("; ") and (said := self._whole(text[2:], depth)) is not None:
            return f"；{said}"
        core = text.strip()
        if depth > _DEEPEST or not _LETTER.search(core):
            return text
        said = (self._words.get(core) or self._whole(core, depth)) if core != text else None
        said = said or self._in_parts(core, depth + 1)
        return text.replace(core, said, 1) if said is not None else text

    def _whole(self, text: str, depth: int) -> str | None:
        if (found := self._exact.get(text)) is not None or depth > _DEEPEST:
            return found
        if (listed := counts_of_rows(text, self._words | self._cells)) is not None:
            return listed
        if counted := _AMOUNT.fullmatch(text):
            number, noun, plural = counted.groups()
            if (chinese := self._nouns.get(noun) or self._nouns.get(noun + plural)) is not None:
                return chinese.format(number)
        return self._best(text, depth)

    def _best(self, text: str, depth: int) -> str | None:
        """Return what the templates make of a text: the way that leaves least English, of several the first; None where none fits."""
        best, least = None, 0
        for one in self._index.candidates(text):
            for fields in one.ways(text, self._nouns):
                self._tried += 1
                made = self._made(one, fields, text, depth)
                left = _english(made) + _LOSS * one.loses(fields)
                if best is None or left < least:
                    best, least = made, left
                if not least or self._tried > _MOST_TRIED:
                    return best
        return best

    def _made(self, one: Template, fields: list[str], text: str, depth: int) -> str:
        is_list = not one.quotes and any("; " in field and self._whole(field, depth + 1) is None for field in fields)
        listed = self._listed(text, depth + 1) if is_list else None
        said = self._said(one, fields, depth + 1)
        return min(said if listed is None else listed, said, key=_english)

    def _listed(self, text: str, depth: int) -> str | None:
        """Return a list each part of which is a message; None where one is none."""
        parts = split(text, "; ")
        if depth > _DEEPEST or len(parts) > _MOST_PARTS:
            return None
        said = [self._whole(part, depth) or self._behind_a_place(part, depth) for part in parts]
        found = [one for one in said if one is not None]
        return joined(found, "; ", "；") if len(found) == len(parts) > 1 else None

    def _said(self, one: Template, fields: list[str], depth: int) -> str:
        """Return the Chinese of a template with its fields; a place before the first one stays before the whole."""
        head, colon, rest = fields[0].rpartition(": ")
        place = ""
        if one.begins_with_a_field and colon and (rest.isdigit() or self._whole(fields[0], depth) is None):
            place, fields = self._place(head, depth), [rest, *fields[1:]]
        said = [self._field(one, *field, depth) for field in enumerate(fields)]
        spoken = {number for number, field in enumerate(fields) if field != said[number]}
        return place + one.filled(said, spoken)

    def _field(self, one: Template, number: int, text: str, depth: int) -> str:
        if one.is_quoted(number):
            return text
        if (listed := listed_names(text)) is not None:
            return listed
        word = None if one.is_place(number) else self._words.get(text)
        said = word or self._any(text, depth)
        return said.replace(": ", "：") if one.is_place(number) and said == text else said

    def _in_parts(self, text: str, depth: int) -> str | None:
        """Return a text whose parts are messages of their own: behind a place, in a list, in brackets; None where no part is."""
        if choice := _CHOICE.fullmatch(text):
            return f"{choice[1].replace(', ', '、')} {'和' if choice[2] == 'and' else '或'} {choice[3]}"
        for look in (self._behind_a_place, self._with_a_tail, self._behind_a_head):
            if (found := look(text, depth)) is not None:
                return found
        for mark, chinese in (("; ", "；"), (", ", "，"), (". ", "。")):
            parts = split(text, mark)
            if 1 < len(parts) <= _MOST_PARTS:
                said = [self._words.get(part) or self._any(part, depth) for part in parts]
                if said != parts:
                    made = joined(said, mark, chinese)
                    return listed_names(made) or made
        if (listed := listed_names(text)) is not None:
            return listed
        return self._both(text, depth) or self._in_brackets(text, depth)

    def _both(self, text: str, depth: int) -> str | None:
        """Return two messages, or names, that are joined by `and`."""
        if names := _NAMES.fullmatch(text):
            return f"{names[1].replace(', ', '、')} 和 {names[2]}"
        before, _, behind = text.rpartition(" and ")
        first, second = self._whole(before, depth), self._whole(behind, depth)
        return f"{first}和 {second}" if first and second else None

    def _in_brackets(self, text: str, depth: int) -> str | None:
        """Return a text that ends in brackets, which say more of it."""
        head, opening, tail = text.rpartition(" (")
        if not (opening and tail.endswith(")")):
            return None
        outer, inner = self._words.get(head) or self._any(head, depth), self._any(tail[:-1], depth)
        if (outer, inner) == (head, tail[:-1]):
            return None
        return f"{outer}（{inner}）" if CHINESE.search(outer) else f"{outer} ({inner})"

    def _with_a_tail(self, text: str, depth: int) -> str | None:
        """Return a text that ends with a message which begins with a mark, as a hint does; what is before it is one of its own."""
        for mark in list(_MARK.finditer(text))[:_MOST_PARTS]:
            if mark.start() and (said := self._whole(text[mark.start() :], depth)) is not None:
                head = text[: mark.start()]
                return (self._words.get(head) or self._any(head, depth)) + said
        return None

    def _behind_a_place(self, text: str, depth: int) -> str | None:
        """Return a text that ends with a message behind a colon."""
        for at in _colons(text):
            rest = text[at + 2 :]
            if (said := self._words.get(rest) or self._whole(rest, depth)) is not None:
                return self._place(text[:at], depth) + said
        return None

    def _exact_behind_a_place(self, text: str, depth: int) -> str | None:
        """Return a text that is a place, or one within another, and a message without fields: templates would take it apart."""
        for at in _colons(text):
            place = text[:at]
            if all(" " not in part for part in place.split(": ")) and (said := self._exact.get(text[at + 2 :])):
                return self._place(place, depth) + said
        return None

    def _behind_a_line(self, text: str, depth: int) -> str | None:
        """Return a finding with its line and rule: templates that begin with a field would take these for a part of it."""
        if not (found := _FINDING.fullmatch(text)):
            return None
        line, rule, rest = found.groups()
        return f"{self._any(f'line {line}', depth + 1)}：{rule}：{self._any(rest, depth + 1)}"

    def _place(self, text: str, depth: int) -> str:
        """Return where something stands, or what it is, with its colon; each behind a colon of its own."""
        if (said := self._words.get(text) or self._any(text, depth)) != text or depth > _DEEPEST:
            return f"{said}："
        return "".join(f"{self._words.get(part, part)}：" for part in text.split(": "))

    def _behind_a_head(self, text: str, depth: int) -> str | None:
        """Return a text whose beginning says what the rest is."""
        for at in _colons(text):
            if (head := self._words.get(text[:at]) or self._whole(text[:at], depth)) is not None:
                return f"{head}：{self._any(text[at + 2 :], depth)}"
        return None


def _colons(text: str) -> list[int]:
    """Return where the first colons stand."""
    return [found.start() for found in re.finditer(": ", text)][:_MOST_PARTS]


def _english(text: str) -> int:
    """Return the number of English words beside what is quoted."""
    return len(_WORD.findall(_QUOTED.sub("", text)))
