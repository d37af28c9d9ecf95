"""A tuned model beside its base: scores, answers to tasks of one's own, and the word of the judge. Importing this loads no torch."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.api.comparison import compare
from selfinstruct.api.operands import dataset as operand
from selfinstruct.api.settings import PathLike, existing, load_config, run_path
from selfinstruct.api.training import Progress, Say, base_model, learnable_rows, tuned_folder
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.system.faces import to_stderr

if TYPE_CHECKING:
    from selfinstruct.training import Evaluation
    from selfinstruct.training.evaluation.report import Sample

FOLDER = "comparison"
"""In the folder of the evaluation."""


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
    found = training.evaluate(learnable_rows(data, say), categories := load_categories(data), job, say)
    if config.judge.is_named:
        return _judged(found, categories, target, samples, config, say)
    _write(found, target)
    return found


def ask(  # noqa: PLR0913 - each is an option of the command line
    tasks: Sequence[str],
    adapter: PathLike | None = None,
    *,
    model: str | None = None,
    max_new_tokens: int = 256,
    batch_size: int = 8,
    config: Config | None = None,
    run: PathLike | None = None,
    say: Say | None = None,
    progress: Progress | None = None,
) -> "list[Sample]":
    """Return the answers of base and tuned model to tasks of your own, each the instruction alone, in order; writes nothing.

    Needs the extra `finetune`; raises as `finetune` does.

    >>> ask(["Name a bird."], "nowhere")
    Traceback (most recent call last):
    ...
    selfinstruct.errors.InputError: nowhere: no such file or directory
    """
    from selfinstruct import training

    say, config = say or to_stderr, config or load_config()
    tuned = _adapter(config, run_path(config, run), adapter)
    job = training.EvaluationJob(
        model=base_model(model or _trained_on(tuned, config), say, progress),
        adapter=tuned,
        max_new_tokens=max_new_tokens,
        batch_size=batch_size,
    )
    return training.ask(tasks, job, say)


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
    every, found = found.samples, found.model_copy(update={"samples": _shown(found.samples, samples)})
    _write(found, target)  # what is measured stands, whatever becomes of the judge
    found = found.model_copy(update={"comparison": _compare(every, categories, target, config, say)})
    _write(found, target)
    return found


def _write(found: "Evaluation", folder: Path) -> None:
    import json

    from selfinstruct.system.writing import write_text
    from selfinstruct.training.evaluation.report import markdown

    text = json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2)
    write_text(folder / "evaluation.json", text + "\n")
    write_text(folder / "evaluation.md", markdown(found))


def _trained_on(adapter: Path, config: Config) -> str:
    """Return the base model that an adapter names, or that of the configuration."""
    from selfinstruct.training.output.metadata import summary_of

    summary = summary_of(adapter)
    return summary.model if summary else config.finetune.model


def _compare(
    samples: "Sequence[Sample]", categories: Mapping[str, str], folder: Path, config: Config, say: Callable[[str], None]
) -> dict[str, Any]:
    """Return what `compare` says of the base model (A) and the tuned one (B) on the rows of an evaluation, as `--json` prints it.

    Questions, answers, journal and report go to `comparison/` in the folder. Raises as `compare` does.
    """
    from selfinstruct.system.writing import write_jsonl

    target = folder / FOLDER
    questions = [_question(one, categories) for one in samples]
    paths = {name: target / f"{name}.jsonl" for name in ("questions", "base", "tuned")}
    write_jsonl(paths["questions"], questions)
    write_jsonl(paths["base"], [{"id": one.row.id, "answer": one.base} for one in samples])
    write_jsonl(paths["tuned"], [{"id": one.row.id, "answer": one.tuned} for one in samples])
    found = compare(paths["base"], paths["tuned"], questions=paths["questions"], output=target, config=config, say=say)
    return found.document()


def _shown(samples: "Sequence[Sample]", most: int) -> "tuple[Sample, ...]":
    """Return at most `most` samples of each language, those that an evaluation without a judge would show."""
    from selfinstruct.training.evaluation.compare import sample_rows

    kept = {row.id for row in sample_rows([one.row for one in samples], most)} if most else set()
    return tuple(one for one in samples if one.row.id in kept)


def _question(sample: "Sample", categories: Mapping[str, str]) -> dict[str, Any]:
    row = sample.row
    value: dict[str, Any] = {
        "id": row.id,
        "language": row.language,
        "kind": categories.get(row.id, ""),
        "instruction": row.instruction,
        "input": row.input,
        "system": row.system,
        "history": [list(pair) for pair in row.history],
        "reference": row.output,
        "checks": [one.model_dump(mode="json") for one in row.checks],
    }
    return {name: held for name, held in value.items() if held}
