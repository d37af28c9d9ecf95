"""Deduplication of a list of texts, with dropped texts and reasons; can be re-thresholded.

As in a run, texts are taken in order, and one is dropped when its ROUGE-L to an earlier kept text is above the
threshold. All relevant pairs are scored once; another threshold only repeats the decisions. The form of the result
follows semhash (Minish Lab).
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from selfinstruct.config import THRESHOLD
from selfinstruct.errors import InputError
from selfinstruct.rouge import Index, tokens


class Dropped(NamedTuple):
    """A dropped text and its nearest kept text."""

    position: int
    """Position in the texts, from 0."""
    text: str
    nearest: int
    """Position of the nearest earlier kept text; negative: -1 - position in the pool."""
    nearest_text: str
    score: float
    """ROUGE-L F-measure of both, 0 to 1."""


class Deduplication(Sequence[str]):
    """The kept texts, in order; `dropped` has the others with reasons."""

    def __init__(
        self, texts: Sequence[str], pool: Sequence[str], pairs: "_Pairs", lowest: float, threshold: float
    ) -> None:
        """Decide at a threshold; `pairs` has per text the earlier (entry, score) above `lowest`, pool entries first."""
        self.threshold = threshold
        self._texts, self._pool, self._pairs, self._lowest = texts, pool, pairs, lowest
        self.kept_positions: list[int] = []
        """Positions in the texts, from 0."""
        self.dropped: list[Dropped] = []
        kept = bytearray(b"\1" * len(pairs.entries))
        for position, entry in enumerate(pairs.entry_of):
            near = pairs.before(position)
            standing = [(score, -other) for other, score in near if kept[other] and score > threshold]
            if position >= len(pool):
                self._decide(position - len(pool), max(standing, default=None))
                if pairs.entries[entry] == position:
                    kept[entry] = not standing

    def __len__(self) -> int:
        return len(self.kept_positions)

    def __getitem__(self, index: int | slice) -> str | list[str]:  # type: ignore[override] # a slice is a plain list
        return self.kept[index]

    def __repr__(self) -> str:
        return f"Deduplication({len(self)} kept, {len(self.dropped)} dropped, threshold={self.threshold:g})"

    @property
    def kept(self) -> list[str]:
        """The texts that were kept, in order."""
        return [self._texts[position] for position in self.kept_positions]

    def rethreshold(self, threshold: float) -> "Deduplication":
        """Return the result at another threshold, without scoring again; the same as `deduplicate` there.

        Raises InputError below the lowest threshold that was scored for.
        """
        if check_threshold(threshold) < self._lowest:
            raise InputError(
                f"threshold {threshold:g}: pairs were scored above {self._lowest:g} only; "
                f"call deduplicate(texts, lowest={threshold:g}) to score more of them"
            )
        return Deduplication(self._texts, self._pool, self._pairs, self._lowest, check_threshold(threshold))

    def _decide(self, position: int, nearest: tuple[float, int] | None) -> None:
        if nearest is None:
            self.kept_positions.append(position)
            return
        where = self._pairs.entries[-nearest[1]] - len(self._pool)  # negative: in the pool
        text = self._texts[where] if where >= 0 else self._pool[where]
        named = where if where >= 0 else -1 - (where + len(self._pool))
        self.dropped.append(Dropped(position, self._texts[position], named, text, nearest[0]))


class _Pairs:
    """The pairs that score above a bound, of the pool and the texts in order; texts with the same tokens are one entry."""

    def __init__(self, texts: Sequence[str], first: int, above: float) -> None:
        """Score; nothing is scored before the text `first`, where the pool ends."""
        self.entries: list[int] = []
        """By entry: the first text with these tokens."""
        self.entry_of: list[int] = []
        """By text: its entry."""
        self._near: list[tuple[array[int], array[float]]] = []
        """By text from `first` on: entries before it, and scores."""
        self._first = first
        index, known = Index(), dict[tuple[str, ...], int]()
        for number, text in enumerate(texts):
            query = tokens(text)
            entry = known.get(tuple(query)) if query else None
            if number >= first:
                near = index.within(query, above) if query else []
                self._near.append((array("q", (one.position for one in near)), array("d", (one.score for one in near))))
            if entry is None:
                entry = known[tuple(query)] = index.add(query)
                self.entries.append(number)
            self.entry_of.append(entry)

    def before(self, number: int) -> Iterable[tuple[int, float]]:
        """Return (entry, score) of the entries before a text that score above the bound."""
        return zip(*self._near[number - self._first], strict=True) if number >= self._first else ()


def deduplicate(
    texts: Iterable[str], threshold: float = THRESHOLD, *, pool: Iterable[str] = (), lowest: float | None = None
) -> Deduplication:
    """Return the texts that are not near-duplicates of one kept before them, or of one in `pool`.

    `lowest` is the lowest threshold that `rethreshold` can be asked for, else `threshold` itself: the lower, the more pairs are kept.
    Meant for some ten thousand texts: each is compared with all before it, and a pair above `lowest` takes 16 bytes, of which a thousand
    near-duplicates of each other have half a million. `filter_file` takes millions.

    >>> found = deduplicate(["写一首关于春天的诗", "写一首关于春天的诗。", "写一首关于秋天的诗", "Sort a list of numbers"])
    >>> found.kept
    ['写一首关于春天的诗', 'Sort a list of numbers']
    >>> [(one.text, round(one.score, 2)) for one in found.dropped]
    [('写一首关于春天的诗。', 1.0), ('写一首关于秋天的诗', 0.89)]
    >>> found.rethreshold(0.9).kept
    ['写一首关于春天的诗', '写一首关于秋天的诗', 'Sort a list of numbers']
    """
    texts, pool = _checked(texts, "texts"), _checked(pool, "pool")
    least = check_threshold(threshold if lowest is None else min(lowest, threshold))
    pairs = _Pairs([*pool, *texts], len(pool), least)
    return Deduplication(texts, pool, pairs, least, check_threshold(threshold))


def check_threshold(threshold: float) -> float:
    """Return the threshold; raises InputError outside of 0 to 1."""
    if not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        raise InputError(f"threshold {threshold!r}: must be a ROUGE-L score from 0 to 1, such as {THRESHOLD}")
    return threshold


def _checked(texts: Iterable[str], name: str) -> list[str]:
    """Return the texts as a list; raises InputError for a single string or a non-text."""
    if isinstance(texts, str):
        raise InputError(f"{name}: is one text; give a list of texts")
    if hasattr(texts, "columns"):
        raise InputError(f"{name}: is a table; give one of its columns")
    found = list(texts)
    for position, text in enumerate(found):
        if not isinstance(text, str):
            raise InputError(f"{name}[{position}]: is a {type(text).__name__}, not a text; give strings")
    return found
