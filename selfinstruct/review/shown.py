"""A row as the page shows it: texts with what hides in them visible, and all that is known beside it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from selfinstruct.dataset.release.lines import Provenance
from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.records import Row
from selfinstruct.review.marks import Rule
from selfinstruct.review.risk import Risk
from selfinstruct.system.chinese import translator
from selfinstruct.system.text import visible, visible_name

EDITED = ("instruction", "input", "output")
_LONGEST = 60_000
"""Characters of a text on the page; a longer one is cut there, and cannot be edited there."""


def row_shown(row: Row, before: str) -> dict[str, Any]:
    """Return the texts of a row: as they are, for an editor, and beside them what it stands in."""
    raw = {name: getattr(row, name) for name in EDITED}
    shown = {name: seen for name, text in raw.items() if (seen := visible(text[:_LONGEST])) != text[:_LONGEST]}
    around = {"system": row.system, "reasoning": row.reasoning, "rejected": row.rejected}
    around |= {name: _json(getattr(row, name)) for name in ("tools", "calls", "checks") if getattr(row, name)}
    return {
        "id": row.id,
        "language": row.language,
        "before": before,
        "texts": {name: text[:_LONGEST] for name, text in raw.items()},
        "shown": shown,
        "cut": [name for name, text in raw.items() if len(text) > _LONGEST],
        "around": [[name, _cut(text)] for name, text in around.items() if text],
        "history": [[_cut(asked), _cut(answer)] for asked, answer in row.history],
    }


def beside(
    known: Provenance | None,
    rules: Sequence[Rule],
    near: tuple[str, float, str] | None,
    risks: Sequence[Risk],
    texts: Mapping[str, str],
) -> dict[str, Any]:
    """Return what is known of a row; `near` is (id, score, text) of its nearest, `texts` are those of the rows that prompts showed."""
    facts = {
        "candidate": f"{known.language}/{known.request}.{known.position}"
        if known and known.request is not None
        else "",
        "recipe": (known.recipe or "") if known else "",
        "model": known.model if known else "",
        "topic": known.topic if known else "",
        "by_hand": known.by_hand if known else "",
    }
    return {
        "facts": [[name, visible_name(value)] for name, value in facts.items() if value],
        "rules": [
            [rule, severity, visible(detail), visible(translator().message(detail))] for rule, severity, detail in rules
        ],
        "risks": [[kind, visible_name(detail)] for _, kind, detail in sorted(risks, reverse=True)],
        "judged": [one and sorted(one.items()) for one in known.judged] if known else [],
        "nearest": near and [visible_name(near[0]), round(near[1], 3), _cut(near[2])],
        "seeds": [[visible_name(one), _cut(texts.get(one, ""))] for one in (known.seeds if known else ())],
    }


def verdict_shown(one: Decision) -> dict[str, Any]:
    """Return a verdict."""
    return {
        "decision": one.decision,
        "reason": one.reason,
        "note": visible(one.note),
        "reviewer": visible_name(one.reviewer),
        "texts": {name: getattr(one.row, name) for name in EDITED} if one.row else None,
    }


def _json(value: Any) -> str:
    if isinstance(value, tuple):
        value = [one.model_dump(mode="json") if hasattr(one, "model_dump") else one for one in value]
    return json.dumps(value, ensure_ascii=False, indent=1)


def _cut(text: str) -> str:
    more = len(text) - _LONGEST
    return visible(f"{text[:_LONGEST]} … ({more:,} characters more)" if more > 0 else text)
