"""A run that came from a stranger: every text, key, id and name in it tries to become part of what shows it."""

import json
from pathlib import Path
from typing import Any

from tests.support.hostile import FILE_NAME, PROBE

ROW = {"id": PROBE, "language": "en", "instruction": PROBE, "input": PROBE, "output": PROBE, PROBE: {PROBE: PROBE}}
SEED = {
    "id": PROBE,
    "name": PROBE,
    "category": PROBE,
    "topic": PROBE,
    "instruction": PROBE,
    "instances": [{"input": PROBE, "output": PROBE}],
}


def make_hostile(run: Path) -> None:
    """Change an emitted run; what a reader refuses stays as it was."""
    _add(run / "dataset" / "en.jsonl", ROW)
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"name": PROBE, "stop": PROBE, "selfinstruct": PROBE, PROBE: PROBE}
    manifest["asking"]["teacher"] |= {"model": PROBE, "extra": {PROBE: PROBE}}
    manifest["sources"] |= {PROBE: "00"}
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for line in _lines(run / "provenance.jsonl")[:1]:
        changed = line | {"model": PROBE, "topic": PROBE, "verb": PROBE, "seeds": [PROBE], "nearest": PROBE, PROBE: 1}
        _add(run / "provenance.jsonl", changed)
    texts = dict.fromkeys(("detail", "instruction", "input", "output", "text", "nearest", "nearest_text"), PROBE)
    place = {"candidate": PROBE, "language": "en", "request": 0, "position": 9, "stage": "filter", "rule": "too_short"}
    _add(run / "rejected.jsonl", place | texts | {"score": 0.5})


def write_rows(folder: Path, **more: Any) -> Path:
    """Write one hostile row to a file with a hostile name."""
    path = folder / f"{FILE_NAME}.jsonl"
    path.write_text(json.dumps(ROW | more) + "\n", encoding="utf-8")
    return path


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _add(path: Path, value: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(value) + "\n")
