"""Templates of English messages: which one a finished message was made from, and what stands in its fields.

A key of a catalogue is the f-string as it stands in the code, its values as {0}, {1}, ...; how messages are taken apart: `translator.py`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from typing import NamedTuple

_FIELD = re.compile(r"\{(\d+)\}")
_WORD = re.compile(r"[A-Za-z]+")
_LETTER = re.compile(r"[A-Za-z]")
_COUNTED = re.compile(r"\d[\d,]* ([a-z]+?)s?(?= )")
"""The beginning of an amount."""
_NUMBER = re.compile(r"[$¥~<>]?\d\S*(?: \S+| \([^()]*\))?")
_NAME = re.compile(r"[\w.-]+")
_QUOTES = ("`", "'", '"')
_FEW_LETTERS = 5
"""Letters of a template below which it says something of numbers only, as `{0} of {1}`."""


class Template(NamedTuple):
    """An English f-string and its Chinese."""

    literals: tuple[str, ...]
    """What stands before, between and behind the fields: one more than there are fields."""
    chinese: str

    @property
    def weight(self) -> int:
        """Number of literal characters."""
        return sum(map(len, self.literals))

    @property
    def begins_with_a_field(self) -> bool:
        """Whether the first field is no place but what is spoken of, as in `{0} left`."""
        return not self.literals[0] and not self.is_place(0)

    def fields(self, text: str, nouns: Container[str] = ()) -> list[str] | None:
        """Return what stands in the fields where the text is made from this template, in linear time; an amount is one field.

        >>> Template(("", " of ", ""), "").fields("3 of 4")
        ['3', '4']
        """
        found = self._between(text, nouns)
        return found if found is not None and self._fits(found) else None

    def _between(self, text: str, nouns: Container[str]) -> list[str] | None:
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

    def _fits(self, fields: list[str]) -> bool:
        """Return whether the fields can be those of the template: one that hardly says anything is about numbers, and one name."""
        before, comma, last = fields[0].rpartition(", ")
        is_listed = not (before + last).strip() or (comma and (before[:1].isdigit() or last[:1].isdigit()))
        if is_listed and self.begins_with_a_field and self.literals[1].startswith(" "):
            return False  # the end of a list, of which each part is one of its own
        letters = sum(len(_LETTER.findall(literal)) for literal in self.literals)
        if letters >= _FEW_LETTERS or _LETTER.search(self.literals[0]):
            return True
        rest = fields[1:] if self.is_place(0) else fields
        words = [field for field in rest if not all(map(_NUMBER.fullmatch, filter(None, field.split(", "))))]
        return not words or (len(words) == 1 < len(fields) and bool(_NAME.fullmatch(words[0].strip())))

    def filled(self, fields: list[str]) -> str:
        """Return the Chinese with its fields.

        >>> Template(("", " of ", ""), "{1} 里的 {0}").filled(["3", "4"])
        '4 里的 3'
        """
        return _FIELD.sub(lambda found: fields[int(found[1])], self.chinese)

    def is_quoted(self, number: int) -> bool:
        """Return whether a field stands in quotes: it is a name, a path or a command, and nothing of it is translated."""
        before, behind = self.literals[number : number + 2]
        return before[-1:] in _QUOTES and before[-1:] == behind[:1]

    def is_place(self, number: int) -> bool:
        """Return whether a field is the place at the beginning of a message: a word alone is a name there."""
        return number == 0 and not self.literals[0] and self.literals[1].startswith(":")

    def words(self) -> set[str]:
        """Return the words of the literals that a value beside them cannot make longer."""
        found = set()
        last = len(self.literals) - 1
        for number, literal in enumerate(self.literals):
            for word in _WORD.finditer(literal):
                begins = word.start() > 0 or number == 0
                ends = word.end() < len(literal) or number == last
                if begins and ends:
                    found.add(word[0])
        return found


def template(english: str, chinese: str) -> Template | None:
    """Return the template of an entry; None where the English has no field."""
    return Template(tuple(_FIELD.split(english)[::2]), chinese) if _FIELD.search(english) else None


class Index:
    """Templates, each found by the word of its own that fewest others have."""

    def __init__(self, templates: Iterable[Template]) -> None:
        """Read all templates."""
        words = {one: one.words() for one in dict.fromkeys(templates)}
        number = Counter(word for own in words.values() for word in own)
        self._by_word = defaultdict(list)
        for one, own in words.items():
            self._by_word[min(own, key=lambda word: (number[word], word), default="")].append(one)

    def candidates(self, text: str) -> list[Template]:
        """Return the templates whose rarest word the text has, those with most literal characters first."""
        words = dict.fromkeys(_WORD.findall(text))
        found = [one for word in ("", *words) for one in self._by_word.get(word, ())]
        return sorted(found, key=lambda one: one.weight, reverse=True)
