"""A run by its directory: which configuration it goes on with, and whom it trusts."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from selfinstruct.api.given import Say, settings_for_run
from selfinstruct.api.run import Run
from selfinstruct.api.settings import PathLike, load_config, tell_unread
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.system.faces import to_stderr


def open_run(
    path: PathLike,
    *,
    config: PathLike | Config | None = None,
    say: Say | None = None,
    trust_endpoint: bool = False,
    **settings: Mapping[str, Any],
) -> Run:
    """Return the run in a directory, existing or not; nothing is read but its configuration, nothing is written or sent.

    Settings are the sections of the configuration as keywords: `target={"en": 100, "zh": 100}`, `teacher={"kind": "openai", "model": ...,
    "base_url": ..., "api_key_env": ...}`, `limits={"budget_usd": "5.00"}`; `config` names a TOML file that they beat. A language left
    out of `target` has none; one that the run has rows of is kept, which is said, and 0 takes it out. A file's target cuts no row, as on the command
    line: only `target` does, which is said. With neither, an existing run keeps the configuration that it was made with. `say` hears progress, one
    line at a time; without it that goes to stderr.
    A selfinstruct.toml of the current folder is read only if `config` names it; `say` hears of one that stands there unread.
    A key is not sent to a new server that only a file names, which may be anybody's, without `trust_endpoint=True` or `generate --yes`.
    Raises ConfigError with the key, what is wrong and the nearest known key.

    >>> run = open_run("outputs/doctest", target={"en": 2, "zh": 2})
    >>> run
    <Run outputs/doctest: nothing generated yet>
    >>> open_run("outputs/doctest", teacher={"modle": "x"})
    Traceback (most recent call last):
    ...
    selfinstruct.errors.ConfigError: settings: [teacher.modle]: unknown key; did you mean `model`?
    """
    directory = RunDirectory(Path(path).expanduser())
    directory.check_no_file()
    directory.check_plain()
    if isinstance(config, Config):
        if settings:
            raise InputError("config: is complete already; give a TOML file or no config beside settings")
        return Run(directory, config, say, trust_endpoint)
    if config is None and not settings and directory.config_lock.is_file():
        locked = load_config(directory.config_lock)
        return Run(directory, locked, say, trust_endpoint, keeps_targets=True, trusts_judge=trust_endpoint)
    tell_unread(config, say or to_stderr)
    found = settings_for_run(directory, settings, config, say or to_stderr)
    trusts = trust_endpoint or config is None or "base_url" in settings.get("teacher", {})
    judge = trust_endpoint or config is None or "base_url" in settings.get("judge", {})
    anew = partial(settings_for_run, directory, settings, config, say or to_stderr, fresh=True)
    keeps = "target" not in settings
    return Run(directory, found, say, trusts, keeps_targets=keeps, trusts_judge=judge, anew=anew)
