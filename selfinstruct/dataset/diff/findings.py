"""Rule findings before and after, on the rows that differ."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import Literal

from selfinstruct.dataset.diff.records import Findings, RuleFinding
from selfinstruct.dataset.diff.rows import Entry, Pair, Side, candidate_of
from selfinstruct.dataset.diff.translations import STALE, stale
from selfinstruct.quality.rules import all_broken, all_flags
from selfinstruct.records import LanguageCode, Severity
from selfinstruct.system.numbers import amount

MOST_CHECKED = 1_000
"""Rows of head that are checked by default: two seconds, at a millisecond per row and side."""


def findings(
    pairs: Sequence[Pair],
    disabled: Mapping[LanguageCode, Container[str]],
    everything: bool,
    head: Side = Side("", ()),  # noqa: B008 - it is immutable
    overruled: Sequence[Pair] = (),
) -> Findings:
    """Return the rule findings on differing rows; on a sample of MOST_CHECKED unless everything is asked for.

    Rule `same_id`: two rows of head with one id; rule `wrong_id`: a stated id that differs from that of the text, but not in the dataset
    of a run, where it is an edit that the run's next emission takes in. `overruled` are rows that are checked too, and are none of `head`.
    """
    differing = [pair for pair in (*pairs, *overruled) if pair.kind != "unchanged"]
    with_head = [pair for pair in differing if pair.head]
    # ids are hashes: the lowest ones are a uniform and reproducible sample
    sampled = sorted(with_head, key=lambda pair: pair.entry.id)[:MOST_CHECKED]
    checked = differing if everything or len(with_head) <= MOST_CHECKED else sampled
    counts: dict[Literal["base", "head"], Counter[str]] = {"base": Counter(), "head": Counter()}
    introduced: list[RuleFinding] = []
    for pair in checked:
        before = _broken(pair.base, disabled)
        after = _broken(pair.head, disabled)
        counts["base"].update(list(before))
        counts["head"].update(list(after))
        kept = head.keeps(pair.head) and pair not in overruled
        introduced += [
            _finding(pair.head, rule, *after[rule], by_hand=kept) for rule in after if pair.head and rule not in before
        ]
    ids = [*_ids(pairs, head.of_run), *_stale(pairs)]
    counts["head"].update(one.rule for one in ids)
    rules = sorted({*counts["base"], *counts["head"]})
    return Findings(
        checked=sum(1 for pair in checked if pair.head),
        differing=len(with_head),
        by_rule={rule: {side: counts[side][rule] for side in counts} for rule in rules},
        introduced=tuple(sorted([*introduced, *ids], key=lambda one: (one.rule, one.language, one.id))),
    )


def _broken(entry: Entry | None, disabled: Mapping[LanguageCode, Container[str]]) -> dict[str, tuple[str, Severity]]:
    """Return rule -> (detail, severity) of what a row breaks or is flagged for."""
    if entry is None:
        return {}
    candidate, off = candidate_of(entry), disabled.get(entry.language, ())
    flags: dict[str, tuple[str, Severity]] = {rule: (detail, "warning") for rule, detail in all_flags(candidate, off)}
    return {rule: (detail, "error") for rule, detail in all_broken(candidate, off)} | flags


def _ids(pairs: Sequence[Pair], of_run: bool) -> list[RuleFinding]:
    """Return findings on ids: shared by two rows of head, or different from the text's."""
    base = Counter(pair.base.id for pair in pairs if pair.base)
    head = Counter(pair.head.id for pair in pairs if pair.head)
    found = []
    for pair in pairs:
        if pair.head is None:
            continue
        if head[pair.head.id] > max(1, base[pair.head.id]):
            found.append(
                _finding(pair.head, "same_id", f"the same instruction and input in {amount(head[pair.head.id], 'row')}")
            )
        if pair.misnamed and not of_run:
            found.append(_finding(pair.head, "wrong_id", f"the file says {pair.head.stated_id}, the text is another"))
    return found


def _stale(pairs: Sequence[Pair]) -> list[RuleFinding]:
    """Return a warning on each translation whose source has changed, whether it differs itself or not."""
    base, head = ([one for pair in pairs if (one := getattr(pair, side))] for side in ("base", "head"))
    found = stale(base, head)
    return [
        RuleFinding(id=one.id, language=one.language, rule=STALE, severity="warning", detail=detail)
        for one, detail in found
    ]


def _finding(
    entry: Entry, rule: str, detail: str, severity: Severity = "error", *, by_hand: bool = False
) -> RuleFinding:
    kept = by_hand and severity == "error"
    return RuleFinding(id=entry.id, language=entry.language, rule=rule, severity=severity, detail=detail, by_hand=kept)
