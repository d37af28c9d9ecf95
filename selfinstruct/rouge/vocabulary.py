"""Numbers for tokens, in the order in which they are first seen. A vocabulary only grows: a number never changes."""

from array import array
from collections import defaultdict
from collections.abc import Iterable


class Vocabulary:
    """Tokens and their numbers, from 0."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """Begin with these tokens."""
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self.encode(words)

    def __len__(self) -> int:
        return len(self._numbers)

    def words(self) -> list[str]:
        """Return all tokens in the order of their numbers."""
        return list(self._numbers)

    def encode(self, words: Iterable[str]) -> "array[int]":
        """Return the numbers of tokens, as 32-bit integers; a new token gets the next number."""
        return array("i", map(self._numbers.__getitem__, words))

    def look_up(self, words: Iterable[str]) -> "array[int]":
        """Return the numbers of tokens; -1 for a token that was never seen."""
        return array("i", [self._numbers.get(word, -1) for word in words])
