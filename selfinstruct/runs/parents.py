"""The rows that a run evolves or goes on from, read from another run, a dataset or a file."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dedup.contamination import EvaluationSets, where
from selfinstruct.errors import ConfigError
from selfinstruct.records import Candidate, ContaminationMatch, LanguageCode, Row, Task, candidate_of
from selfinstruct.requests import Plan
from selfinstruct.system.numbers import amount

_RECIPES: Final = {"evolve", "conversation"}


class Parents(NamedTuple):
    """Rows to start from, of all languages."""

    rows: tuple[Row, ...] = ()
    sha256: Mapping[str, str] = MappingProxyType({})
    """{`parents`: sha256 of what the rows hold}; empty without any."""

    def tasks(self, language: str) -> tuple[Task, ...]:
        """Return those of one language, as what a request starts from."""
        names: tuple[Any, ...] = ("id", "instruction", "input", "output", "system", "history")
        rows = (row for row in self.rows if row.language == language)
        return tuple(Task(**{name: getattr(row, name) for name in names}) for row in rows)


def read_parents(config: Config) -> Parents:
    """Return the rows that `[generate] parents` names, those that nothing can start from left out; none where no recipe asks for them.

    Raises ConfigError where the setting has no use, and where a language that is wanted has no row there.
    """
    place, wanted = config.generate.parents, _RECIPES & set(config.recipes)
    if not place or "translate" in config.recipes:
        return Parents()
    if not wanted:
        raise ConfigError(
            "[generate] parents: is of use to the recipes `evolve` and `conversation` alone; name one of them in recipe or mix, or take it out"
        )
    if not Path(place).exists():
        raise ConfigError(
            f"[generate] parents: {place}: no such file or folder; name a run, a dataset or a file of rows"
        )
    rows = tuple(row for row in load_rows(Path(place)) if _is_usable(row))
    for language, count in config.target.items():
        if count and not any(row.language == language for row in rows):
            raise ConfigError(
                f"[generate] parents: {place}: holds no row in the language `{language}` with an answer and without tools; name other rows, "
                f"set the target of {language} to 0, or leave `parents` out to start from the seeds and the rows of this run"
            )
    return Parents(rows, {"parents": _sha256(rows)})


def without_evaluated(parents: Parents, sets: EvaluationSets, config: Config) -> tuple[Parents, tuple[str, ...]]:
    """Return the rows that repeat no evaluation set in any of their turns, and what is said of the others.

    Their hash stays that of all rows: what evaluation sets hold may change within a run. Raises ConfigError where a language has none left.
    """
    found = {row.id: match for row in parents.rows if (match := _repeated(row, sets, config))}
    if not found:
        return parents, ()
    kept = tuple(row for row in parents.rows if row.id not in found)
    place, (name, first) = config.generate.parents, next(iter(found.items()))
    said = f"{place}: {len(found)} of {len(parents.rows)} rows repeat an evaluation set, and nothing starts from them (first: row {name}, {where(first)})"
    for language in {row.language for row in parents.rows} - {row.language for row in kept}:
        if config.target.get(language):
            raise ConfigError(
                f"[generate] parents: {said}; in the language `{language}` no other is left: name other rows, or set the target of {language} to 0"
            )
    return parents._replace(rows=kept), (said,)


def evaluated_seeds(plan: Plan, file: Path) -> tuple[str, ...]:
    """Return what is said of seeds that repeat an evaluation set; they are shown to the teacher all the same, for a person wrote them down."""
    threshold: float = getattr(plan.config.filter.threshold, plan.language)
    matches = ((task.id, plan.evaluation_sets.find(_asked(task, plan.language), threshold)) for task in plan.seeds)
    found = [(name, match) for name, match in matches if match]
    if not found:
        return ()
    name, first = found[0]
    said = (
        f"{file}: of {amount(len(plan.seeds), 'seed')} {len(found)} repeat an evaluation set, and are shown to the teacher all the same "
        f"(first: {name}, {where(first)}); take them out"
    )
    return (said,)


def _asked(task: Task, language: LanguageCode) -> Candidate:
    fields = {name: getattr(task, name) for name in ("instruction", "input", "output")}
    return Candidate(language=language, index=0, position=0, **fields)


def _repeated(row: Row, sets: EvaluationSets, config: Config) -> ContaminationMatch | None:
    return sets.find(candidate_of(row), getattr(config.filter.threshold, row.language))


def _is_usable(row: Row) -> bool:
    return bool(row.output.strip()) and not (row.carries_tools or row.rejected)


def _sha256(rows: Sequence[Row]) -> str:
    return hashlib.sha256("\n".join(row.model_dump_json() for row in rows).encode("utf-8")).hexdigest()
