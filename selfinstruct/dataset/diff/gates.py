"""Gates (`--fail-on`): conditions that fail a diff, such as `removed>1%, near_duplicates>0`."""

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

from selfinstruct.dataset.diff.records import DatasetDiff, Gate
from selfinstruct.errors import ConfigError

_KINDS = ("removed", "changed", "rewritten", "format_only", "added", "unchanged")
MEASURES = (*_KINDS, "near_duplicates", "leaks", "findings", "warnings", "settings")
"""Row kinds (per language: `removed.zh`), near-duplicates, those of a seed or evaluation set, new errors and warnings, and what
HEAD changes in the settings that these go by.
"""
_LANGUAGES = ("en", "zh")
_CONDITION = re.compile(r"([\w.]+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*(%?)")
_REMEDY = "write for example `removed>1%, near_duplicates>0`"


class Condition(NamedTuple):
    """One comparison; the diff fails when it is true."""

    text: str
    measure: str
    operator: str
    limit: float
    percent: bool


def parse_gates(text: str) -> tuple[Condition, ...]:
    """Return the comma-separated conditions of `--fail-on`; raises ConfigError for an invalid one."""
    return tuple(_condition(part.strip()) for part in text.split(",")) if text.strip() else ()


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if not found:
        raise ConfigError(f"--fail-on: `{text}` is not understood; {_REMEDY}")
    measure, operator, limit, percent = found.groups()
    name, _, language = measure.partition(".")
    if name not in MEASURES:
        near = difflib.get_close_matches(name, MEASURES, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(MEASURES)}"
        raise ConfigError(f"--fail-on: `{text}`: no such measure; {hint}")
    if "." in measure and (language not in _LANGUAGES or name not in _KINDS):
        raise ConfigError(f"--fail-on: `{text}`: only kinds of rows have a language, .en or .zh, as in `removed.zh>0`")
    return Condition(text, measure, operator, float(limit), bool(percent))


def judged(diff: DatasetDiff, conditions: Sequence[Condition]) -> tuple[Gate, ...]:
    """Return each condition with its value; percentages are of the rows of base (in that language)."""
    return tuple(_judged(diff, one) for one in conditions)


def _judged(diff: DatasetDiff, condition: Condition) -> Gate:
    count = _count(diff, condition.measure)
    value = _percent(count, _base_rows(diff, condition.measure)) if condition.percent else float(count)
    holds = {
        ">": value > condition.limit,
        ">=": value >= condition.limit,
        "<": value < condition.limit,
        "<=": value <= condition.limit,
    }
    return Gate(expression=condition.text, value=round(value, 4), failed=holds[condition.operator])


def _count(diff: DatasetDiff, measure: str) -> int:
    name, _, language = measure.partition(".")
    special = {
        "near_duplicates": len(diff.near_duplicates),
        "leaks": sum(one.against in {"seed", "held_out"} for one in diff.near_duplicates),
        "findings": sum(one.severity == "error" for one in diff.findings.introduced),
        "warnings": sum(one.severity == "warning" for one in diff.findings.introduced),
        "settings": len(diff.gate_settings),
    }
    if name in special:
        return special[name]
    counts = diff.per_language.get(language, {}) if language else diff.counts
    return dict(counts).get(name, 0)  # type: ignore[call-overload, no-any-return]


def _base_rows(diff: DatasetDiff, measure: str) -> int:
    language = measure.partition(".")[2]
    return diff.base.per_language.get(language, 0) if language else diff.base.rows


def _percent(count: int, rows: int) -> float:
    """Return percent of the rows of base; 100 for any count when base is empty."""
    return 100 * count / rows if rows else 100.0 * bool(count)
