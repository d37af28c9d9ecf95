"""The values of the configuration that are more than a text or a number."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

_LONGEST = 255
"""Bytes of a file's name that most file systems take."""


def _decimal(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError('must be a number of at least 0, such as "0.15"') from error
    if not value.is_finite() or value < 0:
        raise ValueError('must be a number of at least 0, such as "0.15"')
    return text


DecimalText = Annotated[str, AfterValidator(_decimal)]


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _positive(text: str) -> str:
    if not Decimal(text):
        raise ValueError("must be more than 0")
    return text


RateText = Annotated[str, BeforeValidator(_number_as_text), AfterValidator(_decimal), AfterValidator(_positive)]
"""A decimal above 0, written as a number or as text."""


def _row_id(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{16}", text):
        raise ValueError('write the id of a row, 16 hex digits such as "0123456789abcdef"')
    return text


RowId = Annotated[str, AfterValidator(_row_id)]


def _folder_name(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]{0,99}", text):
        raise ValueError(
            "write at most 100 letters, digits, dots and dashes, the first a letter or digit; Chinese ones too"
        )
    return text


FolderName = Annotated[str, AfterValidator(_folder_name)]


def _of_json(table: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(table, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError("must hold what JSON has: texts, finite numbers, true, false, lists and tables") from error
    return table


JsonTable = Annotated[dict[str, Any], AfterValidator(_of_json)]


def _path(text: str) -> str:
    if "\0" in text or any(len(part.encode("utf-8", "surrogatepass")) > _LONGEST for part in text.split("/")):
        raise ValueError(f"must be a path: no name in it of more than {_LONGEST} bytes or with a null character")
    return text


PathText = Annotated[str, AfterValidator(_path)]
