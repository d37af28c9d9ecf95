"""Which rows are trained on and which are held out: by instruction cluster, one split for dataset and trainer.

A cluster is an instruction and what is near it (ROUGE-L above 0.7, as for the filter), so that no held-out row has a near-duplicate
among those that are learned: where it had, 2 of 20 held-out rows were copies of training rows and their loss said little. Rows are
taken in the order in which they came: each follows the nearest before it, and a cluster's side is drawn from a hash of its first
instruction. So rows that come later move none of those before. A row that is near to two clusters follows the nearer one.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from selfinstruct.errors import InputError
from selfinstruct.records import Row, Verdict, row_of
from selfinstruct.rouge import Index, tokens

NEAR = 0.7


class Link(NamedTuple):
    """A row and what it is near to."""

    name: Hashable
    language: str
    instruction: str
    near: Hashable = None
    """Name of the nearest row (or seed) before it, when it is near; None when it begins a cluster."""


def sides(links: Sequence[Link], share: float) -> list[bool]:
    """Return for each row, in order of arrival, whether it is held out: about `share` of the clusters of each language.

    The first cluster of a language is learned and the second held out, whatever their hashes say: with two there are both sides.
    """
    begun: Counter[str] = Counter()
    held: dict[Hashable, bool] = {}
    heads = _heads(links)
    for link, head in zip(links, heads, strict=True):
        if head not in held:
            drawn = fraction(instruction_key(link.instruction)) < share
            held[head] = drawn if begun[link.language] > 1 else bool(begun[link.language])
            begun[link.language] += 1
    return [held[head] for head in heads]


def held_out(rows: Sequence[Row], share: float) -> list[bool]:
    """Return for each row of any file, in its order, whether it is held out, so that there are both sides.

    Raises InputError when the rows have fewer than two clusters.
    """
    links = list(_links(rows))
    flags, heads = sides(links, share), _heads(links)
    if any(flags):
        return flags
    if len(set(heads)) < 2:
        raise InputError(
            f"{len(rows)} usable rows with {len(set(heads))} different instruction(s), near-duplicates counted once: training needs "
            "at least 2, one to learn and one to measure; generate more rows, or raise max_length if many were left out"
        )
    return [head == heads[-1] for head in heads]  # one cluster in each of two languages


def links_of(verdicts: Iterable[Verdict]) -> Iterator[Link]:
    """Yield the links of the accepted rows of a run, whose nearest neighbours the filter has found already."""
    for verdict in verdicts:
        if verdict.accepted:
            row, nearest = row_of(verdict.candidate), verdict.nearest
            near = nearest.id if nearest and nearest.score > NEAR else None
            yield Link(row.id, row.language, row.instruction, near)


def instruction_key(instruction: str) -> str:
    """Return the instruction without differences of width, case and whitespace."""
    return " ".join(unicodedata.normalize("NFKC", instruction).lower().split())


def fraction(key: str) -> float:
    """Return the place of a key between 0 and 1: evenly spread, and the same on every machine."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8]) / 2**64


def _heads(links: Sequence[Link]) -> list[Hashable]:
    """Return what each row's cluster began with: a row, or a seed that rows are near to."""
    heads: dict[Hashable, Hashable] = {}
    for link in links:
        heads[link.name] = link.name if link.near is None else heads.get(link.near, link.near)
    return [heads[link.name] for link in links]


def _links(rows: Sequence[Row]) -> Iterator[Link]:
    """Yield the links of rows of which nothing is known; names are positions."""
    heads: dict[str, int] = {}
    places: dict[str, list[int]] = {}
    indexes: dict[str, Index] = {}
    known: set[tuple[str, str]] = set()
    for position, row in enumerate(rows):
        key = instruction_key(row.instruction)
        index, query = indexes.setdefault(row.language, Index()), tokens(row.instruction)
        found = None if key in heads else index.nearest(query, above=NEAR)
        near = places[row.language][found.position] if found else heads.get(key)
        yield Link(position, row.language, row.instruction, near)
        heads.setdefault(key, position)
        if (row.language, key) not in known:
            known.add((row.language, key))
            index.add(query)
            places.setdefault(row.language, []).append(position)
