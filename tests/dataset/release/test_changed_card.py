"""A dataset card that somebody changed is kept beside the one that an emission writes anew."""

import json
from pathlib import Path

import pytest

from tests.support.edited_run import Case, MakeConfig


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")


def card(case: Case, name: str = "README.md") -> Path:
    return case.path / "dataset" / name


def told(case: Case) -> list[str]:
    return [line for line in case.said if "was changed by hand; it is kept as" in line]


@pytest.mark.thorough
@pytest.mark.parametrize("sentence", ["Reviewed by Ada.\n", "已由李明审阅。\n"])
def test_a_changed_card_is_kept_and_said(case: Case, sentence: str) -> None:
    written = card(case).read_text(encoding="utf-8")
    for number in (1, 2):
        card(case).write_text(written + sentence, encoding="utf-8")
        case.filter()
        assert card(case).read_text(encoding="utf-8") == written
        assert card(case, f"README.md.{number}").read_text(encoding="utf-8") == written + sentence
        assert len(told(case)) == number
    case.filter()
    assert len(told(case)) == 2


@pytest.mark.thorough
def test_a_card_that_only_the_run_wrote_is_written_over(case: Case, make_config: MakeConfig) -> None:
    case.config = make_config("batch", run__licence="cc-by-4.0")
    case.filter()
    case.generate(make_config("batch", run__licence="cc-by-4.0", target__en=5))
    assert told(case) == []
    assert not card(case, "README.md.1").exists()


@pytest.mark.thorough
def test_the_card_of_an_emission_that_was_interrupted_is_the_runs_own(
    case: Case, make_config: MakeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = RuntimeError("killed")

    def write_and_end(path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        raise killed

    case.config = make_config("batch", run__licence="cc-by-4.0")
    with monkeypatch.context() as patch:
        patch.setattr("selfinstruct.runs.published.write_text", write_and_end)
        with pytest.raises(RuntimeError, match="killed"):
            case.filter()
    case.config = make_config("batch", run__licence="mit")
    case.filter()
    assert told(case) == []


@pytest.mark.thorough
@pytest.mark.parametrize("is_changed", [True, False])
def test_a_manifest_of_an_older_version_does_not_say_what_the_card_was(case: Case, is_changed: bool) -> None:
    path = case.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["cards"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    if is_changed:
        card(case).write_text("Mine.\n", encoding="utf-8")
    case.filter()
    assert len(told(case)) == is_changed
