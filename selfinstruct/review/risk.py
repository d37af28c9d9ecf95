"""What is likely wrong with a row, by what is known without reading it: the order in which rows are read, and why one comes early."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from selfinstruct.dataset.release.lines import Provenance
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.review.marks import Rule

Risk = tuple[float, str, str]
"""(weight, kind, detail): the kind is a word that the page has in both languages."""
_APART = 2
"""Points between two scores of one criterion from which two judgements disagree."""


def risks(
    rules: Sequence[Rule], near: float, known: Provenance | None, verdicts: Sequence[Decision], *, is_new: bool
) -> Iterator[Risk]:
    """Yield why a row should be read early, with weights that add up; the largest are those that people have most often been right about."""
    if len({one.decision in {"rejected", "edited"} for one in verdicts}) > 1:
        yield 10, "reviewers", ""
    errors = [rule for rule, severity, _ in rules if severity == "error"]
    warnings = [rule for rule, severity, _ in rules if severity == "warning"]
    if errors:
        yield 8, "rule", ", ".join(errors)
    if known:
        yield from _judged(known)
        if known.by_hand:
            yield 2, "by_hand", known.by_hand
    if is_new:
        yield 4, "new", ""
    if warnings:
        yield 3 + 0.5 * (len(warnings) - 1), "warning", ", ".join(warnings)
    if near > 0.5:
        yield 4 * (near - 0.5) + 1, "near", f"{near:.2f}"


def _judged(known: Provenance) -> Iterator[Risk]:
    """Yield what the scores of the judge say: two judgements apart, one that cannot be read, low scores."""
    scores = [one for one in known.judged if one]
    if None in known.judged:
        yield 2, "unreadable", ""
    apart = {
        name: (one[name], other[name])
        for one, other in pairwise(scores)
        for name in one.keys() & other.keys()
        if abs(one[name] - other[name]) >= _APART
    }
    if apart:
        yield 5, "judge", ", ".join(f"{name} {one}/{other}" for name, (one, other) in sorted(apart.items()))
    low = {name: score for one in scores for name, score in one.items() if score <= 3}
    if low:
        yield 3, "low", ", ".join(f"{name} {score}" for name, score in sorted(low.items()))
