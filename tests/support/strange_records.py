"""A journal with a record of each kind, and values that no run writes at each place of it."""

import json
from collections.abc import Iterator
from typing import Any

from tests.support.strange import VALUES, places, replaced

HOSTILE: dict[str, Any] = VALUES | {
    "far": 10**12,
    "huge": 10**4200,
    "most": 2**63,
    "number": 0,
    "fraction": 1e308,
    "empty": "",
    "surrogate": "\ud800",
    "escape": "\x1b]0;x\x07",
    "path": "../../../x",
    "digits": "en/" + "9" * 5_000 + ".0/batch",
    "other slot": "en/9.0/batch",
    "later slot": "en/0.7/batch",
    "other step": "instruction",
    "judge": "judge.1",
}


def journal_of_each_kind(lines: list[bytes]) -> list[dict[str, Any]]:
    """Return the records of a journal, and after them sends that ended in each other way."""
    records = [{name: value for name, value in json.loads(line).items() if name != "crc"} for line in lines if line]
    intent = next(one for one in records if one["kind"] == "intent" and one["slot"].startswith("en/"))

    def sent(index: int, **more: Any) -> dict[str, Any]:
        step = intent["request"]["step"]
        return intent | {"slot": f"en/{index}.0/{step}", "request": intent["request"] | {"index": index}} | more

    def of(index: int, kind: str, **more: Any) -> dict[str, Any]:
        return {"v": 1, "kind": kind, "slot": sent(index)["slot"]} | more

    return [
        *records,
        *(sent(90, shard="s"), {"v": 1, "kind": "shard", "shard": "s", "sha256": "0" * 64}),
        {"v": 1, "kind": "upload", "shard": "s", "file": "file-a", "at": 1.0},
        {"v": 1, "kind": "batch", "shard": "s", "batch": "batch_a"},
        *(sent(91, stored_as="n", at=1.0), of(91, "lost", attempt=1, reason="cut", status=0, body_base64="/w==")),
        *(sent(92), of(92, "unsent", attempt=1), sent(93), of(93, "held")),
    ]


def one_of_each_kind(records: list[dict[str, Any]]) -> dict[str, int]:
    """Return {kind, of an intent with its fields: position of the last such record}."""
    return {f"{one['kind']} {'shard' in one} {'at' in one}": number for number, one in enumerate(records)}


def strange_records(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (where and what; the record with one value replaced, or one field gone)."""
    for place in places(record):
        for what, value in HOSTILE.items():
            yield f"{place}={what}", replaced(record, place, value)
        if isinstance(place[-1], str):
            yield f"{place} gone", replaced(record, place, None, gone=True)
