"""An id that is that of a seed: no reply made it, so there is nothing to explain but where it stands."""

from collections.abc import Mapping
from pathlib import Path

from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.requests import Plan
from selfinstruct.system.files import bundled, read_jsonl


def check_no_seed(identifier: str, config: Config, plans: Mapping[str, Plan]) -> None:
    """Raise InputError with file and line for the id of a seed."""
    folder = Path(config.run.seeds) if config.run.seeds else bundled("seed_tasks")
    for language, plan in plans.items():
        if any(seed.id == identifier for seed in plan.seeds):
            path = folder / f"{language}.jsonl"
            line = next(number for number, value in read_jsonl(path) if value.get("id") == identifier)
            raise InputError(
                f"{identifier}: is a seed, {path}:{line}; no reply brought it, so there is nothing to explain"
            )
