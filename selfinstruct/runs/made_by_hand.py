"""Which rules the rows break that a person wrote or changed: they are kept, and said."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from selfinstruct.bootstrap.checks import NEAR_DUPLICATE
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.apply import Applied
from selfinstruct.dedup import contamination
from selfinstruct.dedup.filter import Pool
from selfinstruct.quality.rules import all_broken
from selfinstruct.records import Row, candidate_of


class Broken(NamedTuple):
    """A rule that a row breaks."""

    rule: str
    detail: str


BrokenRows = Mapping[str, tuple[Broken, ...]]
"""{id of a row made by hand: rules that it breaks}."""


def broken_by_hand(bootstrap: Bootstrap, applied: Applied) -> BrokenRows:
    """Return {id: rules that it breaks} of the rows of a language that were made by hand and break any.

    Each is compared with the evaluation sets, the seeds, the rows that nobody touched and the rows made by hand before it, so that of two
    that are near to each other one is named.
    """
    rows = [one.row for one in applied.rows if one.by_hand]
    if not rows:
        return {}
    pool = _pool(bootstrap, (one.row for one in applied.rows if not one.by_hand))
    found = {}
    for row in rows:
        if broken := (*_rules(bootstrap, row), *_near(row, pool)):
            found[row.id] = broken
        pool.add(row.id, row.compared)
    return found


def _pool(bootstrap: Bootstrap, untouched: Iterable[Row]) -> Pool:
    pool = Pool(bootstrap.acceptance.threshold)
    for seed in bootstrap.plan.seeds:
        pool.add(seed.id, seed.instruction)
    for row in untouched:
        pool.add(row.id, row.compared)
    return pool


def _rules(bootstrap: Bootstrap, row: Row) -> Iterator[Broken]:
    acceptance, candidate = bootstrap.acceptance, candidate_of(row)
    yield from (Broken(rule, detail) for rule, detail in all_broken(candidate, acceptance.disabled))
    if match := bootstrap.plan.evaluation_sets.find(candidate, acceptance.threshold):
        yield Broken(contamination.RULE, contamination.where(match))


def _near(row: Row, pool: Pool) -> Iterator[Broken]:
    near = pool.nearest(row.compared)
    if near and pool.is_near(near):
        yield Broken(NEAR_DUPLICATE, f"ROUGE-L {near.score:.4f} to {near.id}, threshold {pool.threshold:g}")
