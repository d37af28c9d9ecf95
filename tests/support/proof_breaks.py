"""Provable rows of the scripted teacher, and edits after which they are proved no more."""

import random
import re
from collections.abc import Iterator
from typing import Any

from selfinstruct.records import LanguageCode
from selfinstruct.verifiers.registry import KINDS
from tests.support.bootstraps import run, scripted
from tests.support.mixes import mixed_plan

Row = dict[str, Any]


def proved_rows(language: LanguageCode, count: int, kind: str = "openai") -> list[Row]:
    """Return rows of the recipes `checked` and `documents`."""
    plan = mixed_plan(language, {"checked": 0.9, "documents": 0.1}, target=count, window=16, kind=kind)
    return [row.model_dump(mode="json") for row in run(plan, scripted, 4, random.Random(0)).rows]


def breaks(row: Row, rng: random.Random) -> Iterator[tuple[str, Row]]:
    """Yield (what was done, the row after it)."""
    (check, *_) = row["checks"]
    arguments = check["arguments"]
    if arguments:
        yield "arguments of none", _with(row, check | {"arguments": {}})
    if check["kind"] == "quote":
        first, last = check["span"]
        yield "span moved", _with(row, check | {"span": [first + 1, last + 1]})
        yield "span cut", _with(row, check | {"span": [first, last - 1]})
        yield "quote edited", _with(row, check | {"arguments": {"quote": arguments["quote"] + "!?"}})
        yield "passage edited", row | {"input": row["input"].replace(arguments["quote"], "This is something else.")}
    if KINDS[check["kind"]].part == "task":  # what its answer must keep stands in the instruction
        yield (
            "condition taken out",
            row | {"instruction": "Tell me of the sea." if row["language"] == "en" else "说说大海。"},
        )
        yield "answer taken out", row | {"output": "..."}
    elif check["kind"] != "quote":
        at = rng.randrange(len(row["output"]))
        other = "7" if row["output"][at] != "7" else "8"
        yield "output edited", row | {"output": row["output"][:at] + other + row["output"][at + 1 :]}
        yield "output longer", row | {"output": row["output"] + " 1"}
        if numbers := list(re.finditer(r"\d+", row["input"])):
            found = rng.choice(numbers)
            number = rng.choice([str(int(found[0]) + 1), f"{found[0]}0", f"1{found[0]}"])
            yield "number edited", row | {"input": row["input"][: found.start()] + number + row["input"][found.end() :]}
        if row["input"]:
            yield "line added", row | {"input": f"{row['input']}\n{row['input'].splitlines()[-1]}"}


def _with(row: Row, check: dict[str, Any]) -> Row:
    return row | {"checks": [check, *row["checks"][1:]]}
