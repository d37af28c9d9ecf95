"""What both sides are asked: the shipped questions, a file, or the validation split of a dataset.

A question of a file has `instruction` and, where there is such, `input`, `language`, `kind`, `reference` (or `output`) and `checks`, as a row
of a dataset has them; any instruction file is read too.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from selfinstruct.comparison.checkers import arguments_fault, is_known
from selfinstruct.comparison.question import Question
from selfinstruct.dataset.io.categories import load_categories
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.review.sides import validation_ids
from selfinstruct.errors import InputError, RecordError
from selfinstruct.language.guess import guess_language
from selfinstruct.records import LanguageCode, Row, row_id
from selfinstruct.system.documents import describe
from selfinstruct.system.files import bundled, read_jsonl

SHIPPED = "comparison_tasks"
"""Folder that ships with the package: `questions/<language>.jsonl` and `calibration/<language>.jsonl`."""


def shipped_questions(languages: tuple[LanguageCode, ...] = ("en", "zh")) -> list[Question]:
    """Return the questions that ship with the package, half of them with a check or a reference."""
    return [
        one for language in languages for one in read_questions(bundled(SHIPPED) / "questions" / f"{language}.jsonl")
    ]


def read_questions(path: Path, share: float = 0.0) -> list[Question]:
    """Return the questions of a file, or of the validation split of a dataset.

    Of a dataset without splits every row is one; `share` is that of the validation split, for rows that no split file has yet. Raises
    InputError where there is none, and for two with the same text.
    """
    questions = list(_of_lines(path) if _has_questions(path) else _of_rows(path, share))
    if not questions:
        raise InputError(f"{path}: holds no question; name a file or a dataset that has some")
    seen: dict[str, str] = {}
    for one in questions:
        if one.id in seen:
            raise InputError(f"{path}: the question `{one.instruction[:60]}` ({one.id}) is there twice; remove one")
        seen[one.id] = one.instruction
    return questions


def questions_sha256(questions: list[Question]) -> str:
    """Return the hash of what is asked and checked."""
    digest = hashlib.sha256()
    for one in questions:
        digest.update(one.model_dump_json().encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def _has_questions(path: Path) -> bool:
    """Return whether a file is one of questions rather than of rows: its first line has an instruction and no answer of a row."""
    if not path.is_file() or path.suffix != ".jsonl":
        return False
    first: dict[str, Any] = next((value for _, value in read_jsonl(path)), {})
    return "instruction" in first and not {"output", "chosen", "messages", "conversations"} & set(first)


_FIELDS = frozenset(Question.model_fields)


def _of_lines(path: Path) -> Iterator[Question]:
    for line, value in read_jsonl(path):
        known = {name: held for name, held in value.items() if name in _FIELDS}
        text = f"{value.get('instruction', '')} {value.get('input', '')}"
        known.setdefault("language", guess_language(text))
        known.setdefault("id", row_id(known["language"], str(value.get("instruction")), str(value.get("input", ""))))
        known["kind"] = str(known.get("kind") or value.get("category") or "")
        try:
            one = Question.model_validate(known)
        except ValidationError as error:
            raise RecordError(
                f"{path}:{line}: {describe(error)}; a question has `instruction`, and `input`, `reference` and `checks` where there are such"
            ) from error
        _check_kinds(one, f"{path}:{line}")
        yield one


def _check_kinds(question: Question, where: str) -> None:
    for check in question.checks:
        if not is_known(check.kind):
            raise RecordError(
                f"{where}: field 'checks': the kind `{check.kind}` is not known; docs/judging.md lists them"
            )
        if wrong := arguments_fault(question, check):
            raise RecordError(
                f"{where}: field 'checks': the check `{check.kind}`: {wrong}; docs/judging.md has an example"
            )


def _of_rows(path: Path, share: float) -> Iterator[Question]:
    validation, categories = validation_ids(path, share), load_categories(path)
    for row in load_rows(path):
        if validation is None or row.id in validation:
            yield _question(row, categories.get(row.id, ""))


def _question(row: Row, kind: str) -> Question:
    return Question(
        id=row.id,
        language=row.language,
        kind=kind,
        instruction=row.instruction,
        input=row.input,
        system=row.system,
        history=row.history,
        reference=row.output,
        checks=row.checks,
    )
