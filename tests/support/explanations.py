"""The explanation of one candidate of a run."""

from pathlib import Path
from typing import Any

from selfinstruct.config import Config
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.explanation import Explanation, explain


def of(config: Config, folder: Path, identifier: str, **suppose: Any) -> Explanation:
    return explain(config, RunDirectory(folder), identifier, **suppose)
