"""Rows that a reviewer does not want: excluded by id they stay out, for free."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config, parse_config
from selfinstruct.errors import ConfigError
from tests.support.edited_run import Case, MakeConfig
from tests.support.teacher_server import TeacherServer


@pytest.fixture(params=["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def case(make_config: MakeConfig, tmp_path: Path, request: pytest.FixtureRequest) -> Case:
    return Case(make_config(request.param), tmp_path / "run")


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def without(case: Case, identifier: str) -> Config:
    return case.config.model_copy(
        update={"validate_": case.config.validate_.model_copy(update={"exclude": (identifier,)})}
    )


def test_a_file_that_is_gone_comes_back_without_a_word(case: Case) -> None:
    case.zh.unlink()
    case.filter()
    assert case.zh.exists()
    assert case.said == [line for line in case.said if "by hand" not in line]


def test_a_provenance_that_cannot_be_read_stops_nothing(case: Case) -> None:
    case.zh.write_bytes(case.zh.read_bytes().split(b"\n", 1)[1])
    (case.path / "provenance.jsonl").write_text("{half\n", encoding="utf-8")
    case.filter()
    assert records(case.path / "provenance.jsonl")


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_excluded_row_goes_with_its_reason_and_without_a_request(
    case: Case, server: TeacherServer, language: str
) -> None:
    rows = records(case.path / "dataset" / f"{language}.jsonl")
    sent = len(server.requests)
    case.filter(without(case, rows[0]["id"]))
    assert len(server.requests) == sent
    left = [row["id"] for row in records(case.path / "dataset" / f"{language}.jsonl")]
    assert rows[0]["id"] not in left
    assert {row["id"] for row in rows[1:]} <= set(left)
    gone, *copies = [one for one in records(case.path / "rejected.jsonl") if one["rule"] == "excluded"]
    assert (gone["instruction"], gone["detail"]) == (rows[0]["instruction"], "its id stands in [validate] exclude")
    ledger = json.loads((case.path / "manifest.json").read_text(encoding="utf-8"))["ledger"][language]
    assert ledger["rejected"]["excluded"] == 1 + len(copies)
    assert ledger["candidates"] == ledger["accepted"] + sum(ledger["rejected"].values()) + ledger["pending"]
    case.filter()
    assert records(case.path / "dataset" / f"{language}.jsonl") == rows


def test_no_answer_is_bought_for_an_excluded_question(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(make_config("steered", target={"zh": 3}), tmp_path / "run")
    unwanted = records(case.zh)[0]
    server.requests.clear()
    again = Case(without(case, unwanted["id"]), tmp_path / "again")
    assert unwanted["id"] not in {row["id"] for row in records(again.zh)}
    answers = [one for one in server.requests if unwanted["instruction"] in json.dumps(one, ensure_ascii=False)]
    assert all("max_tokens" in one and one["max_tokens"] == 96 for one in answers)


def test_what_is_no_id_is_refused_and_no_exclusion_leaves_the_fingerprint_alone() -> None:
    with pytest.raises(ConfigError, match=r"validate\.exclude.*the id of a row, 16 hex digits"):
        parse_config("[validate]\nexclude = ['Write a poem.']\n", "my.toml")
    assert "exclude" not in parse_config("", "my.toml").acceptance_settings()["validate"]
    excluded = parse_config("[validate]\nexclude = ['0123456789abcdef']\n", "my.toml")
    assert excluded.acceptance_settings()["validate"]["exclude"] == ["0123456789abcdef"]
