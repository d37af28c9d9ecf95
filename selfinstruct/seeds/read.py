"""Reading seed tasks from `<language>.jsonl`, checking each line."""

import hashlib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from selfinstruct.errors import InputError, RecordError
from selfinstruct.records import LanguageCode, Seed, Task
from selfinstruct.seeds.topics import topic_of
from selfinstruct.system.documents import describe
from selfinstruct.system.files import bundled, read_jsonl, read_text
from selfinstruct.system.numbers import amount

_TOLD = 10
"""Most faults in one message."""
_WANTED = {
    "string_type": "must be a text in quotation marks",
    "bool_type": "must be true or false, without quotation marks",
    "tuple_type": 'must be a list, such as [{"input": "", "output": "..."}]',
    "model_type": 'must be an object, such as {"input": "", "output": "..."}',
}
"""By the kind of error (pydantic 2)."""


class SeedFile(NamedTuple):
    """The seeds of one file, in file order."""

    path: Path
    seeds: tuple[Seed, ...]
    lines: tuple[int, ...]
    """Line number of each seed, from 1."""
    sha256: str
    """Of its lines, each with `\\n`: that of the bytes for a file without blank lines and with a final newline."""


def read_seeds(path: Path) -> SeedFile:
    """Return the seeds of a file; raises RecordError with line, field and remedy for each fault, the first ten at most."""
    file, faults = read_sound_seeds(path)
    if faults:
        raise RecordError(at_most(faults))
    return file


def seed_paths(folder: Path, target: Mapping[LanguageCode, int]) -> dict[LanguageCode, Path]:
    """Return {language: its file} of all languages of a target; one of which no row is wanted needs no file.

    Raises InputError where a file is not there that is needed.
    """
    paths = {language: folder / f"{language}.jsonl" for language in sorted(target)}
    for language, path in paths.items():
        if target[language] and not path.exists():
            raise InputError(
                f"{path}: no such file, and [target] wants {amount(target[language], 'row')} in this language; write its seeds, or "
                f"set `{language} = 0` in [target] (for once: --target {language}=0)"
            )
    return {language: path for language, path in paths.items() if path.exists()}


def read_sound_seeds(path: Path) -> tuple[SeedFile, list[str]]:
    """Return the seeds of a file that have no fault, and all faults of the others; raises InputError for a file that holds nothing."""
    seeds, lines, faults = [], [], dict[int, list[str]]()
    broken: list[str] = []
    ids: dict[str, int] = {}
    for number, value in read_jsonl(path, lambda error: broken.append(str(error))):
        if _is_of_alpaca(value):
            raise InputError(_say_layout(path, number))
        found = [*_faults(value), *_doubled(value.get("id"), ids, number)]
        if found:
            faults[number] = [f"{path}:{number}: {fault}" for fault in found]
        else:
            seeds.append(Seed.model_validate(value))
            lines.append(number)
    told = [*broken, *(fault for found in faults.values() for fault in found)]
    if not seeds and not told:
        raise InputError(f"{path}: holds no seed task; write one JSON object a line, as `selfinstruct init` shows")
    return SeedFile(path, tuple(seeds), tuple(lines), _sha256(_lines_of(read_text(path)))), sorted(
        told, key=lambda fault: _line_in(fault, path)
    )


def is_as_recorded(folder: str, source: str, sha256: str) -> bool:
    """Return whether a source such as `seed_tasks/en.jsonl` is the seed file that a run recorded: earlier versions hashed blank lines and a missing newline too."""
    place, _, name = source.partition("/")
    if place != "seed_tasks":
        return False
    text = read_text((Path(folder) if folder else bundled(place)) / name)
    lines = _lines_of(text)
    return sha256 in {_sha256(one) for one in (lines, text, lines.removesuffix("\n"))}


def _lines_of(text: str) -> str:
    """Return the lines of a file that hold something, each with a newline: how seeds are told apart."""
    return "".join(f"{line.strip()}\n" for line in text.split("\n") if line.strip())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_of_alpaca(value: Mapping[str, object]) -> bool:
    return {"instruction", "output"} <= value.keys() and "instances" not in value


def _say_layout(path: Path, number: int) -> str:
    """Return how a file of Alpaca's rows becomes one of seeds."""
    language = path.stem if path.stem in {"en", "zh"} else "en"
    fields = 'name: "task", instruction, instances: [{input: (.input // ""), output}]'
    return (
        f"{path}:{number}: is in Alpaca's layout (instruction, input, output); a seed has its answer in `instances`:\n"
        f'{{"id": "{language}-{number}", "name": "task", "instruction": "...", "instances": [{{"input": "", "output": "..."}}]}}\n'
        f"all lines at once: jq -c '{{id: \"{language}-\\(input_line_number)\", {fields}}}' {shlex.quote(str(path))} > NEW.jsonl"
    )


def at_most(faults: Sequence[str]) -> str:
    """Return the first ten faults, one a line, and how many more there are."""
    more = [f"and {len(faults) - _TOLD} more faults"] if len(faults) > _TOLD else []
    return "\n".join([*faults[:_TOLD], *more])


def _line_in(fault: str, path: Path) -> int:
    return int(fault.removeprefix(f"{path}:").partition(":")[0])


def _faults(value: object) -> list[str]:
    """Return every fault of one seed."""
    try:
        seed = Seed.model_validate(value)
    except ValidationError as error:
        return [_finding(error, place) for place in range(error.error_count())]
    return list(_empty(seed))


def tasks_of(seeds: Sequence[Seed], language: LanguageCode) -> tuple[Task, ...]:
    """Return the seeds of a language as tasks with their first instance, as prompts show them."""
    return tuple(
        Task(
            id=seed.id,
            instruction=seed.instruction,
            input=seed.instances[0].input,
            output=seed.instances[0].output,
            topic=topic_of(seed, language),
            category=seed.category,
            is_classification=seed.is_classification,
            plain=seed.plain,
            instances=seed.instances if seed.is_classification else (),
        )
        for seed in seeds
    )


def _finding(error: ValidationError, place: int) -> str:
    one = error.errors()[place]
    field = ".".join(str(part) for part in one["loc"])
    if one["type"] == "extra_forbidden":
        return f"field `{field}` is not known; a seed has {', '.join(Seed.model_fields)}"
    wanted = _WANTED.get(one["type"])
    return f"field `{field}`: {wanted}" if field and wanted else describe(error, place)


def _empty(seed: Seed) -> Iterator[str]:
    for field in ("id", "instruction"):
        if not getattr(seed, field).strip():
            yield f"field `{field}` is empty; give it a text"
    if not seed.instances:
        yield "field `instances` is empty; give at least one input and output"
    for position, instance in enumerate(seed.instances):
        if not instance.output.strip():
            yield f"field `instances.{position}.output` is empty; write the answer"


def _doubled(name: object, ids: dict[str, int], number: int) -> Iterator[str]:
    if not isinstance(name, str) or not name.strip():
        return
    if ids.setdefault(name, number) != number:
        yield f"field `id`: {name} stands on line {ids[name]} too; ids must differ"
