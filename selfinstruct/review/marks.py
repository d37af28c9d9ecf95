"""What rules and the near-duplicate filter say of all rows, found in a child process: a page does not wait for it."""

import threading
from collections.abc import Callable, Container, Mapping, Sequence

from selfinstruct.quality.rules import all_broken, all_flags
from selfinstruct.records import LanguageCode, Record, Row, candidate_of
from selfinstruct.rouge import Index, tokens
from selfinstruct.system.fork import run_in_fork

WAITED_FOR, WAITED_FOR_CHARACTERS = 2_000, 2_000_000
"""Rows, and characters of all of them, up to which the marks are waited for before anything is shown: they take about a second."""
Rule = tuple[str, str, str]
"""(rule, error or warning, detail)"""


class Marks(Record):
    """What is found, by the number of the row."""

    rules: dict[int, tuple[Rule, ...]] = {}  # noqa: RUF012 - pydantic copies it
    nearest: dict[int, tuple[int, float]] = {}  # noqa: RUF012
    """Row -> (nearest other row, ROUGE-L); only where the instructions are alike in more than half."""


class Marking:
    """Marks that come when they are ready."""

    def __init__(self, rows: Sequence[Row], disabled: Mapping[LanguageCode, Container[str]]) -> None:
        """Begin; no other thread may run yet."""
        self.marks, self.is_ready = Marks(), False
        wait = run_in_fork(Marks, lambda: marks_of(rows, disabled))
        characters = sum(len(row.instruction) + len(row.input) + len(row.output) for row in rows)
        if len(rows) <= WAITED_FOR and characters <= WAITED_FOR_CHARACTERS:
            self._take(wait)
        else:
            threading.Thread(target=self._take, args=(wait,), daemon=True).start()

    def _take(self, wait: Callable[[], Marks]) -> None:
        self.marks = wait()
        self.is_ready = True


def marks_of(rows: Sequence[Row], disabled: Mapping[LanguageCode, Container[str]]) -> Marks:
    """Return the rules that each row breaks or is flagged by, and its nearest other row."""
    rules = {at: found for at, row in enumerate(rows) if (found := rules_of(row, disabled.get(row.language, ())))}
    return Marks(rules=rules, nearest=_nearest(rows))


def rules_of(row: Row, disabled: Container[str]) -> tuple[Rule, ...]:
    """Return the rules that a row breaks, and the warnings on it."""
    candidate = candidate_of(row)
    broken = () if row.calls and not row.output else all_broken(candidate, disabled)
    return (
        *((rule, "error", detail) for rule, detail in broken),
        *((rule, "warning", detail) for rule, detail in all_flags(candidate, disabled)),
    )


def _nearest(rows: Sequence[Row]) -> dict[int, tuple[int, float]]:
    """Return the nearest row before each in its language, and of the first of two the second."""
    indexes: dict[str, tuple[Index, list[int]]] = {}
    found: dict[int, tuple[int, float]] = {}
    for at, row in enumerate(rows):
        index, places = indexes.setdefault(row.language, (Index(), []))
        query = tokens(row.instruction)
        if near := index.nearest(query, above=0.5):
            other = places[near.position]
            found[at] = (other, round(near.score, 4))
            if found.get(other, (0, 0.0))[1] < near.score:
                found[other] = (at, round(near.score, 4))
        index.add(query)
        places.append(at)
    return found
