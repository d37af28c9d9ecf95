"""Near-duplicates that a change introduces: new rows against kept rows, each other, seeds and evaluation sets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from selfinstruct.dataset.diff.near import Texts, nearest, nearest_before
from selfinstruct.dataset.diff.records import NearDuplicate
from selfinstruct.dataset.diff.rows import Entry, Pair, candidate_of
from selfinstruct.dedup.contamination import EvaluationSets
from selfinstruct.records import ContaminationMatch
from selfinstruct.rouge import score, tokens

Against = Literal["kept", "new", "seed"]
_NEW = {"added", "rewritten"}


class Other(NamedTuple):
    """A text that new rows are compared with."""

    against: Against
    name: str
    language: str
    instruction: str


def near_duplicates(
    pairs: Iterable[Pair], seeds: Sequence[Other], threshold: Mapping[str, float]
) -> tuple[NearDuplicate, ...]:
    """Return each new row's nearest text of each kind, if above the language's threshold: highest score first.

    A new row is one that was added, or rewritten and not as near before. Languages are not compared with each other.
    """
    listed = list(pairs)
    new = [pair for pair in listed if pair.head and pair.kind in _NEW]
    kept = [pair.head for pair in listed if pair.head and pair.kind not in _NEW]
    found: list[NearDuplicate] = []
    for language, above in sorted(threshold.items()):
        mine = (pair for pair in new if pair.entry.language == language)
        fresh = sorted(mine, key=lambda pair: (pair.entry.id, pair.entry.text))
        pools: dict[Against, list[Other]] = {
            "kept": [Other("kept", one.id, language, one.instruction) for one in kept if one.language == language],
            "new": [Other("new", one.entry.id, language, one.entry.instruction) for one in fresh],
            "seed": [one for one in seeds if one.language == language],
        }
        queries = [tokens(pair.entry.instruction) for pair in fresh]
        for pool in pools.values():
            found += _near(fresh, queries, pool, above)
    return tuple(sorted(found, key=lambda one: (-one.score, one.id, one.against, one.other)))


def repeats(
    pairs: Iterable[Pair], evaluation_sets: EvaluationSets, threshold: Mapping[str, float]
) -> tuple[NearDuplicate, ...]:
    """Return rows of head found in an evaluation set whose row in base was not: by score, then by id."""
    found = []
    for pair in pairs:
        if pair.head is None or pair.kind == "unchanged":
            continue
        above = threshold[pair.head.language]
        match = evaluation_sets.find(candidate_of(pair.head), above)
        if match and not (pair.base and evaluation_sets.find(candidate_of(pair.base), above)):
            found.append(_repeat(pair.head, match))
    return tuple(sorted(found, key=lambda one: (-one.score, one.id)))


def _repeat(row: Entry, match: ContaminationMatch) -> NearDuplicate:
    return NearDuplicate(
        id=row.id,
        language=row.language,
        instruction=row.instruction,
        against="held_out",
        how=match.how,
        other=match.place,
        other_text=match.text,
        score=match.score,
    )


def _near(fresh: Sequence[Pair], queries: Texts, pool: Sequence[Other], above: float) -> Iterator[NearDuplicate]:
    """Yield at most one near-duplicate per new row; a pair of new rows is reported on the later row."""
    among_new = bool(pool) and pool[0].against == "new"
    texts = queries if among_new else [tokens(one.instruction) for one in pool]
    for query, position, value in nearest_before(queries, above) if among_new else nearest(queries, texts, above):
        row, before, other = fresh[query].entry, fresh[query].base, pool[position]
        if before and score(tokens(before.instruction), texts[position]) > above:
            continue
        yield NearDuplicate(
            id=row.id,
            language=row.language,
            instruction=row.instruction,
            against=other.against,
            other=other.name,
            other_text=other.instruction,
            score=value,
        )
