"""Files, folders and rows: validate, repair, filter, export, and the figures of seeds."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from selfinstruct.api.operands import dataset as operand
from selfinstruct.api.operands import one_file
from selfinstruct.api.outputs import check_files
from selfinstruct.api.settings import PathLike, load_config, one_of, several
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, RecordError

if TYPE_CHECKING:
    from pandas import DataFrame

    from selfinstruct.dataset.export.write import Exported
    from selfinstruct.dataset.tools.counts import Counts
    from selfinstruct.dataset.tools.explain import RowExplanation
    from selfinstruct.dataset.tools.validate import Repairs, Validation
    from selfinstruct.records import Row

FORMATS = ("alpaca", "messages", "trl", "sharegpt", "parquet", "chatglm", "llamafactory", "axolotl", "swift")
SPLITS = ("all", "train", "held_out")
THOUGHTS = ("drop", "tags", "field", "empty")


def validate(
    source: "PathLike | Iterable[Row | Mapping[str, Any]] | DataFrame",
    *,
    disable: Sequence[str] | Mapping[str, Sequence[str]] = (),
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> "Validation":
    """Return every finding of every rule in a file, a dataset folder, a run, or rows in memory: records, mappings or a pandas DataFrame.

    `disable` names rules that are not applied, in both languages or by language; `config` is one that says so. Raises InputError for
    what cannot be read and RecordError, with the line or the position, for what is no row.

    >>> found = validate([{"instruction": "写一首关于春天的诗", "output": ""}])
    >>> [(one.finding.line, one.finding.rule) for one in found.findings]
    [(1, 'empty_output')]
    """
    from selfinstruct.dataset.tools.validate import validate

    disabled = config.validate_.disable if config else _disabled(disable)
    return validate(operand(source, say).path if isinstance(source, str | os.PathLike) else source, disabled)


def explain_row(source: PathLike, line: int, *, config: Config | None = None) -> "RowExplanation":
    """Return one row of a file, by line or position: its fields, each rule that speaks and what it is, and the scores of the classifier.

    Raises InputError where there is no row.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "rows.jsonl"
    >>> _ = file.write_text('{"instruction": "Write a short poem.", "output": ""}', encoding="utf-8")
    >>> [(one.rule, one.severity) for one in explain_row(file, 1).rules]
    [('empty_output', 'error')]
    """
    from selfinstruct.dataset.tools.explain import explain_row

    return explain_row(one_file(source), line, config.validate_.disable if config else None)


def repair(source: PathLike, output: PathLike) -> "Repairs":
    """Write the rows of a file to another one, repaired where that is safe, and return what was repaired; `source` stays as it is.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "rows.jsonl").write_text('{"instruction": "Name a colour. ", "output": "Blue"}', encoding="utf-8")
    >>> [change["rule"] for change in repair(folder / "rows.jsonl", folder / "repaired.jsonl").changes]
    ['stray_whitespace']
    """
    from selfinstruct.dataset.tools.validate import repair

    check_files([], {"--output": output})
    return repair(operand(source).path, Path(output))


def filter_file(  # noqa: PLR0913 - each is an option of the command line
    source: PathLike,
    kept: PathLike,
    dropped: PathLike,
    *,
    pool: Sequence[PathLike] = (),
    threshold: float | None = None,
    held_out: Sequence[PathLike] = (),
    by: Literal["instruction", "instruction+input"] = "instruction+input",
    rules: bool = False,
    fix: bool = False,
    workers: int | None = None,
    engine: Literal["local", "ray"] = "local",
    statistics: PathLike | None = None,
    config: Config | None = None,
    progress: Callable[[int, int], None] = lambda _decided, _written: None,
    checked: Callable[[int], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> "Counts":
    r"""Put a file of any size through the near-duplicate filter: kept rows to one file, dropped ones, with why, to another.

    With `rules`, rows that break one that `validate` applies are dropped first; with `fix`, rows are repaired before that as `repair` does.
    `pool` are files compared with too, `held_out` evaluation sets. `workers` are threads, and above a hundred thousand kept rows processes;
    `engine="ray"` has them on a Ray cluster; neither changes the result. Raises InputError for an unreadable file, ConfigError for a clash.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> rows = '{"instruction": "Name a river.", "output": "Loire"}\n{"instruction": "Name a river!", "output": "Seine"}'
    >>> _ = (folder / "rows.jsonl").write_text(rows, encoding="utf-8")
    >>> counts = filter_file(folder / "rows.jsonl", folder / "kept.jsonl", folder / "dropped.jsonl")
    >>> counts.ledger["total"]
    {'candidates': 2, 'accepted': 1, 'rejected': {'near_duplicate': 1}, 'pending': 0}
    """
    from selfinstruct.dataset.tools.deduplicate import filter_file
    from selfinstruct.dataset.tools.job import DeduplicationJob

    one_of("by", by, ("instruction", "instruction+input"))
    one_of("engine", engine, ("local", "ray"))
    (source,), pools, sets = ([one_file(one, say) for one in several(files)] for files in (source, pool, held_out))
    config = config or load_config(None, {"filter.threshold": threshold, "filter.held_out": [*map(str, sets)] or None})
    _check_filter_files(config, source, pools, {"--output": kept, "--rejected": dropped, "--statistics": statistics})
    job = DeduplicationJob(
        *(source, Path(kept), Path(dropped), pools, by),
        workers=workers or len(os.sched_getaffinity(0)),
        statistics=Path(statistics) if statistics else None,
        disabled=config.validate_.disable if rules else None,
        fix=fix,
        engine=engine,
    )
    return filter_file(config, job, progress, checked, say)


def _check_filter_files(
    config: Config, source: PathLike, pools: Sequence[PathLike], written: Mapping[str, PathLike | None]
) -> None:
    """Raise ConfigError where a file that is read would be written, or one would be written twice."""
    read = [("INPUT", str(source)), *(("--pool", str(one)) for one in pools)]
    check_files([*read, *(("--held-out", file) for file in config.filter.held_out)], written)


def export(  # noqa: PLR0913 - each is an option of the command line
    dataset: PathLike,
    format: str,  # noqa: A002 - the word of the command line
    output: PathLike,
    *,
    split: str | None = None,
    reasoning: str | None = None,
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> "Exported":
    """Write a dataset, file or run as `alpaca`, `messages`, `trl`, `sharegpt`, `parquet` or `chatglm`, or for a trainer.

    `llamafactory`, `axolotl` and `swift` are a folder that their trainer runs in: rows for training and for validation, and its
    configuration from `[finetune]`. `split` is `all`, `train` or `held_out`. `reasoning` says how thoughts are written: `drop`, `tags`
    (`<think>` before the answer), `field` or `empty` (tags in every row); as the target reads them unless it is told. `say` hears what
    rows or the target cannot hold.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "rows.jsonl").write_text('{"instruction": "Name a river.", "output": "Loire"}', encoding="utf-8")
    >>> [file.name for file in export(folder / "rows.jsonl", "alpaca", folder).files]
    ['alpaca.json']
    """
    from selfinstruct.dataset.export.trainers import TRAINER_FORMATS
    from selfinstruct.dataset.export.write import ExportJob, export
    from selfinstruct.dataset.io.rows import load_rows
    from selfinstruct.system.writing import told_replaced

    one_of("format", format, FORMATS)
    if split is not None:
        one_of("split", split, SPLITS)
    if reasoning is not None:
        one_of("reasoning", reasoning, THOUGHTS)
    _refuse_file(Path(output))
    config, source = config or load_config(), operand(dataset, say).path
    if format in TRAINER_FORMATS:
        config = _with_base_model(config)
    job = ExportJob(load_rows(source, say), source, format, Path(output), split, reasoning)  # type: ignore[arg-type] # checked above
    done = export(config, job)
    for note in done.notes:
        say(f"{format}: {note}")
    if done.replaced:
        say(told_replaced(done.replaced))
    return done


def check_seeds(files: Sequence[PathLike] = (), *, config: Config | None = None) -> dict[str, dict[str, Any]]:
    """Return {file: figures and findings} of seed files, else of those that the configuration names or that ship with the package.

    >>> figures = check_seeds()
    >>> sorted(one["language"] for one in figures.values())
    ['en', 'zh']
    """
    from selfinstruct.seeds.figures import findings_by_seed, seed_figures
    from selfinstruct.seeds.read import at_most, read_sound_seeds, seed_paths
    from selfinstruct.system.files import bundled

    config = config or load_config()
    folder = Path(config.run.seeds) if config.run.seeds else bundled("seed_tasks")
    paths = [Path(file) for file in several(files)] or [*seed_paths(folder, config.seeded_target).values()]
    read = [(path, *read_sound_seeds(path)) for path in paths]
    if faults := [fault for _, _, faults in read for fault in faults]:
        found = [(path, one) for path, file, _ in read for one in findings_by_seed(file)]
        faults += [f"{path}:{one['line']}: {one['rule']}: {one['detail']}" for path, one in found]
        raise RecordError(at_most(faults))
    return {str(path): seed_figures(file, topics="steered" in config.recipes) for path, file, _ in read}


def _disabled(disable: Sequence[str] | Mapping[str, Sequence[str]]) -> Any:
    """Return {language: rules}; raises ConfigError for a rule that is not known."""
    from selfinstruct.config import parse_settings
    from selfinstruct.quality.rules import RULE_NAMES

    value = dict(disable) if isinstance(disable, Mapping) else [disable] if isinstance(disable, str) else list(disable)
    return parse_settings({"validate": {"disable": value}}, "", "disable", RULE_NAMES).validate_.disable


def _refuse_file(output: Path) -> None:
    """Raise ConfigError where a folder is wanted and a file is named."""
    if output.exists() and not output.is_dir():
        raise ConfigError(f"--output {output}: is a file; name a folder, which may be new")
    if not output.exists() and output.suffix in {".json", ".jsonl", ".parquet"}:
        raise ConfigError(
            f"--output {output}: is the name of a file, and the files go into a folder; name one, which may be new"
        )


def _with_base_model(config: Config) -> Config:
    """Return the configuration with a hub id for known weights, the method's own defaults, and a learning rate for the model's size."""
    from selfinstruct.dataset.export.rates import learning_rate
    from selfinstruct.training.model.methods import resolved
    from selfinstruct.weights import WEIGHTS

    known = WEIGHTS.get(config.finetune.model)
    settings = resolved(config.finetune).model_copy(update={"model": known.base if known else config.finetune.model})
    if config.finetune.learning_rate is None and settings.learning_rate:
        rate = learning_rate(settings.method, settings.model, settings.learning_rate)
        settings = settings.model_copy(update={"learning_rate": rate})
    return config.model_copy(update={"finetune": settings})
