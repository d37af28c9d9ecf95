"""How near texts are to a whole pool: the mean score and the most similar entries, as Stanford Alpaca stored them with each instruction.

Alpaca's `avg_similarity_score` is the mean over seeds and all instructions kept before, `most_similar_instructions` the ten highest. Its
order of equal scores depends on numpy's sort; ours is that of the pool. The mean is summed in that order, so that it may differ from
numpy's in the last digits.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.rouge.block import Block
from selfinstruct.rouge.plain import PlainPool
from selfinstruct.rouge.score import score

if TYPE_CHECKING:
    from selfinstruct.rouge.compiled import CompiledPool

MOST = 10


class Statistics(NamedTuple):
    """How near a text is to the entries of a pool."""

    mean: float
    """Mean score; 0 for an empty pool."""
    most_similar: tuple[tuple[int, float], ...]
    """(position, score) of the ten nearest: the highest score, then the lowest position."""


def plain_statistics(pool: PlainPool, query: Sequence[int], limit: int) -> Statistics:
    """Compare a query with the first `limit` entries."""
    scores = [score(query, entry) for entry in pool.entries[:limit]]
    order = sorted(range(len(scores)), key=lambda position: (-scores[position], position))
    mean = sum(scores) / max(len(scores), 1)
    return Statistics(mean, tuple((position, scores[position]) for position in order[:MOST]))


def compiled_statistics(
    pool: "CompiledPool", block: Block, limits: Sequence[int], threads: Executor | None, workers: int
) -> Iterator[Statistics]:
    """Compare each text of a block with as many entries as its limit says."""
    import numpy as np

    from selfinstruct.rouge import kernels

    texts, lists = pool.texts, pool.by_token()
    queries, upto = pool.queries(block), np.array(limits, np.int32)
    means = np.zeros(len(block))
    entries, scores = np.zeros(len(block) * MOST, np.int32), np.zeros(len(block) * MOST)
    upto.flags.writeable = False

    def search(part: tuple[int, int]) -> None:
        scratch = np.empty(len(texts.entries), np.uint64), np.zeros(max(block.tokens, default=0) + 1, np.uint64)
        kernels.statistics(texts, *lists, queries, upto, *part, *scratch, means, entries, scores)

    parts = pairwise(np.linspace(0, len(block), 4 * workers + 1).astype(int).tolist())
    list((threads.map if threads else map)(search, parts))
    for number, mean in enumerate(means.tolist()):
        places = slice(number * MOST, number * MOST + min(limits[number], MOST))
        yield Statistics(mean, tuple(zip(entries[places].tolist(), scores[places].tolist(), strict=True)))
