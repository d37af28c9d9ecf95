"""The sample of rows and rejected candidates to read, drawn by hash, so that every reader has the same.

Every language and every rule has its share. A text longer than a few pages is cut, and the page says so.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from selfinstruct.dataset.release.lines import Rejection
from selfinstruct.records import Row
from selfinstruct.reports.language import field_name, said, told
from selfinstruct.reports.run.gather import Material
from selfinstruct.system.text import visible, visible_name

ROWS = 150
"""Rows per language."""
REJECTED = 12
"""Rejected candidates per rule and language."""
_CHARACTERS = 6_000


def sample(material: Material) -> list[dict[str, Any]]:
    """Return the rows and rejected candidates to read, as JSON objects for the page's script; what hides in them is visible."""
    texts = dict(material.seeds) | {row.id: row.instruction for row in material.rows}
    rows = _drawn(((row.language, row.id, _row(row, material, texts)) for row in material.rows), ROWS)
    rejected = _drawn(
        (
            (f"{one.language}/{one.rule}", f"{one.request}.{one.position}", _rejection(one, texts))
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
    known = (material.provenance or {}).get(row.id)
    split = (
        "" if material.validation_ids is None else said("held out" if row.id in material.validation_ids else "train")
    )
    origin = {
        "candidate": f"{row.language}/{known.request}.{known.position}" if known else "",
        "topic": known.topic if known else "",
        "verb": known.verb if known else "",
        "model": known.model if known else "",
    }
    return {
        "state": "row",
        "language": row.language,
        "name": row.id,
        "facts": _facts({"side": split} | origin),
        "texts": _texts({"instruction": row.instruction, "input": row.input, "output": row.output}),
        "history": [[_cut(asked), _cut(answer)] for asked, answer in row.history],
        "nearest": _neighbour(known.nearest, None, known.score, texts) if known else None,
        "seeds": [[visible_name(one), _cut(texts.get(one, ""))] for one in (known.seeds if known else ())],
    }


def _rejection(one: Rejection, texts: Mapping[str, str]) -> dict[str, Any]:
    fields = {"instruction": one.instruction, "input": one.input, "output": one.output}
    is_whole = any(fields.values()) and one.text.strip() == one.instruction.strip()
    return {
        "state": one.rule,
        "language": one.language,
        "name": f"{one.language}/{one.request}.{one.position}",
        "facts": _facts({"stage": one.stage, "detail": told(one.detail)}),
        "texts": _texts(fields if is_whole else fields | {"as the teacher wrote it": one.text}),
        "history": [],
        "nearest": _neighbour(one.nearest, one.nearest_text, one.score, texts),
        "seeds": [],
    }


def _facts(facts: Mapping[str, str]) -> list[list[str]]:
    return [[said(name), visible_name(value)] for name, value in facts.items() if value]


def _texts(texts: Mapping[str, str]) -> list[list[str]]:
    return [[field_name(name), _cut(text)] for name, text in texts.items() if text]


def _neighbour(
    name: str | None, text: str | None, score: float | None, texts: Mapping[str, str]
) -> dict[str, Any] | None:
    if not name:
        return None
    return {"name": visible_name(name), "score": score or 0.0, "text": _cut(text or texts.get(name, ""))}


def _cut(text: str) -> str:
    more = len(text) - _CHARACTERS
    return visible(text[:_CHARACTERS] + said(" … ({more:,} characters more)", more=more) if more > 0 else text)
