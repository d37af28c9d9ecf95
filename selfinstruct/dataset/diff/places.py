"""Where a side of a diff stands: in a run, in its dataset, or in a copy of that."""

from pathlib import Path

from selfinstruct.dataset.release.backup import BACKUP
from selfinstruct.dataset.release.manifest import MANIFEST

DEPTH = 3
"""Most folders between a split file and its run: `RUN/dataset/train/zh.jsonl`."""


def run_of(path: Path) -> Path | None:
    """Return the run directory of a dataset, or None; a backup copy has none."""
    around = (path, *path.resolve().parents[:DEPTH])
    if any(folder.name.startswith(BACKUP) for folder in (path.resolve(), *around)):
        return None
    for folder in around:
        if (folder / MANIFEST).is_file() and (folder / "dataset").is_dir():
            return folder
    return None


def copied_from(path: Path) -> Path | None:
    """Return the run that a backup copy was made in, whose configuration holds for it too; None for anything else."""
    around = (path.resolve(), *path.resolve().parents[:DEPTH])
    return next((folder.parent for folder in around if folder.name.startswith(BACKUP)), None)


def is_dataset(path: Path, run: Path) -> bool:
    """Return whether a path is a run, or its dataset or a file of that."""
    return path == run or path.is_relative_to(run / "dataset")
