"""The sample of changes to read: drawn evenly by language and kind, seeded by the diff's hash."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import zip_longest

from selfinstruct.dataset.diff.records import Change
from selfinstruct.dataset.diff.rows import KINDS, Entry

SAMPLE = 24
"""Rows of the sample: about a quarter of an hour of reading."""


def hash_of(changes: Sequence[Change]) -> str:
    """Return the sha256 of the changes: kinds and texts, without names, positions or scores."""
    digest = hashlib.sha256()
    for line in sorted(json.dumps([one.kind, _text(one.base), _text(one.head)]) for one in changes):
        digest.update(line.encode())
    return digest.hexdigest()


def drawn(changes: Sequence[Change], seed: str, size: int = SAMPLE) -> tuple[int, ...]:
    """Return the positions of `size` changes, drawn evenly, in the order of the changes."""
    return tuple(sorted(in_turn(changes, seed)[:size]))


def in_turn(changes: Sequence[Change], seed: str) -> list[int]:
    """Return all positions, round-robin over languages and kinds, each in an order given by the seed."""
    strata: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
    for position, change in enumerate(changes):
        rank = hashlib.sha256(f"{seed}/{change.kind}/{change.id}/{position}".encode()).hexdigest()
        strata[KINDS.index(change.kind), change.language].append((rank, position))
    queues = [[position for _, position in sorted(ranked)] for _, ranked in sorted(strata.items())]
    return [position for turn in zip_longest(*queues) for position in turn if position is not None]


def _text(entry: Entry | None) -> list[str] | None:
    return None if entry is None else list(entry.text)
