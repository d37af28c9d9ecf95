"""Token lists that are hard for an index: few words, near-duplicates, repeats, empty ones, and some longer than a machine word."""

import random
from collections.abc import Sequence

from hypothesis import strategies as st

from selfinstruct.rouge import f_measure
from selfinstruct.rouge.block import MIN_SCORE, Block, BlockDecisions, initial_decisions
from selfinstruct.rouge.score import lcs
from selfinstruct.rouge.vocabulary import Vocabulary

Text = list[str]
SEEDS = st.integers(0, 2**32)


def texts(seed: int, count: int, longest: int = 12) -> list[Text]:
    rng = random.Random(seed)
    words = [f"w{number}" for number in range(rng.choice((4, 30, 300)))]
    made: list[Text] = []
    for _ in range(count):
        if made and rng.random() < 0.4:
            text = list(rng.choice(made))
            for _ in range(rng.randint(0, 3) if text else 0):
                text[rng.randrange(len(text))] = rng.choice(words)
        else:
            text = rng.choices(words, k=rng.randint(0, longest))
        made.append(text)
    return made


def block_of(vocabulary: Vocabulary, some: Sequence[Text], threshold: float) -> Block:
    block = Block()
    for text in some:
        block.append(vocabulary.encode(text), threshold)
    return block


def by_definition(some: Sequence[Text], threshold: float) -> list[tuple[int, float, int]]:
    """Return (nearest entry or -1, its score, kept) of each text, straight from the definition."""
    entries: list[Text] = []
    decisions = []
    for text in some:
        scores = [f_measure(lcs(text, entry), len(text), len(entry)) for entry in entries]
        best = max(scores, default=0.0)
        kept = best <= threshold
        decisions.append((scores.index(best) if best else -1, best, int(kept)))
        if kept:
            entries.append(text)
    return decisions


def listed(found: BlockDecisions) -> list[tuple[int, float, int]]:
    rows = zip(found.entries, found.scores, found.kept, strict=True)
    return [(entry, score if entry >= 0 else 0.0, kept) for entry, score, kept in rows]


__all__ = ["MIN_SCORE", "SEEDS", "block_of", "by_definition", "initial_decisions", "listed", "texts"]
