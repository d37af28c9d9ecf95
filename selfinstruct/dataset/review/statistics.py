"""What the reading of people says of a dataset: how many rows were read, how many of a random sample were bad, and what bound that gives.

A row counts as bad if anybody who read it as it was made rejected or edited it. The bound is about the rows as they were made: the bad ones
that were found are out or mended by now. Only rows that were drawn at random count for it, not those that were read because they looked wrong;
a row that was drawn counts also where it had been read before: to leave those out would leave out the ones that looked wrong.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from selfinstruct.dataset.release.reviewed import TOTAL, Reviewed
from selfinstruct.dataset.review.bounds import kappa, more_to_read, upper_bound
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.dataset.review.verdicts import Text, Verdicts

Standing = Mapping[Text, Sequence[str]]
"""(id, hash) of each row that stands -> the groups that it is in, the total aside."""


@lru_cache(1 << 17)
def place_in_sample(name: str) -> bytes:
    """Return the place of a row in a random order that is the same for every reader: a sample is the beginning of it."""
    return hashlib.sha256(f"review/{name}".encode()).digest()


def statistics(
    verdicts: Iterable[Decision], standing: Standing, file: str = "", recipes: Mapping[str, str] | None = None
) -> dict[str, Reviewed]:
    """Return the figures of all groups that were read, the total first; nothing where nobody read.

    `file` names a lone file: what was drawn from another one, of which this may be a choice, is no sample of it. `recipes` is {id: recipe} of
    rows that are gone or edited; what a verdict itself states of that is used for the others.
    """
    told = {**(recipes or {})} if any(len(names) > 1 for names in standing.values()) else None
    by_text = Verdicts(one if one.file in {"", file} else one.model_copy(update={"sample": 0}) for one in verdicts)
    groups: dict[str, list[list[Decision]]] = {}
    gone = Counter[str]()
    for text, language in by_text.beginnings():
        said = by_text.by_text[text]
        if text not in standing and not any(_is_bad(one) for one in said):
            continue  # another text by now: nothing that stands was read
        names = [TOTAL, *(standing.get(text) or groups_of(language, _stratum(said, told)))]
        for name in names:
            groups.setdefault(name, []).append(said)
            gone[name] += text not in standing
    if not groups:
        return {}
    last = _last_drawn(groups[TOTAL], standing)
    rows = Counter(name for names in standing.values() for name in (TOTAL, *names))
    return {
        name: _figures(rows[name] + gone[name], groups[name], last, whole=name == TOTAL)
        for name in sorted(groups, key=_order)
    }


def _stratum(said: Sequence[Decision], recipes: Mapping[str, str] | None) -> str:
    """Return the recipe of a row that does not stand as it was read; empty where no row is told by recipe."""
    if recipes is None:
        return ""
    return recipes.get(said[0].id) or next((one.stratum for one in said if one.stratum), "")


def _last_drawn(read: Sequence[Sequence[Decision]], standing: Standing) -> bytes:
    """Return the last place in the random order that was drawn and up to which rows were read."""
    drawn = {place_in_sample(said[0].id): max(one.sample for one in said) for said in read}
    last = max((place for place, sample in drawn.items() if sample), default=b"")
    if not last:
        return last
    order = heapq.nsmallest(max(drawn.values()), drawn.keys() | {place_in_sample(name) for name, _ in standing})
    for place in order:
        if place > last and place not in drawn:
            return last
        last = max(last, place)
    return last


def groups_of(language: str, stratum: str) -> tuple[str, ...]:
    """Return the groups of a row: its language, and its recipe in that, if it has one."""
    return (language, f"{language}/{stratum}") if stratum else (language,)


def _order(name: str) -> tuple[bool, str]:
    return name != TOTAL, name


def _is_bad(one: Decision) -> bool:
    return one.decision in {"rejected", "edited"}


def _figures(rows: int, read: Sequence[Sequence[Decision]], last: bytes, *, whole: bool) -> Reviewed:
    """Return the figures of a group; `last` is the last place in the random order that was drawn."""
    kinds = Counter(_kind(said) for said in read)
    drawn = [said for said in read if place_in_sample(said[0].id) <= last]
    seen, bad = len(drawn), sum(any(map(_is_bad, said)) for said in drawn)
    return Reviewed(
        rows=rows,
        read=len(read),
        accepted=kinds["accepted"],
        rejected=kinds["rejected"],
        edited=kinds["edited"],
        sample=max((one.sample for said in read for one in said), default=0) if whole else 0,
        seen=seen,
        bad=bad,
        at_most=round(upper_bound(bad, seen), 6) if seen else None,
        more=more_to_read(bad, seen),
        **_agreement(read) if whole else {},
    )


def _kind(said: Sequence[Decision]) -> str:
    """Return what the verdicts on a row make of it."""
    found = {one.decision for one in said}
    return next(kind for kind in ("edited", "rejected", "accepted") if kind in found)


def _agreement(read: Sequence[Sequence[Decision]]) -> dict[str, object]:
    """Return how the two reviewers with most rows in common agree."""
    pairs: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for said in read:
        for one, other in combinations(said, 2):
            pairs.setdefault((one.reviewer, other.reviewer), []).append((_is_bad(one), _is_bad(other)))
    if not pairs:
        return {}
    names, both = max(pairs.items(), key=lambda item: (len(item[1]), item[0]))
    found = kappa(both)
    return {"both": len(both), "reviewers": names, "kappa": None if found is None else round(found, 4)}
