"""The configuration, from a file and what beats it: flags of the command line, or keywords of the library."""

import difflib
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from selfinstruct.config import Config, parse_config, parse_settings
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.system.files import read_text

DEFAULT_CONFIG = "selfinstruct.toml"
PathLike = str | os.PathLike[str]
"""A path, or a Run, which stands for its directory."""


def load_config(path: PathLike | None = None, given: Mapping[str, Any] | None = None) -> Config:
    """Return the configuration of a file, or the defaults when the default file does not exist; `given` beats it, None aside.

    `given` maps dotted keys (`run.name`) to values. Raises ConfigError with file, line, key and the nearest known key.
    """
    given = {key: value for key, value in (given or {}).items() if value is not None}
    file = Path(path or DEFAULT_CONFIG)
    if not path and not file.exists():
        return parse_config("", "defaults", given, known_rules())
    return parse_config(read_text(file), str(file), given, known_rules())


def refuse_subfolder(path: PathLike | None = None) -> None:
    """Raise ConfigError where no configuration is named, none stands in the current folder, and one does in a folder above: the defaults are not meant."""
    if not is_unconfigured(path):
        return
    try:
        folders = Path.cwd().parents
    except FileNotFoundError:  # the folder was deleted
        return
    steps = next((number for number, one in enumerate(folders, 1) if os.access(one / DEFAULT_CONFIG, os.F_OK)), 0)
    if steps:
        above = "/".join([".."] * steps)
        raise ConfigError(
            f"no {DEFAULT_CONFIG} here; one stands in {above}: `cd {above}`, or --config {above}/{DEFAULT_CONFIG}, whose paths then start here"
        )


def is_unconfigured(path: PathLike | None) -> bool:
    """Return whether the defaults count, as no configuration is named and none stands in the current folder."""
    return not path and not os.access(DEFAULT_CONFIG, os.F_OK)


def config_of(settings: Mapping[str, Any], file: PathLike | None, default_name: str) -> Config:
    """Return the configuration that the library's keywords say: sections as mappings, over a TOML file if one is named.

    Without either it is the defaults, and `run.name` is `default_name`. A language left out of `target` has none.

    >>> config = config_of({"target": {"en": 5}, "limits": {"concurrency": 2}}, None, "mine")
    >>> (config.run.name, config.target, config.limits.concurrency)
    ('mine', {'en': 5}, 2)
    """
    text = read_text(Path(file)) if file else f"[run]\nname = {_quoted(_name_of(default_name))}\n"
    return parse_settings(settings, text, str(file) if file else "settings", known_rules())


def known_rules() -> tuple[str, ...]:
    """Return the names that `[validate] disable` may hold."""
    from selfinstruct.quality.rules import RULE_NAMES
    from selfinstruct.quality.translation import TRANSLATION_RULE_NAMES

    return (*RULE_NAMES, *TRANSLATION_RULE_NAMES)


def tell_unread(config: PathLike | None, say: Callable[[str], None]) -> None:
    """Say that the configuration of the current folder is not read, where one stands and none is named."""
    if config is None and Path(DEFAULT_CONFIG).is_file():
        say(
            f"Warning: the {DEFAULT_CONFIG} of this folder is not read, nor are the seeds, prompts and budget that it names; "
            f'config="{DEFAULT_CONFIG}" reads it'
        )


def run_path(config: Config, run_dir: PathLike | None) -> Path:
    """Return the run directory that a configuration means."""
    return Path(run_dir) if run_dir else Path("outputs") / config.run.name


def project_of(run: PathLike, config: Config) -> Path:
    """Return the folder that the relative paths of a run's own configuration start from: of its project if all of them stand there, else the current one.

    A project is a folder above the run with a selfinstruct.toml, or one whose `outputs` the run is in.
    """
    above = Path(run).resolve().parents
    projects = [folder for folder in above if (folder / DEFAULT_CONFIG).is_file()]
    projects += [folder.parent for folder in above if folder.name == "outputs"]
    paths = [path for path in _paths_of(config) if path and not Path(path).is_absolute()]
    here = Path.cwd()
    return next((folder for folder in projects if paths and all((folder / path).exists() for path in paths)), here)


def _paths_of(config: Config) -> Iterable[str]:
    """Return the files and folders that a configuration names for a run."""
    run, generate = config.run, config.generate
    named = (run.seeds, run.prompts, generate.documents, generate.parents, generate.glossary)
    return (*named, *config.filter.held_out)


def keep_targets(
    config: Config, run_dir: PathLike | None, say: Callable[[str], None], *, named: Collection[str], asks: bool
) -> Config:
    """Return a configuration that wants no fewer rows than the run's last emission did, but in the languages `named`; say where it differs.

    With `asks` the rows that stand are kept, and no more are bought.
    """
    from selfinstruct.runs.directory import RunDirectory
    from selfinstruct.runs.merges import last_emission
    from selfinstruct.runs.targets import with_kept_targets

    before = last_emission(RunDirectory(run_path(config, run_dir)))
    kept, lines = with_kept_targets(before, config, named, asks=asks)
    for line in lines:
        say(line)
    return kept


def tell_fresh_targets(
    config: Config, run_dir: PathLike | None, say: Callable[[str], None], *, named: Collection[str]
) -> None:
    """Say which targets a run that is begun anew takes from the configuration, where the old one was made for more."""
    from selfinstruct.runs.directory import RunDirectory
    from selfinstruct.runs.targets import not_taken_over

    try:
        before = RunDirectory(run_path(config, run_dir)).manifest()
    except InputError:
        return  # it is set aside all the same
    for line in not_taken_over(before, config, named):
        say(line)


def existing(path: PathLike) -> Path:
    """Return a path that must exist; raises InputError with the nearest name beside it."""
    found = Path(path)
    if found.exists():
        return found
    siblings = [one.name for one in found.parent.iterdir()] if found.parent.is_dir() else []
    near = difflib.get_close_matches(found.name, siblings, n=1)
    hint = f"; did you mean {found.parent / near[0]}?" if near else ""
    raise InputError(f"{path}: no such file or directory{hint}")


def several(paths: PathLike | Iterable[PathLike]) -> list[str]:
    """Return paths as text; one path alone is a list of one, and not its letters."""
    return [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]


def one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    """Return a value that must be one of several; raises ConfigError with the nearest."""
    if value in known:
        return value
    near = difflib.get_close_matches(str(value), known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
    raise ConfigError(f"{name} {value!r}: is not known; {hint}")


def _name_of(folder: str) -> str:
    """Return a run's name made of that of its folder, which may hold what a name must not."""
    return re.sub(r"[^\w.-]+", "-", folder).strip("-._")[:100] or "run"


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
