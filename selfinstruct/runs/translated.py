"""What became of the rows that a run translates: counted once each, so that the parts add up to the rows of the source."""

import statistics
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.apply import Applied
from selfinstruct.records import Verdict
from selfinstruct.requests.originals import BOUND, CHANGED, VOID

_KEPT: Final = {"translate": "translated", "adapt": "adapted", "keep": "kept"}
PARTS: Final = ("translated", "adapted", "kept", "dropped")


def translation_summary(bootstraps: Mapping[str, Bootstrap], applied: Mapping[str, Applied]) -> dict[str, Any]:
    """Return `translation` for the manifest, by language; nothing where no language is translated."""
    shown = {
        language: _summary(bootstrap, applied[language])
        for language, bootstrap in bootstraps.items()
        if "translate" in bootstrap.plan.config.recipes
    }
    return {"translation": shown} if shown else {}


def _summary(bootstrap: Bootstrap, applied: Applied) -> dict[str, Any]:
    rows = sum(one is not None and one.decided != VOID for one in bootstrap.plan.originals)
    fates = Counter(fate for verdict in applied.verdicts if (fate := _fate(verdict)))
    rejected = {name: count for name, count in sorted(fates.items()) if name not in {*PARTS, "pending"}}
    counts = {"rows": rows} | {name: fates[name] for name in PARTS} | {"rejected": rejected}
    pending = rows - sum(fates[name] for name in PARTS) - sum(rejected.values())
    return counts | ({"pending": pending} if pending else {}) | _back(applied)


def _fate(verdict: Verdict) -> str:
    """Return what became of a row: a part, the rule that rejected it, or "" for a reply to a text that is gone."""
    if verdict.rule == CHANGED:
        return ""
    if verdict.pending:
        return "pending"
    if verdict.rule:
        return "dropped" if verdict.rule == BOUND else verdict.rule
    said = verdict.candidate.translation
    return _KEPT[said.decision] if said else ""


def _back(applied: Applied) -> dict[str, Any]:
    """Return how the translations that were translated back compare with their source; nothing where none was."""
    said = (one.verdict.candidate.translation for one in applied.rows if one.verdict)
    scores = [one.score for one in said if one and one.score is not None]
    return {"back": {"measured": len(scores), "median": round(statistics.median(scores), 4)}} if scores else {}
