"""What the folder of a finished run says of itself: its summary and its split. Light: no torch."""

import json
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.system.files import read_text

SUMMARY = "finetune.json"
"""Written last: a folder that has it is whole."""
ADAPTER = "adapter_config.json"
SPLIT = "split.json"


def summary_of(folder: Path) -> dict[str, Any]:
    """Return the summary of a run, empty where there is none; raises InputError for one that cannot be read."""
    return _read(folder / SUMMARY, ("model", "base", "prompt", "settings"))


def split_of(folder: Path) -> dict[str, Any]:
    """Return which rows a run learned and measured, empty where it does not say; raises InputError as `summary_of`."""
    return _read(folder / SPLIT, ("learned_instructions",))


def virtual_tokens_of(folder: Path) -> int:
    """Return how many virtual tokens an adapter has; 0 for weights."""
    return int(_read(folder / ADAPTER, ()).get("num_virtual_tokens") or 0)


def check_finished(folder: Path) -> list[str]:
    """Return a warning for a folder that another trainer wrote; raises InputError for a run of ours that has not ended."""
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
