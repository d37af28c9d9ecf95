"""Two thousand provable rows, of every kind and in both languages and levels: all are proved again, and three hundred planted breaks are found."""

import json
import random
from collections import defaultdict
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.verifiers.registry import KINDS
from tests.support.bootstraps import run
from tests.support.meeting import Meeting
from tests.support.mixes import LANGUAGES, mixed_plan
from tests.support.proof_breaks import breaks

ROWS, BREAKS = 2_000, 300
Row = dict[str, Any]


@pytest.mark.thorough
def test_two_thousand_rows_are_proved_again_and_every_planted_break_is_found(tmp_path: Path) -> None:
    rows = list(made(ROWS))
    assert len(rows) == ROWS
    assert {check["kind"] for row in rows for check in row["checks"]} == set(KINDS) - {"quote"}
    planted = spread(rows, random.Random(0))[:BREAKS]
    assert {kind for kind, _ in planted} == set(KINDS) - {"quote"}
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (*rows, *(row for _, row in planted)))
    (tmp_path / "rows.jsonl").write_text(text, encoding="utf-8")
    found = si.validate(tmp_path / "rows.jsonl")
    assert found.rows == ROWS + BREAKS
    failed = [one for one in found.findings if one.finding.rule in {"check_failed", "unknown_check"}]
    assert [one.finding.line for one in failed] == list(range(ROWS + 1, ROWS + BREAKS + 1))


def made(count: int) -> list[Row]:
    """Return rows of the recipe `checked`, as many of each language for a small teacher and a strong one."""
    plans = [
        mixed_plan(language, {"checked": 1.0}, target=count // 4, window=16, kind=kind)
        for language in LANGUAGES
        for kind in ("embedded", "openai")
    ]
    return [row.model_dump(mode="json") for plan in plans for row in run(plan, Meeting(), 4, random.Random(0)).rows]


def spread(rows: list[Row], rng: random.Random) -> list[tuple[str, Row]]:
    """Return (kind, broken row), one of each kind in turn."""
    by_kind: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for row in rows:
        for _, edited in breaks(row, rng):
            by_kind[row["checks"][0]["kind"]].append((row["checks"][0]["kind"], edited))
    for broken in by_kind.values():
        rng.shuffle(broken)
    return [one for one in chain.from_iterable(zip_longest(*by_kind.values())) if one]
