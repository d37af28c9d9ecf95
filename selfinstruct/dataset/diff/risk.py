"""How carefully to look: a level by fixed rules, and the reasons in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from selfinstruct.dataset.diff.records import Findings, Kind, NearDuplicate, Risk, Shift

Level = Literal["low", "medium", "high"]
_MANY_LOST = 0.01
_MANY_EDITED = 0.2


def risk(
    counts: Mapping[Kind, int],
    base_rows: int,
    near: Sequence[NearDuplicate],
    findings: Findings,
    shifts: Sequence[Shift],
) -> Risk:
    """Return the highest level that holds, and every reason, the gravest first.

    High: more than 1 % of the rows removed, rows near a held-out row, or rows that break a rule that rejects. Medium: any row removed,
    other near-duplicates, more than a fifth of the rows edited, notable shifts. Low: all other edits. None: only format, or nothing.
    """
    found = [
        *_lost(counts, base_rows),
        *_near(near),
        *_broken(findings),
        *_edited(counts, base_rows),
        *_shifted(shifts),
    ]
    ranked = sorted(found, key=lambda one: ("high", "medium", "low").index(one[0]))
    if ranked:
        return Risk(level=ranked[0][0], reasons=tuple(text for _, text in ranked))
    differs = any(counts[kind] for kind in ("changed", "rewritten", "added"))
    level: Literal["none", "low"] = "low" if differs else "none"
    only = "only format edits" if counts["format_only"] and not differs else "no row differs"
    return Risk(level=level, reasons=() if differs else (only,))


def _lost(counts: Mapping[Kind, int], base_rows: int) -> Iterator[tuple[Level, str]]:
    if lost := counts["removed"]:
        share = lost / base_rows
        yield "high" if share > _MANY_LOST else "medium", f"{_rows(lost)} removed ({share:.1%} of base)"


def _near(near: Sequence[NearDuplicate]) -> Iterator[tuple[Level, str]]:
    held_out = sum(one.against == "held_out" for one in near)
    if held_out:
        yield "high", f"{_rows(held_out)} near a held-out row"
    if len(near) > held_out:
        yield "medium", f"{len(near) - held_out} near-duplicate{'s' if len(near) - held_out > 1 else ''} introduced"


def _broken(findings: Findings) -> Iterator[tuple[Level, str]]:
    for level, severity in (("high", "error"), ("medium", "warning")):
        ids = {one.id for one in findings.introduced if one.severity == severity}
        if ids:
            yield (
                "high" if level == "high" else "medium",
                f"{_rows(len(ids))} newly break{'s' * (len(ids) == 1)} a rule ({severity})",
            )


def _edited(counts: Mapping[Kind, int], base_rows: int) -> Iterator[tuple[Level, str]]:
    edited = counts["changed"] + counts["rewritten"]
    if base_rows and edited / base_rows > _MANY_EDITED:
        yield "medium", f"{_rows(edited)} edited ({edited / base_rows:.0%} of base)"


def _shifted(shifts: Sequence[Shift]) -> Iterator[tuple[Level, str]]:
    if notable := sum(one.notable for one in shifts):
        yield "medium", f"{notable} notable shift{'s' if notable > 1 else ''}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
