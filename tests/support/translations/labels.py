"""Rows of each language, labelled with what must become of them in the other."""

import json
from pathlib import Path
from typing import Any

from selfinstruct.records import LanguageCode
from tests.support.translations.templates import NAMES

FOLDER = Path(__file__).parent


def labelled(language: LanguageCode) -> list[dict[str, Any]]:
    """Return the rows with what must become of them: those that live in their language, and one side of each written pair."""
    lines = (FOLDER / f"bound_{language}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    pairs = [json.loads(line) for line in (FOLDER / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    harder = [json.loads(line) for line in (FOLDER / "harder.jsonl").read_text(encoding="utf-8").splitlines()]
    rows += [{"must": "adapt"} | one for one in adapted(language)]
    return rows + [
        {"must": "translate", "row": one[language], "spans": one.get("spans", [])} for one in [*pairs, *harder]
    ]


def adapted(language: LanguageCode) -> list[dict[str, Any]]:
    """Return rows with names, units or institutions of their country, and their translations into the other language for a reader of another.

    `adapted` has what was changed, and `unnamed` the rule that finds it where that is not said, "" where no rule can.
    """
    lines = (FOLDER / "adapted.jsonl").read_text(encoding="utf-8").splitlines()
    return [one for line in lines if (one := json.loads(line))["language"] == language]


def asked(language: LanguageCode, must: str) -> list[str]:
    """Return instructions that speak of a form of their language: "drop" those that order it or give a text for it, "ask" those that can be asked anywhere."""
    rows = [json.loads(line) for line in (FOLDER / "asked.jsonl").read_text(encoding="utf-8").splitlines()]
    return [one["instruction"] for one in rows if (one["language"], one["must"]) == (language, must)]


def texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: text for name, text in zip(NAMES, row["row"], strict=True) if text}
