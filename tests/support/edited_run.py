"""A finished run whose files are edited by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selfinstruct.config import Config
from selfinstruct.records import row_id
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal

MakeConfig = Callable[..., Config]


POEM = {
    "id": row_id("zh", "写一首关于春天的诗。", ""),
    "language": "zh",
    "instruction": "写一首关于春天的诗。",
    "input": "",
    "output": "春眠不觉晓。",
}


class Case:
    """A finished run, and what the next emissions say."""

    def __init__(self, config: Config, path: Path) -> None:
        self.config = config
        self.path = path
        self.said: list[str] = []
        self.generate()

    @classmethod
    def of(cls, config: Config, path: Path) -> "Case":
        """Return a run that is there already."""
        case = cls.__new__(cls)
        case.config, case.path, case.said = config, path, []
        return case

    def generate(self, config: Config | None = None) -> dict[str, Any]:
        observer = Observer(self.said.append, lambda *_: None)
        return generate(config or self.config, RunDirectory(self.path), observer, StopSignal())

    def filter(self, config: Config | None = None, *, discard_edits: bool = False) -> dict[str, Any]:
        directory = RunDirectory(self.path)
        return refilter(config or self.config, directory, self.said.append, discard_edits=discard_edits)

    @property
    def zh(self) -> Path:
        return self.path / "dataset" / "zh.jsonl"

    @property
    def copies(self) -> list[Path]:
        return sorted(self.path.glob("dataset.before-*"))

    def add(self, row: dict[str, str] = POEM) -> None:
        """Merge a row into the dataset, as git does: by id."""
        rows = [*map(json.loads, self.zh.read_text(encoding="utf-8").splitlines()), row]
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in sorted(rows, key=lambda one: one["id"]))
        self.zh.write_text(text, encoding="utf-8")
