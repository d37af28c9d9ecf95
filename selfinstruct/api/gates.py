"""What a diff holds new rows against: rules, thresholds, evaluation sets and seeds of BASE, unless a flag names others.

HEAD may be a stranger's pull request. If its own configuration were used, it could switch off the rule that it breaks.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.api.settings import DEFAULT_CONFIG, existing, project_of
from selfinstruct.config import Config, parse_config
from selfinstruct.dataset.diff import Checks, Condition, Other, Setting, Side
from selfinstruct.errors import InputError
from selfinstruct.language import LANGUAGES
from selfinstruct.system.files import bundled, read_text
from selfinstruct.system.git import files_at, is_tracked


class Named(NamedTuple):
    """What flags or arguments name; it beats what BASE says."""

    config: Config | None = None
    held_out: Sequence[str] = ()


class _Standard(NamedTuple):
    """The settings of one side, and the files that they name."""

    rules_off: Mapping[str, Sequence[str]]
    threshold: Mapping[str, float]
    seeds: Mapping[str, Path]
    """{`seeds/<language>.jsonl`: file}."""
    held_out: Mapping[str, Path]
    """{`held_out/<file name>`: file}."""
    cny_per_usd: str | None


def checks(base: Side, head: Side, named: Named, conditions: Sequence[Condition]) -> Checks:
    """Return what new rows are checked against, and how HEAD's own settings differ from it."""
    from selfinstruct.dataset.io.evaluation_sets import read_evaluation_sets

    with ExitStack() as copies:
        ours = _of(named.config, Side("", ()), named, copies) if named.config else _standard(base, named, copies)
        has_own = not (_is_plain(head) and (_is_plain(base) or not (base.revision or Path(DEFAULT_CONFIG).is_file())))
        theirs = _standard(head, named, copies, may_be_here=True) if has_own else ours
        return Checks(
            seeds=list(_seeds(ours.seeds.values())),
            evaluation_sets=read_evaluation_sets(list(ours.held_out.values()))[0],
            disabled=ours.rules_off,  # type: ignore[arg-type]
            threshold=ours.threshold,
            conditions=conditions,
            settings=tuple(_differences(_facts(ours), _facts(theirs))),
            cny_per_usd=theirs.cny_per_usd or ours.cny_per_usd,
        )


def _is_plain(side: Side) -> bool:
    """Return whether a side is files alone, with no settings of their own: of no run and at no revision."""
    return not (side.revision or side.manifest or side.config_lock)


def _standard(side: Side, named: Named, copies: ExitStack, *, may_be_here: bool = False) -> _Standard:
    """Return the settings of a side: of the project at its revision, of the project here if it may be, or of its run."""
    from selfinstruct.api.settings import known_rules

    text, name = _configuration(side, may_be_here=may_be_here)
    config = parse_config(text, name, None, known_rules())
    return _of(_placed(config, side) if name != DEFAULT_CONFIG else config, side, named, copies)


def _placed(config: Config, side: Side) -> Config:
    """Return a run's own configuration with the paths of its seeds and evaluation sets as they are from here."""
    folder = Path.cwd() if side.revision else project_of(side.name, config)
    if folder == Path.cwd():
        return config
    held_out = tuple(str(folder / path) for path in config.filter.held_out)
    seeds = str(folder / config.run.seeds) if config.run.seeds else ""
    return config.model_copy(
        update={
            "run": config.run.model_copy(update={"seeds": seeds}),
            "filter": config.filter.model_copy(update={"held_out": held_out}),
        }
    )


def _configuration(side: Side, *, may_be_here: bool) -> tuple[str, str]:
    if side.revision:
        found = files_at(side.revision, DEFAULT_CONFIG, may_be_outside=True)
        if found and "" in found:
            return found[""].decode("utf-8", "replace"), f"git:{side.revision}:{DEFAULT_CONFIG}"
    elif may_be_here and Path(DEFAULT_CONFIG).is_file():
        return read_text(Path(DEFAULT_CONFIG)), DEFAULT_CONFIG
    return side.config_lock, f"{side.name}: config.lock.toml" if side.config_lock else "defaults"


def _of(config: Config, side: Side, named: Named, copies: ExitStack) -> _Standard:
    folder = config.run.seeds
    seeds = {language: _seed_file(folder, language, side.revision, copies) for language in LANGUAGES}
    held_out = [existing(path) for path in named.held_out] or [
        _file(path, side.revision, copies) or _refuse(path, side) for path in config.filter.held_out
    ]
    return _Standard(
        rules_off={language: sorted(names) for language, names in config.validate_.disable.items()},
        threshold={**config.filter.threshold.model_dump(), **side.threshold},
        seeds={f"seeds/{language}.jsonl": path for language, path in seeds.items() if path and path.is_file()},
        held_out={f"held_out/{path.name}": path for path in held_out},
        cny_per_usd=config.limits.cny_per_usd,
    )


def _seed_file(folder: str, language: str, revision: str, copies: ExitStack) -> Path | None:
    name = f"{language}.jsonl"
    return _file(f"{folder}/{name}", revision, copies) if folder else bundled("seed_tasks") / name


def _file(path: str, revision: str, copies: ExitStack) -> Path | None:
    """Return a file as it was at a revision; as it is here if it is not in git, and so in no pull request either."""
    if revision and (found := files_at(revision, path, may_be_outside=True)):
        copy = Path(copies.enter_context(tempfile.TemporaryDirectory(prefix="selfinstruct-")), Path(path).name)
        copy.write_bytes(found.get("", b""))
        return copy
    return Path(path) if Path(path).exists() and not (revision and is_tracked(path)) else None


def _refuse(path: str, side: Side) -> Path:
    if not side.revision:
        return existing(path)
    raise InputError(f"{side.name}: its {DEFAULT_CONFIG} names {path}, which is not there; name it with --held-out")


def _seeds(files: Iterable[Path]) -> Iterator[Other]:
    from selfinstruct.seeds.read import read_seeds

    for file in files:
        for seed in read_seeds(file).seeds:
            yield Other("seed", seed.id, file.stem, seed.instruction)


def _differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Setting]:
    for key in sorted({*ours, *theirs}):
        if ours.get(key) != theirs.get(key):
            yield Setting(key=key, base=ours.get(key), head=theirs.get(key))


def _facts(standard: _Standard) -> dict[str, Any]:
    """Return {key: value} of all that can differ; a file is its sha256, shortened."""
    files = {**standard.seeds, **standard.held_out}
    return {
        **{f"validate.disable.{language}": ", ".join(names) or None for language, names in standard.rules_off.items()},
        **{f"filter.threshold.{language}": value for language, value in standard.threshold.items()},
        **{name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in files.items()},
    }
