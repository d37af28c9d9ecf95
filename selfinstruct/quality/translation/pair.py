"""What the rules of a translation look at: the texts of a row before and after, and what was said to be adapted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from selfinstruct.records import LanguageCode


class Pair(NamedTuple):
    """A row and its translation, field by field: {name of a field: text}, both with the same names."""

    source: Mapping[str, str]
    target: Mapping[str, str]
    to: LanguageCode
    adapted: tuple[tuple[str, str], ...] = ()
    """(before, after) of each name, unit or institution that was said to be adapted."""
    terms: tuple[tuple[str, str], ...] = ()
    """(term, its translation) of the glossary, for the terms that the row holds."""
    comments: bool = False
    """Comments and strings of fenced code are translated."""

    @property
    def fields(self) -> Iterator[tuple[str, str, str]]:
        """Yield (name, text before, text after), without what was said to be adapted."""
        for name, before in self.source.items():
            after = self.target.get(name, "")
            stated = [(old, new) for old, new in self.adapted if old in before and new in after]
            yield name, without(before, (old for old, _ in stated)), without(after, (new for _, new in stated))


def without(text: str, parts: Iterable[str]) -> str:
    """Return a text with blanks in place of its parts."""
    for part in parts:
        text = text.replace(part, " ") if part else text
    return text


def cut(text: str, most: int = 60) -> str:
    """Return the beginning of a text on one line, for a detail."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
