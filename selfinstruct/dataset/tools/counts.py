"""What became of the rows of a file that was filtered: a ledger that adds up, and what a person should look at."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from selfinstruct.quality.findings import Finding
from selfinstruct.records import LanguageCode
from selfinstruct.records.place import unit_of


class Counts(NamedTuple):
    """What became of the rows of a file: rows == kept + dropped, and dropped is the sum of `rejected`."""

    rows: int
    kept: int
    dropped: int
    empty: int
    """Rows without a letter, digit or character to compare by; they are kept."""
    other_input: int
    """Dropped rows whose input, system text or tools are others than those of the row they are near to."""
    template: tuple[int, int]
    """(line, rows that were dropped for it) of the row that most are near to, where most of the file was dropped; else (0, 0)."""
    rejected: Mapping[LanguageCode, Mapping[str, int]]
    """Dropped rows by language and rule, most first."""
    accepted: Mapping[LanguageCode, int]
    fixed: Mapping[str, int]
    """{repair: kept rows that it changed}."""
    warnings: Mapping[str, int]
    """{rule: rows that break none, but that it flags}."""
    noticed: tuple[Finding, ...]
    """Warnings about many rows together."""
    taken_out: Mapping[str, int] = {}
    """{code point: how often it was taken out of the kept rows}, of characters without width."""
    soft_hyphens: int = 0
    """Soft hyphens that the kept rows still have."""
    nan: int = 0
    """Values that are NaN in the file, which JSON does not have: they are written as null."""

    @property
    def ledger(self) -> dict[str, dict[str, Any]]:
        """Return candidates, accepted and rejected by rule, per language and in total, as a run's manifest has them."""
        languages: list[LanguageCode] = sorted({*self.accepted, *self.rejected})
        every: Counter[str] = Counter()
        for rules in self.rejected.values():
            every.update(rules)
        entries: dict[str, dict[str, Any]] = {
            one: _entry(self.accepted.get(one, 0), self.rejected.get(one, {})) for one in languages
        }
        return {**entries, "total": _entry(self.kept, every)}

    def document(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        flat = (
            "rows",
            "kept",
            "dropped",
            "empty",
            "other_input",
            "template",
            "fixed",
            "warnings",
            "taken_out",
            "soft_hyphens",
            "nan",
        )
        noticed = [
            {"line": one.line, "unit": unit_of(one.line), "rule": one.rule, "detail": one.detail}
            for one in self.noticed
        ]
        return {name: getattr(self, name) for name in flat} | {"noticed": noticed, "ledger": self.ledger}


def _entry(accepted: int, rejected: Mapping[str, int]) -> dict[str, Any]:
    """Return one entry of a ledger, which adds up by itself."""
    candidates = accepted + sum(rejected.values())
    return {"candidates": candidates, "accepted": accepted, "rejected": most_first(rejected), "pending": 0}


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by name, the largest first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
