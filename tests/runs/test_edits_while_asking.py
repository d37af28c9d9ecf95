"""A dataset file is edited while `generate` runs: what was written before it began is what the edit is told apart from."""

from pathlib import Path
from typing import Any

import pytest

from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import answered, change, decisions, read, stays, whole

pytestmark = pytest.mark.thorough  # whole runs, killed


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    """Return a run whose replies gave more rows than its target took."""
    return Case(make_config("batch", target__en=2, target__zh=2), tmp_path / "run")


def ask_and_edit(case: Case, language: str) -> dict[str, Any]:
    """Ask for more, and edit the answer of a row as soon as the run says that it goes on."""
    edited: list[bool] = []

    def watch(*_: object) -> None:
        if not edited:
            edited.append(True)
            change(whole(case, language), answered("Mine." if language == "en" else "我的。"))

    case.said.clear()
    return generate(case.config, RunDirectory(case.path), Observer(case.said.append, watch), StopSignal())


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_rows_that_a_higher_target_takes_were_not_removed(
    case: Case, make_config: MakeConfig, language: str, other: str
) -> None:
    case.config = make_config("batch", **{f"target__{language}": 3, f"target__{other}": 6})
    manifest = ask_and_edit(case, language)
    assert [one["decision"] for one in decisions(case)] == ["edited"]
    assert len(read(whole(case, language))) == manifest["ledger"][language]["accepted"] == 3
    assert not [line for line in case.said if "removed by hand" in line]
    assert "made_under" not in manifest
    case.config = make_config("batch", target__en=3 if language == "en" else 6, target__zh=3 if language == "zh" else 6)
    stays(case)


def test_a_run_that_was_killed_still_knows_what_was_written_before_it(case: Case, make_config: MakeConfig) -> None:
    higher = make_config("batch", target__en=3, target__zh=6)
    killed = RuntimeError("killed")

    def kill(*_: object) -> None:
        raise killed

    with pytest.raises(RuntimeError, match="killed"):
        generate(higher, RunDirectory(case.path), Observer(case.said.append, kill), StopSignal())
    case.config = higher
    ask_and_edit(case, "en")
    assert [one["decision"] for one in decisions(case)] == ["edited"]
    assert len(read(whole(case, "en"))) == 3
