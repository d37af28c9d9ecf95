"""Base against tuned model by the judge of the configuration, from the answers that an evaluation has made already."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfinstruct.api.comparison import compare
from selfinstruct.config import Config

if TYPE_CHECKING:
    from selfinstruct.training.evaluation.report import Sample

FOLDER = "comparison"
"""In the folder of the evaluation."""


def compare_tuned(
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


def shown(samples: "Sequence[Sample]", most: int) -> "tuple[Sample, ...]":
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
