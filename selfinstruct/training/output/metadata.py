"""Summary and split files of a finished run, read from its folder; importable without torch."""

import json
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.system.files import read_text

SUMMARY = "finetune.json"
"""Summary file; written last, so a folder that has it is complete."""
ADAPTER = "adapter_config.json"
SPLIT = "split.json"


def summary_of(folder: Path) -> dict[str, Any]:
    """Return the summary of a run, or {} without one; raises InputError when it cannot be read."""
    return _read(folder / SUMMARY, ("model", "base", "prompt", "settings"))


def split_of(folder: Path) -> dict[str, Any]:
    """Return the split file of a run, or {} without one; raises InputError when it cannot be read."""
    return _read(folder / SPLIT, ("learned_instructions",))


def virtual_tokens_of(folder: Path) -> int:
    """Return the number of virtual tokens of an adapter; 0 if it changes weights."""
    return int(_read(folder / ADAPTER, ()).get("num_virtual_tokens") or 0)


def check_finished(folder: Path) -> list[str]:
    """Return a warning for a folder of another trainer; raises InputError for an unfinished run of ours."""
    if (folder / SUMMARY).is_file():
        return []
    if (folder / SPLIT).is_file() or (folder / "checkpoints").is_dir():
        raise InputError(
            f"{folder}: the run that writes it has not ended: {SUMMARY} is missing; give the same `selfinstruct finetune` "
            "command again, which goes on from the last checkpoint"
        )
    return [f"{folder} has no {SUMMARY}: which rows it has learned is not known, and some may be measured here"]


def _read(path: Path, needed: tuple[str, ...]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        value = json.loads(read_text(path))
        missing = [name for name in needed if name not in value]
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: broken ({error}); train again, or give another folder") from error
    if missing or not isinstance(value, dict):
        what = f"it has no `{missing[0]}`" if missing else "it is no JSON object"
        raise InputError(f"{path}: broken: {what}; train again, or give another folder")
    return value
