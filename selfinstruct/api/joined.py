"""Runs of several generators, each of which asked a slice, united to one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from selfinstruct.api.settings import PathLike, load_config
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.faces import to_stderr

if TYPE_CHECKING:
    from selfinstruct.api.run import Run


def join(
    runs: Sequence[PathLike],
    run: PathLike,
    *,
    config: PathLike | Config | None = None,
    say: Callable[[str], None] | None = None,
) -> "Run":
    """Unite the slices of a run, which `generate --slice I/N` made, to a new run, and return it; nothing is asked, and the slices stay as they are.

    The order of `runs` changes no byte. `config` is that of the slices, without the slice, unless told. Raises InputError for slices that are not
    all those of one run, or were made under other settings, files or versions; StorageError for one that another process writes.

    >>> join([], "outputs/whole")
    Traceback (most recent call last):
    ...
    selfinstruct.errors.ConfigError: join needs the directories of all slices, which `generate --slice I/N --run DIR` made
    """
    from selfinstruct.api.opening import open_run
    from selfinstruct.runs.join import join

    paths, target, say = [Path(path) for path in runs], Path(run), say or to_stderr
    if not paths:
        raise ConfigError("join needs the directories of all slices, which `generate --slice I/N --run DIR` made")
    if not isinstance(config, Config):
        lock = RunDirectory(paths[0]).config_lock
        if config is None and not lock.is_file():
            raise InputError(f"{paths[0]}: holds no run; name the directories that `generate --slice I/N` made")
        config = load_config(config or lock, {"generate.slice": "", "run.name": target.name})
    join(paths, config, RunDirectory(target), say)
    return open_run(target, config=config, say=say)
