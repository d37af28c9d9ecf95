"""The labelled rows and the rules they name."""

import json
from functools import cache
from pathlib import Path

from selfinstruct.quality.rules import all_broken
from selfinstruct.records import Candidate, LanguageCode

FOLDER = Path(__file__).parent / "labelled"


@cache
def rows(language: LanguageCode) -> list[dict[str, str]]:
    lines = (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [{key: "".join(parts) for key, parts in json.loads(line).items()} for line in lines]


def names(language: LanguageCode, row: dict[str, str]) -> list[str]:
    fields = {key: row[key] for key in ("instruction", "input", "output")}
    return [name for name, _ in all_broken(Candidate(language=language, index=0, position=0, **fields))]
