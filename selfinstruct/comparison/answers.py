"""The answers of one side to all questions: bought through the journal, made on this machine, or read from a file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from selfinstruct.comparison.asking import Session, ask_all
from selfinstruct.comparison.question import Question
from selfinstruct.comparison.sides import Side
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import InputError, RecordError
from selfinstruct.judging.pair import Speaker, request_of
from selfinstruct.records import Message, Record, Reply, Request, folded
from selfinstruct.system.files import read_jsonl
from selfinstruct.system.numbers import amount
from selfinstruct.weights import Say

Label = Literal["A", "B"]
LABELS: tuple[Label, Label] = ("A", "B")
_FIELDS = ("answer", "output", "response")
"""Where a line of a file has its answer: the first that is there."""


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
        return _of_file(side.path, questions, session.observer.say)
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


def _of_file(path: Path, questions: Sequence[Question], say: Say) -> Answers:
    """Return the answers of a file, each to the question with its id, or else with its text; `say` hears of lines that answer none."""
    by_id, by_text = {one.id: one for one in questions}, {_key(one.instruction, one.input): one for one in questions}
    found: dict[str, str] = {}
    strange: list[str] = []
    for line in _lines(path):
        asked = by_id.get(line.id) or by_text.get(line.asked)
        if asked is None:
            strange.append(line.where)
            continue
        if line.asked and line.asked not in {_key(asked.instruction, asked.input), _key(asked.instruction, "")}:
            raise InputError(
                f"{line.where}: id `{asked.id}` is that of another question than its instruction; correct one of them"
            )
        if found.setdefault(asked.id, line.text) != line.text:
            raise InputError(
                f"{line.where}: another answer to the question `{asked.id}`, which the file has answered before; remove one"
            )
    answers = {one.id: found.get(one.id, "").strip() for one in questions}
    _check_found(path, answers, strange, say)
    return {name: Answer(text=text) if text else Answer(fault="missing") for name, text in answers.items()}


def _check_found(path: Path, answers: Mapping[str, str], strange: Sequence[str], say: Say) -> None:
    """Say which lines answer no question; raises InputError where most questions are left without an answer beside such lines."""
    missing = sum(not text for text in answers.values())
    if missing == len(answers):
        raise InputError(
            f"{path}: answers none of the {amount(len(answers), 'question')}; a line has `id` or `instruction` (and `input`) of a question, and `answer` or `output`"
        )
    if not strange:
        return
    told = f"{path}: {amount(len(strange), 'line')} answer{'s' if len(strange) == 1 else ''} none of the questions (the first: {strange[0]})"
    if 2 * missing > len(answers):
        raise InputError(
            f"{told}, and {missing} of {len(answers)} questions have no answer; give the file of answers to these questions, or other --questions"
        )
    say(told)


class _Line(NamedTuple):
    """A line of a file of answers."""

    where: str
    id: str
    asked: str
    """What names its question by its text; empty where it has none."""
    text: str


def _lines(path: Path) -> Iterator[_Line]:
    if path.suffix != ".jsonl":
        for row in load_rows(path):
            yield _Line(str(path), row.id, _key(row.instruction, row.input), row.output)
        return
    for line, value in read_jsonl(path):
        where, name = f"{path}:{line}", next((one for one in _FIELDS if one in value), None)
        if name is None:
            raise RecordError(
                f"{where}: has no answer, but {', '.join(f'`{one}`' for one in value) or 'no field'}; put it under `answer`, or leave the line out"
            )
        if not isinstance(value[name], str | None):
            raise RecordError(f"{where}: field '{name}': must be a text; put the answer there, or leave the line out")
        identifier, instruction = value.get("id"), value.get("instruction", value.get("question"))
        asked = _key(instruction, str(value.get("input") or "")) if isinstance(instruction, str) else ""
        yield _Line(where, identifier if isinstance(identifier, str) else "", asked, value[name] or "")


def _key(instruction: str, input_text: str) -> str:
    return f"{folded(instruction)}\n{folded(input_text)}"
