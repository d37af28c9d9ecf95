"""Rows to export, and a hand-over of some to a trainer."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selfinstruct.records import row_id
from tests.support.command import rows
from tests.support.rows import distinct, row

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


_HISTORY = (("Is it warm there?", "In summer."), ("夏天呢？", "二十度。"))
TALK = row("And how cold is the winter?", "Very cold.", "Oslo").model_copy(
    update={"history": _HISTORY, "id": row_id("en", "And how cold is the winter?", "Oslo", history=_HISTORY)}
)


ROWS = [
    row("Name a river in France.", "The Loire."),
    row("把下面的句子改成疑问句。", "你喜欢吃苹果吗？", "你喜欢吃苹果。", language="zh"),
    row('Escape this: "quotes" & <tags>, \\ and\ttabs.', "Done.\n\n---\n", "line 1\nline 2\u2028"),
    TALK,
]


def hand_over(
    selfinstruct: Cli, folder: Path, name: str, *values: dict[str, Any], model: str = "", reasoning: str = ""
) -> tuple[str, list[dict[str, Any]]]:
    """Return what was said, and the rows for both sides, without those that fill them."""
    answers = {"chosen": "FILLED", "rejected": "no"} if "chosen" in values[0] else {"output": "FILLED"}
    rows(folder / "in.jsonl", *values, *({"instruction": one.instruction, **answers} for one in distinct(12)))
    named = [
        part for name, value in (("--model", model), ("--reasoning", reasoning)) if value for part in (name, value)
    ]
    done = selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "out", *named)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = []
    for path in sorted((folder / "out").glob("*.json*")):
        if path.name != "dataset_info.json":
            text = path.read_text(encoding="utf-8")
            found += json.loads(text) if path.suffix == ".json" else map(json.loads, text.splitlines())
    return done.stderr, [one for one in found if "FILLED" not in str(one)]
