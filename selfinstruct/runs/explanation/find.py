"""From what a user types to a candidate: its place (`en/3.0`), one of its slots (`en/3.0/answer`), or a row's id or the start of one."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.records import Candidate, Verdict, row_of
from selfinstruct.runs.made_by_hand import Broken

_PLACE = re.compile(r"(en|zh)/(\d+)(?:\.(\d+))?(?:/[a-z.0-9]+)?")
_REQUEST = re.compile(r"(en|zh)/\d+")
SHORTEST_PREFIX = 4
_SHOWN = 5
_NEAR = 0.7
"""Likeness of ids by `difflib` from which one may have been meant; two of different rows are hardly ever as like."""


class FoundCandidate(NamedTuple):
    """A candidate of a run, or the place of one whose reply never came."""

    bootstrap: Bootstrap
    request: int
    """Number of its first request."""
    position: int
    candidate: Candidate | None
    """None when no reply was ever read."""
    verdict: Verdict | None
    """None when it was never judged: its reply never came, or the target stood before its turn."""

    @property
    def key(self) -> str:
        """Name of the candidate in its run."""
        return f"{self.bootstrap.plan.language}/{self.request}.{self.position}"


def find(
    identifier: str,
    bootstraps: Mapping[str, Bootstrap],
    journal: Journal,
    by_hand: Mapping[str, str] = MappingProxyType({}),
    broken: Mapping[str, Sequence[Broken]] = MappingProxyType({}),
) -> FoundCandidate:
    """Return what an id means in a run; raises InputError with the nearest ids when it means nothing, or several things.

    `by_hand` is {id of a row made by hand: id that the journal gives it}, "" for an added one, of which no reply says anything but the rules
    that are `broken` do.
    """
    wanted = identifier.strip().lower()
    judged = {verdict.candidate.key: verdict for bootstrap in bootstraps.values() for verdict in bootstrap.verdicts}
    if (key := place_of(wanted)) and (found := _at(key, bootstraps, judged, journal)):
        return found
    unread = [candidate for bootstrap in bootstraps.values() for candidate in bootstrap.unread_rows()]
    ids = _unread_ids(unread) | _ids(judged.values())
    keys = ids | {new: ids[was] for new, was in by_hand.items() if was in ids} | dict.fromkeys(_added(by_hand), "")
    known = [wanted] if wanted in keys else [one for one in keys if one.startswith(wanted)]
    if len(known) == 1 and len(wanted) >= SHORTEST_PREFIX:
        found = _at(_read(known[0], keys, broken), bootstraps, judged, journal)
        assert found is not None  # noqa: S101 - it was read
        return found
    raise InputError(f"{identifier}: {_unknown(wanted, known, [*keys, *judged, *(one.key for one in unread)])}")


def place_of(wanted: str) -> str:
    """Return the candidate that a place or a slot names, e.g. `en/3.0`; empty for what is no place."""
    place = _PLACE.fullmatch(wanted)
    return f"{place[1]}/{place[2]}.{place[3] or 0}" if place else ""


def names_request(identifier: str) -> bool:
    """Return whether a user named a request and none of its candidates, e.g. `zh/12`."""
    return _REQUEST.fullmatch(identifier.strip().lower()) is not None


def _added(by_hand: Mapping[str, str]) -> list[str]:
    return [new for new, was in by_hand.items() if not was]


def _read(row: str, keys: Mapping[str, str], broken: Mapping[str, Sequence[Broken]]) -> str:
    """Return the candidate of a row; raises InputError for a row that was added by hand, with the rules that it breaks."""
    if key := keys[row]:
        return key
    rules = "; ".join(f"{one.rule} ({one.detail})" for one in broken.get(row, ()))
    raise InputError(
        f"{row}: this row was added by hand (review.jsonl); no reply of the run has it, so there is nothing to explain"
        + (f" but the rules that it breaks and is kept: {rules}" if rules else "")
    )


def _at(
    key: str, bootstraps: Mapping[str, Bootstrap], judged: Mapping[str, Verdict], journal: Journal
) -> FoundCandidate | None:
    language, index, position = re.split(r"[/.]", key)
    bootstrap = bootstraps.get(language)
    if bootstrap is None:
        return None
    place = (bootstrap, int(index), int(position))
    if verdict := judged.get(key):
        return FoundCandidate(*place, verdict.candidate, verdict)
    if candidate := next((one for one in bootstrap.unread() if one.key == key), None):
        return FoundCandidate(*place, candidate, None)
    gone = (slot for stated in journal.payments.stated.values() for slot, _ in stated.sends)
    slots = {slot.rpartition("/")[0] for slot in (*journal.undecided, *journal.answered, *journal.withheld, *gone)}
    return FoundCandidate(*place, None, None) if key in slots and int(index) not in bootstrap.requests else None


def _ids(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Return {row id: candidate}; of several with the same id the accepted one, else the first."""
    ids: dict[str, str] = {}
    for verdict in verdicts:
        if verdict.candidate.instruction:
            row = row_of(verdict.candidate).id
            if verdict.accepted or row not in ids:
                ids[row] = verdict.candidate.key
    return ids


def _unread_ids(unread: Iterable[Candidate]) -> dict[str, str]:
    """Return {row id that it would have: candidate} of those that were never judged; of several with the same id the first."""
    return {row_of(one).id: one.key for one in reversed(list(unread)) if one.instruction}


def _unknown(wanted: str, several: list[str], known: list[str]) -> str:
    if len(several) > 1:
        listed = ", ".join(sorted(several)[:_SHOWN]) + (", ..." if len(several) > _SHOWN else "")
        return f"begins {len(several)} ids: {listed}; write more of it"
    near = difflib.get_close_matches(wanted, known, n=_SHOWN, cutoff=_NEAR)
    if not near:
        return "no such candidate or row; `rejected.jsonl` has the places of candidates, `dataset/` the ids of rows"
    return f"no such candidate or row in this run; nearest: {', '.join(near)}"
