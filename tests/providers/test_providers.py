"""Every provider of `data` as a user would want it: rows where there is a way to them, else its own words soon."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from selfinstruct.config import parse_config
from selfinstruct.errors import SelfInstructError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.providers import MARK, NAMES, ProviderServer, is_whole, provider
from tests.support.teacher_server import KEY

CONFIG = """
[run]
name = "test"
[target]
en = {target}
zh = 0
[teacher]
kind = "openai"
base_url = "{url}"
model = "{model}"
max_tokens = {max_tokens}
api_key_env = "TEST_TEACHER_KEY"
price = {{ input = "1.00", output = "4.00" }}
extra = {extra}
[generate]
recipe = "batch"
tasks_per_request = 3
[limits]
concurrency = 4
"""
pytestmark = [pytest.mark.bounds, pytest.mark.usefixtures("no_waits")]


class Outcome(NamedTuple):
    rows: list[dict[str, Any]]
    said: str
    exit_code: int
    requests: int


def outcome_of(name: str, folder: Path) -> Outcome:
    given, expect = provider(name).get("settings", {}), provider(name)["expect"]
    with ProviderServer(name, cut="cut" in expect) as server:
        extra = ", ".join(f"{key} = {_toml(value)}" for key, value in given.get("extra", {}).items())
        text = CONFIG.format(
            url=server.url,
            model=given.get("model", "m"),
            max_tokens=given.get("max_tokens", 4096),
            target=given.get("target", 8),
            extra="{ " + extra + " }",
        )
        said: list[str] = []
        exit_code = 0
        try:
            observer = Observer(said.append, lambda *_: None)
            generate(parse_config(text, "test.toml"), RunDirectory(folder), observer, StopSignal())
        except SelfInstructError as error:
            said.append(str(error))
            exit_code = error.exit_code
        requests = len(server.requests)
    file = folder / "dataset" / "en.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []
    return Outcome(rows, "\n".join(said), exit_code, requests)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)


def _wanted(name: str) -> int:
    return int(provider(name).get("settings", {}).get("target", 8))


@pytest.mark.parametrize("name", [name for name in NAMES if "stops" not in provider(name)["expect"] and is_whole(name)])
def test_a_provider_that_can_be_used_gives_whole_rows_without_a_thought(name: str, tmp_path: Path) -> None:
    outcome = outcome_of(name, tmp_path)
    assert (outcome.exit_code, len(outcome.rows)) == (0, _wanted(name)), outcome.said
    assert not [row for row in outcome.rows if MARK in json.dumps(row) or "<|" in row["output"]]
    assert all(row["output"].endswith((".", "。")) for row in outcome.rows)


@pytest.mark.parametrize("name", [name for name in NAMES if not is_whole(name)])
def test_of_a_provider_that_answers_nothing_whole_no_row_is_made(name: str, tmp_path: Path) -> None:
    outcome = outcome_of(name, tmp_path)
    assert all(row["output"].endswith((".", "。")) for row in outcome.rows)
    assert outcome.requests <= 12


@pytest.mark.parametrize("name", [name for name in NAMES if "stops" in provider(name)["expect"]])
def test_a_provider_that_cannot_be_used_is_left_soon_in_its_own_words(name: str, tmp_path: Path) -> None:
    outcome, expect = outcome_of(name, tmp_path), provider(name)["expect"]
    assert outcome.exit_code == 4, outcome.said
    assert expect["stops"] in outcome.said
    assert outcome.requests <= expect["within"] + 2
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert KEY not in outcome.said


@pytest.mark.parametrize("name", [name for name in NAMES if provider(name)["expect"].get("warns")])
def test_what_a_server_does_in_silence_is_said(name: str, tmp_path: Path) -> None:
    assert "WARNING" in outcome_of(name, tmp_path).said
