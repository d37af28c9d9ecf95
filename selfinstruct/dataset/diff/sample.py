"""What to read: rows drawn evenly from every language and kind by the diff's own hash, so that everybody reads the same."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import zip_longest

from selfinstruct.dataset.diff.records import Change
from selfinstruct.dataset.diff.rows import KINDS, Entry

SAMPLE = 24
"""Rows of the sample. Two hours of reading are not had; a quarter of an hour is."""


def hash_of(changes: Sequence[Change]) -> str:
    """Return the sha256 of what changed: kinds and texts, no names, places or scores."""
    digest = hashlib.sha256()
    for line in sorted(json.dumps([one.kind, _text(one.base), _text(one.head)]) for one in changes):
        digest.update(line.encode())
    return digest.hexdigest()


def drawn(changes: Sequence[Change], seed: str, size: int = SAMPLE) -> tuple[int, ...]:
    """Return positions of `size` changes, drawn evenly, in the order of the changes."""
    return tuple(sorted(in_turn(changes, seed)[:size]))


def in_turn(changes: Sequence[Change], seed: str) -> list[int]:
    """Return all positions: one of each language and kind in turn, each stratum in the order that the seed gives."""
    strata: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
    for position, change in enumerate(changes):
        rank = hashlib.sha256(f"{seed}/{change.kind}/{change.id}/{position}".encode()).hexdigest()
        strata[KINDS.index(change.kind), change.language].append((rank, position))
    queues = [[position for _, position in sorted(ranked)] for _, ranked in sorted(strata.items())]
    return [position for turn in zip_longest(*queues) for position in turn if position is not None]


def _text(entry: Entry | None) -> list[str] | None:
    return None if entry is None else list(entry.text)
