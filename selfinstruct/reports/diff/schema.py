"""The JSON Schema of `diff --json`: `python -m selfinstruct.reports.diff.schema > docs/diff.schema.json`."""

import json
import sys
from typing import Any

from selfinstruct.dataset.diff.records import DatasetDiff


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `selfinstruct diff --json`."""
    found: dict[str, Any] = DatasetDiff.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
