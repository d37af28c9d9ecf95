"""Answers of a model to rows, and how it scores on each of them."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from selfinstruct.dataset.io.thoughts import split_thought
from selfinstruct.records import Record, Row
from selfinstruct.rouge import score, tokens
from selfinstruct.training.data.encode import Format, asked_and_answered
from selfinstruct.training.data.prepare import encoded_rows, examples_of
from selfinstruct.training.evaluation.generate import GeneratedAnswer, respond
from selfinstruct.training.evaluation.report import EvaluationJob, Scores
from selfinstruct.training.loop.measure import sums

_START = 8
"""Tokens of an answer that are shown as they stand: a leading blank or a block of thought is seen there."""


class AnswerScore(Record):
    """Scores of one model on one row."""

    loss: float
    """Sum over the tokens of the reference answer, in nats."""
    tokens: int
    rouge_l: float
    ended: bool
    text: str
    """The answer without its thought."""
    start: str
    """What the model wrote first, as it stands."""


def score_rows(  # noqa: PLR0913, PLR0917 -- model, rows, how they are written and measured
    model: Any,
    rows: Sequence[Row],
    tokenizer: Any,
    form: Format,
    job: EvaluationJob,
    told: Callable[[int], None] = lambda _: None,
) -> list[AnswerScore]:
    """Return a model's score on each row; `told` hears how many answers there are."""
    told(0)  # the losses come first, and take a while
    encoded, _ = encoded_rows(rows, tokenizer, form)
    measured = iter(sums(model, examples_of(encoded), _padding(tokenizer, form), job.batch_size))
    losses = [_summed(list(islice(measured, len(one.examples)))) for one in encoded]
    found = answered(model, rows, tokenizer, form, job, told)
    return [
        AnswerScore(
            loss=loss,
            tokens=count,
            rouge_l=score(tokens(text), tokens(row.output or _own_text(row, tokenizer, form))),
            ended=answer.ended,
            text=text,
            start=tokenizer.decode(answer.tokens[:_START]),
        )
        for row, (loss, count), (text, answer) in zip(rows, losses, found, strict=True)
    ]


def answered(  # noqa: PLR0913, PLR0917 -- as `score_rows`
    model: Any,
    rows: Sequence[Row],
    tokenizer: Any,
    form: Format,
    job: EvaluationJob,
    told: Callable[[int], None] = lambda _: None,
) -> list[tuple[str, GeneratedAnswer]]:
    """Return a model's greedy answer to each row: (its text without the thought, what was generated)."""
    prompts = [asked_and_answered(row, tokenizer, form)[0] for row in rows]
    answers = respond(model, prompts, form.end, _padding(tokenizer, form), job.max_new_tokens, job.batch_size, told)
    return [
        (split_thought(tokenizer.decode(answer.tokens, skip_special_tokens=True))[1].strip(), answer)
        for answer in answers
    ]


def _padding(tokenizer: Any, form: Format) -> int:
    return form.end if tokenizer.pad_token_id is None else int(tokenizer.pad_token_id)


def _own_text(row: Row, tokenizer: Any, form: Format) -> str:
    """Return an answer that is calls alone as the model would write it."""
    return str(tokenizer.decode(asked_and_answered(row, tokenizer, form)[1], skip_special_tokens=True))


def _summed(found: Sequence[tuple[float, int, int]]) -> tuple[float, int]:
    """Return (loss, tokens) of all examples of a row."""
    return sum(loss for loss, _, _ in found), sum(count for _, count, _ in found)


def scores(found: Sequence[AnswerScore]) -> Scores:
    """Return the aggregate scores of at least one row."""
    return Scores(
        loss=sum(one.loss for one in found) / sum(one.tokens for one in found),
        rouge_l=sum(one.rouge_l for one in found) / len(found),
        eos_rate=sum(one.ended for one in found) / len(found),
    )
