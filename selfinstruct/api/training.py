"""Tuning a model on a dataset, and measuring it against its base. Importing this loads no torch."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.api.operands import Dataset
from selfinstruct.api.operands import dataset as operand
from selfinstruct.api.settings import PathLike, existing, load_config, run_path
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.hub.operand import is_on_hub
from selfinstruct.system.faces import to_stderr

if TYPE_CHECKING:
    from selfinstruct.records import Row
    from selfinstruct.training import Evaluation, Preview, Result

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


def finetune(  # noqa: PLR0913 - each is an option of the command line
    dataset: PathLike | None = None,
    *,
    model: str | None = None,
    method: str | None = None,
    output: PathLike | None = None,
    max_steps: int | None = None,
    seed: int | None = None,
    merge: bool = False,
    fresh: bool = False,
    dry_run: bool = False,
    config: Config | None = None,
    run: PathLike | None = None,
    say: Say | None = None,
    progress: Progress | None = None,
) -> "Result | Preview":
    """Train an adapter on a file, folder or run, measure it before and after, read it back and compare.

    `model` is a known name, a directory, a GGUF file or a hub id; `method` one of lora, rslora, dora, ia3, prompt-tuning, prefix-tuning,
    p-tuning, p-tuning-v2, full or qlora. Losses in the result are nats per answer token on the validation split. A run that was stopped
    goes on from its last checkpoint unless `fresh`. `dry_run` returns a Preview, loads no weights and writes nothing.
    Needs the extra `finetune`. Raises InputError for rows, settings or a model that cannot be used, InterruptedRunError after Ctrl-C,
    StorageError when the adapter cannot be kept.

    >>> finetune("nowhere.jsonl", method="lora", dry_run=True)
    Traceback (most recent call last):
    ...
    selfinstruct.errors.InputError: nowhere.jsonl: no such file or directory
    """
    from selfinstruct import training

    say = say or to_stderr
    config = _with(config or load_config(), {"finetune.model": model, "finetune.method": method, "run.seed": seed})
    target = tuned_folder(config, folder := run_path(config, run), output)
    source, named = training_data(dataset, folder, say)
    training.check_installed()
    rows = _rows(source, say)
    general = _rows(operand(config.finetune.replay, say).path, say) if config.finetune.replay else []
    job = training.TrainingJob(
        settings=config.finetune,
        model=base_model(config.finetune.model, say, progress),
        output=target,
        seed=config.run.seed,
        max_steps=max_steps,
        merge=merge,
        fresh=fresh,
        dataset=named if is_on_hub(named) else "",
        **_origins(config, source),
    )
    return (training.dry_run if dry_run else training.finetune)(rows, general, job, say)


def evaluate(  # noqa: PLR0913 - each is an option of the command line
    adapter: PathLike | None = None,
    dataset: PathLike | None = None,
    *,
    model: str | None = None,
    output: PathLike | None = None,
    max_new_tokens: int = 256,
    batch_size: int = 8,
    rows_per_language: int = 0,
    samples: int = 3,
    config: Config | None = None,
    run: PathLike | None = None,
    say: Say | None = None,
    progress: Progress | None = None,
) -> "Evaluation":
    """Return validation loss, ROUGE-L and the share of answers that end, of base and tuned model, on rows that were not learned.

    Where `[judge]` names a model, its comparison of base (A) and tuned (B) is beside them, as `compare` makes it.

    `rows_per_language` is the most rows of each language, 0 for all; `samples` are rows shown with both answers. Writes `evaluation.json` and `evaluation.md`, answers side by side, into `output`, the adapter's folder unless told otherwise.
    Needs the extra `finetune`; raises as `finetune` does.

    >>> evaluate("nowhere")
    Traceback (most recent call last):
    ...
    selfinstruct.errors.InputError: nowhere: no such file or directory
    """
    from selfinstruct import training
    from selfinstruct.dataset.io.categories import load_categories
    from selfinstruct.system.plain import refuse_links

    say, config = say or to_stderr, config or load_config()
    folder = run_path(config, run)
    tuned, data = _adapter(config, folder, adapter), operand(dataset or folder, say).path
    target = tuned_folder(config, folder, output or tuned)
    job = training.EvaluationJob(
        model=base_model(model or _trained_on(tuned, config), say, progress),
        adapter=tuned,
        max_new_tokens=max_new_tokens,
        batch_size=batch_size,
        rows_per_language=rows_per_language,
        samples=sys.maxsize if config.judge.is_named else samples,
    )
    if output is None:
        refuse_links(tuned, ("evaluation.json", "evaluation.md"))
    found = training.evaluate(_rows(data, say), categories := load_categories(data), job, say)
    if config.judge.is_named:
        return _judged(found, categories, target, samples, config, say)
    _write(found, target)
    return found


def _adapter(config: Config, run: Path, given: PathLike | None) -> Path:
    """Return the folder of a tuned model that is there; raises InputError with the nearest name, or with how to make one."""
    folder = tuned_folder(config, run, given)
    if given is None and not folder.exists():
        raise InputError(
            f"{folder}: no adapter is there yet; `selfinstruct finetune` trains one, and --adapter names one that stands elsewhere"
        )
    return existing(folder)


def _judged(  # noqa: PLR0913, PLR0917 - what was measured, and what is to be shown of it
    found: "Evaluation", categories: Mapping[str, str], target: Path, samples: int, config: Config, say: Say
) -> "Evaluation":
    """Return an evaluation with the judge's word on its answers, written; so many of them are shown."""
    from selfinstruct.api.tuned import compare_tuned, shown

    every, found = found.samples, found.model_copy(update={"samples": shown(found.samples, samples)})
    _write(found, target)  # what is measured stands, whatever becomes of the judge
    found = found.model_copy(update={"comparison": compare_tuned(every, categories, target, config, say)})
    _write(found, target)
    return found


def tuned_folder(config: Config, run: Path, given: PathLike | None) -> Path:
    """Return the folder of a tuned model: the given one, or that of the method in the run.

    Raises InputError, before anything is read or written, when it is named as part of the run and a link leads out of it: a clone may hold
    one to any folder of the user. Raises ConfigError for an unknown method, which may be a path.
    """
    from selfinstruct.system.plain import refuse_way_out
    from selfinstruct.training.model.methods import method_of

    if not given:
        method_of(config.finetune)
    folder = Path(given) if given else run / "finetune" / config.finetune.method
    refuse_way_out(run, folder)
    return folder


def _rows(source: Path, say: Say) -> "list[Row]":
    """Return the rows of a source that can be learned; `say` hears of the others."""
    from selfinstruct.dataset.io.rows import load_rows
    from selfinstruct.training.data.learnable import learnable

    return learnable(load_rows(source, say), say)


def _origins(config: Config, source: Path) -> dict[str, Any]:
    """Return what is known of where model and rows come from: hub id, validation split, fingerprint."""
    from selfinstruct.dataset.review.sides import validation_ids
    from selfinstruct.weights import WEIGHTS

    known = WEIGHTS.get(config.finetune.model)
    return {
        "origin": known.base if known else "",
        "validation_ids": validation_ids(source, config.finetune.held_out) or frozenset(),
        "fingerprint": _fingerprint(source),
    }


def _write(found: "Evaluation", folder: Path) -> None:
    import json

    from selfinstruct.system.writing import write_text
    from selfinstruct.training.evaluation.report import markdown

    text = json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2)
    write_text(folder / "evaluation.json", text + "\n")
    write_text(folder / "evaluation.md", markdown(found))


def training_data(dataset: PathLike | None, folder: Path, say: Say) -> Dataset:
    """Return the file, folder, run or dataset of a hub to train on."""
    if not dataset and not folder.exists():
        raise InputError(f"{folder}: holds no dataset; run `selfinstruct generate` first, or name one with --dataset")
    return operand(dataset or folder, say)


def base_model(name: str, say: Say, progress: Progress | None = None) -> str:
    """Return a directory, file or hub id; known weights are fetched first."""
    from selfinstruct.weights import WEIGHTS, fetch

    return str(fetch(name, say=say, progress=progress)) if name in WEIGHTS else name


def _with(config: Config, given: Mapping[str, object]) -> Config:
    """Return a configuration with dotted keys set, checked again; None leaves a key as it is."""
    from selfinstruct.config import parse_settings

    sections: dict[str, dict[str, object]] = {}
    for key, value in given.items():
        if value is not None:
            section, name = key.split(".")
            sections.setdefault(section, {})[name] = value
    if not sections:
        return config
    checked = parse_settings(sections, "", "settings")
    changes = {
        name: getattr(config, name).model_copy(update={key: getattr(getattr(checked, name), key) for key in values})
        for name, values in sections.items()
    }
    return config.model_copy(update=changes)


def _trained_on(adapter: Path, config: Config) -> str:
    """Return the base model that an adapter names, or that of the configuration."""
    from selfinstruct.training.output.metadata import summary_of

    summary = summary_of(adapter)
    return summary.model if summary else config.finetune.model


def _fingerprint(run: Path) -> str:
    """Return the fingerprint of the run that a dataset is part of, or nothing."""
    from selfinstruct.dataset.release.manifest import MANIFEST, read_any_manifest
    from selfinstruct.system.plain import refuse_links

    for folder in (run, run.parent, run.parent.parent):
        if (folder / MANIFEST).is_file():
            refuse_links(folder, (MANIFEST,))
            return read_any_manifest(folder / MANIFEST)[0].fingerprint
    return ""
