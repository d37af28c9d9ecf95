"""The JSON Schema of a row: `python -m selfinstruct.dataset.export.schema > docs/row.schema.json`."""

import json
import sys
from typing import Any

from selfinstruct.records import Row

_ANSWERS = ("output", "chosen", "rejected")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of a dataset: a row has `output`, a preference pair `chosen` and `rejected` in its place."""
    found: dict[str, Any] = Row.model_json_schema(mode="validation")
    properties = found["properties"]
    properties["chosen"] = properties["output"] | {
        "title": "Chosen",
        "description": "The better answer of a preference pair.",
    }
    properties["rejected"] |= {"minLength": 1}
    found["required"] = [name for name in found["required"] if name not in _ANSWERS]
    found["oneOf"] = [
        {"required": ["output"], "not": {"anyOf": [{"required": ["chosen"]}, {"required": ["rejected"]}]}},
        {"required": ["chosen", "rejected"], "not": {"required": ["output"]}},
    ]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
