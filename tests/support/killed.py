"""A run as a kill in the middle of its work leaves it."""

import json
from pathlib import Path


def as_killed(run: Path) -> None:
    """Have the manifest say that the run is going on, which no process does."""
    path = run / "manifest.json"
    manifest = json.loads(path.read_bytes()) | {"stop": "running"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
