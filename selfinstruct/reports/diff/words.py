"""Wording, excerpts and numbers that all diff renderers use."""

import re
from collections.abc import Mapping, Sequence

from selfinstruct.dataset.diff.edits import segments
from selfinstruct.dataset.diff.records import Change, DatasetDiff, RuleFinding, Segment, Shift
from selfinstruct.dataset.diff.rows import FIELDS, Kind
from selfinstruct.dataset.release.reviewed import TOTAL, agreement_in_words, sentence
from selfinstruct.reports.language import is_chinese, listed, page_language, said, told
from selfinstruct.system.currency import cost_in_words
from selfinstruct.system.faces import CUT, cut
from selfinstruct.system.text import on_one_line

NAMES: dict[Kind, str] = {
    "removed": "removed",
    "changed": "changed",
    "rewritten": "rewritten",
    "format_only": "format only",
    "added": "added",
    "unchanged": "unchanged",
}
MEANINGS: dict[Kind, str] = {
    "removed": "in base only; an added row that is only similar is named beside it",
    "changed": "same task, another answer",
    "rewritten": "the task itself was reworded: edited in its place by its id, or ROUGE-L from 0.7, or above 0.2 with the same answer",
    "format_only": "width, blanks, composed characters, simplified or traditional: says the same",
    "added": "in head only",
    "unchanged": "the same on both sides",
}
NEAREST: dict[Kind, str] = {"removed": "similar row added", "added": "similar row removed"}
"""What is beside a row that is only similar to one of the other side."""
AGAINST = {"kept": "row kept", "new": "new row", "seed": "seed", "held_out": "evaluation example"}
_NO_VERB = "none found"
GATE_SETTINGS = "What head changes in the checks; base's were used"


def risk_line(diff: DatasetDiff) -> str:
    """Return the reasons for the level of risk."""
    return listed(map(told, diff.risk.reasons), "; ")


def rules_title(diff: DatasetDiff) -> str:
    """Return the title of the rules newly broken, and of how many rows where not all were checked."""
    found = diff.findings
    if found.checked >= found.differing:
        return said("Rules newly broken")
    return said(
        "Rules newly broken, in {checked:,} of {differing:,} rows checked",
        checked=found.checked,
        differing=found.differing,
    )


def broken_how(one: RuleFinding) -> str:
    """Return what breaks a rule, and that the row stays all the same where a person made it."""
    return told(one.detail) + (said(" (made by hand: kept, flagged)") if one.by_hand else "")


def kind_name(kind: Kind) -> str:
    """Return what a kind of change is called."""
    return said(NAMES[kind])


def rows_by_kind(rows: Mapping[Kind, int]) -> str:
    """Return how many rows of each kind there are, in words."""
    if is_chinese():
        return "，".join(f"{kind_name(kind)} {count:,} 行" for kind, count in rows.items())
    return ", ".join(f"{count:,} {kind_name(kind)}" for kind, count in rows.items())


def reading(diff: DatasetDiff) -> list[str]:
    """Return what people read of head, a line for each group; nothing where nobody read."""
    lines = [
        said(
            "Read by people, {group}: {sentence}",
            group=said("all rows") if name == TOTAL else name,
            sentence=sentence(one, page_language()),
        )
        for name, one in diff.reviewed.items()
    ]
    total = diff.reviewed.get(TOTAL)
    return [*lines, agreement_in_words(total, page_language())] if total and total.both else lines


def edited(change: Change) -> list[tuple[str, tuple[Segment, ...]]]:
    """Return (field, segments) for each field that differs in a change."""
    if change.base is None or change.head is None:
        return []
    two = [(name, getattr(change.base, name), getattr(change.head, name)) for name in FIELDS]
    return [(name, segments(before, after)) for name, before, after in two if before != after]


def excerpt(runs: Sequence[Segment], around: int = 30, most: int = 400) -> list[Segment]:
    """Return edits with some context, at most `most` characters, with an ellipsis for what is left out."""
    found: list[Segment] = []
    left = most
    for position, (op, text) in enumerate(runs):
        shown = on_one_line(text)
        if op == "same":
            shown = _context(shown, around, first=position == 0, last=position == len(runs) - 1)
        if left <= 0:
            found.append(Segment("same", CUT))
            break
        found.append(Segment(op, cut(shown, left)))
        left -= len(shown)
    return found


def _context(text: str, around: int, first: bool, last: bool) -> str:
    """Return the parts of an unchanged text next to edits."""
    if len(text) <= 2 * around + 1:
        return text
    if first:
        return CUT + text[-around:]
    return text[:around] + CUT + ("" if last else text[-around:])


def scope(shift: Shift) -> str:
    """Return the language that a shift is in, or all."""
    return said(shift.language) if shift.language == "all" else shift.language


def value_of(shift: Shift) -> str:
    """Return the verb, topic or language that a share is of."""
    return said(shift.value) if shift.value == _NO_VERB else shift.value


def moved(shift: Shift) -> str:
    """Return a shift as text with its direction: `12.0 % -> 20.5 % ▲`."""
    share = not re.search(r"words|characters|ROUGE", shift.measure)
    before, after = (_figure(value, share) for value in (shift.base, shift.head))
    if shift.base is None or shift.head is None or before == after:
        return f"{before} → {after}"
    return f"{before} → {after} {'▲' if shift.head > shift.base else '▼'}"


def _figure(value: float | None, share: bool) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if share else f"{value:,.3g}"


def money(diff: DatasetDiff) -> list[str]:
    """Return lines with tokens and cost of both sides where they differ, if the manifests have them."""
    usage = diff.usage
    lines = []
    for name, (before, after) in (("prompt", usage.prompt_tokens), ("reply", usage.completion_tokens)):
        if before != after:
            tokens = f"{_count(before)} → {_count(after)}"
            lines.append(said("{name} tokens {tokens}", name=said(name), tokens=tokens))
    if usage.cost_usd[0] != usage.cost_usd[1]:  # rows that were only removed change the cost of none that was bought
        for name, two in (("cost", usage.cost_usd), ("per row", usage.usd_per_row)):
            costs = (said("unknown") if one is None else cost_in_words(one, usage.cny_per_usd) for one in two)
            lines.append(f"{said(name)} {' → '.join(costs)}")
    return lines


def _count(value: int | None) -> str:
    return said("unknown") if value is None else f"{value:,}"


def scoreboard(diff: DatasetDiff) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return (languages and all; lines (kind, cells) of the table), losses first, totals of both sides last."""
    columns = [*diff.per_language, said("all")]
    counts = [*diff.per_language.values(), diff.counts]
    lines = [(kind_name(kind), [f"{one[kind]:,}" if one[kind] else "·" for one in counts]) for kind in NAMES]
    sizes = [
        f"{diff.base.per_language.get(one, 0):,} → {diff.head.per_language.get(one, 0):,}" for one in diff.per_language
    ]
    return columns, [*lines, (said("rows"), [*sizes, f"{diff.base.rows:,} → {diff.head.rows:,}"])]
