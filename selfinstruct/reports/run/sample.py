"""The sample of rows and rejected candidates to read, drawn by hash, so that every reader has the same.

Every language and every rule has its share. A text longer than a few pages is cut, and the page says so.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from selfinstruct.records import Row
from selfinstruct.reports.run.gather import Material

ROWS = 150
"""Rows per language."""
REJECTED = 12
"""Rejected candidates per rule and language."""
_CHARACTERS = 6_000


def sample(material: Material) -> list[dict[str, Any]]:
    """Return the rows and rejected candidates to read, as JSON objects for the page's script."""
    texts = dict(material.seeds) | {row.id: row.instruction for row in material.rows}
    rows = _drawn(((row.language, row.id, _row(row, material, texts)) for row in material.rows), ROWS)
    rejected = _drawn(
        (
            (
                f"{one.get('language')}/{one.get('rule')}",
                f"{one.get('request')}.{one.get('position')}",
                _rejection(one, texts),
            )
            for one in material.rejected or []
        ),
        REJECTED,
    )
    return [*rows, *rejected]


def _drawn(items: Iterable[tuple[str, str, dict[str, Any]]], number: int) -> Iterator[dict[str, Any]]:
    """Yield up to `number` items of each stratum, in the order of their hashes."""
    strata: dict[str, list[tuple[str, int, dict[str, Any]]]] = {}
    for position, (stratum, name, item) in enumerate(items):
        place = hashlib.sha256(f"{stratum}/{name}".encode("utf-8", "surrogatepass")).hexdigest()
        strata.setdefault(stratum, []).append((place, position, item))
    for _, found in sorted(strata.items()):
        yield from (item for _, _, item in sorted(found, key=lambda one: one[:2])[:number])


def _row(row: Row, material: Material, texts: Mapping[str, str]) -> dict[str, Any]:
    known = (material.provenance or {}).get(row.id, {})
    split = "" if material.validation_ids is None else "validation" if row.id in material.validation_ids else "train"
    place = (
        f"{row.language}/{known['request']}.{known['position']}" if "request" in known and "position" in known else ""
    )
    return {
        "state": "row",
        "language": row.language,
        "name": row.id,
        "facts": _facts(
            {
                "side": split,
                "candidate": place,
                "topic": known.get("topic"),
                "verb": known.get("verb"),
                "model": known.get("model"),
            }
        ),
        "texts": _texts({"instruction": row.instruction, "input": row.input, "output": row.output}),
        "history": [[_cut(asked), _cut(answer)] for asked, answer in row.history],
        "nearest": _neighbour(known, texts),
        "seeds": [[str(one), _cut(texts.get(str(one), ""))] for one in known.get("seeds") or []],
    }


def _rejection(one: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    fields = {name: str(one.get(name) or "") for name in ("instruction", "input", "output")}
    raw = str(one.get("text") or "")
    shown = fields | (
        {}
        if any(fields.values()) and raw.strip() == fields["instruction"].strip()
        else {"as the teacher wrote it": raw}
    )
    return {
        "state": str(one.get("rule")),
        "language": str(one.get("language")),
        "name": f"{one.get('language')}/{one.get('request')}.{one.get('position')}",
        "facts": _facts({"stage": one.get("stage"), "detail": one.get("detail")}),
        "texts": _texts(shown),
        "history": [],
        "nearest": _neighbour(one, texts),
        "seeds": [],
    }


def _facts(facts: Mapping[str, Any]) -> list[list[str]]:
    return [[name, str(value)] for name, value in facts.items() if value]


def _texts(texts: Mapping[str, str]) -> list[list[str]]:
    return [[name, _cut(text)] for name, text in texts.items() if text]


def _neighbour(known: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any] | None:
    if not known.get("nearest"):
        return None
    text = known.get("nearest_text") or texts.get(str(known["nearest"]), "")
    return {"name": str(known["nearest"]), "score": float(known.get("score") or 0), "text": _cut(str(text))}


def _cut(text: str) -> str:
    more = len(text) - _CHARACTERS
    return f"{text[:_CHARACTERS]} … ({more:,} characters more)" if more > 0 else text
