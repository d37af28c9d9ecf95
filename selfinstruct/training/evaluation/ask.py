"""Answers of base and tuned model to tasks that nobody has answered, side by side."""

from collections.abc import Callable, Sequence
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.language.guess import guess_language
from selfinstruct.records import Row
from selfinstruct.training.data.encode import Format
from selfinstruct.training.evaluation.answers import answered
from selfinstruct.training.evaluation.compare import fitting_rows, trained_format
from selfinstruct.training.evaluation.report import EvaluationJob, Sample
from selfinstruct.training.model.facts import facts_of
from selfinstruct.training.model.load import load_model, load_tokenizer, locate
from selfinstruct.training.model.memory import enough
from selfinstruct.training.output.adapter import check_weights, load_tuned
from selfinstruct.training.output.metadata import check_finished

_OPEN = "?"
"""Stands for the answer that is not there yet: a chat template may not know an empty one. The models never see it."""


def ask(tasks: Sequence[str], job: EvaluationJob, say: Callable[[str], None]) -> list[Sample]:
    """Return the greedy answers of both models to each task, in order; a sample's row has no output.

    Raises InputError for an empty task, and for one that is longer than the model's context.
    """
    for line in check_finished(job.adapter):
        say(line)
    check_weights(job.adapter)
    rows = [_row(number, task) for number, task in enumerate(tasks, 1)]
    source = locate(job.model, say)
    tokenizer = load_tokenizer(source)
    form = trained_format(tokenizer, job.adapter, facts_of(source).ends)
    fitting = {row.id for row in fitting_rows(rows, source, tokenizer, form, job.adapter)}
    if long := next((row.id for row in rows if row.id not in fitting), ""):
        raise InputError(f"task {long} is longer than the context of the model; shorten it")
    with enough("a smaller --batch-size or --max-new-tokens"):
        base = _answers(load_model(source), rows, tokenizer, form, job)
        tuned = _answers(load_tuned(source, job.adapter), rows, tokenizer, form, job)
    return [
        Sample(row=row.model_copy(update={"output": ""}), base=first, tuned=second)
        for row, first, second in zip(rows, base, tuned, strict=True)
    ]


def _row(number: int, task: str) -> Row:
    if not task.strip():
        raise InputError(f"task {number} is empty; give an instruction")
    return Row(id=str(number), language=guess_language(task), instruction=task.strip(), input="", output=_OPEN)


def _answers(model: Any, rows: Sequence[Row], tokenizer: Any, form: Format, job: EvaluationJob) -> list[str]:
    return [text for text, _ in answered(model, rows, tokenizer, form, job)]
