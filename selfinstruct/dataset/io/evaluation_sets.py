"""Reading evaluation sets: instruction files of any layout, and seed files with `instances`."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import load
from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.errors import InputError


class EvaluationFiles(NamedTuple):
    """Evaluation sets read from files."""

    evaluation_sets: EvaluationSets
    sha256: dict[str, str]
    """{`held_out/<file name>`: sha256 of the file}; the folder of the file does not matter."""


def read_evaluation_sets(paths: Sequence[Path]) -> EvaluationFiles:
    """Return the examples of all files; raises InputError for an unreadable file or two of the same name."""
    sha256: dict[str, str] = {}
    examples: list[EvaluationExample] = []
    for path in paths:
        name = f"held_out/{path.name}"
        if name in sha256:
            raise InputError(
                f"{path}: an evaluation set with this file name is given already; matches are reported by name, so rename one"
            )
        found = [example for one in load(path, needs_answer=False) for example in _examples(path.name, one)]
        if not found:
            raise InputError(f"{path}: holds no example; give a file with instructions, or leave it out")
        sha256[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        examples += found
    return EvaluationFiles(EvaluationSets(examples), sha256)


def _examples(file: str, one: Loaded) -> Iterator[EvaluationExample]:
    instances = one.value.get("instances")
    texts = [(one.input, one.output)]
    if isinstance(instances, list):
        texts = [
            (str(instance.get("input") or ""), str(instance.get("output") or ""))
            for instance in instances
            if isinstance(instance, dict)
        ] or texts
    return (EvaluationExample(file, one.line, one.language, one.instruction, given, output) for given, output in texts)
