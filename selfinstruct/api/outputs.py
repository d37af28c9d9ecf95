"""Files that a user names to be written: none that is read, none that is written twice, none that belongs to a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from selfinstruct.api.settings import PathLike, existing
from selfinstruct.errors import ConfigError
from selfinstruct.runs.directory import run_around


def check_files(read: Sequence[tuple[str, str]], written: Mapping[str, PathLike | None]) -> None:
    """Raise InputError for a file that is not there, ConfigError for one that must not be written.

    `read` are (name of the option, path), `written` {name of the option: path}.
    """
    for _, file in read:
        existing(file)
    taken = list(read)
    for option, named in written.items():
        if not named:
            continue
        path = Path(named)
        for other, name in taken:
            if _is_one_file(path, Path(name)):
                raise ConfigError(f"{option} {named}: is the file of {other} {name}; name another one")
        if run := run_around(path):
            raise ConfigError(f"{option} {named}: belongs to the run {run}, which would lose it; name another one")
        taken.append((option, str(named)))


def _is_one_file(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
