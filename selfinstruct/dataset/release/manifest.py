"""Reading a run's manifest, and comparing the dataset files with it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selfinstruct.dataset.git.conflicts import in_conflict
from selfinstruct.errors import InputError
from selfinstruct.system.files import read_text

MANIFEST = "manifest.json"
_BOTH_WRITE = "manifest.json config.lock.toml dataset/README.md"
"""Files of a run that every emission rewrites, so that merging two branches that both emitted always conflicts."""


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest; raises InputError with a remedy for merge conflicts or anything but a JSON object."""
    text = read_text(path)
    if in_conflict(text):
        raise InputError(
            f"{path}: has conflict markers of a git merge; in its folder take one side, `git checkout --ours -- {_BOTH_WRITE}` (or --theirs), "
            f"then `git add {_BOTH_WRITE}`; no row is lost: the merged dataset has those of both sides"
        )
    try:
        value = json.loads(text)
    except ValueError as error:
        raise InputError(f"{path}: not JSON; restore it from git: `git checkout HEAD -- {path}`") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}: must hold one object; restore it from git: `git checkout HEAD -- {path}`")
    return value


def compare_files(run: Path, manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return {dataset file: current rows and sha256, and `state`: emitted, differs or missing}."""
    return {name: _compare(run / name, stated) for name, stated in manifest.get("datasets", {}).items()}


def _compare(path: Path, stated: Mapping[str, Any]) -> dict[str, Any]:
    if not path.is_file():
        return {"rows": None, "sha256": None, "state": "missing"}
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == stated["sha256"]:
        return {"rows": stated["rows"], "sha256": sha256, "state": "emitted"}
    return {"rows": sum(bool(line.strip()) for line in data.split(b"\n")), "sha256": sha256, "state": "differs"}
