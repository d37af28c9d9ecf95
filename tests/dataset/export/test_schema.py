"""The published schema of a row is that of the code, and rows of every kind fit it."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from selfinstruct.dataset.export.schema import schema
from selfinstruct.records import Row
from selfinstruct.system.files import PACKAGE, read_text
from tests.support.exports import ROWS
from tests.support.rich_rows import rich_rows
from tests.support.rows import row

VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_published_schema_is_that_of_the_code() -> None:
    published = json.loads(read_text(PACKAGE.parent / "docs" / "row.schema.json"))
    assert published == schema(), "write it anew: python -m selfinstruct.dataset.export.schema > docs/row.schema.json"


@settings(deadline=None, max_examples=50)
@given(one=rich_rows())
def test_rows_with_everything_fit_it(one: Row) -> None:
    VALIDATOR.validate(one.model_dump(mode="json"))
    VALIDATOR.validate(one.model_copy(update={"rejected": "no"}).model_dump(mode="json"))


def test_plain_rows_have_five_keys_in_order() -> None:
    for one in ROWS[:3]:
        VALIDATOR.validate(one.model_dump(mode="json"))
        assert list(one.model_dump()) == ["id", "language", "instruction", "input", "output"]


@pytest.mark.parametrize(
    "changes",
    [{"chosen": "a"}, {"rejected": "a"}, {"answer": "a"}, {"history": [["a"]]}, {"language": "fr"}, {"tools": ["a"]}],
)
def test_what_is_no_row_does_not_fit_it(changes: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(row("Name a river.").model_dump(mode="json") | changes)
