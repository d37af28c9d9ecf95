"""Causes of differences: settings that differ between the manifests, and the cause of each changed row."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from selfinstruct.dataset.diff.records import Cause, Change, Setting, SpentTokens
from selfinstruct.dataset.diff.rows import KINDS, Entry, Pair, Side
from selfinstruct.dataset.release.manifest import Manifest

_PARTS = ("asking", "keeping", "sources", "weights", "selfinstruct")
"""Sections of a manifest that determine what is generated and kept."""
DETAILS = {
    "by_hand": "edited, added or removed by hand",
    "teacher": "another model answered",
    "threshold": "its nearest neighbour lies between the two thresholds of the filter",
    "more_requests": "it comes from a request that only one of the two runs made",
    "settings": "asked for, or kept, under other settings",
    "unknown": "no provenance on one side or both",
    "resampled": "the runs have the same settings and other replies",
}
"""Cause -> explanation; the first cause that applies is reported."""


def settings(base: Side, head: Side) -> tuple[Setting, ...]:
    """Return the settings that differ between the manifests, by key; empty when one side has no manifest."""
    if base.manifest is None or head.manifest is None:
        return ()
    two = [side.document() for side in (base.manifest, head.manifest)]
    return tuple(one for part in _PARTS for one in _differences(two[0].get(part), two[1].get(part), part))


class Blame:
    """Determines the cause of each changed row."""

    def __init__(self, base: Side, head: Side, changed: Sequence[Setting]) -> None:
        """Index manifests and provenance of both sides."""
        self._recorded = all(side.manifest and side.origins for side in (base, head))
        self._origins = base.origins, head.origins
        self._decided = base.decided, head.decided
        self._changed = changed
        self._models = [{one.origin.model for one in side.entries if one.origin} for side in (base, head)]
        self._last = [_last_requests(side) for side in (base, head)]
        self._thresholds = _thresholds(base, head)

    def of(self, pair: Pair) -> str:
        """Return the cause of one pair."""
        if not self._recorded:
            return "unknown"
        origins = [one.origin for one in (pair.base, pair.head) if one]
        if any(origin is None or origin.by_hand for origin in origins) or self._without_a_run(pair):
            return "by_hand"
        if any(one.origin and one.origin.model not in self._models[other] for one, other in self._sides(pair)):
            return "teacher"
        if len(origins) == 1 and self._between(pair.entry):
            return "threshold"
        if len(origins) == 1 and self._beyond(pair):
            return "more_requests"
        return "settings" if self._changed else "resampled"

    def _without_a_run(self, pair: Pair) -> bool:
        """Return True if a row was edited, added or removed outside its run."""
        sides = self._sides(pair)
        return any(
            one.is_edited
            or one.id in self._decided[other]
            or one.origin == self._origins[other].get(one.id)
            or (len(sides) == 1 and one.id in self._origins[other])
            for one, other in sides
        )

    def _sides(self, pair: Pair) -> list[tuple[Entry, int]]:
        """Return the rows of a pair, each with the index (0 base, 1 head) of the other side."""
        return [(one, other) for one, other in ((pair.base, 1), (pair.head, 0)) if one]

    def _between(self, entry: Entry) -> bool:
        low, high = self._thresholds.get(entry.language, (0.0, 0.0))
        return entry.origin is not None and entry.origin.score is not None and low < entry.origin.score <= high

    def _beyond(self, pair: Pair) -> bool:
        return any(
            one.origin is not None
            and one.origin.request is not None
            and one.origin.request > self._last[other].get(one.language, -1)
            for one, other in self._sides(pair)
        )


def causes(changes: Sequence[Change], changed: Sequence[Setting]) -> tuple[Cause, ...]:
    """Return all causes with the number of rows of each, largest first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        counts[change.cause][change.kind] += 1
    ranked = sorted(counts.items(), key=lambda one: (-one[1].total(), one[0]))
    return tuple(
        Cause(
            cause=name,
            detail=_detail(name, changed),
            rows={kind: rows[kind] for kind in KINDS if rows[kind]},
        )
        for name, rows in ranked
    )


def _detail(name: str, changed: Sequence[Setting]) -> str:
    prefix = {"teacher": "asking.teacher.", "threshold": "keeping.filter.", "more_requests": "keeping.target."}.get(
        name
    )
    keys = [one for one in changed if name == "settings" or (prefix and one.key.startswith(prefix))]
    named = ", ".join(f"{one.key}: {one.base} -> {one.head}" for one in keys[:3])
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    return f"{DETAILS[name]} ({named}{more})" if named else DETAILS[name]


def usage(base: Side, head: Side, cny_per_usd: str | None) -> SpentTokens:
    """Return the teacher's tokens and cost on both sides, and the cost per row."""
    two = [side.manifest or Manifest() for side in (base, head)]
    tokens, cost = [manifest.tokens for manifest in two], [manifest.cost_usd for manifest in two]
    per_row = [_per_row(usd, len(side.entries)) for usd, side in zip(cost, (base, head), strict=True)]
    return SpentTokens(
        prompt_tokens=(tokens[0] and tokens[0].prompt, tokens[1] and tokens[1].prompt),
        completion_tokens=(tokens[0] and tokens[0].completion, tokens[1] and tokens[1].completion),
        cost_usd=(cost[0], cost[1]),
        usd_per_row=(per_row[0], per_row[1]),
        cny_per_usd=cny_per_usd,
    )


def _per_row(usd: str | None, rows: int) -> str | None:
    from decimal import Decimal

    return f"{Decimal(usd) / rows:.6f}" if usd is not None and rows else None


def _last_requests(side: Side) -> dict[str, int]:
    last: dict[str, int] = {}
    for one in side.entries:
        if one.origin and one.origin.request is not None:
            last[one.language] = max(last.get(one.language, -1), one.origin.request)
    return last


def _thresholds(base: Side, head: Side) -> dict[str, tuple[float, float]]:
    """Return {language: (lower, higher)} for each filter threshold that both manifests state."""
    if base.manifest is None or head.manifest is None:
        return {}
    old, new = (manifest.keeping.filter.threshold for manifest in (base.manifest, head.manifest))
    pairs = {"en": (old.en, new.en), "zh": (old.zh, new.zh)}
    return {language: (min(a, b), max(a, b)) for language, (a, b) in pairs.items() if a is not None and b is not None}


def _differences(base: Any, head: Any, key: str) -> list[Setting]:
    if isinstance(base, Mapping) and isinstance(head, Mapping):
        return [
            one
            for name in sorted({*base, *head})
            for one in _differences(base.get(name), head.get(name), f"{key}.{name}")
        ]
    return [] if base == head else [Setting(key=key, base=base, head=head)]
