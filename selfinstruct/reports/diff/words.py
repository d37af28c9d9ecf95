"""Words, excerpts and figures that every face uses, and untrusted text made visible."""

import re
from collections.abc import Sequence

from selfinstruct.dataset.diff.edits import segments
from selfinstruct.dataset.diff.records import Change, DatasetDiff, Segment, Shift
from selfinstruct.dataset.diff.rows import FIELDS, Kind

NAMES: dict[Kind, str] = {
    "removed": "removed",
    "changed": "changed",
    "rewritten": "rewritten",
    "format_only": "format only",
    "added": "added",
    "unchanged": "unchanged",
}
MEANINGS: dict[Kind, str] = {
    "removed": "in base only",
    "changed": "same task, another answer",
    "rewritten": "the task itself was reworded",
    "format_only": "width, blanks, composed characters, simplified or traditional: says the same",
    "added": "in head only",
    "unchanged": "the same on both sides",
}
AGAINST = {"kept": "row kept", "new": "new row", "seed": "seed", "held_out": "held-out row"}
CUT = "…"
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    r"""Return a text in which nothing hides and nothing acts: control, direction and zero-width characters show as their code.

    >>> visible("a\x1b[31mb\u202ec\u200bd")
    'a⟨1B⟩[31mb⟨202E⟩c⟨200B⟩d'
    """
    return _HIDDEN.sub(lambda found: f"⟨{ord(found[0]):02X}⟩", text)


def on_one_line(text: str) -> str:
    r"""Return a visible text on one line, its line breaks as a sign.

    >>> on_one_line("a\r\nb\tc")
    'a↵ b c'
    """
    return visible(text.replace("\r\n", "\n").replace("\n", "↵ ").replace("\t", " "))


def cut(text: str, most: int) -> str:
    """Return a text of at most `most` characters, a sign where it was cut."""
    return text if len(text) <= most else text[: most - 1] + CUT


def edited(change: Change) -> list[tuple[str, tuple[Segment, ...]]]:
    """Return (field, segments) of each field that differs between the two sides of a change."""
    if change.base is None or change.head is None:
        return []
    two = [(name, getattr(change.base, name), getattr(change.head, name)) for name in FIELDS]
    return [(name, segments(before, after)) for name, before, after in two if before != after]


def excerpt(runs: Sequence[Segment], around: int = 30, most: int = 400) -> list[Segment]:
    """Return edits with a little of what stands around them, at most `most` characters, a sign where something was left out."""
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
    """Return the ends of a text that touch an edit."""
    if len(text) <= 2 * around + 1:
        return text
    if first:
        return CUT + text[-around:]
    return text[:around] + CUT + ("" if last else text[-around:])


def moved(shift: Shift) -> str:
    """Return a shift in figures with its direction: `12.0 % -> 20.5 % ▲`."""
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
    """Return what the teacher took on both sides, where the manifests say so."""
    usage = diff.usage
    lines = []
    for name, (before, after) in (("prompt", usage.prompt_tokens), ("reply", usage.completion_tokens)):
        if before is not None or after is not None:
            lines.append(f"{name} tokens {_count(before)} → {_count(after)}")
    for name, two in (("cost", usage.cost_usd), ("per row", usage.usd_per_row)):
        if any(two):
            lines.append(f"{name} {' → '.join('unknown' if one is None else f'${one}' for one in two)}")
    return lines


def _count(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def scoreboard(diff: DatasetDiff) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return the languages and `all`, and (kind, a cell for each of them) line by line: what is lost first, the rows of both sides last."""
    columns = [*diff.per_language, "all"]
    counts = [*diff.per_language.values(), diff.counts]
    lines = [(name, [f"{one[kind]:,}" if one[kind] else "·" for one in counts]) for kind, name in NAMES.items()]
    sizes = [
        f"{diff.base.per_language.get(one, 0):,} → {diff.head.per_language.get(one, 0):,}" for one in diff.per_language
    ]
    return columns, [*lines, ("rows", [*sizes, f"{diff.base.rows:,} → {diff.head.rows:,}"])]
