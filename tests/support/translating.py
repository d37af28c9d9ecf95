"""Translating small files against the scripted teacher."""

import json
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import selfinstruct as si
from selfinstruct.api.translation import Translation
from tests.support.teacher_server import Fault, TeacherServer, completion
from tests.support.translator import parts
from tests.support.words import EN_WORDS


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(count: int, seed: int = 3) -> list[dict[str, Any]]:
    """Return English rows that are unlike each other, in translation too; every tenth asks for a rhyme, every seventeenth is a sum."""
    rng = random.Random(seed)
    return [_row(rng, number) for number in range(count)]


def _row(rng: random.Random, number: int) -> dict[str, Any]:
    drawn = " ".join(f"{rng.choice(EN_WORDS)}{_suffix(rng)}" for _ in range(9))
    if number % 17 == 5:
        return {"instruction": f"{number} * 3 = ?", "input": "", "output": str(3 * number)}
    if number % 10 == 9:
        return {"instruction": f"Write a limerick about {drawn}.", "input": "", "output": f"There once was {drawn}."}
    return {
        "instruction": f"Describe {drawn}.",
        "input": "",
        "output": f"It has {number + 20} of them: {drawn[::-1]}, see `x{number}`.",
    }


def _suffix(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfgklmnprst") + rng.choice("aeiou") for _ in range(2))


def teacher_of(server: TeacherServer) -> dict[str, Any]:
    return {
        "kind": "openai",
        "base_url": server.url,
        "model": "scripted-teacher",
        "api_key_env": "TEST_TEACHER_KEY",
        "price": {"input": "1.00", "output": "2.00"},
    }


def carry(server: TeacherServer, source: Path, folder: Path, to: str = "zh", **more: Any) -> Translation:
    """Translate a file; `more` are arguments of `si.translate`."""
    settings = {"teacher": teacher_of(server), "limits": {"concurrency": 4, "retries": 1}} | more
    return si.translate(source, to, folder, say=lambda _: None, trust_endpoint=True, **settings)


def reply(server: TeacherServer, say: Callable[[dict[str, str]], str | None]) -> None:
    """Have the teacher say what a function makes of the texts of a row; None: what it says anyway."""

    def script(_: int, body: dict[str, Any]) -> Fault | None:
        said = say(parts(str(body["messages"][-1]["content"])))
        return None if said is None else Fault(body=json.dumps(completion(said), ensure_ascii=False).encode())

    server.script = script


def written(folder: Path, language: str = "zh") -> list[dict[str, Any]]:
    text = (folder / "dataset" / f"{language}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def adds_up(done: Translation) -> bool:
    return done.rows == done.translated + done.adapted + done.kept + done.dropped + sum(done.rejected.values())
