"""What flags, or keywords of the library, gave a run in place of its configuration file: later commands without them go on with it.

What was asked under a recipe, a teacher, seeds or prompts stands in the run's journal, and means nothing under others. A target that was
named is in `runs.targets`. A run that `translate` made has its recipe, source, target and teacher from that command alone.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from selfinstruct.api.settings import PathLike, config_of, load_config, run_path
from selfinstruct.config import Config
from selfinstruct.dataset.release.manifest import GIVEN, Manifest
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.runs.directory import RunDirectory

Say = Callable[[str], None]
Given = Mapping[str, Any]
"""{dotted key: value}"""
_IMPLIED = {"generate.mix", "teacher.kind"}
"""Keys that another flag brings along."""
_CAPS = "limits."
_OF_TRANSLATION = ("generate", "target", "teacher")
"""Sections that a run which `translate` made keeps from its lock."""


def load_for_run(  # noqa: PLR0913 - the options of a command, and what it does
    config_path: str | None, run_dir: str | None, flags: Given, say: Say, *, fresh: bool = False, asks: bool = True
) -> Config:
    """Return the configuration of a command on a run: flags beat what flags gave the run, that beats the file. `say` hears of it.

    A command that `asks` nothing of the teacher says nothing of caps, which it cannot reach.
    A run that is begun anew (`fresh`) takes over no more than the caps, unless `translate` made it: no other recipe could read its source.
    """
    config = load_config(config_path, flags)
    folder = RunDirectory(run_path(config, run_dir))
    if _is_translation(folder, config, flags):
        return _as_translated(folder, config, flags, say)
    named = {key for key, value in flags.items() if value is not None}
    taken = _taken(folder, config, named)
    if fresh:
        taken = _taken_anew(folder, config, taken, named, say)
    if not taken:
        return config
    told = taken if asks else {key: value for key, value in taken.items() if not key.startswith(_CAPS)}
    for line in _told(folder, config, told) if told else ():
        say(line)
    return load_config(config_path, {**taken, **{key: value for key, value in flags.items() if value is not None}})


def given_to_run(config_path: PathLike | None, flags: Given, config: Config) -> dict[str, Any]:
    """Return what flags give a run, and the caps of an old run that one begun anew takes over."""
    of_flags = load_config(config_path, flags)
    caps = (key for key in GIVEN if key.startswith(_CAPS) and of_flags.setting(key) != config.setting(key))
    return given_by_flags(config_path, flags, config) | {key: config.setting(key) for key in caps}


def given_keys(flags: Given) -> list[str]:
    """Return the dotted keys that flags have a value for."""
    return [key for key, value in flags.items() if value is not None]


def given_by_flags(config_path: PathLike | None, flags: Given, config: Config) -> dict[str, Any]:
    """Return what flags give a run that the file has otherwise; of targets those that are lower."""
    try:
        file: Config | None = load_config(config_path)
    except ConfigError:
        file = None  # it is complete with the flags alone
    return {key: config.setting(key) for key in given_keys(flags) if _is_given(key, file, config)}


def _is_given(key: str, file: Config | None, config: Config) -> bool:
    if not key.startswith("target."):
        return key in GIVEN and (file is None or file.setting(key) != config.setting(key))
    return file is None or (file.setting(key) or 0) > (config.setting(key) or 0)


def settings_for_run(
    folder: RunDirectory,
    settings: Mapping[str, Mapping[str, Any]],
    file: PathLike | None,
    say: Say,
    *,
    fresh: bool = False,
) -> Config:
    """Return the configuration that the library's keywords say of a run, over what flags gave it, over a file; `fresh` as of `load_for_run`."""
    name = folder.path.resolve().name
    config = config_of(settings, file, name)
    values = {f"{section}.{key}": value for section, found in settings.items() for key, value in found.items()}
    named = set(values)
    if not file:
        return config
    if _is_translation(folder, config, values):
        return _as_translated(folder, config, values, say)
    folder.given = given_by_flags(file, dict.fromkeys(sorted(named), True), config)
    taken = _taken(folder, config, named)
    if fresh:
        taken = _taken_anew(folder, config, taken, named, say)
    if not taken:
        return config
    folder.given = {**taken, **folder.given}  # where `fresh` begins anew, nothing else knows them
    for line in _told(folder, config, taken):
        say(line)
    recorded: dict[str, dict[str, Any]] = {}
    for key, value in taken.items():
        section, _, name_ = key.partition(".")
        recorded.setdefault(section, {})[name_] = value
    merged = {section: {**recorded.get(section, {}), **settings.get(section, {})} for section in {*recorded, *settings}}
    return config_of(merged, file, name)


def _is_translation(folder: RunDirectory, config: Config, flags: Given) -> bool:
    """Return whether `translate` made a run, and neither the configuration nor a flag names a recipe that could have."""
    if "translate" in config.recipes or flags.get("generate.recipe") or not folder.config_lock.is_file():
        return False
    manifest = _manifest(folder)
    return manifest is not None and manifest.asking.generate.recipe == "translate"


def _as_translated(folder: RunDirectory, config: Config, flags: Given, say: Say) -> Config:
    """Return the configuration with what the translation was made with; flags beat that, rules and limits are the configuration's."""
    kept = {
        key: value for key, value in flags.items() if key.partition(".")[0] in _OF_TRANSLATION and value is not None
    }
    kept.pop("generate.mix", None)
    made = load_config(folder.config_lock, kept)
    say(
        f"{folder.path}: was made by `selfinstruct translate`, whose recipe, target and teacher hold for this run (config.lock.toml)"
    )
    return config.model_copy(update={section: getattr(made, section) for section in _OF_TRANSLATION})


def _manifest(folder: RunDirectory) -> Manifest | None:
    try:
        return folder.manifest()
    except InputError:
        return None  # whoever needs it says what is wrong


def _taken(folder: RunDirectory, config: Config, named: set[str]) -> dict[str, Any]:
    """Return what the run was given and the configuration has otherwise, but for what is named now."""
    manifest = _manifest(folder)
    recorded = manifest.given if manifest else {}
    return {
        key: value
        for key, value in recorded.items()
        if key in GIVEN and key not in named and config.setting(key) != value
    }


def _taken_anew(folder: RunDirectory, config: Config, taken: Given, named: set[str], say: Say) -> dict[str, Any]:
    """Return of what an old run was given the caps, which a new one takes over; `say` hears what it goes without."""
    for line in _not_taken(folder, config, taken, named):
        say(line)
    return {key: value for key, value in taken.items() if key.startswith(_CAPS)}


def _not_taken(folder: RunDirectory, config: Config, taken: Given, named: set[str]) -> Iterator[str]:
    """Yield the line that says which flags of the old run a new one goes without."""
    flags = [_flag(key, value) for key, value in taken.items() if key not in _IMPLIED and not key.startswith(_CAPS)]
    manifest = _manifest(folder)
    flags += [
        f"--target {key.partition('.')[2]}={value}"
        for key, value in (manifest.given if manifest else {}).items()
        if key.startswith("target.") and key not in named and config.setting(key) != value
    ]
    if flags:
        yield f"{folder.path}: --fresh begins without {', '.join(flags)} of the old run; name them again if they are to hold"


def _flag(key: str, value: Any) -> str:
    return f"--{key.rpartition('.')[2].replace('_', '-')} {value}"


def _told(folder: RunDirectory, config: Config, taken: Given) -> Iterator[str]:
    """Yield the line that says so."""
    shown = [key for key in taken if key not in _IMPLIED] or ["generate.recipe"]
    flags = " ".join(_flag(key, taken.get(key, config.setting(key))) for key in shown)
    other = ", ".join(_in_file(config, key) for key in shown)
    yield f"{folder.path}: was made with {flags}, which holds for this run; the configuration has {other}"


def _in_file(config: Config, key: str) -> str:
    section, _, name = key.partition(".")
    value = _of_file(config, key)
    return f"no [{section}] {name}" if value is None else f"[{section}] {name} = {value}"


def _of_file(config: Config, key: str) -> Any:
    if key == "generate.recipe" and config.generate.mix:
        return f"{config.generate.recipe}, and a mix"
    return repr(config.setting(key)) if config.setting(key) == "" else config.setting(key)
