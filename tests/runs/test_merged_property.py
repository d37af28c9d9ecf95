"""Whatever two people do to the rows of a run on two branches, a merge loses none of it, whichever files are taken of whom."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.support.branches import Branches, Step, Taken
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import adds_up, stays

pytestmark = pytest.mark.thorough

_PLACES, _TEXTS = st.integers(0, 1), st.integers(0, 2)
_SIDES, _FILES = st.sampled_from(["ours", "theirs"]), st.sampled_from(["ours", "theirs", "both"])
kinds = st.sampled_from(["question", "answer", "removed", "split", "filter"])
steps = st.lists(st.builds(Step, kinds, _PLACES, _TEXTS), max_size=4)
begun = st.lists(st.builds(Step, st.sampled_from(["question", "answer"]), _PLACES, _TEXTS), max_size=2)
takings = st.builds(Taken, _FILES, _FILES, _FILES, _SIDES, _SIDES)


@pytest.fixture
def finished(make_config: MakeConfig, tmp_path: Path) -> Path:
    Case(make_config("batch"), tmp_path / "run")
    return tmp_path / "run"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes seconds: none of them is shrunk
)
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
    script: tuple[list[Step], list[Step], list[Step]],
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
        assume(branches.is_merged)
        branches.merge(taken)
        manifest = case.filter()
        assert list(branches.lost(taken)) == []
        assert all(adds_up(counts) for counts in manifest["ledger"].values())
        stays(case)
