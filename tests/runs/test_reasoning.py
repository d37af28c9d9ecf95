"""What a teacher thought before an answer goes into the row where that is asked for, from replies that are paid already."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.rows import load_rows
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import Fault, TeacherServer, completion, say

pytestmark = pytest.mark.thorough  # whole runs


def thinking(_: int, body: dict[str, Any]) -> Fault:
    answer = completion(say(body))
    answer["choices"][0]["message"]["reasoning_content"] = "先想想。 Let me think.\n"
    return Fault(body=json.dumps(answer).encode())


@pytest.mark.parametrize("recipe", ["steered", pytest.param("batch", marks=pytest.mark.thorough)])
def test_thoughts_come_and_go_without_a_request(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    server.script = thinking
    start(make_config(recipe), tmp_path / "run")
    plain, asked = load_rows(tmp_path / "run"), len(server.requests)
    assert not any(row.reasoning for row in plain)
    start(make_config(recipe, validate__keep_reasoning=True), tmp_path / "run")
    kept = load_rows(tmp_path / "run")
    assert [row.id for row in kept] == [row.id for row in plain]
    assert {row.reasoning for row in kept} == {"先想想。 Let me think." if recipe == "steered" else ""}
    start(make_config(recipe), tmp_path / "run")
    assert (load_rows(tmp_path / "run"), len(server.requests)) == (plain, asked)
