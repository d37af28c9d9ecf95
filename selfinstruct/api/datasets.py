"""Files, folders and rows: validate, repair, filter, export, compare, report, and the figures of seeds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from selfinstruct.api.settings import PathLike, existing, load_config, one_of
from selfinstruct.config import Config
from selfinstruct.errors import InputError

if TYPE_CHECKING:
    from selfinstruct.dataset.diff import Checks, DatasetDiff
    from selfinstruct.dataset.export.write import Exported
    from selfinstruct.dataset.tools.validate import Repairs, Validation
    from selfinstruct.records import Row
    from selfinstruct.reports.run import Figures

FORMATS = ("alpaca", "messages", "sharegpt", "parquet", "chatglm", "llamafactory", "axolotl", "swift")
DIFF_FORMATS = ("text", "markdown", "html", "json")
SPLITS = ("all", "train", "held_out")
_MANY_ROWS = 500
"""Rows from which a second process pays for the rules: to compile their patterns takes a fifth of a second."""


def validate(
    source: "PathLike | Iterable[Row | Mapping[str, Any]]",
    *,
    disable: Sequence[str] | Mapping[str, Sequence[str]] = (),
    config: Config | None = None,
) -> "Validation":
    """Return every finding of every rule in a file, a dataset folder, a run, or rows in memory.

    `disable` names rules that are not applied, in both languages or by language; `config` is one that says so. Raises InputError for
    what cannot be read and RecordError, with the line or the position, for what is no row.

    >>> found = validate([{"instruction": "写一首关于春天的诗", "output": ""}])
    >>> [(one.finding.line, one.finding.rule) for one in found.findings]
    [(1, 'empty_output')]
    """
    from selfinstruct.dataset.tools.validate import validate

    disabled = config.validate_.disable if config else _disabled(disable)
    return validate(existing(source) if isinstance(source, str | Path) else source, disabled)


def repair(source: PathLike, output: PathLike) -> "Repairs":
    """Write the rows of a file to another one, repaired where that is safe, and return what was repaired; `source` stays as it is."""
    from selfinstruct.dataset.tools.validate import repair

    return repair(existing(source), Path(output))


class FilterCounts(NamedTuple):
    """What became of the rows of a file: rows == kept + dropped."""

    rows: int
    kept: int
    dropped: int
    empty: int
    """Rows without a letter, digit or character to compare by; they are kept."""


def filter_file(  # noqa: PLR0913 - each is an option of the command line
    source: PathLike,
    kept: PathLike,
    dropped: PathLike,
    *,
    pool: Sequence[PathLike] = (),
    threshold: float | None = None,
    held_out: Sequence[PathLike] = (),
    by: Literal["instruction", "instruction+input"] = "instruction",
    workers: int | None = None,
    statistics: PathLike | None = None,
    config: Config | None = None,
    progress: Callable[[int, int], None] = lambda _decided, _written: None,
) -> FilterCounts:
    """Put a file of any size through the near-duplicate filter: kept rows to one file, dropped ones, with why, to another.

    `pool` are files compared with too; `held_out` are evaluation sets that no row may repeat; `workers` are threads, one a core unless
    told otherwise. Raises InputError for a file that cannot be read, ConfigError for one that is both read and written.
    """
    import os

    from selfinstruct.dataset.tools.deduplicate import DeduplicationJob, filter_file

    given = {"filter.threshold": threshold, "filter.held_out": [str(file) for file in held_out] or None}
    config = config or load_config(None, given)
    read = [("INPUT", str(source)), *(("--pool", str(one)) for one in pool)]
    read += [("--held-out", file) for file in config.filter.held_out]
    _check_files(read, {"--output": kept, "--rejected": dropped, "--statistics": statistics})
    job = DeduplicationJob(
        Path(source),
        Path(kept),
        Path(dropped),
        [Path(one) for one in pool],
        by,
        workers or len(os.sched_getaffinity(0)),
        Path(statistics) if statistics else None,
    )
    return FilterCounts(**filter_file(config, job, progress))


def export(  # noqa: PLR0913 - each is an option of the command line
    dataset: PathLike,
    format: str,  # noqa: A002 - the word of the command line
    output: PathLike,
    *,
    split: str | None = None,
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> "Exported":
    """Write a dataset, file or run as `alpaca`, `messages`, `sharegpt`, `parquet` or `chatglm`, or for a trainer.

    `llamafactory`, `axolotl` and `swift` are a folder that their trainer runs in: rows for training and for validation, and its
    configuration from `[finetune]`. `split` is `all`, `train` or `held_out`. `say` hears what rows cannot hold and is left out.
    """
    from selfinstruct.dataset.export.trainers import TRAINER_FORMATS
    from selfinstruct.dataset.export.write import export
    from selfinstruct.dataset.io.rows import load_rows

    one_of("format", format, FORMATS)
    if split is not None:
        one_of("split", split, SPLITS)
    config, source = config or load_config(), existing(dataset)
    if format in TRAINER_FORMATS:
        config = _with_base_model(config)
    return export(config, load_rows(source, say), source, format, Path(output), split)  # type: ignore[arg-type] # checked above


def diff(
    base: PathLike,
    head: PathLike,
    *,
    fail_on: str = "",
    held_out: Sequence[PathLike] = (),
    config: Config | None = None,
) -> "DatasetDiff":
    """Return what changed from one dataset to another, why, and what to read first.

    Each is a file, a dataset folder, a run directory, or `git:REVISION:PATH`; `base` may be a revision alone. `fail_on` holds
    conditions such as `removed>1%, near_duplicates>0`; `.gates` says which failed. `render` shows it.
    """
    from functools import partial

    from selfinstruct.dataset.diff import Findings, compare, later, parse_gates
    from selfinstruct.dataset.diff.read import operands, read_sides
    from selfinstruct.system.fork import run_in_fork

    conditions = parse_gates(fail_on)
    config = config or load_config(None, {"filter.held_out": [str(file) for file in held_out] or None})
    checks = _checks(config)._replace(conditions=conditions)
    sides = read_sides(*operands(str(base), str(head)))
    many = sum(len(side.entries) for side in sides) >= _MANY_ROWS
    return compare(*sides, checks, partial(run_in_fork, Findings) if many else later)


def render(diff: "DatasetDiff", format: str = "text") -> str:  # noqa: A002 - the word of the command line
    """Return a diff as `text`, `markdown`, `html` (one offline page) or `json`."""
    from selfinstruct.reports.diff import render

    return render(diff, one_of("format", format, DIFF_FORMATS))


class Report(NamedTuple):
    """A page that was written, and the numbers on it."""

    path: Path
    rows: int
    figures: "Figures"


def report(dataset: PathLike, output: PathLike | None = None, *, config: Config | None = None) -> Report:
    """Write one offline HTML page of a run, dataset or file: funnel, rejections, verbs, lengths, cost, a sample to read.

    It goes to `report.html` in the folder, or beside the file, unless told otherwise. Needs the extra `report` (matplotlib).
    """
    from selfinstruct.reports.run import figures_of, gather, page
    from selfinstruct.system.extras import require
    from selfinstruct.system.files import write_text

    path = Path(dataset)
    require(["matplotlib"], "the report", "report")
    if not path.exists():
        raise InputError(f"{path}: holds no run; `selfinstruct generate` makes one, or name a file with --dataset")
    material = gather(path, config or load_config())
    figures = figures_of(material)
    target = Path(output) if output else (path if path.is_dir() else path.parent) / "report.html"
    write_text(target, page(material, figures))
    return Report(target, len(material.rows), figures)


def check_seeds(files: Sequence[PathLike] = (), *, config: Config | None = None) -> dict[str, dict[str, Any]]:
    """Return {file: figures and findings} of seed files, else of those that the configuration names or that ship with the package.

    >>> figures = check_seeds()
    >>> sorted(one["language"] for one in figures.values())
    ['en', 'zh']
    """
    from selfinstruct.seeds.figures import seed_figures
    from selfinstruct.seeds.read import read_seeds
    from selfinstruct.system.files import bundled

    config = config or load_config()
    folder = Path(config.run.seeds) if config.run.seeds else bundled("seed_tasks")
    paths = [Path(file) for file in files] or [folder / f"{language}.jsonl" for language in sorted(config.target)]
    return {str(path): seed_figures(read_seeds(path)) for path in paths}


def _disabled(disable: Sequence[str] | Mapping[str, Sequence[str]]) -> Any:
    """Return {language: rules}; raises ConfigError for a rule that is not known."""
    from selfinstruct.config import parse_settings
    from selfinstruct.quality.rules import RULE_NAMES

    value = dict(disable) if isinstance(disable, Mapping) else [disable] if isinstance(disable, str) else list(disable)
    return parse_settings({"validate": {"disable": value}}, "", "disable", RULE_NAMES).validate_.disable


def _check_files(read: Sequence[tuple[str, str]], written: Mapping[str, PathLike | None]) -> None:
    """Raise InputError for a file that is not there, ConfigError for one that is written and read, or written twice."""
    from selfinstruct.errors import ConfigError

    for _, file in read:
        existing(file)
    taken = list(read)
    for option_name, path in written.items():
        for other, name in taken if path else ():
            if _is_one_file(Path(str(path)), Path(name)):
                raise ConfigError(f"{option_name} {path}: is the file of {other} {name}; name another one")
        taken += [(option_name, str(path))] if path else []


def _is_one_file(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _with_base_model(config: Config) -> Config:
    """Return the configuration with a hub id for known weights, and the method's own defaults filled in."""
    from selfinstruct.training.model.methods import resolved
    from selfinstruct.weights import WEIGHTS

    known = WEIGHTS.get(config.finetune.model)
    settings = resolved(config.finetune).model_copy(update={"model": known.base if known else config.finetune.model})
    return config.model_copy(update={"finetune": settings})


def _checks(config: Config) -> "Checks":
    """Return the seeds, evaluation sets and rules that a configuration names."""
    from selfinstruct.dataset.diff import Checks, Other
    from selfinstruct.dataset.io.evaluation_sets import read_evaluation_sets
    from selfinstruct.language import LANGUAGES
    from selfinstruct.seeds.read import read_seeds
    from selfinstruct.system.files import bundled

    folder = existing(config.run.seeds) if config.run.seeds else bundled("seed_tasks")
    others = [
        Other("seed", seed.id, language, seed.instruction)
        for language in LANGUAGES
        if (folder / f"{language}.jsonl").is_file()
        for seed in read_seeds(folder / f"{language}.jsonl").seeds
    ]
    sets = read_evaluation_sets([existing(path) for path in config.filter.held_out])[0]
    return Checks(others, sets, config.validate_.disable)
