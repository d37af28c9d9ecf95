"""Reading seed tasks from `<language>.jsonl`, checking each line."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from selfinstruct.errors import InputError, RecordError
from selfinstruct.records import Seed, Task
from selfinstruct.system.documents import describe
from selfinstruct.system.files import read_jsonl, read_text

_TOLD = 10
"""Most faults in one message."""


class SeedFile(NamedTuple):
    """The seeds of one file, in file order."""

    path: Path
    seeds: tuple[Seed, ...]
    lines: tuple[int, ...]
    """Line number of each seed, from 1."""
    sha256: str


def read_seeds(path: Path) -> SeedFile:
    """Return the seeds of a file; raises RecordError with line, field and remedy for each invalid one, the first ten at most."""
    seeds, lines, faults = [], [], list[str]()
    for number, value in read_jsonl(path, lambda error: faults.append(str(error))):
        try:
            seeds.append(_seed(value, f"{path}:{number}"))
            lines.append(number)
        except RecordError as error:
            faults.append(str(error))
    if faults:
        raise RecordError(at_most(faults))
    if not seeds:
        raise InputError(f"{path}: holds no seed task; write one JSON object a line, as `selfinstruct init` shows")
    _check_ids(path, seeds, lines)
    return SeedFile(path, tuple(seeds), tuple(lines), hashlib.sha256(read_text(path).encode()).hexdigest())


def at_most(faults: Sequence[str]) -> str:
    """Return the first ten faults, one a line, and how many more there are."""
    more = [f"and {len(faults) - _TOLD} more lines with a fault"] if len(faults) > _TOLD else []
    return "\n".join([*faults[:_TOLD], *more])


def _seed(value: object, where: str) -> Seed:
    try:
        seed = Seed.model_validate(value)
    except ValidationError as error:
        raise RecordError(f"{where}: {_finding(error)}") from error
    _check(seed, where)
    return seed


def tasks_of(seeds: Sequence[Seed]) -> tuple[Task, ...]:
    """Return seeds as tasks with their first instance, as prompts show them."""
    return tuple(
        Task(
            id=seed.id,
            instruction=seed.instruction,
            input=seed.instances[0].input,
            output=seed.instances[0].output,
            topic=topic_of(seed),
            category=seed.category,
            is_classification=seed.is_classification,
            plain=seed.plain,
        )
        for seed in seeds
    )


def topic_of(seed: Seed) -> str:
    """Return the topic that prompts show with a seed; where it has none its category, or its name, stands in."""
    return seed.topic if seed.topic.strip() else (seed.category or seed.name).replace("_", " ")


def _finding(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"field `{field}` is not known; a seed has {', '.join(Seed.model_fields)}"
    return describe(error)


def _check(seed: Seed, where: str) -> None:
    for field in ("id", "instruction"):
        if not getattr(seed, field).strip():
            raise RecordError(f"{where}: field `{field}` is empty; give it a text")
    if not seed.instances:
        raise RecordError(f"{where}: field `instances` is empty; give at least one input and output")
    for position, instance in enumerate(seed.instances):
        if not instance.output.strip():
            raise RecordError(f"{where}: field `instances.{position}.output` is empty; write the answer")


def _check_ids(path: Path, seeds: Sequence[Seed], lines: Sequence[int]) -> None:
    first: dict[str, int] = {}
    for seed, line in zip(seeds, lines, strict=True):
        if seed.id in first:
            raise RecordError(
                f"{path}:{line}: field `id`: {seed.id} stands on line {first[seed.id]} too; ids must differ"
            )
        first[seed.id] = line
