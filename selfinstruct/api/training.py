"""Tuning a model on a dataset. Importing this loads no torch."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.api.operands import Dataset
from selfinstruct.api.operands import dataset as operand
from selfinstruct.api.settings import PathLike, load_config, run_path
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.hub.operand import is_on_hub
from selfinstruct.system.faces import to_stderr

if TYPE_CHECKING:
    from selfinstruct.records import Row
    from selfinstruct.training import Preview, Result

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
    rows = learnable_rows(source, say)
    general = learnable_rows(operand(config.finetune.replay, say).path, say) if config.finetune.replay else []
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


def learnable_rows(source: Path, say: Say) -> "list[Row]":
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


def _fingerprint(run: Path) -> str:
    """Return the fingerprint of the run that a dataset is part of, or nothing."""
    from selfinstruct.dataset.release.manifest import MANIFEST, read_any_manifest
    from selfinstruct.system.plain import refuse_links

    for folder in (run, run.parent, run.parent.parent):
        if (folder / MANIFEST).is_file():
            refuse_links(folder, (MANIFEST,))
            return read_any_manifest(folder / MANIFEST)[0].fingerprint
    return ""
