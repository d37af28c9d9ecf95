"""The ledger: `candidates == accepted + rejected by rule + pending`, per language and in total, every candidate counted once.

It is counted from the verdicts and compared with what was read from the replies; a difference is a bug and stops the run before
anything is written.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from selfinstruct.bootstrap.judge import agreement
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.release.manifest import Counts
from selfinstruct.dataset.review.apply import RULE as REMOVED
from selfinstruct.dataset.review.apply import Applied
from selfinstruct.quality.rules import all_flags
from selfinstruct.records import Verdict


def ledger(bootstraps: Mapping[str, Bootstrap], applied: Mapping[str, Applied]) -> dict[str, Any]:
    """Return candidates, accepted, rejected by rule and pending, per language and in total.

    `survived` counts the candidates whose instruction passed rules and near-duplicates, whatever became of the answer. What was made by hand
    is counted where there is any: rows edited are accepted ones, rows removed are rejected ones, rows added come beside the candidates.
    """
    for language, bootstrap in bootstraps.items():
        _check(bootstrap, applied[language])
    entries = {language: _entry(one.verdicts) | _by_hand([one]) for language, one in applied.items()}
    everything = [verdict for one in applied.values() for verdict in one.verdicts]
    return entries | {"total": _entry(everything) | _by_hand(applied.values())}


def _by_hand(applied: Iterable[Applied]) -> dict[str, int]:
    kinds: tuple[Literal["edited", "added"], ...] = ("edited", "added")
    counts = {f"{kind}_by_hand": sum(one.count(kind) for one in applied) for kind in kinds}
    return {name: count for name, count in counts.items() if count}


def counts_before_review(stated: Counts, verdicts: Sequence[Verdict]) -> bool:
    """Return whether a stated ledger is that of these verdicts, before a person removed any of their rows."""
    entry = _entry(verdicts)
    rejected = {rule: count for rule, count in stated.rejected.items() if rule != REMOVED}
    accepted = stated.accepted + stated.rejected.get(REMOVED, 0)
    return (stated.candidates, accepted, stated.pending, rejected) == (
        entry["candidates"],
        entry["accepted"],
        entry["pending"],
        entry["rejected"],
    )


def judge_summary(bootstraps: Mapping[str, Bootstrap]) -> dict[str, Any]:
    """Return how the teacher did as a judge, per language; nothing when it is off."""
    judging = {language: bootstrap for language, bootstrap in bootstraps.items() if bootstrap.plan.config.judge_steps}
    figures = {
        language: agreement((verdict.judged for verdict in bootstrap.verdicts), bootstrap.plan.config.judge.least)
        for language, bootstrap in judging.items()
    }
    return {"judge": figures} if figures else {}


def flags(bootstrap: Bootstrap, applied: Applied) -> dict[str, int]:
    """Return how many accepted rows each warning flags, most first; rows made by hand have theirs in the provenance."""
    disabled = bootstrap.plan.config.validate_.disable.get(bootstrap.plan.language, ())
    accepted = (one.verdict.candidate for one in applied.rows if one.verdict and not one.by_hand)
    known = ((candidate, bootstrap.acceptance.flags.get(candidate.key)) for candidate in accepted)
    found = Counter(
        rule
        for candidate, flagged in known
        for rule in ([rule for rule, _ in all_flags(candidate, disabled)] if flagged is None else flagged)
    )
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _check(bootstrap: Bootstrap, applied: Applied) -> None:
    """Raise AssertionError unless every candidate of the settled requests has exactly one verdict, and every accepted one a row."""
    read = Counter(bootstrap.settled_keys())
    judged = Counter(verdict.candidate.key for verdict in applied.verdicts)
    torn = [verdict.candidate.key for verdict in applied.verdicts if verdict.pending and verdict.rule]
    accepted = sum(verdict.accepted for verdict in applied.verdicts)
    rows = [one.row for one in applied.rows if one.verdict]
    ids = {one.row.id for one in applied.rows}
    wrong = sorted({*(read - judged), *(judged - read), *torn})
    if wrong or accepted != len(rows) or len(ids) != len(applied.rows):
        raise AssertionError(
            f"the ledger of {bootstrap.plan.language} does not add up: {len(read)} candidates read, {len(applied.verdicts)} verdicts, "
            f"{accepted} accepted, {len(rows)} rows, {len(ids)} ids; first candidates concerned: {wrong[:5]}. "
            "This is a bug of selfinstruct, please report it; nothing was written, and the journal keeps every reply"
        )


def _entry(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    rejected = Counter(verdict.rule for verdict in verdicts if verdict.rule)
    return {
        "candidates": len(verdicts),
        "accepted": sum(verdict.accepted for verdict in verdicts),
        "rejected": dict(sorted(rejected.items(), key=lambda item: (-item[1], item[0]))),
        "pending": sum(verdict.pending for verdict in verdicts),
        "survived": sum(verdict.survived for verdict in verdicts),
    }
