"""Answers of a model on this machine, greedy, through transformers; needs the extra `finetune`.

They are written to the journal as replies of an endpoint are, a batch at a time, so that a stop loses one batch at most.
"""

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.comparison.asking import Session
from selfinstruct.comparison.question import Question
from selfinstruct.comparison.sides import Side
from selfinstruct.journal import Journal
from selfinstruct.records import Reply, Request, Row
from selfinstruct.teacher import read_reply

_AT_ONCE = 4
"""Batches between two writes: prompts of like length are answered together."""


class _Model(NamedTuple):
    """A loaded model and how it is prompted."""

    model: Any
    tokenizer: Any
    form: Any


class Asked(NamedTuple):
    """What a model on this machine is asked, and how."""

    side: Side
    partner: Side
    pairs: Sequence[tuple[Request, Question]]
    max_tokens: int
    batch_size: int


def answer_locally(session: Session, label: str, asked: Asked) -> dict[str, Reply]:
    """Return {slot: reply} of all questions, made where the journal has none."""
    folder = session.folder / label.lower() / "journal"
    replies = _replies(folder)
    missing = [pair for pair in asked.pairs if pair[0].slot not in replies]
    if missing and not session.stop_signal.error:
        loaded = _load(session, asked.side, asked.partner)
        size = asked.batch_size * _AT_ONCE
        for start in range(0, len(missing), size):
            session.observer.watch(f"answers of {label}", len(asked.pairs) - len(missing) + start, len(asked.pairs))
            made = list(_generated(loaded, missing[start : start + size], asked))
            with Journal(folder) as journal:  # not while a model is at work, whose child processes would hold its lock
                asyncio.run(_keep(journal, made))
        replies = _replies(folder)
    return {request.slot: replies[request.slot] for request, _ in asked.pairs if request.slot in replies}


def _replies(folder: Path) -> dict[str, Reply]:
    with Journal(folder, read_only=True) as journal:
        return {one.request.slot: read_reply(one.status, one.body) for one in journal.recorded()}


async def _keep(journal: Journal, made: Sequence[tuple[Request, bytes]]) -> None:
    for request, body in made:
        attempt = await journal.intend(request, 0)
        await journal.record(request.slot, attempt, 200, body, 0)


def _generated(
    loaded: _Model, part: Sequence[tuple[Request, Question]], asked: Asked
) -> Iterator[tuple[Request, bytes]]:
    from selfinstruct.training.data.encode import asked_and_answered
    from selfinstruct.training.evaluation.generate import respond

    tokenizer, form = loaded.tokenizer, loaded.form
    pad = form.end if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    prompts = [asked_and_answered(_row(question), tokenizer, form)[0] for _, question in part]
    answers = respond(loaded.model, prompts, form.end, pad, asked.max_tokens, asked.batch_size)
    for (request, _), answer in zip(part, answers, strict=True):
        text = tokenizer.decode(answer.tokens, skip_special_tokens=True)
        yield request, _body(text, request.sampling.model, "stop" if answer.ended else "length")


def _body(text: str, model: str, finish: str) -> bytes:
    """Return an answer as the body of a chat completion, which reads thoughts and cuts as any other."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return json.dumps({"object": "chat.completion", "model": model, "choices": [choice]}, ensure_ascii=False).encode(
        "utf-8", "replace"
    )


def _row(question: Question) -> Row:
    return Row(
        id=question.id,
        language=question.language,
        instruction=question.instruction,
        input=question.input,
        output=question.reference or "-",
        system=question.system,
        history=question.history,
    )


def _load(session: Session, side: Side, partner: Side) -> _Model:
    from selfinstruct.training import ENVIRONMENT, check_installed
    from selfinstruct.training.evaluation.compare import trained_format
    from selfinstruct.training.model.facts import facts_of
    from selfinstruct.training.model.load import load_model, load_tokenizer, locate
    from selfinstruct.training.output.adapter import load_tuned
    from selfinstruct.training.output.metadata import summary_of

    check_installed()
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    name = str(side.path) if side.path else side.hub_id
    summary = summary_of(side.path) if side.path else None
    source = locate(summary.model if summary else name, session.observer.say)
    tokenizer = load_tokenizer(source)
    trained = next((path for path in (side.path, partner.path) if path and _is_of(path, name)), Path(name))
    form = trained_format(tokenizer, trained, facts_of(source).ends)
    model = load_tuned(source, side.path) if side.path and summary else load_model(source)
    return _Model(model, tokenizer, form)


def _is_of(folder: Path, model: str) -> bool:
    """Return whether a folder was trained from a model, or is that model and was trained itself."""
    from selfinstruct.training.output.metadata import summary_of

    summary = summary_of(folder) if folder.is_dir() else None
    return summary is not None and (
        model in {str(folder), summary.model} or Path(summary.model).resolve() == Path(model).resolve()
    )
