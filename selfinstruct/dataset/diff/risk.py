"""Risk level of a change: fixed rules, and the reasons in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from selfinstruct.dataset.diff.records import Findings, NearDuplicate, Risk, Setting, Shift
from selfinstruct.dataset.diff.rows import Kind

Level = Literal["low", "medium", "high"]
_MANY_LOST = 0.01
_MANY_EDITED = 0.2


class Evidence(NamedTuple):
    """What the risk of a change is read from."""

    counts: Mapping[Kind, int]
    replaced: int
    """Removed rows that have a similar row among the added ones."""
    near: Sequence[NearDuplicate]
    findings: Findings
    shifts: Sequence[Shift]
    by_hand: int
    """Rows that no run wrote as they are."""
    beside: Mapping[str, int]
    """Field beside question and answer, such as `system` or `calls` -> rows that differ in it."""
    apart: Sequence[str]
    """What is not the same in HEAD's files that should be the same."""
    settings: Sequence[Setting]
    """What HEAD changes in the settings that rows are checked by."""


def risk(evidence: Evidence) -> Risk:
    """Return the highest level that applies, and all reasons, most serious first.

    High: more than 1 % of the rows removed, rows near an evaluation example, or rows that break a rule that
    rejects, also those made by hand, which are kept. Medium: any row removed,
    other near-duplicates, settings of the checks changed, more than a fifth of the rows edited, rows of a run edited by hand, edits beside question and answer (system, history, reasoning, tools, calls), files that are not the same and
    should be, notable shifts. Low: all other edits.
    None: only format, or nothing.
    """
    counts = evidence.counts
    base_rows = sum(counts.values()) - counts["added"]
    found = [
        *_lost(counts, evidence.replaced, base_rows),
        *_near(evidence.near),
        *_broken(evidence.findings),
        *_edited(counts, base_rows),
        *_beside(evidence.beside),
        *_written(evidence.by_hand),
        *(("medium", text) for text in evidence.apart),
        *_set(evidence.settings),
        *_shifted(evidence.shifts),
    ]
    ranked = sorted(found, key=lambda one: ("high", "medium", "low").index(one[0]))
    if ranked:
        return Risk(level=ranked[0][0], reasons=tuple(text for _, text in ranked))
    differs = any(counts[kind] for kind in ("changed", "rewritten", "added"))
    quiet = "only format edits" if counts["format_only"] else "no row differs"
    return Risk(
        level="low" if differs else "none",
        reasons=("nothing removed, no near-duplicate, no rule newly broken" if differs else quiet,),
    )


def _lost(counts: Mapping[Kind, int], replaced: int, base_rows: int) -> Iterator[tuple[Level, str]]:
    if lost := counts["removed"]:
        share = lost / base_rows
        similar = f", {replaced:,} with a similar row added" if replaced else ""
        yield "high" if share > _MANY_LOST else "medium", f"{_rows(lost)} removed ({share:.1%} of base){similar}"


def _near(near: Sequence[NearDuplicate]) -> Iterator[tuple[Level, str]]:
    held_out = sum(one.against == "held_out" for one in near)
    if held_out:
        yield "high", f"{_rows(held_out)} near an evaluation example"
    if len(near) > held_out:
        yield "medium", f"{len(near) - held_out} near-duplicate{'s' if len(near) - held_out > 1 else ''} introduced"


def _broken(findings: Findings) -> Iterator[tuple[Level, str]]:
    levels: tuple[tuple[Level, str], ...] = (("high", "error"), ("medium", "warning"))
    kept = {one.id for one in findings.introduced if one.by_hand}
    for level, severity in levels:
        ids = {one.id for one in findings.introduced if one.severity == severity and not one.by_hand}
        if ids:
            yield level, f"{_rows(len(ids))} newly break{'s' * (len(ids) == 1)} a rule ({severity})"
        if kept and severity == "error":
            yield level, f"{_rows(len(kept))} made by hand newly break{'s' * (len(kept) == 1)} a rule (kept, flagged)"


def _edited(counts: Mapping[Kind, int], base_rows: int) -> Iterator[tuple[Level, str]]:
    edited = counts["changed"] + counts["rewritten"]
    if base_rows and edited / base_rows > _MANY_EDITED:
        yield "medium", f"{_rows(edited)} changed or rewritten ({edited / base_rows:.0%} of base)"


def _beside(fields: Mapping[str, int]) -> Iterator[tuple[Level, str]]:
    if fields:
        named = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in fields.items())
        yield "medium", f"edits beside question and answer: {named}"


def _written(by_hand: int) -> Iterator[tuple[Level, str]]:
    if by_hand:
        yield "medium", f"{_rows(by_hand)} edited, added or removed by hand"


def _set(settings: Sequence[Setting]) -> Iterator[tuple[Level, str]]:
    if settings:
        named = ", ".join(one.key for one in settings[:3]) + (f" and {len(settings) - 3} more" if settings[3:] else "")
        yield "medium", f"head changes what rows are checked by ({named}); base's was used"


def _shifted(shifts: Sequence[Shift]) -> Iterator[tuple[Level, str]]:
    if notable := sum(one.notable for one in shifts):
        yield "medium", f"{notable} notable shift{'s' if notable > 1 else ''}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
