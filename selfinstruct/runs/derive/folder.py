"""The folder of views: one file each, where its rows come from, and the ledger; nothing in it that a person made is lost."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from selfinstruct.dataset.io.write import save
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.runs.derive.emit import Content
from selfinstruct.runs.derive.views import VIEWS
from selfinstruct.runs.directory import run_around
from selfinstruct.system.files import read_text
from selfinstruct.system.plain import refuse_links
from selfinstruct.system.writing import free_name, write_jsonl, write_text
from selfinstruct.weights import Say

LEDGER: Final = "derived.json"
PROVENANCE: Final = "provenance"
SCHEMA: Final = 1


def check_folder(folder: Path, name: str) -> dict[str, Any]:
    """Return the ledger that stands in a folder, empty for a new one; raises ConfigError for one that holds something else than views of this run."""
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"--output {folder}: is a file; name a folder, which may be new")
    if run := run_around(folder / LEDGER):
        raise ConfigError(f"--output {folder}: belongs to the run {run}, which would lose it; name another folder")
    if (folder / "manifest.json").exists() or (folder / "journal").exists():
        raise ConfigError(
            f"--output {folder}: is the directory of a run; name another folder, such as {folder / 'views'}"
        )
    refuse_links(folder, (LEDGER, PROVENANCE, *(view.file for view in VIEWS.values())))
    if not (folder / LEDGER).exists():
        if folder.exists() and (taken := next((one.name for one in sorted(folder.iterdir())), "")):
            raise ConfigError(
                f"--output {folder}: holds {taken}, which derive did not write; name a new or empty folder"
            )
        return {}
    standing = _ledger(folder / LEDGER)
    if standing["run"]["name"] != name:
        raise ConfigError(
            f"--output {folder}: holds views of the run `{standing['run']['name']}`, and this one is `{name}`; name another folder"
        )
    return standing


def write_views(
    folder: Path, run: Mapping[str, Any], contents: Mapping[str, Content], standing: Mapping[str, Any], say: Say
) -> dict[str, Any]:
    """Write the file and the provenance of each view, and the ledger, which is returned; other views that stand there stay.

    The ledger stands there first, so that a folder which a killed process left is known as one of views, and is written anew at the end.
    """
    entries: dict[str, Any] = dict(standing.get("views", {}))
    _write_ledger(folder, run, entries)
    for name, content in contents.items():
        path = folder / VIEWS[name].file
        coming = path.with_name(f".{path.name}{path.suffix}")  # the same ending, and so the same layout
        save(coming, content.values)
        sha256 = _sha256(coming)
        _keep_edited(path, {sha256, entries.get(name, {}).get("sha256", "")}, say)
        coming.replace(path)
        write_jsonl(folder / PROVENANCE / f"{name}.jsonl", content.provenance)
        entries[name] = {"file": path.name, "sha256": sha256} | content.ledger
    return _write_ledger(folder, run, entries)


def _write_ledger(folder: Path, run: Mapping[str, Any], entries: Mapping[str, Any]) -> dict[str, Any]:
    document = {"schema": SCHEMA, "run": dict(run), "views": {name: entries[name] for name in VIEWS if name in entries}}
    write_text(folder / LEDGER, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return document


def _keep_edited(path: Path, written: set[str], say: Say) -> None:
    """Set a view aside that was changed since it was written: what was done to it stands nowhere else."""
    if path.is_file() and _sha256(path) not in written:
        aside = free_name(path)
        path.rename(aside)
        say(
            f"{path}: was changed since it was derived, and is kept as {aside.name}; rows are edited in the run's dataset"
        )


def _ledger(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(read_text(path))
        if (
            value["schema"] == SCHEMA
            and isinstance(value["run"]["name"], str)
            and all(isinstance(one, dict) for one in value["views"].values())
        ):
            return dict(value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise InputError(f"{path}: is no ledger of derived views; restore it, or name another folder")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
