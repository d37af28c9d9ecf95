"""Summary and split files of a finished run, read from its folder; importable without torch."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from selfinstruct.errors import InputError
from selfinstruct.system.documents import Count, Day, Hex, Number, R, Stated, read_document
from selfinstruct.training.data.alpaca_prompts import PROMPTS
from selfinstruct.training.data.chat_format import Thinking
from selfinstruct.training.model.methods import METHODS
from selfinstruct.training.output.adapter_config import ADAPTER, read_adapter

SUMMARY = "finetune.json"
"""Summary file; written last, so a folder that has it is complete."""
SPLIT = "split.json"
_REMEDY = "train again, or give another folder"


def _known_prompt(name: str) -> str:
    if name not in {"auto", "chat", *PROMPTS}:
        raise ValueError(f"must be one of chat, {', '.join(PROMPTS)}")
    return name


def _known_method(name: str) -> str:
    if name not in METHODS:
        raise ValueError(f"must be one of {', '.join(METHODS)}")
    return name


class SummarySettings(Stated):
    """What is read back of `[finetune]`."""

    method: Annotated[str, AfterValidator(_known_method)]
    thinking: Thinking = "teach"


class SummaryResult(Stated):
    """What is read back of the result; older summaries are read without it."""

    held_out_rows: Count
    loss_before: Number
    loss_after: Number
    dataset_sha256: Hex


class Summary(Stated):
    """What is read back of `finetune.json`."""

    model: str
    base: str
    prompt: Annotated[str, AfterValidator(_known_prompt)]
    day: Day = ""
    settings: SummarySettings
    result: SummaryResult | None = None


class Split(Stated):
    """What is read back of `split.json`."""

    learned_instructions: tuple[Hex, ...]


def summary_of(folder: Path) -> Summary | None:
    """Return the summary of a run, or None without one; raises InputError when it cannot be read."""
    return _read(folder / SUMMARY, Summary)


def split_of(folder: Path) -> Split | None:
    """Return the split file of a run, or None without one; raises InputError when it cannot be read."""
    return _read(folder / SPLIT, Split)


def virtual_tokens_of(folder: Path) -> int:
    """Return the number of virtual tokens of an adapter; 0 if it changes weights."""
    return getattr(read_adapter(folder), "num_virtual_tokens", 0) if (folder / ADAPTER).is_file() else 0


def check_finished(folder: Path) -> list[str]:
    """Return a warning for a folder of another trainer, or with a later run in it; raises InputError for an unfinished run of ours."""
    if (folder / SUMMARY).is_file():
        later = f"{folder}: a later run in it has not ended; this is the finished model of the one before"
        return [later] if (folder / "checkpoints").is_dir() else []
    if (folder / SPLIT).is_file() or (folder / "checkpoints").is_dir():
        raise InputError(
            f"{folder}: the run that writes it has not ended: {SUMMARY} is missing; give the same `selfinstruct finetune` "
            "command again, which goes on from the last checkpoint"
        )
    return [f"{folder} has no {SUMMARY}: which rows it has learned is not known, and some may be measured here"]


def _read(path: Path, kind: type[R]) -> R | None:
    return read_document(path, kind, _REMEDY) if path.is_file() else None
