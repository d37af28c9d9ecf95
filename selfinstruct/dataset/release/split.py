"""The validation split, by cluster of similar instructions; the same for dataset and trainer.

A cluster is an instruction and its near-duplicates (ROUGE-L above 0.7, as for the filter), so that no validation row is
a near-duplicate of a training row: without that, 2 of 20 validation rows were copies of training rows. Rows are
processed in order of arrival: each joins the cluster of its nearest earlier row, and the split of a cluster is drawn
from a hash of its first instruction. So later rows never move earlier ones.
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from selfinstruct.config import THRESHOLD
from selfinstruct.errors import InputError
from selfinstruct.records import Row, Verdict, folded
from selfinstruct.rouge import Index, tokens


class Link(NamedTuple):
    """A row and its nearest earlier row, if that is near."""

    name: Hashable
    language: str
    instruction: str
    near: Hashable = None
    """Name of the nearest earlier row or seed if it is a near-duplicate; None starts a new cluster."""


def split_links(links: Sequence[Link], share: float) -> list[bool]:
    """Return for each row, in order of arrival, whether it is a validation row.

    About `share` of each language's clusters is for validation. The first cluster of a language is for training and the
    second for validation, whatever their hashes, so that both splits have rows.
    """
    begun: Counter[str] = Counter()
    validation: dict[Hashable, bool] = {}
    heads = _heads(links)
    for link, head in zip(links, heads, strict=True):
        if head not in validation:
            drawn = fraction(instruction_key(link.instruction)) < share
            validation[head] = drawn if begun[link.language] > 1 else bool(begun[link.language])
            begun[link.language] += 1
    return [validation[head] for head in heads]


def validation_flags(rows: Sequence[Row], share: float) -> list[bool]:
    """Return for each row, in order, whether it is for validation; both splits get at least one row.

    Raises InputError when the rows have fewer than two clusters.
    """
    links = list(_links(rows))
    flags, heads = split_links(links, share), _heads(links)
    if any(flags):
        return flags
    if len(set(heads)) < 2:
        raise InputError(
            f"{len(rows)} usable rows with {len(set(heads))} different instruction(s), near-duplicates counted once: training needs "
            "at least 2, one to learn and one to measure; generate more rows, or raise max_length if many were left out"
        )
    return [head == heads[-1] for head in heads]  # one cluster in each of two languages


def links_of(verdicts: Iterable[Verdict], rows: Iterable[Row]) -> Iterator[Link]:
    """Yield the links of the accepted rows of a run, from the neighbours that the filter has found; `rows` are those, in order."""
    accepted = (verdict for verdict in verdicts if verdict.accepted)
    for verdict, row in zip(accepted, rows, strict=False):  # the ledger says where they do not fit together
        nearest = verdict.nearest
        near = nearest.id if nearest and nearest.score > THRESHOLD else None
        yield Link(row.id, row.language, row.instruction, near)


def instruction_key(instruction: str) -> str:
    """Return the instruction normalized in width, case and whitespace."""
    return folded(instruction)


def fraction(key: str) -> float:
    """Return a hash of a key as a number from 0 to 1, uniformly distributed and reproducible."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8]) / 2**64


def _heads(links: Sequence[Link]) -> list[Hashable]:
    """Return the head of each row's cluster: a row, or a seed that rows are near to."""
    heads: dict[Hashable, Hashable] = {}
    for link in links:
        heads[link.name] = link.name if link.near is None else heads.get(link.near, link.near)
    return [heads[link.name] for link in links]


def _links(rows: Sequence[Row]) -> Iterator[Link]:
    """Yield links for rows without known neighbours; names are positions."""
    heads: dict[str, int] = {}
    places: dict[str, list[int]] = {}
    indexes: dict[str, Index] = {}
    known: set[tuple[str, str]] = set()
    for position, row in enumerate(rows):
        key = instruction_key(row.instruction)
        index, query = indexes.setdefault(row.language, Index()), tokens(row.instruction)
        found = None if key in heads else index.nearest(query, above=THRESHOLD)
        near = places[row.language][found.position] if found else heads.get(key)
        yield Link(position, row.language, row.instruction, near)
        heads.setdefault(key, position)
        if (row.language, key) not in known:
            known.add((row.language, key))
            index.add(query)
            places.setdefault(row.language, []).append(position)
