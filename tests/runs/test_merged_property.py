"""Whatever two people do to the rows of a run on two branches, a merge loses none of it, whichever files are taken of whom."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.branches import Branches, Step, Taken
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import adds_up, files

one = st.builds(
    Step, st.sampled_from(["question", "answer", "removed", "split", "filter"]), st.integers(0, 1), st.integers(0, 2)
)
steps = st.lists(one, max_size=4)
begun = st.lists(
    st.builds(Step, st.sampled_from(["question", "answer"]), st.integers(0, 1), st.integers(0, 2)), max_size=2
)
sides = st.sampled_from(["ours", "theirs"])
either = st.sampled_from(["ours", "theirs", "both"])
takings = st.builds(Taken, either, either, either, sides, sides)


@pytest.fixture
def finished(make_config: MakeConfig, tmp_path: Path) -> Path:
    Case(make_config("batch"), tmp_path / "run")
    return tmp_path / "run"


def check(
    finished: Path,
    make_config: MakeConfig,
    language: str,
    script: tuple[list[Step], ...],
    filtered: tuple[bool, bool],
    taken: Taken,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder, "run")
        shutil.copytree(finished, run)
        case = Case.of(make_config("batch"), run)
        branches = Branches(case, language, script[0])
        branches.branch("theirs", script[1], is_filtered=filtered[0])
        branches.branch("ours", script[2], is_filtered=filtered[1])
        branches.merge(taken)
        manifest = case.filter()
        assert list(branches.lost(taken)) == []
        assert all(adds_up(counts) for counts in manifest["ledger"].values())
        before = files(case)
        case.filter()
        assert files(case) == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    language=st.sampled_from(["en", "zh"]),
    script=st.tuples(begun, steps, steps),
    filtered=st.tuples(st.booleans(), st.booleans()),
    taken=takings,
)
def test_a_merge_loses_nothing_that_either_side_did(
    finished: Path,
    make_config: MakeConfig,
    language: str,
    script: tuple[list[Step], ...],
    filtered: tuple[bool, bool],
    taken: Taken,
) -> None:
    check(finished, make_config, language, script, filtered, taken)
