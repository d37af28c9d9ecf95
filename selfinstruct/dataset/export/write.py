"""Writing an export: one file in a layout, or a folder that another trainer runs in, train and validation rows apart."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from selfinstruct.config import Config, Finetune
from selfinstruct.dataset.export.layouts import LAYOUTS, values
from selfinstruct.dataset.export.trainers import TRAINER_FORMATS, TrainerJob, check_method
from selfinstruct.dataset.io.rows import validation_ids
from selfinstruct.dataset.io.write import save
from selfinstruct.dataset.release.split import validation_flags
from selfinstruct.errors import ConfigError
from selfinstruct.records import Row
from selfinstruct.system.files import write_text

Split = Literal["all", "train", "held_out"]


class Exported(NamedTuple):
    """What an export wrote."""

    rows: int
    files: tuple[Path, ...]
    command: str
    """What starts the training, in the folder; empty for a layout."""


def export(  # noqa: PLR0913, PLR0917 - what, from where, as what, to where
    config: Config, rows: Sequence[Row], source: Path, format_name: str, folder: Path, split: Split | None = None
) -> Exported:
    """Write rows in a layout or for a trainer; `source`, where they come from, may say which are for validation.

    Raises ConfigError for a split beside a trainer's format, which takes both.
    """
    if format_name in TRAINER_FORMATS:
        if split:
            raise ConfigError(f"--split does not go with {format_name}, which takes both sides")
        return Exported(
            len(rows), _for_trainer(config, rows, source, format_name, folder), TRAINER_FORMATS[format_name].command
        )
    if split == "held_out":
        rows = splits_of(config, rows, source)[1]
    elif split == "train":
        rows = splits_of(config, rows, source)[0]
    layout = LAYOUTS[format_name]
    path = folder / f"{layout.stem if split in {None, 'all'} else split}{layout.ending}"
    save(path, values(rows, layout))
    return Exported(len(rows), (path,), "")


def splits_of(config: Config, rows: Sequence[Row], source: Path) -> tuple[list[Row], list[Row]]:
    """Return (train, validation): as the dataset says, else as the trainer would split the file."""
    chosen = validation_ids(source)
    flags = validation_flags(rows, config.finetune.held_out) if chosen is None else [row.id in chosen for row in rows]
    pairs = list(zip(rows, flags, strict=True))
    return [row for row, measured in pairs if not measured], [row for row, measured in pairs if measured]


def _for_trainer(config: Config, rows: Sequence[Row], source: Path, format_name: str, folder: Path) -> tuple[Path, ...]:
    """Write both splits and the trainer's configuration."""
    check_method(config.finetune.method)
    trainer_format = TRAINER_FORMATS[format_name]
    train, validation = splits_of(config, rows, source)
    written = []
    for split, wanted in ({"train": train} | ({"held_out": validation} if validation else {})).items():
        written.append(folder / f"{split}{trainer_format.ending}")
        save(written[-1], values(wanted, trainer_format.layout))
    settings: Finetune = config.finetune
    job = TrainerJob(train, validation, settings.model, settings, config.run.seed)
    for name, text in trainer_format.configuration(job).items():
        written.append(folder / name)
        write_text(written[-1], text)
    return tuple(written)
