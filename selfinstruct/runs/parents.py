"""The rows that a run evolves or goes on from, read from another run, a dataset or a file."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from selfinstruct.config import Config
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import ConfigError
from selfinstruct.records import Row, Task

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
    if not place:
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


def _is_usable(row: Row) -> bool:
    return bool(row.output.strip()) and not (row.carries_tools or row.rejected)


def _sha256(rows: Sequence[Row]) -> str:
    return hashlib.sha256("\n".join(row.model_dump_json() for row in rows).encode("utf-8")).hexdigest()
