"""An explanation from what is kept says what a replay says, of every candidate."""

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from selfinstruct.config import Config
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.runs.explanation import Explanation
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.kept import FOLDER
from selfinstruct.runs.replay import replay
from tests.support.explanations import of
from tests.support.runs import MakeConfig, start

RECIPES = ["steered", "batch", "checked"]


def both(config: Config, run: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Explanation, Explanation]:
    """Return an explanation from what is kept, without a replay, and one from a replay."""
    with monkeypatch.context() as patched:
        patched.setattr(import_module("selfinstruct.runs.explanation.explain"), "replay", None)
        kept = of(config, run, name)
    aside = run.with_name("aside")
    shutil.move(run / FOLDER, aside)
    try:
        return kept, of(config, run, name)
    finally:
        shutil.move(aside, run / FOLDER)


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_candidate_is_explained_as_by_a_replay(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recipe: str
) -> None:
    config = make_config(recipe)
    start(config, tmp_path / "run")
    with Journal(tmp_path / "run/journal", read_only=True) as journal:
        bootstraps = replay(load_inputs(config).plans, journal)
    for bootstrap in bootstraps.values():
        names = [verdict.candidate.key for verdict in bootstrap.verdicts]
        names += [row.id for row in bootstrap.rows] + [candidate.key for candidate in bootstrap.unread()]
        assert names
        for name in names:
            kept, replayed = both(config, tmp_path / "run", name, monkeypatch)
            assert kept == replayed


@pytest.mark.thorough
def test_a_name_of_nothing_is_answered_as_by_a_replay(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("batch")
    start(config, tmp_path / "run")
    for name in ("en/99999.0", "abcdef0123", ".*..", "0"):
        with pytest.raises(InputError):
            of(config, tmp_path / "run", name)
