"""`selfinstruct status` after a setting was changed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.system.wrapping import cells
from tests.support.command import Cli


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.thorough)])
def test_candidates_that_became_unread_are_counted_and_come_back(
    selfinstruct: Cli, write_config: Callable[..., Path], recipe: str, language: str
) -> None:
    write_config(recipe)
    assert selfinstruct("generate", "--target", "en=12,zh=12").returncode == 0
    before = json.loads(selfinstruct("status", "--json").stdout)
    assert selfinstruct("filter", "--target", f"{language}=0").returncode == 0
    after = json.loads(selfinstruct("status", "--json").stdout)
    gone = before["ledger"]["total"]["candidates"] - after["ledger"]["total"]["candidates"]
    assert after["requests"]["unread"] - before["requests"]["unread"] == gone > 0
    assert (
        f"Not judged, in replies beyond the target: {after['requests']['unread']}; a higher target judges what is there, free\n"
        in (said := selfinstruct("status").stdout)
    )
    places = after["unread"]
    assert len(places) == len({*places}) == after["requests"]["unread"]
    assert f"Not judged are {', '.join(places[:5])} and {len(places) - 5} more (" in " ".join(said.split())
    assert {json.loads(selfinstruct("explain", one, "--json").stdout)["state"] for one in places[::7]} == {"unread"}
    assert selfinstruct("filter", "--target", f"{language}={before['target'][language]}").returncode == 0
    assert json.loads(selfinstruct("status", "--json").stdout) == before


@pytest.mark.thorough
def test_filter_names_the_next_step_where_a_tighter_threshold_leaves_too_few_rows(
    selfinstruct: Cli, write_config: Callable[..., Path]
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--run", "run").returncode == 0
    told = selfinstruct("filter", "--run", "run", "--threshold", "0.01")
    assert "Next: `selfinstruct generate --run run` goes on" in " ".join(told.stdout.split())
    assert "Next: " not in selfinstruct("filter", "--run", "run", "--threshold", "0.7").stdout


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.thorough)])
def test_an_unfinished_merge_is_called_a_conflict_and_its_marks_are_no_rows(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, language: str
) -> None:
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    (path,) = tmp_path.rglob(f"dataset/{language}.jsonl")
    first, *others = path.read_text(encoding="utf-8").splitlines(keepends=True)
    theirs = first.replace('"output": "', '"output": "Well: ')
    merged = ["<<<<<<< HEAD\n", first, "=======\n", theirs, ">>>>>>> theirs\n", *others]
    path.write_text("".join(merged), encoding="utf-8")
    found = json.loads(selfinstruct("status", "--json").stdout)["datasets"][f"dataset/{language}.jsonl"]
    assert (found["state"], found["rows"]) == ("conflict", len(others) + 2)
    shown = selfinstruct("status").stdout
    assert "target reached" not in shown
    assert f"{len(others) + 2} rows of both sides, in conflict" in " ".join(shown.split())
    assert "in conflict, a git merge was left unfinished: dataset/" in shown.splitlines()[0]
    assert "有冲突，git 合并没有做完：dataset/" in selfinstruct("--lang", "zh", "status").stdout.splitlines()[0]


@pytest.mark.thorough
@pytest.mark.parametrize("verb", ["filter", "generate"])
def test_a_lower_target_of_the_configuration_cuts_no_row_that_a_flag_wanted(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, verb: str
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--target", "zh=5").returncode == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("dataset/**/*.jsonl")}
    again = selfinstruct(verb)
    assert "Target of this run: zh 5; [target] says zh 3, which --target zh=3 sets" in " ".join(again.stderr.split())
    assert verb == "generate" or "Target of" not in selfinstruct("filter", "-q").stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("dataset/**/*.jsonl")} == before
    assert selfinstruct(verb, "--target", "zh=4").returncode == 0
    assert [json.loads(selfinstruct("status", "--json").stdout)["ledger"][one]["accepted"] for one in ("en", "zh")] == [
        3,
        4,
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_that_stopped_early_goes_on_to_the_target_that_a_flag_named(
    selfinstruct: Cli, write_config: Callable[..., Path], language: str
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--target", f"{language}=12", "--max-candidates", "6").returncode == 3
    assert json.loads(selfinstruct("status", "--json").stdout)["missing"][language] > 0
    again = selfinstruct("generate", "--max-candidates", "1000")
    assert f"Target of this run: {language} 12; [target] says {language} 3, which" in " ".join(again.stderr.split())
    after = json.loads(selfinstruct("status", "--json").stdout)
    assert (after["stop"], after["ledger"][language]["accepted"]) == ("target reached", 12)
    fresh = selfinstruct("generate", "--fresh", "--dry-run")
    assert f"--fresh takes [target] {language} = 3 from the configuration" in " ".join(fresh.stderr.split())


@pytest.mark.thorough
def test_a_stopped_run_buys_no_more_once_a_lower_target_is_named(
    selfinstruct: Cli, write_config: Callable[..., Path]
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--target", "en=0,zh=50", "--max-candidates", "8").returncode == 3
    before = json.loads(selfinstruct("status", "--json").stdout)
    assert before["ledger"]["zh"]["accepted"] > 3
    assert selfinstruct("generate", "--target", "en=0,zh=3").returncode == 0
    after = json.loads(selfinstruct("status", "--json").stdout)
    assert (after["requests"]["answered"], after["ledger"]["zh"]["accepted"]) == (before["requests"]["answered"], 3)


@pytest.mark.thorough
def test_rows_removed_by_hand_lower_no_target(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--target", "zh=6").returncode == 0
    (path,) = tmp_path.rglob("dataset/zh.jsonl")
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[2:]), encoding="utf-8")
    for _ in range(3):
        assert selfinstruct("generate").returncode == 0
        assert json.loads(selfinstruct("status", "--json").stdout)["ledger"]["zh"]["accepted"] == 4


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(
    selfinstruct: Cli, write_config: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    whole = selfinstruct("--lang", language, "status").stdout
    monkeypatch.setenv("COLUMNS", "80")
    folded = selfinstruct("--lang", language, "status").stdout
    assert any(cells(line) > 80 for line in whole.splitlines())
    assert [line for line in folded.splitlines() if cells(line) > 80] == []
    assert "".join(folded.split()) == "".join(whole.split())
