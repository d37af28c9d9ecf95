"""Near-duplicates that a change brings in: new rows against rows that were kept, against each other, against seeds and held-out rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from selfinstruct.dataset.diff.near import neighbours
from selfinstruct.dataset.diff.records import Entry, NearDuplicate, Pair
from selfinstruct.rouge import tokens

Against = Literal["kept", "new", "seed", "held_out"]
_MOST = 64
"""Neighbours of one row that are looked at, itself and later rows included, until an earlier one is found."""


class Other(NamedTuple):
    """A text that a new row must not be near to."""

    against: Against
    name: str
    language: str
    instruction: str


def near_duplicates(
    pairs: Iterable[Pair], others: Sequence[Other], threshold: Mapping[str, float]
) -> tuple[NearDuplicate, ...]:
    """Return for each new row its nearest text of each kind, if that is nearer than the language's threshold: highest score first.

    New is a row that was added, or whose instruction was rewritten. Languages are not compared with each other.
    """
    new = [pair.head for pair in pairs if pair.head and pair.kind in {"added", "rewritten"}]
    kept = [pair.head for pair in pairs if pair.head and pair.kind not in {"added", "rewritten"}]
    found: list[NearDuplicate] = []
    for language, above in sorted(threshold.items()):
        fresh = sorted((one for one in new if one.language == language), key=lambda one: (one.id, one.text))
        pools: dict[Against, list[Other]] = {
            "kept": [Other("kept", one.id, language, one.instruction) for one in kept if one.language == language],
            "new": [Other("new", one.id, language, one.instruction) for one in fresh],
            "seed": [one for one in others if one.against == "seed" and one.language == language],
            "held_out": [one for one in others if one.against == "held_out" and one.language == language],
        }
        for pool in pools.values():
            found += _near(fresh, pool, above)
    return tuple(sorted(found, key=lambda one: (-one.score, one.id, one.against, one.other)))


def _near(fresh: Sequence[Entry], pool: Sequence[Other], above: float) -> Iterator[NearDuplicate]:
    """Yield one near-duplicate at most for each new row; among new rows each pair once, told of the later one."""
    texts = [tokens(one.instruction) for one in pool]
    among_new = bool(pool) and pool[0].against == "new"
    told: set[int] = set()
    for query, position, score in neighbours([tokens(one.instruction) for one in fresh], texts, above, _MOST):
        if query in told or (among_new and position >= query):
            continue
        told.add(query)
        row, other = fresh[query], pool[position]
        yield NearDuplicate(
            id=row.id,
            language=row.language,
            instruction=row.instruction,
            against=other.against,
            other=other.name,
            other_instruction=other.instruction,
            score=score,
        )
