"""The whole diff of two datasets: a pure function that ignores row order and file positions."""

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from selfinstruct.config import THRESHOLD
from selfinstruct.dataset.diff.causes import Blame, causes, settings, usage
from selfinstruct.dataset.diff.duplicates import Other, near_duplicates, repeats
from selfinstruct.dataset.diff.edits import groups
from selfinstruct.dataset.diff.gates import Condition, judged
from selfinstruct.dataset.diff.match import match
from selfinstruct.dataset.diff.records import Change, DatasetDiff, Findings, NearestRow, Setting, Summary
from selfinstruct.dataset.diff.risk import Evidence, risk
from selfinstruct.dataset.diff.rows import BESIDE, KINDS, Entry, Kind, Pair, Side
from selfinstruct.dataset.diff.sample import drawn, hash_of
from selfinstruct.dataset.diff.shifts import shifts
from selfinstruct.dedup.contamination import EvaluationSets
from selfinstruct.records import LanguageCode


class Checks(NamedTuple):
    """What new rows are checked against."""

    seeds: Sequence[Other] = ()
    evaluation_sets: EvaluationSets = EvaluationSets()
    disabled: Mapping[LanguageCode, Container[str]] = MappingProxyType({})
    """Rules that are not applied, by language."""
    threshold: Mapping[str, float] = MappingProxyType({"en": THRESHOLD, "zh": THRESHOLD})
    """Highest ROUGE-L that is no near-duplicate, by language."""
    conditions: Sequence[Condition] = ()
    settings: tuple[Setting, ...] = ()
    """What HEAD's own settings would change in the above."""
    cny_per_usd: str | None = None
    """Rate by which costs are shown in CNY too."""


Begin = Callable[[Callable[[], Findings]], Callable[[], Findings]]
"""Starts a function and returns a function that waits for its result."""


def later(work: Callable[[], Findings]) -> Callable[[], Findings]:
    """Run a function only when its result is asked for."""
    return work


def compare(base: Side, head: Side, checks: Checks = Checks(), begin: Begin = later) -> DatasetDiff:  # noqa: B008 - it is immutable
    """Return the diff of two datasets; `begin` may run the rule checks in another process."""
    pairs = sorted(match(base.entries, head.entries), key=_order)
    changed = settings(base, head)
    blame = Blame(base, head, changed)
    said = {**base.reading.said, **head.reading.said}
    listed = tuple(_change(pair, blame.of(pair), said) for pair in pairs if pair.kind != "unchanged")
    seed = hash_of(listed)
    counts = _counts(pairs)
    overruled = _overruled(base, head)
    broken = begin(partial(_findings, pairs, checks, head, overruled))
    near = repeats([*pairs, *overruled], checks.evaluation_sets, checks.threshold) + near_duplicates(
        pairs, checks.seeds, checks.threshold
    )
    moved = shifts(base.entries, head.entries)
    found = broken()
    by_hand = sum(one.cause == "by_hand" for one in listed)
    replaced = sum(one.kind == "removed" and one.nearest is not None for one in listed)
    beside: Counter[str] = Counter(
        name for one in listed for name in one.fields if name in BESIDE and one.kind != "format_only"
    )
    diff = DatasetDiff(
        hash=seed,
        base=_summary(base),
        head=_summary(head, _to_be_taken_in(pairs, head)),
        counts=counts,
        per_language={language: _counts(pairs, language) for language in sorted({one.entry.language for one in pairs})},
        replaced=replaced,
        risk=risk(Evidence(counts, replaced, near, found, moved, by_hand, beside, head.apart, checks.settings)),
        changes=listed,
        groups=groups(listed),
        near_duplicates=near,
        findings=found,
        shifts=moved,
        usage=usage(base, head, checks.cny_per_usd),
        settings=changed,
        gate_settings=checks.settings,
        causes=causes(listed, changed),
        reviewed=dict(head.reading.figures),
        sample=drawn(listed, seed),
    )
    return diff.model_copy(update={"gates": judged(diff, checks.conditions)})


def _overruled(base: Side, head: Side) -> list[Pair]:
    """Return the rows that are checked and not counted, each with the row of base that has its id."""
    before = {one.id: one for one in base.entries} if head.overruled else {}
    return [Pair("changed", before.get(one.id), one) for one in head.overruled]


def _findings(pairs: Sequence[Pair], checks: Checks, head: Side, overruled: Sequence[Pair]) -> Findings:
    """Return the rule findings. Imports rules lazily; a forked child usually runs this."""
    from selfinstruct.dataset.diff.findings import findings

    everything = any(one.measure in {"findings", "warnings"} for one in checks.conditions)
    return findings(pairs, checks.disabled, everything, head, overruled)


def _to_be_taken_in(pairs: Sequence[Pair], head: Side) -> tuple[str, ...]:
    """Return a note on the rows of a run's own dataset whose id is not that of their text: edits, which `filter` takes in."""
    count = sum(pair.misnamed for pair in pairs) if head.of_run else 0
    if not count:
        return ()
    those = (
        "1 row that was edited or added by hand has"
        if count == 1
        else f"{count:,} rows that were edited or added by hand have"
    )
    return (f"{head.name}: {those} an id that is not that of the text yet; `selfinstruct filter` takes this in",)


def _order(pair: Pair) -> tuple[int, str, str, tuple[str, ...]]:
    kind = KINDS.index(pair.kind) if pair.kind != "unchanged" else len(KINDS)
    return kind, pair.entry.language, pair.entry.id, pair.entry.text


def _change(pair: Pair, cause: str, said: Mapping[str, str]) -> Change:
    return Change(
        kind=pair.kind,
        id=pair.entry.id,
        language=pair.entry.language,
        base=pair.base,
        head=pair.head,
        fields=pair.fields,
        formats=pair.formats,
        score=pair.score,
        nearest=_nearest(pair),
        cause=cause,
        said=said.get(pair.entry.id, ""),
    )


def _nearest(pair: Pair) -> NearestRow | None:
    if pair.nearest is None:
        return None
    entry, score = pair.nearest
    return NearestRow(id=entry.id, instruction=entry.instruction, score=score)


def _counts(pairs: Sequence[Pair], language: str = "") -> dict[Kind, int]:
    counts = Counter(pair.kind for pair in pairs if not language or pair.entry.language == language)
    return {kind: counts[kind] for kind in (*KINDS, "unchanged")}


def _summary(side: Side, also: tuple[str, ...] = ()) -> Summary:
    languages = Counter(entry.language for entry in side.entries)
    return Summary(
        name=side.name,
        rows=len(side.entries),
        per_language=dict(sorted(languages.items())),
        characters=sum(map(_characters, side.entries)),
        fingerprint=(side.manifest.fingerprint or None) if side.manifest else None,
        notes=(*side.notes, *also),
    )


def _characters(entry: Entry) -> int:
    return len("".join(entry.text)) - len(entry.language)
