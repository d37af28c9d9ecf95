"""Similarity statistics of pool entries: mean score and most similar entries, as stored in the Stanford Alpaca dataset.

Alpaca's `avg_similarity_score` is the mean over seeds and all earlier instructions, `most_similar_instructions` the ten highest. Alpaca
orders equal scores by numpy's sort, we by position. The mean is summed in pool order, so it may differ from numpy's in the last digits.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.rouge.plain import PlainPool
from selfinstruct.rouge.score import score
from selfinstruct.rouge.workers import Workers

if TYPE_CHECKING:
    from selfinstruct.rouge.compiled import CompiledPool

MOST_SIMILAR = 10


class Statistics(NamedTuple):
    """Similarity of a text to the entries of a pool."""

    mean: float
    """Mean score; 0 for an empty pool."""
    most_similar: tuple[tuple[int, float], ...]
    """(position, score) of the ten nearest entries, by highest score, then lowest position."""


def plain_statistics(pool: PlainPool, begin: int) -> Iterator[Statistics]:
    """Yield the statistics of each entry from `begin` on, against all entries before it."""
    for number in range(begin, len(pool)):
        scores = [score(pool.entries[number], entry) for entry in pool.entries[:number]]
        order = sorted(range(number), key=lambda position, scores=scores: (-scores[position], position))  # type: ignore[misc]
        yield Statistics(
            sum(scores) / max(number, 1), tuple((position, scores[position]) for position in order[:MOST_SIMILAR])
        )


def compiled_statistics(pool: "CompiledPool", begin: int, workers: Workers) -> Iterator[Statistics]:
    """Compute `plain_statistics` with the kernels."""
    import numpy as np

    from selfinstruct.rouge import kernels

    texts, lists = pool.texts, pool.by_token()
    means, entries, scores = (
        np.zeros(len(pool)),
        np.zeros(len(pool) * MOST_SIMILAR, np.int32),
        np.zeros(len(pool) * MOST_SIMILAR),
    )

    def search(start: int, end: int) -> None:
        scratch = np.empty(len(pool), np.uint64), np.zeros(len(lists[0]), np.uint64)
        kernels.statistics(texts, *lists, start, end, *scratch, means, entries, scores)

    # parts of equal work, not of equal size: later entries have more predecessors
    edges = (begin + (len(pool) - begin) * np.sqrt(np.linspace(0, 1, 8 * workers.number + 1))).astype(int).tolist()
    workers.share(search, edges)
    for number in range(begin, len(pool)):
        places = slice(number * MOST_SIMILAR, number * MOST_SIMILAR + min(number, MOST_SIMILAR))
        nearest = zip(entries[places].tolist(), scores[places].tolist(), strict=True)
        yield Statistics(float(means[number]), tuple(nearest))
