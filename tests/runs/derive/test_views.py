"""Views of one journal: no request, the same bytes twice, ledgers that add up, and the fields that trainers read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.config import Config
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.runs.derive.views import VIEWS
from tests.support.mixes import dataset_rows, lines_of
from tests.support.runs import MakeConfig, files_in, start
from tests.support.teacher_server import TeacherServer

SETTINGS: dict[str, Any] = {
    "generate__mix": {"steered": 0.4, "checked": 0.3, "evolve": 0.15, "conversation": 0.15},
    "generate__confirm": True,
    "target": {"en": 8, "zh": 8},
}
EVERY = list(VIEWS)


@pytest.fixture
def config(make_config: MakeConfig) -> Config:
    return make_config("auto", **SETTINGS)


@pytest.fixture
def run(config: Config, tmp_path: Path) -> Path:
    start(config, tmp_path / "run")
    return tmp_path / "run"


def told(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a view."""
    text = path.read_text(encoding="utf-8")
    yield from json.loads(text) if path.suffix == ".json" else map(json.loads, text.splitlines())


@pytest.mark.thorough
def test_every_view_is_written_without_a_request_and_adds_up(
    config: Config, run: Path, server: TeacherServer, tmp_path: Path
) -> None:
    before, asked = files_in(run), len(server.requests)
    done = si.derive(run, EVERY, tmp_path / "views", config=config)
    assert (len(server.requests), done.bought, files_in(run)) == (asked, 0, before)
    rows = {row["id"]: row for row in dataset_rows(run)}
    for name, entry in done.views.items():
        assert entry["rows"] == entry["emitted"] + sum(entry["left_out"].values()) == len(rows)
        lines = lines_of(tmp_path / "views" / "provenance" / f"{name}.jsonl")
        values = list(told(tmp_path / "views" / entry["file"]))
        assert len(lines) == len(values) == entry["emitted"]
        assert [line["line"] for line in lines] == list(range(1, len(lines) + 1))
        assert all(line["requests"] and line["id"] in rows for line in lines)
    whole = zip(
        told(tmp_path / "views" / "alpaca.json"), lines_of(tmp_path / "views/provenance/alpaca.jsonl"), strict=True
    )
    assert all(value["instruction"] == rows[line["id"]]["instruction"] for value, line in whole)


@pytest.mark.thorough
def test_the_same_run_gives_the_same_bytes(config: Config, run: Path, tmp_path: Path) -> None:
    for folder in ("one", "two", "two"):
        si.derive(run, EVERY, tmp_path / folder, config=config)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    si.open_run(run, config=config).filter()
    si.derive(run, EVERY, tmp_path / "three", config=config)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "three")


@pytest.mark.thorough
def test_a_second_view_leaves_the_first_where_it_stands(config: Config, run: Path, tmp_path: Path) -> None:
    si.derive(run, "alpaca", tmp_path / "views", config=config)
    si.derive(run, "sharegpt", tmp_path / "views", config=config)
    ledger = json.loads((tmp_path / "views/derived.json").read_text(encoding="utf-8"))
    assert list(ledger["views"]) == ["alpaca", "sharegpt"]
    assert (tmp_path / "views/alpaca.json").is_file()


@pytest.mark.thorough
def test_pairs_have_the_fields_that_trainers_read(config: Config, run: Path, tmp_path: Path) -> None:
    """TRL's `is_conversational` and DPO columns; LLaMA-Factory's SharegptDatasetConverter with `ranking`; axolotl's chat_template.default."""
    views = tmp_path / "views"
    done = si.derive(run, "pairs,pairs-sharegpt,pairs-axolotl", views, config=config, buy=True)
    assert done.views["pairs"]["emitted"] > 4
    for value in told(views / "pairs.jsonl"):
        assert list(value) == ["prompt", "chosen", "rejected"]
        assert [one["role"] for one in value["prompt"]][-1] == "user"
        assert [one["role"] for side in ("chosen", "rejected") for one in value[side]] == ["assistant", "assistant"]
        assert value["chosen"] != value["rejected"]
    for value in told(views / "pairs-sharegpt.json"):
        assert [turn["from"] for turn in value["conversations"]][::2] == ["human"] * (
            len(value["conversations"]) // 2 + 1
        )
        assert {value[side]["from"] for side in ("chosen", "rejected")} == {"gpt"}
    for value in told(views / "pairs-axolotl.jsonl"):
        assert value["messages"][-1]["role"] == "user"
        assert all(isinstance(value[side], str) and value[side] for side in ("chosen", "rejected"))
    texts = {
        (row.output, row.rejected) for name in ("pairs.jsonl", "pairs-sharegpt.json") for row in load_rows(views / name)
    }
    assert len(texts) == done.views["pairs"]["emitted"]


@pytest.mark.thorough
def test_an_edit_that_no_filter_has_seen_stands_in_the_views(config: Config, run: Path, tmp_path: Path) -> None:
    path = run / "dataset" / "en.jsonl"
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    row = json.loads(first)
    edited = row | {"output": "Edited by hand."}
    path.write_text("\n".join([json.dumps(edited, ensure_ascii=False), *rest[1:]]) + "\n", encoding="utf-8")
    done = si.derive(run, "alpaca,pairs", tmp_path / "views", config=config)
    assert not (run / "review.jsonl").exists()
    assert done.views["alpaca"]["rows"] == 15  # one was removed
    assert "Edited by hand." in (tmp_path / "views/alpaca.json").read_text(encoding="utf-8")
    (line,) = (one for one in lines_of(tmp_path / "views/provenance/pairs.jsonl") if one["id"] == row["id"])
    assert (line["by"], line["chosen"]) == ("person", {"from": "row", "edited": True})
    (value,) = (one for one in told(tmp_path / "views/pairs.jsonl") if one["chosen"][0]["content"] == "Edited by hand.")
    assert value["rejected"][0]["content"] == row["output"]


@pytest.mark.thorough
def test_thoughts_are_those_of_the_journal(server: TeacherServer, make_config: MakeConfig, tmp_path: Path) -> None:
    server.thinks = True
    config = make_config("steered", target={"en": 3, "zh": 3})
    start(config, tmp_path / "run")
    assert not any("reasoning" in row for row in dataset_rows(tmp_path / "run"))
    done = si.derive(tmp_path / "run", "thoughts,think,conversations", tmp_path / "views", config=config)
    assert done.views["thoughts"]["emitted"] == done.views["think"]["emitted"] == 6
    assert all(
        one["messages"][-1]["reasoning_content"] == "Let me see." for one in told(tmp_path / "views/thoughts.jsonl")
    )
    assert "Let me see." not in (tmp_path / "views/conversations.jsonl").read_text(encoding="utf-8")
