"""The answers of one side to all questions: bought through the journal, made on this machine, or read from a file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from selfinstruct.comparison.asking import Session, ask_all
from selfinstruct.comparison.question import Question
from selfinstruct.comparison.sides import Side
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import InputError, RecordError
from selfinstruct.judging.pair import Speaker, request_of
from selfinstruct.records import Message, Record, Reply, Request, folded
from selfinstruct.system.files import read_jsonl

Label = Literal["A", "B"]
LABELS: tuple[Label, Label] = ("A", "B")


class Answer(Record):
    """What a side said to one question."""

    text: str = ""
    fault: str = ""
    """Why there is none: `missing` in a file, else the fault of the reply."""
    is_cut: bool = False
    """It ends at the limit of tokens."""


Answers = Mapping[str, Answer]
"""{id of the question: answer}; a question that is still to be asked is not in it."""


class Settings(NamedTuple):
    """How answers are asked for."""

    seed: int
    max_tokens: int
    batch_size: int = 8
    """Prompts at once of a model on this machine."""


def answers_of(  # noqa: PLR0913, PLR0917 - who is asked what, and how
    session: Session, label: Label, side: Side, partner: Side, questions: Sequence[Question], settings: Settings
) -> Answers:
    """Return the answers of a side that stand; what stopped the asking is in the session's stop signal.

    `partner` is the other side: a base model beside its adapter is asked in the format that the adapter was trained with.
    """
    if side.kind == "file":
        assert side.path is not None  # noqa: S101 - a file has one
        return _of_file(side.path, questions)
    requests = {one.id: compose_answer(one, side, settings) for one in questions}
    what = f"answers of {label}"
    if side.teacher:
        replies = ask_all(session, label.lower(), side.teacher, list(requests.values()), what, typed=side.typed)
    else:
        from selfinstruct.comparison.local import Asked, answer_locally

        pairs = [(requests[one.id], one) for one in questions]
        replies = answer_locally(session, label, Asked(side, partner, pairs, settings.max_tokens, settings.batch_size))
    return {name: _answer(replies[request.slot]) for name, request in requests.items() if request.slot in replies}


def compose_answer(question: Question, side: Side, settings: Settings) -> Request:
    """Return the request for an answer: greedy, the question as it stands."""
    turns = [(role, text) for pair in question.history for role, text in zip(("user", "assistant"), pair, strict=True)]
    asked = "\n\n".join(part for part in (question.instruction, question.input) if part.strip())
    system = [("system", question.system)] if question.system else []
    messages = tuple(
        Message.model_validate({"role": role, "content": text}) for role, text in (*system, *turns, ("user", asked))
    )
    return request_of(question.language, "answer", messages, _speaker(side, settings), question.id)


def _speaker(side: Side, settings: Settings) -> Speaker:
    if side.teacher:
        return Speaker(side.teacher.model, settings.seed, settings.max_tokens, side.teacher.base_url)
    from selfinstruct.comparison.sides import fingerprint

    return Speaker(side.name, settings.seed, settings.max_tokens, fingerprint(side.path) if side.path else side.hub_id)


def _answer(reply: Reply) -> Answer:
    if reply.fault:
        return Answer(fault=reply.fault)
    return Answer(text=reply.text.strip(), is_cut=reply.cut)


def _of_file(path: Path, questions: Sequence[Question]) -> Answers:
    """Return the answers of a file, each to the question with its id, or else with its text."""
    found: dict[str, str] = {}
    for where, names, text in _lines(path):
        for name in names:
            if found.setdefault(name, text) != text:
                raise InputError(f"{where}: another answer to a question that the file has answered before; remove one")
    named = {
        one.id: next((found[name] for name in (one.id, _key(one.instruction, one.input)) if name in found), None)
        for one in questions
    }
    if not any(text is not None for text in named.values()):
        raise InputError(
            f"{path}: answers none of the {len(questions)} questions; a line has `id` or `instruction` (and `input`) of a question, and `answer` or `output`"
        )
    return {
        name: Answer(text=text.strip()) if text and text.strip() else Answer(fault="missing")
        for name, text in named.items()
    }


def _lines(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """Yield (where, names of the question, answer) of a file of answers."""
    if path.suffix != ".jsonl":
        for row in load_rows(path):
            yield str(path), [row.id, _key(row.instruction, row.input)], row.output
        return
    for line, value in read_jsonl(path):
        where = f"{path}:{line}"
        text = value.get("answer", value.get("output"))
        if not isinstance(text, str | None):
            raise RecordError(f"{where}: field 'answer': must be a text; put the answer there, or leave the line out")
        yield where, list(_names(value)), text or ""


def _names(value: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(value.get("id"), str):
        yield value["id"]
    instruction = value.get("instruction", value.get("question"))
    if isinstance(instruction, str):
        yield _key(instruction, str(value.get("input") or ""))


def _key(instruction: str, input_text: str) -> str:
    return f"{folded(instruction)}\n{folded(input_text)}"
