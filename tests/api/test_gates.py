"""What a diff holds new rows against: BASE's settings, whatever HEAD's own say."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.api.reports import diff
from selfinstruct.api.settings import load_config
from selfinstruct.errors import InputError
from tests.support.diff_rows import en, write
from tests.support.repository import git

BIRD = en("Name a bird", "A robin.")
REFUSAL = en("Write to my landlord.", "As an AI language model, I cannot do that.")
NEAR = [en("Name a bird please", "A wren."), en("Name a nice bird please", "A wren too.")]
LENIENT = '[validate]\ndisable = ["refusal", "self_reference"]\n[filter]\nthreshold = 1.0\n'
ROWS = "outputs/r/dataset/en.jsonl"
BASE = "git:HEAD:outputs/r"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def commit(here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git(here, "init", "-q")

    def all_of_it() -> None:
        git(here, "add", "-A")
        git(here, "commit", "-qm", "state")

    return all_of_it


@pytest.mark.thorough
def test_a_pull_request_does_not_switch_off_the_rule_that_it_breaks(here: Path, commit: Callable[[], None]) -> None:
    write(here / ROWS, BIRD)
    commit()
    write(here / ROWS, BIRD, REFUSAL, *NEAR)
    (here / "selfinstruct.toml").write_text(LENIENT, encoding="utf-8")
    found = diff(BASE, "outputs/r", fail_on="findings>0, near_duplicates>0, settings>0")
    assert all(gate.failed for gate in found.gates)
    assert {one.key: (one.base, one.head) for one in found.gate_settings} == {
        "filter.threshold.en": (0.7, 1.0),
        "filter.threshold.zh": (0.7, 1.0),
        "validate.disable.en": (None, "refusal, self_reference"),
        "validate.disable.zh": (None, "refusal, self_reference"),
    }
    assert any("head changes what rows are checked by" in reason for reason in found.risk.reasons)


def test_a_file_without_settings_of_its_own_changes_none(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "project" / ROWS, BIRD)
    (here / "project" / "seeds").mkdir()
    seed = {
        "id": "en-1",
        "name": "tree",
        "instruction": "Name a tree.",
        "instances": [{"input": "", "output": "A pine."}],
    }
    (here / "project" / "seeds" / "en.jsonl").write_text(json.dumps(seed), encoding="utf-8")
    lock = '[run]\nseeds = "seeds"\n[filter]\nthreshold = 0.6\n'
    (here / "project" / "outputs" / "r" / "config.lock.toml").write_text(lock, encoding="utf-8")
    (here / "project" / "outputs" / "r" / "manifest.json").write_text("{}", encoding="utf-8")
    write(here / "copy.jsonl", BIRD)
    assert diff("project/outputs/r", "copy.jsonl").gate_settings == ()
    monkeypatch.chdir(here / "project")
    (here / "project" / "selfinstruct.toml").write_text(LENIENT, encoding="utf-8")
    assert diff("outputs/r", here / "copy.jsonl").gate_settings != ()


def test_what_the_base_allows_is_allowed(here: Path, commit: Callable[[], None]) -> None:
    write(here / ROWS, BIRD)
    (here / "selfinstruct.toml").write_text(LENIENT, encoding="utf-8")
    commit()
    (here / "selfinstruct.toml").unlink()
    write(here / ROWS, BIRD, *NEAR)
    found = diff(BASE, "outputs/r", fail_on="near_duplicates>0, settings>0")
    assert [gate.failed for gate in found.gates] == [False, True]


def test_files_alone_are_held_against_the_defaults_whatever_lies_here(here: Path) -> None:
    write(here / "a.jsonl", BIRD)
    write(here / "b.jsonl", BIRD, REFUSAL)
    (here / "selfinstruct.toml").write_text(LENIENT, encoding="utf-8")
    assert diff("a.jsonl", "b.jsonl", fail_on="findings>0").gates[0].failed
    named = load_config("selfinstruct.toml")
    found = diff("a.jsonl", "b.jsonl", fail_on="findings>0", config=named)
    assert (found.gates[0].failed, found.gate_settings) == (False, ())


def test_files_alone_have_no_settings_that_could_change(here: Path) -> None:
    write(here / "a.jsonl", BIRD)
    write(here / "test.jsonl", REFUSAL)
    (here / "selfinstruct.toml").write_text('[filter]\nthreshold = 0.9\nheld_out = ["test.jsonl"]\n', encoding="utf-8")
    found = diff("a.jsonl", "a.jsonl", fail_on="settings>0")
    assert (found.gates[0].failed, found.gate_settings, found.risk.level) == (False, (), "none")


def test_the_threshold_is_that_of_the_base_run(here: Path) -> None:
    for name, rows, threshold in (("a", [], 0.7), ("b", NEAR, 1.0)):
        write(here / name / "dataset/en.jsonl", BIRD, *rows)
        manifest = {"keeping": {"filter": {"threshold": {"en": threshold}}}}
        (here / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert diff("a", "b", fail_on="near_duplicates>0").gates[0].failed
    assert not diff("b", "a", fail_on="near_duplicates>0").gates[0].failed
    assert [one.key for one in diff("a", "b").gate_settings] == ["filter.threshold.en"]


def test_a_run_in_a_folder_is_held_against_what_its_lock_file_says(here: Path) -> None:
    for name, rows in (("a", []), ("b", [REFUSAL])):
        write(here / name / "dataset/en.jsonl", BIRD, *rows)
        (here / name / "manifest.json").write_text("{}", encoding="utf-8")
    assert diff("a", "b").findings.introduced
    (here / "a/config.lock.toml").write_text(LENIENT, encoding="utf-8")
    assert not diff("a", "b").findings.introduced


def test_an_evaluation_set_is_that_of_the_base(here: Path, commit: Callable[[], None]) -> None:
    write(here / ROWS, BIRD)
    write(here / "test.jsonl", REFUSAL)
    (here / "selfinstruct.toml").write_text('[filter]\nheld_out = ["test.jsonl"]\n', encoding="utf-8")
    commit()
    write(here / ROWS, BIRD, REFUSAL)
    write(here / "test.jsonl", en("Say something else entirely.", "So be it."))
    found = diff(BASE, "outputs/r", fail_on="leaks>0, settings>0")
    assert [gate.failed for gate in found.gates] == [True, True]
    assert [one.key for one in found.gate_settings] == ["held_out/test.jsonl"]
    assert not diff(BASE, "outputs/r", fail_on="leaks>0", held_out=["test.jsonl"]).gates[0].failed


def test_an_evaluation_set_outside_git_is_read_as_it_is(here: Path, commit: Callable[[], None]) -> None:
    write(here / ROWS, BIRD)
    (here / "selfinstruct.toml").write_text('[filter]\nheld_out = ["test.jsonl"]\n', encoding="utf-8")
    commit()
    with pytest.raises(InputError, match=r"test\.jsonl, which is not there; name it with --held-out"):
        diff(BASE, "outputs/r")
    write(here / "test.jsonl", REFUSAL)
    write(here / ROWS, BIRD, REFUSAL)
    assert diff(BASE, "outputs/r", fail_on="leaks>0").gates[0].failed
    git(here, "add", "-A")  # now it may have come with the pull request
    with pytest.raises(InputError, match="--held-out"):
        diff(BASE, "outputs/r")


def test_seeds_that_head_changes_are_not_what_rows_are_compared_with(here: Path, commit: Callable[[], None]) -> None:
    write(here / ROWS, BIRD)
    seed = {
        "id": "s1",
        "name": "letter",
        "instruction": "Write to my landlord about the roof.",
        "is_classification": False,
    }
    seed["instances"] = [{"input": "", "output": "Dear Mr Brown, the roof leaks."}]
    write(here / "mine/en.jsonl", seed)
    (here / "selfinstruct.toml").write_text('[run]\nseeds = "mine"\n', encoding="utf-8")
    commit()
    write(here / "mine/en.jsonl", seed | {"instruction": "Sing."})
    write(here / ROWS, BIRD, en("Write to my landlord about the roof.", "Dear landlord, the roof leaks."))
    found = diff(BASE, "outputs/r", fail_on="leaks>0")
    assert found.gates[0].failed
    assert [one.key for one in found.gate_settings] == ["seeds/en.jsonl"]


def test_links_that_head_puts_in_the_way_lead_away_from_nothing_of_the_base(
    here: Path, commit: Callable[[], None]
) -> None:
    write(here / ROWS, BIRD)
    write(here / "eval/test.jsonl", REFUSAL)
    (here / "selfinstruct.toml").write_text('[filter]\nheld_out = ["eval/test.jsonl"]\n', encoding="utf-8")
    commit()
    (here / "selfinstruct.toml").unlink()
    (here / "selfinstruct.toml").symlink_to("nowhere.toml")
    (here / "eval").rename(here / "moved")
    (here / "eval").symlink_to("moved")
    write(here / "moved/test.jsonl", BIRD)
    write(here / ROWS, BIRD, REFUSAL)
    assert diff(BASE, "outputs/r", fail_on="leaks>0").gates[0].failed
