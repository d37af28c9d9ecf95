"""Deduplication of a list of texts, with dropped texts and reasons; can be re-thresholded.

As in a run, texts are taken in order, and one is dropped when its ROUGE-L to an earlier kept text is above the
threshold. All relevant pairs are scored once; another threshold only repeats the decisions. The form of the result
follows semhash (Minish Lab).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from selfinstruct.config import THRESHOLD
from selfinstruct.errors import InputError
from selfinstruct.rouge import Index, tokens

_Pairs = Sequence[Sequence[tuple[int, float]]]


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
        self, texts: Sequence[str], pool: Sequence[str], pairs: _Pairs, lowest: float, threshold: float
    ) -> None:
        """Decide at a threshold; `pairs` has per text the earlier (entry, score) above `lowest`, pool entries first."""
        self.threshold = threshold
        self._texts, self._pool, self._pairs, self._lowest = texts, pool, pairs, lowest
        self.kept_positions: list[int] = []
        """Positions in the texts, from 0."""
        self.dropped: list[Dropped] = []
        kept = [True] * len(pool)
        for position, near in enumerate(pairs):
            standing = [(score, -entry) for entry, score in near if kept[entry] and score > threshold]
            kept.append(not standing)
            if standing:
                score, entry = max(standing)
                self.dropped.append(self._dropped(position, -entry, score))
            else:
                self.kept_positions.append(position)

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

    def _dropped(self, position: int, entry: int, score: float) -> Dropped:
        of_pool = entry < len(self._pool)
        nearest = -1 - entry if of_pool else entry - len(self._pool)
        text = self._pool[entry] if of_pool else self._texts[nearest]
        return Dropped(position, self._texts[position], nearest, text, score)


def deduplicate(
    texts: Iterable[str], threshold: float = THRESHOLD, *, pool: Iterable[str] = (), lowest: float | None = None
) -> Deduplication:
    """Return the texts that are not near-duplicates of one kept before them, or of one in `pool`.

    `lowest` is the lowest threshold that `rethreshold` can be asked for, else `threshold` itself: the lower, the more pairs are kept.
    Fast for some ten thousand texts (every text is compared with all before it); `selfinstruct filter` takes millions.

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
    queries = [tokens(text) for text in (*pool, *texts)]
    index = Index()
    index.extend(index.block((query, 1.0) for query in queries))
    pairs = [
        [(near.position, near.score) for near in index.within(queries[entry], least, entry)]
        for entry in range(len(pool), len(queries))
    ]
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
