"""Templates of English messages: which one a finished message was made from, and what stands in its fields.

A key of a catalogue is the f-string as it stands in the code, its values as {0}, {1}, ...; how messages are taken apart: `translator.py`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from selfinstruct.system.listed import CHINESE

_FIELD = re.compile(r"\{(\d+)\}")
_WORD = re.compile(r"[A-Za-z]+")
_LETTER = re.compile(r"[A-Za-z]")
_COUNTED = re.compile(r"\d[\d,]* ([a-z]+?)s?(?= )")
"""The beginning of an amount."""
_NUMBER = re.compile(r"[$¥~<>]?\d\S*(?: \S+| \([^()]*\))?")
_NAME = re.compile(r"[\w./:-]+(?: ?[<>]=? ?\d[\d.]*%?)?")
"""A name, or a condition on one."""
_NAMED = re.compile(r"[./:\d]")
"""What a name has, of a model or a host, that a word has not."""
_SMALL = re.compile(r"[a-z]*")
_BLANK_BEHIND = re.compile(f"{CHINESE.pattern} $")
_BLANK_BEFORE = re.compile(f" {CHINESE.pattern}")
_QUOTES = ("`", "'", '"')
_MARK = re.compile(r"; |: |, | \(| and | (?=It (?:says|said):)")
"""What a part of a message that may be left out begins with."""
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z`])")
_MOST_WAYS, _MOST_PLACES, _MOST_STEPS = 6, 4, 80
"""Ways to take one text apart, places that are tried for one literal, and steps for all of them."""
_FEW_LETTERS = 5
"""Letters of a template below which it says something of numbers only, as `{0} of {1}`."""


class Template(NamedTuple):
    """An English f-string and its Chinese."""

    literals: tuple[str, ...]
    """What stands before, between and behind the fields: one more than there are fields."""
    chinese: str
    quotes: bool = False
    """Whether its fields are somebody's text: nothing of them is translated."""

    @property
    def weight(self) -> int:
        """Number of literal characters."""
        return sum(map(len, self.literals))

    @property
    def begins_with_a_field(self) -> bool:
        """Whether the first field is no place but what is spoken of, as in `{0} left`."""
        return not self.literals[0] and not self.is_place(0)

    def ways(self, text: str, nouns: Container[str] = ()) -> Iterator[list[str]]:
        """Yield what stands in the fields where the text is made from this template, in each way in which it can be; an amount is one field.

        The first way has the shortest fields. There are few, and they are found in linear time, for the text may be anybody's.

        >>> list(Template(("", " of ", ""), "").ways("3 of 4"))
        [['3', '4']]
        """
        first, *between, last = self.literals
        end = len(text) - len(last)
        if text.startswith(first) and text.endswith(last) and end >= len(first):
            found = _Search(text, end, nouns).ways(between, len(first))
            yield from islice(filter(self._fits, found), _MOST_WAYS)

    def _fits(self, fields: list[str]) -> bool:
        """Return whether the fields can be those of the template: one that hardly says anything is about numbers, and one name."""
        before, comma, last = fields[0].rpartition(", ")
        is_listed = not (before + last).strip() or (comma and (before[:1].isdigit() or last[:1].isdigit()))
        if is_listed and not fields[0].endswith(".") and self.begins_with_a_field and self.literals[1].startswith(" "):
            return False  # the end of a list, of which each part is one of its own
        if any(map(self._breaks_out, range(len(fields)), fields)):
            return False
        letters = sum(len(_LETTER.findall(literal)) for literal in self.literals)
        if letters >= _FEW_LETTERS or _LETTER.search(self.literals[0]):
            return True
        rest = fields[1:] if self.is_place(0) else fields
        words = [field for field in rest if not all(map(_NUMBER.fullmatch, filter(None, field.split(", "))))]
        are_names = all(_NAME.fullmatch(word.strip()) for word in words)
        return are_names and (len(words) < min(2, len(fields)) or any(map(_NAMED.search, words)))

    def _breaks_out(self, number: int, field: str) -> bool:
        """Return whether a field that stands in brackets ends them, and begins others."""
        within = self.literals[number].endswith("(") or self.literals[number + 1].startswith(")")
        return within and not self.quotes and field.rfind("(", 0, field.find(")") + 1) < 0 <= field.find(")")

    def filled(self, fields: Sequence[str], spoken: Container[int] = ()) -> str:
        """Return the Chinese with its fields; beside one that is `spoken`, in Chinese itself, no blank is left within Chinese.

        >>> Template(("", " of ", ""), "{1} 里的 {0}").filled(["3", "4"])
        '4 里的 3'
        >>> Template(("", " needs ", ""), "{0} 要用 {1}").filled(["报告", "git"], {0})
        '报告要用 git'
        """
        text, *pieces = _FIELD.split(self.chinese)
        for number, literal in zip(map(int, pieces[::2]), pieces[1::2], strict=True):
            field = fields[number]
            if number in spoken and _BLANK_BEHIND.search(text) and CHINESE.match(field):
                text = text[:-1]
            is_behind = number in spoken and CHINESE.match(field[-1:]) and _BLANK_BEFORE.match(literal)
            text += field + (literal[1:] if is_behind else literal)
        return text

    def loses(self, fields: Sequence[str]) -> bool:
        """Return whether the Chinese leaves out a field that is more than a word of grammar, as `is` or the s of a plural."""
        kept = set(map(int, _FIELD.findall(self.chinese)))
        return any(number not in kept and not _SMALL.fullmatch(field) for number, field in enumerate(fields))

    def is_quoted(self, number: int) -> bool:
        """Return whether a field stands in quotes: it is a name, a path or a command, and nothing of it is translated."""
        before, behind = self.literals[number : number + 2]
        return self.quotes or (before[-1:] in _QUOTES and before[-1:] == behind[:1])

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


class _Search:
    """The ways in which the literals of a template stand in one text."""

    def __init__(self, text: str, end: int, nouns: Container[str]) -> None:
        self._text, self._end, self._nouns = text, end, nouns
        self._steps = 0

    def ways(self, literals: Sequence[str], start: int) -> Iterator[list[str]]:
        """Yield the fields around literals in the text from a position on."""
        if not literals:
            yield [self._text[start : self._end]]
            return
        for place in islice(self._places(literals[0], start), _MOST_PLACES):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return
            for rest in self.ways(literals[1:], place + len(literals[0])):
                yield [self._text[start:place], *rest]

    def _places(self, literal: str, start: int) -> Iterator[int]:
        """Yield where a literal stands; between two fields that touch, where a part begins."""
        if not literal:
            yield from (start, *(found.start() for found in _MARK.finditer(self._text, start, self._end)))
            return
        if literal == " ":
            yield from self._ends_of_parts(start)
        while (start := self._text.find(literal, start, self._end)) >= 0:
            yield start
            start += len(literal)

    def _ends_of_parts(self, start: int) -> Iterator[int]:
        """Yield the blanks behind an amount and behind a sentence: more is said there than within one."""
        counted = _COUNTED.match(self._text, start, self._end)
        if counted and counted[1] in self._nouns:
            yield counted.end()
        for found in islice(_SENTENCE.finditer(self._text, start, self._end), _MOST_WAYS):
            if not self._text.count('"', start, found.start()) % 2:  # not within a quotation
                yield found.start()


def template(english: str, chinese: str, *, quotes: bool = False) -> Template | None:
    """Return the template of an entry; None where the English has no field."""
    return Template(tuple(_FIELD.split(english)[::2]), chinese, quotes) if _FIELD.search(english) else None


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
