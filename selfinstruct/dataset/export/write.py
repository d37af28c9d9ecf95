"""Writing an export: one file in a layout, or a folder that another trainer runs in, train and validation rows apart."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from selfinstruct.config import Config, Finetune
from selfinstruct.dataset.export.job import TrainerJob, check_method
from selfinstruct.dataset.export.layouts import LAYOUTS, Fitted, Layout, fitting, is_preference, values
from selfinstruct.dataset.export.rates import too_high
from selfinstruct.dataset.export.told import Thoughts
from selfinstruct.dataset.export.trainers import TRAINER_FORMATS
from selfinstruct.dataset.io.write import save
from selfinstruct.dataset.release.split import validation_flags
from selfinstruct.dataset.review.sides import validation_ids
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Row
from selfinstruct.system.writing import free_name, write_text

Split = Literal["all", "train", "held_out"]


class Exported(NamedTuple):
    """What an export wrote."""

    rows: int
    files: tuple[Path, ...]
    command: str
    """What starts the training, in the folder; empty for a layout."""
    notes: tuple[str, ...] = ()
    """What the target cannot hold, with numbers."""
    replaced: tuple[Path, ...] = ()
    """Files of rows that stood there with other content."""
    held_out: int = 0
    """How many of the rows are for validation, where a trainer takes both sides."""


class ExportJob(NamedTuple):
    """The input of an export: rows, where they come from, and what they become."""

    rows: Sequence[Row]
    source: Path
    """Where the rows come from, which may say which are for validation."""
    format_name: str
    folder: Path
    split: Split | None = None
    thoughts: Thoughts | None = None
    """How thoughts are written; None: as the target reads them."""


def export(config: Config, job: ExportJob) -> Exported:
    """Write rows in a layout or for a trainer. Raises ConfigError for a split beside a trainer's format, which takes both."""
    if job.format_name in TRAINER_FORMATS:
        if job.split:
            raise ConfigError(f"--split does not go with {job.format_name}, which takes both sides")
        return _for_trainer(config, job)
    layout, rows = LAYOUTS[job.format_name], job.rows
    if job.split in {"train", "held_out"}:
        rows = splits_of(config, rows, job.source)[job.split == "held_out"]
    fitted = _fitting(job, rows, layout)
    path = job.folder / f"{layout.stem if job.split in {None, 'all'} else job.split}{layout.ending}"
    replaced = tuple(_saved(path, values(fitted.rows, layout, job.thoughts)))
    return Exported(len(fitted.rows), (path,), "", fitted.notes, replaced)


def splits_of(config: Config, rows: Sequence[Row], source: Path) -> tuple[list[Row], list[Row]]:
    """Return (train, validation): as the dataset says, else as the trainer would split the file."""
    chosen = validation_ids(source, config.finetune.held_out)
    flags = validation_flags(rows, config.finetune.held_out) if chosen is None else [row.id in chosen for row in rows]
    pairs = list(zip(rows, flags, strict=True))
    return [row for row, measured in pairs if not measured], [row for row, measured in pairs if measured]


def _kept_aside(path: Path, text: str) -> Iterator[str]:
    """Rename a configuration with other text than is about to be written, and say so: somebody may have changed it."""
    if not path.is_file() or path.read_bytes() == text.encode("utf-8"):
        return
    aside = free_name(path)
    path.rename(aside)
    yield f"{path.name} stood there with other text, which is kept as {aside.name}"


def _saved(path: Path, rows: Iterable[dict[str, Any]]) -> Iterator[Path]:
    """Write rows, and yield the file if it stood there with other content: they are written from the dataset again at any time."""
    before = path.read_bytes() if path.is_file() else None
    save(path, rows)
    if before is not None and before != path.read_bytes():
        yield path


def _fitting(job: ExportJob, rows: Sequence[Row], layout: Layout) -> Fitted:
    """Return the rows that a layout can hold; raises InputError when there are rows and it can hold none."""
    fitted = fitting(rows, layout, job.thoughts, job.format_name)
    if rows and not fitted.rows:
        raise InputError(f"{job.source}: no row can be handed to {job.format_name}: {'; '.join(fitted.notes)}")
    return fitted


def _for_trainer(config: Config, job: ExportJob) -> Exported:
    """Write both splits and the trainer's configuration."""
    settings: Finetune = config.finetune
    check_method(settings.method)
    target = TRAINER_FORMATS[job.format_name]
    layout = target.layout(job.rows, settings.model, job.thoughts)
    fitted = _fitting(job, job.rows, layout)
    train, validation = splits_of(config, fitted.rows, job.source)
    written, replaced = list[Path](), list[Path]()
    for split, wanted in ({"train": train} | ({"held_out": validation} if validation else {})).items():
        written.append(job.folder / f"{split}{target.ending}")
        replaced += _saved(written[-1], values(wanted, layout, job.thoughts))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in written)).hexdigest()
    written_so = layout._replace(thoughts=job.thoughts or layout.thoughts)
    given = TrainerJob(train, validation, settings.model, settings, config.run.seed, written_so, digest)
    kept: list[str] = []
    for name, text in target.configuration(given).items():
        written.append(job.folder / name)
        kept += _kept_aside(written[-1], text)
        write_text(written[-1], text)
    command = target.preference_command if is_preference(fitted.rows) else target.command
    too_fast = too_high(settings.learning_rate or 0, settings.method, settings.model)
    notes = (*fitted.notes, *kept, *target.advice(given), *((too_fast,) if too_fast else ()))
    return Exported(len(fitted.rows), tuple(written), command, notes, tuple(replaced), len(validation))
