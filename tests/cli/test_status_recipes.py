"""`selfinstruct status` and the card of a run with several recipes."""

import json
from pathlib import Path

import pytest

from selfinstruct.cli.recipes import print_recipes
from selfinstruct.dataset.release.manifest import read_manifest
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.status import status
from tests.support.proved_runs import proved_run
from tests.support.runs import MakeConfig, start


@pytest.mark.thorough
def test_recipes_and_kinds_are_told_in_numbers_and_in_a_table(
    make_config: MakeConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, folder = proved_run(make_config, tmp_path)
    found = status(config, RunDirectory(folder))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert found["recipes"] == manifest["recipes"]
    for language, recipes in found["recipes"].items():
        assert sum(one["rows"] for one in recipes.values()) == found["ledger"][language]["accepted"]
        assert recipes["checked"]["proved"] == recipes["checked"]["rows"]
        assert recipes["steered"]["proved"] == 0
        kinds = found["kinds"][language]
        assert sum(one["requests"] for one in kinds.values()) == sum(
            recipes[name]["requests"] for name in ("checked", "documents")
        )
    print_recipes(found)
    shown = " ".join(capsys.readouterr().out.split())
    checked = found["recipes"]["zh"]["checked"]
    assert f"zh checked {checked['requests']} {checked['rows']} {checked['proved']} {checked['by_code']}" in shown
    assert "Provable tasks, en, rows of those asked:" in shown
    card = (folder / "dataset" / "README.md").read_text(encoding="utf-8")
    assert f"| Chinese | `checked` | {checked['rows']} | 100% |" in card
    assert f"| Chinese | `steered` | {found['recipes']['zh']['steered']['rows']} | 0% |" in card


def test_a_kind_that_stepped_back_is_named_and_one_on_documents_never(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = {
        "bill": {"requests": 20, "rows": 1},
        "quote": {"requests": 50, "rows": 0},
        "table": {"requests": 7, "rows": 0},
        "of_a_later_version": {"requests": 20, "rows": 0},
    }
    print_recipes({"kinds": {"en": kinds}})
    shown = " ".join(capsys.readouterr().out.split())
    assert "bill 1 of 20" in shown
    assert "Stepped back, since they hardly ever became a row: bill;" in shown


def test_a_run_of_one_old_recipe_says_nothing_of_recipes(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("batch")
    start(config, tmp_path / "run")
    assert not {"recipes", "kinds"} & status(config, RunDirectory(tmp_path / "run")).keys()
    assert read_manifest(tmp_path / "run" / "manifest.json").recipes == {}
    assert "What each recipe brought" not in (tmp_path / "run" / "dataset" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("by_code", [0, 2])
def test_rows_in_the_words_of_code_have_a_column_where_there_are_some(
    capsys: pytest.CaptureFixture[str], by_code: int
) -> None:
    recipes = {"batch": {"requests": 3, "rows": 4, "proved": 0, "by_code": by_code}}
    print_recipes({"recipes": {"en": recipes, "zh": recipes}})
    assert ("alone" in capsys.readouterr().out) == bool(by_code)


def test_shares_that_the_rows_miss_are_told_beside_those_of_the_mix(capsys: pytest.CaptureFixture[str]) -> None:
    brought = {"batch": 8, "checked": 2}
    recipes = {name: {"requests": 1, "rows": rows, "proved": 0, "by_code": 0} for name, rows in brought.items()}
    mix = {"batch": 0.2, "checked": 0.8}
    print_recipes({"recipes": {"en": recipes, "zh": recipes}, "mix": mix})
    shown = " ".join(capsys.readouterr().out.split())
    for language in ("en", "zh"):
        assert (
            f"Shares of 10 rows, {language}, which are not those of [generate] mix: batch 80% (mix 20%), "
            "checked 20% (mix 80%)"
        ) in shown
    print_recipes({"recipes": {"zh": recipes}, "asking": {"generate": {"mix": {"batch": 3.2, "checked": 0.8}}}})
    assert "Shares" not in capsys.readouterr().out
