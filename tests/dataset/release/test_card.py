"""The dataset card and what `datasets.load_dataset` makes of the folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config
from selfinstruct.dataset.release.card import card
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.teacher_server import TeacherServer

MakeConfig = Callable[..., Config]


def start(config: Config, path: Path) -> dict[str, Any]:
    return generate(config, RunDirectory(path), Observer(lambda _: None, lambda *_: None), StopSignal())


def text(path: Path) -> str:
    return (path / "dataset" / "README.md").read_text(encoding="utf-8")


def ids(path: Path, name: str) -> list[str]:
    return [json.loads(line)["id"] for line in (path / "dataset" / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def run(make_config: MakeConfig, tmp_path: Path) -> Path:
    start(make_config("batch", target={"en": 12, "zh": 8}), tmp_path / "run")
    return tmp_path / "run"


def test_datasets_loads_the_folder_by_language_and_split(
    run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    folder = str(run / "dataset")
    loaded = datasets.load_dataset(folder, cache_dir=str(tmp_path / "cache"))
    assert sum(len(split) for split in loaded.values()) == 20
    assert loaded["train"].column_names == ["id", "language", "instruction", "input", "output"]
    chinese = datasets.load_dataset(folder, "zh", split="held_out", cache_dir=str(tmp_path / "cache"))
    assert list(chinese["id"]) == ids(run, "held_out/zh.jsonl")


def test_the_card_states_teacher_funnel_cost_and_prompts(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    card = text(run)
    for fact in (
        "`scripted-teacher`",
        f"| candidates in the replies | {manifest['ledger']['en']['candidates']} | {manifest['ledger']['zh']['candidates']} |",
        "| rows | 12 | 8 | 20 |",
        f"| cost | ${manifest['cost_usd']} |",
        "Write $count new tasks",
        "现在按同样的格式写出任务",
        manifest["fingerprint"],
        "共 20 条指令数据（英文 12 条，中文 8 条）",
    ):
        assert fact in card, fact


def test_the_card_says_what_is_uncertain_and_what_the_journal_lacks(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    requests = {"answered": 22, "gone": 1, "uncertain": 2}
    money = {"requests": requests, "cost_usd": "0.011948", "uncertain_usd": "0.004000"}
    killed = Manifest.model_validate(manifest | money)
    shown = card(killed, {}, "")
    assert "| cost | $0.011948 and at most $0.004000 uncertain |" in shown
    assert "| requests | 23 answered, of which the journal lacks 1, 2 without an outcome |" in shown
    in_yuan = "| cost | $0.011948 (¥0.084831) and at most $0.004000 (¥0.028400) uncertain |"
    assert in_yuan in card(killed, {}, "", "7.1")
    certain = killed.model_copy(update={"uncertain_usd": "0.000000"})
    assert "| cost | $0.011948 |" in card(certain, {}, "")


def test_a_licence_that_was_chosen_is_on_the_card(run: Path, make_config: MakeConfig) -> None:
    assert "license: other\n" in text(run)
    assert "No licence has been chosen yet" in text(run)
    refilter(make_config("batch", target={"en": 12, "zh": 8}, run__licence="cc-by-4.0"), RunDirectory(run))
    assert 'license: "cc-by-4.0"\n' in text(run)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("written", "front"),
    [
        ("MIT", 'license: "mit"\n'),
        ("CC-BY-4.0", 'license: "cc-by-4.0"\n'),
        ("GPL-3.0-or-later", 'license: "gpl-3.0"\n'),
        ("Our-Terms-2", 'license: other\nlicense_name: "our-terms-2"\n'),
    ],
)
def test_the_card_has_the_identifier_that_the_hub_knows_or_other_with_a_name(
    run: Path, make_config: MakeConfig, written: str, front: str
) -> None:
    refilter(make_config("batch", target={"en": 12, "zh": 8}, run__licence=written), RunDirectory(run))
    assert front in text(run)


def test_the_card_does_not_change_when_the_run_is_emitted_again(
    run: Path, make_config: MakeConfig, server: TeacherServer
) -> None:
    before = text(run)
    server.close()
    refilter(make_config("batch", target={"en": 12, "zh": 8}), RunDirectory(run))
    assert text(run) == before


def test_a_higher_target_moves_no_row_to_the_other_side(run: Path, make_config: MakeConfig) -> None:
    before = {name: set(ids(run, name)) for name in ("train/en.jsonl", "held_out/en.jsonl", "train/zh.jsonl")}
    start(make_config("batch", target={"en": 40, "zh": 20}), run)
    assert all(known <= set(ids(run, name)) for name, known in before.items())
    assert len(ids(run, "en.jsonl")) == 40


def test_both_sides_are_named_in_the_manifest_with_their_digests(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["splits"]) == {
        f"dataset/{side}/{language}.jsonl" for side in ("train", "held_out") for language in ("en", "zh")
    }
    assert sum(one["rows"] for one in manifest["splits"].values()) == 20


def test_a_run_without_rows_has_a_card_all_the_same(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config(target={"en": 0}), tmp_path / "run")
    refilter(make_config(target={"en": 0}), RunDirectory(tmp_path / "run"))
    assert "configs:" not in text(tmp_path / "run")
