"""Reading JSON that a run or a training wrote down, as the record that it must be; nothing untyped travels further than this.

A file may have come with a clone, from an older version, or out of a text editor: what does not fit is refused with file, line, field
and remedy. Only `fitting`, for a reader who must go on, leaves out the fields that do not fit and says which.
"""

import json
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, ValidationError

from selfinstruct.errors import InputError
from selfinstruct.records import Record
from selfinstruct.system.files import read_jsonl, read_text
from selfinstruct.system.json_faults import fault_of

DEEPEST = 32
"""Most levels of a document of ours; far more would end Python's stack."""
_WIDEST = 40
"""Most characters of a field name in a message."""


def like(pattern: str, what: str) -> AfterValidator:
    """Return the check that a text has a shape; `what` says which, for the message."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"must be {what}")
        return text

    return AfterValidator(check)


Count = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
DecimalText = Annotated[str, like(r"[0-9]{1,15}(\.[0-9]{1,12})?", 'an amount as text, such as "0.15"')]
Hex = Annotated[str, like("[0-9a-f]{1,128}", "a hash in hexadecimal digits")]
HexOrNone = Annotated[str, like("[0-9a-f]{0,128}", "a hash in hexadecimal digits, or empty")]
Word = Annotated[str, like("[a-z0-9_.]{1,80}", "the name of a rule or step")]


def _on_calendar(text: str) -> str:
    return date.fromisoformat(text).isoformat() if text else ""


Day = Annotated[str, AfterValidator(_on_calendar)]
"""ISO 8601, or empty."""

R = TypeVar("R", bound=Record)


class Stated(Record):
    """Base of what is read back: immutable; a field that a newer version has added is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Open(Stated):
    """Base of what is compared with another of its kind, key by key: further keys stay, with JSON values."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    def document(self) -> dict[str, Any]:
        """Return what the file said."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def read_document(path: Path, kind: type[R], remedy: str) -> R:
    """Return a JSON file as a record; raises InputError with file, field and remedy."""
    try:
        text = read_text(path)
    except InputError as error:
        raise InputError(f"{error}, or {remedy}") from error
    return fit(kind, parse_object(text, str(path), remedy), str(path), remedy)


def read_lines(path: Path, kind: type[R], remedy: str) -> Iterator[R]:
    """Yield the lines of a JSON Lines file as records; raises InputError with file, line, field and remedy."""
    for number, value in read_jsonl(path):
        where = f"{path}:{number}"
        yield fit(kind, _checked(value, where, remedy), where, remedy)


def parse_object(text: str, where: str, remedy: str) -> dict[str, Any]:
    """Return the JSON object of a text: finite numbers, few levels; raises InputError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers of more than 4,300 digits
        raise InputError(f"{where}: not JSON ({reason_of(error)}); {remedy}") from error
    if not isinstance(value, dict):
        raise InputError(f"{where}: must hold one object; {remedy}")
    return _checked(value, where, remedy)


def fit(kind: type[R], value: dict[str, Any], where: str, remedy: str) -> R:
    """Return an object as a record; raises InputError with the first field that does not fit."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise InputError(f"{where}: {describe(error)}; {remedy}") from error


def fitting(kind: type[R], value: dict[str, Any]) -> tuple[R, tuple[str, ...]]:
    """Return an object as a record without the top-level fields that do not fit, and the names of those."""
    try:
        return kind.model_validate(value), ()
    except ValidationError as error:
        wrong = dict.fromkeys(str(finding["loc"][0]) for finding in error.errors() if finding["loc"])
        return kind.model_validate({name: held for name, held in value.items() if name not in wrong}), tuple(wrong)


def describe(error: ValidationError, place: int = 0) -> str:
    """Return what is wrong with the first field that does not fit, or with that at another `place`; never the value, which may be anything."""
    first = error.errors(include_input=False, include_url=False)[place]
    field = ".".join(_short(str(part)) for part in first["loc"])
    said = "is missing; write it" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
    return f"field `{field}`: {said}" if field else said


def _short(part: str) -> str:
    return part if len(part) <= _WIDEST else part[:_WIDEST] + "…"


def reason_of(error: Exception) -> str:
    """Return what is wrong with a text that is no JSON, in a few words."""
    if isinstance(error, json.JSONDecodeError) and (fault := fault_of(error)).remedy:
        return f"{fault.text} at column {fault.column}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error).split(": line")[0][:80]


def _checked(value: dict[str, Any], where: str, remedy: str) -> dict[str, Any]:
    """Return an object unless it is nested too deeply or has a number that JSON has not."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return value
        if any(isinstance(one, float) and not math.isfinite(one) for one in level):
            raise InputError(f"{where}: has a number that is none (NaN or infinite); {remedy}")
    raise InputError(f"{where}: nested too deeply, more than {DEEPEST} levels; {remedy}")


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
