"""Vocabulary: integer ids of tokens, in order of first appearance; an id never changes."""

from array import array
from collections import defaultdict
from collections.abc import Iterable


class Vocabulary:
    """Tokens and their ids, from 0."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """Start with these tokens."""
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self.encode(words)

    def __len__(self) -> int:
        return len(self._numbers)

    def words(self) -> list[str]:
        """Return all tokens in order of their ids."""
        return list(self._numbers)

    def encode(self, words: Iterable[str]) -> "array[int]":
        """Return the ids of tokens as 32-bit integers; a new token gets the next id."""
        return array("i", map(self._numbers.__getitem__, words))

    def look_up(self, words: Iterable[str]) -> "array[int]":
        """Return the ids of tokens as 32-bit integers; -1 for an unknown token."""
        return array("i", [self._numbers.get(word, -1) for word in words])
