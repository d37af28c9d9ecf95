"""How near texts are to a whole pool: the mean score and the most similar entries, as Stanford Alpaca stored them with each instruction.

Alpaca's `avg_similarity_score` is the mean over seeds and all instructions kept before, `most_similar_instructions` the ten highest. Its
order of equal scores depends on numpy's sort; ours is that of the pool. The mean is summed in that order, so that it may differ from
numpy's in the last digits.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.rouge.plain import PlainPool
from selfinstruct.rouge.score import score
from selfinstruct.rouge.workers import Workers

if TYPE_CHECKING:
    from selfinstruct.rouge.compiled import CompiledPool

MOST = 10


class Statistics(NamedTuple):
    """How near a text is to the entries of a pool."""

    mean: float
    """Mean score; 0 for an empty pool."""
    most_similar: tuple[tuple[int, float], ...]
    """(position, score) of the ten nearest: the highest score, then the lowest position."""


def plain_statistics(pool: PlainPool, begin: int) -> Iterator[Statistics]:
    """Yield for each entry from `begin` on how near it is to the entries before it."""
    for number in range(begin, len(pool)):
        scores = [score(pool.entries[number], entry) for entry in pool.entries[:number]]
        order = sorted(range(number), key=lambda position, scores=scores: (-scores[position], position))  # type: ignore[misc]
        yield Statistics(sum(scores) / max(number, 1), tuple((position, scores[position]) for position in order[:MOST]))


def compiled_statistics(pool: "CompiledPool", begin: int, workers: Workers) -> Iterator[Statistics]:
    """Do the same with the kernels."""
    import numpy as np

    from selfinstruct.rouge import kernels

    texts, lists = pool.texts, pool.by_token()
    means, entries, scores = np.zeros(len(pool)), np.zeros(len(pool) * MOST, np.int32), np.zeros(len(pool) * MOST)

    def search(start: int, end: int) -> None:
        scratch = np.empty(len(pool), np.uint64), np.zeros(len(lists[0]), np.uint64)
        kernels.statistics(texts, *lists, start, end, *scratch, means, entries, scores)

    # later entries have more before them: parts of equal work, not of equal size
    edges = (begin + (len(pool) - begin) * np.sqrt(np.linspace(0, 1, 8 * workers.number + 1))).astype(int).tolist()
    workers.share(search, edges)
    for number in range(begin, len(pool)):
        places = slice(number * MOST, number * MOST + min(number, MOST))
        nearest = zip(entries[places].tolist(), scores[places].tolist(), strict=True)
        yield Statistics(float(means[number]), tuple(nearest))
