"""The ledger of an import: conversations == kept + rejected by rule, turns == kept + cut by rule, per language and in total."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from selfinstruct.records import LanguageCode


@dataclass
class _Counts:
    """What became of the conversations of one language."""

    read: int = 0
    kept: int = 0
    cut: int = 0
    rows: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    cut_by: Counter[str] = field(default_factory=Counter)
    turns: int = 0
    turns_kept: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)


class Ledger:
    """Counts conversations, turns and rows by language while they are written."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts = defaultdict[LanguageCode, _Counts](_Counts)

    def of(self, language: LanguageCode) -> _Counts:
        """Return the counts of a language."""
        return self._counts[language]

    @property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Return the entries by language and in total; raises AssertionError where one does not add up, which is a bug."""
        total = _Counts()
        for one in self._counts.values():
            _add(total, one)
        return {language: _entry(self._counts[language], language) for language in sorted(self._counts)} | {
            "total": _entry(total, "total")
        }


def _add(total: _Counts, one: _Counts) -> None:
    for name, value in vars(one).items():
        setattr(total, name, getattr(total, name) + value)


def _entry(one: _Counts, name: str) -> dict[str, Any]:
    if one.read != one.kept + one.rejected.total() or one.turns != one.turns_kept + one.lost.total():
        raise AssertionError(
            f"the ledger of {name} does not add up: {one}. This is a bug of selfinstruct, please report it; the file that was read is as it was"
        )
    return {
        "conversations": {
            "read": one.read,
            "kept": one.kept,
            "cut": one.cut,
            "cut_by": _most_first(one.cut_by),
            "rejected": _most_first(one.rejected),
        },
        "turns": {"read": one.turns, "kept": one.turns_kept, "cut": _most_first(one.lost)},
        "rows": one.rows,
        "mended": _most_first(one.mended),
        "turn_languages": _most_first(one.languages),
    }


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(
        sorted(((name, count) for name, count in counts.items() if count), key=lambda item: (-item[1], item[0]))
    )
