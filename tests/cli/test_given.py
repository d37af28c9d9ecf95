"""What a flag gave a run holds for the commands on it that have no such flag: a lower target, another recipe, another teacher."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.system.files import bundled
from tests.support.command import Cli
from tests.support.hand_edits import answered, change, read

pytestmark = pytest.mark.thorough

WriteConfig = Callable[..., Path]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


def bytes_of(run: Path) -> dict[str, bytes]:
    return {str(path.relative_to(run)): path.read_bytes() for path in sorted(run.rglob("*.jsonl"))}


def manifest_of(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    return found


def rows_of(run: Path) -> dict[str, int]:
    return {name: len(read(run / "dataset" / f"{name}.jsonl")) for name in ("en", "zh")}


def made(selfinstruct: Cli, *flags: str) -> str:
    done = selfinstruct("generate", "--run", "run", *flags)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture
def run(write_config: WriteConfig, tmp_path: Path) -> Path:
    path = write_config("batch")
    text = re.sub(r"\b(en|zh) = 3", r"\1 = 8", path.read_text(encoding="utf-8"))
    assert text.count(" = 8") == 2
    path.write_text(text, encoding="utf-8")
    return tmp_path / "run"


@pytest.mark.thorough
def test_a_target_that_was_lowered_by_a_flag_has_the_command_that_brings_the_rows_back(
    selfinstruct: Cli, run: Path
) -> None:
    made(selfinstruct, "--target", "en=12,zh=1")
    told = made(selfinstruct, "--target", "en=10")
    assert "--target en=10, and the dataset was made for 12" in told
    assert "[target] en" not in told
    command = re.search(r"`selfinstruct (filter --target en=12[^`]*)` brings them back, for free", told)
    assert command
    assert selfinstruct(*command[1].split()).returncode == 0
    assert rows_of(run) == {"en": 12, "zh": 1}


@pytest.mark.thorough
def test_a_lower_target_of_a_flag_holds_until_generate_is_called_without_it(selfinstruct: Cli, run: Path) -> None:
    made(selfinstruct, "--target", "zh=2,en=1")
    before = bytes_of(run)
    done = selfinstruct("filter", "--run", "run")
    assert (done.returncode, bytes_of(run)) == (0, before)
    assert "Target of this run: en 1, zh 2; [target] says en 8, zh 8, which --target en=8,zh=8 sets" in done.stderr
    status = " ".join(selfinstruct("status", "--run", "run").stdout.split())
    assert "en 1 of 1 zh 2 of 2" in status
    assert "changed since" not in status
    assert "Next: nothing is missing" in status
    told = made(selfinstruct)
    assert "--target en=1, for which the dataset was made, is reached: this command goes on to [target] en = 8" in told
    assert rows_of(run) == {"en": 8, "zh": 8}
    selfinstruct("filter", "--run", "run")
    assert rows_of(run) == {"en": 8, "zh": 8}


@pytest.mark.thorough
@LANGUAGES
def test_a_language_that_a_flag_left_out_is_not_bought_by_the_same_command_again(
    selfinstruct: Cli, run: Path, language: str
) -> None:
    (other,) = {"en", "zh"} - {language}
    made(selfinstruct, "--target", f"{language}=0,{other}=2")
    asked = manifest_of(run)["requests"]
    for _ in range(2):
        told = made(selfinstruct, "--target", f"{other}=2")
        assert f"Target of this run: {language} 0; [target] says {language} 8, which --target {language}=8 sets" in told
    assert manifest_of(run)["requests"] == asked
    told = made(selfinstruct)
    assert f"Target of this run: {language} 0; [target] says {language} 8, which --target {language}=8 sets" in told
    assert [line["language"] for line in read(run / "provenance.jsonl")] == [other] * 8
    made(selfinstruct, "--target", f"{language}=8")
    assert rows_of(run) == {"en": 8, "zh": 8}


@pytest.mark.parametrize("cap", ["--max-candidates", "--max-total-tokens"])
def test_a_cap_of_the_whole_run_that_a_flag_gave_holds_for_the_command_that_status_names(
    selfinstruct: Cli, run: Path, cap: str
) -> None:
    stopped = selfinstruct("generate", "--run", "run", cap, "3", "--concurrency", "1")
    assert stopped.returncode == 3, stopped.stderr
    asked = manifest_of(run)["requests"]
    again = selfinstruct("generate", "--run", "run")
    assert (again.returncode, manifest_of(run)["requests"]) == (3, asked), again.stderr
    assert f"was made with {cap} 3, which holds for this run" in again.stderr
    status = " ".join(selfinstruct("status", "--run", "run").stdout.split())
    assert f"Next: `selfinstruct generate --run run` goes on, with a higher {cap}" in status
    made(selfinstruct, cap, "1000000")
    assert rows_of(run) == {"en": 8, "zh": 8}


def test_a_run_that_was_stopped_goes_on_to_the_target_of_its_flag(selfinstruct: Cli, run: Path) -> None:
    stopped = selfinstruct(
        *("generate", "--run", "run", "--target", "zh=5,en=5", "--budget-usd", "0.003", "--concurrency", "1")
    )
    assert stopped.returncode == 3, stopped.stderr
    told = made(selfinstruct, "--budget-usd", "1")
    assert "Target of this run: en 5, zh 5; [target] says en 8, zh 8, which --target en=8,zh=8 sets" in told
    assert rows_of(run) == {"en": 5, "zh": 5}


@LANGUAGES
@pytest.mark.thorough
def test_a_language_that_a_flag_does_not_name_keeps_its_lower_target(
    selfinstruct: Cli, run: Path, language: str
) -> None:
    (other,) = {"en", "zh"} - {language}
    made(selfinstruct, "--target", "zh=2,en=2")
    made(selfinstruct, "--target", f"{language}=3")
    assert rows_of(run) == {language: 3, other: 2}


@LANGUAGES
@pytest.mark.thorough
def test_a_filter_that_cuts_names_its_flag_and_the_next_one_cuts_no_less(
    selfinstruct: Cli, run: Path, language: str
) -> None:
    (other,) = {"en", "zh"} - {language}
    made(selfinstruct)
    said = selfinstruct("filter", "--run", "run", "--target", f"{language}=2").stderr
    assert f"Warning: --target {language}=2, and the dataset was made for 8" in said
    assert f"[target] {language} = 2" not in said
    assert rows_of(run) == {language: 2, other: 8}
    selfinstruct("filter", "--run", "run")
    assert rows_of(run) == {language: 2, other: 8}
    selfinstruct("filter", "--run", "run", "--target", f"{language}=8")
    assert rows_of(run) == {language: 8, other: 8}


@pytest.mark.thorough
@LANGUAGES
def test_explain_replays_at_the_target_that_the_dataset_was_made_for(
    selfinstruct: Cli, run: Path, language: str
) -> None:
    made(selfinstruct, "--target", "en=12,zh=12")
    places = {row["id"]: row["request"] for row in read(run / "provenance.jsonl") if row["language"] == language}
    last = max(places, key=lambda name: places[name])
    shown = selfinstruct("explain", last, "--run", "run", "--threshold", "0.1").stdout
    assert shown.splitlines()[0].endswith(": accepted")
    gained = re.search(r"rows of its language: (\d+) come in, (\d+) go", shown)
    assert gained is not None
    assert gained.group(2) != "0"


@LANGUAGES
@pytest.mark.thorough
def test_a_recipe_that_a_flag_gave_belongs_to_the_run(selfinstruct: Cli, run: Path, language: str) -> None:
    made(selfinstruct, "--recipe", "steered", "--target", "en=2,zh=2")
    before = bytes_of(run)
    done = selfinstruct("filter", "--run", "run")
    assert (done.returncode, bytes_of(run)) == (0, before), done.stderr
    assert (
        "was made with --recipe steered, which holds for this run; the configuration has [generate] recipe = batch"
        in (done.stderr)
    )
    change(run / "dataset" / f"{language}.jsonl", answered("better"))
    assert selfinstruct("filter", "--run", "run").returncode == 0
    row = next(row for row in read(run / "dataset" / f"{language}.jsonl") if row["output"] == "better")
    assert selfinstruct("explain", row["id"], "--run", "run").returncode == 0
    status = selfinstruct("status", "--run", "run")
    assert "changed since" not in status.stdout
    said = made(selfinstruct, "--target", "en=3,zh=3")
    assert "--recipe steered" in said
    assert (rows_of(run), manifest_of(run)["asking"]["generate"]["recipe"]) == ({"en": 3, "zh": 3}, "steered")
    assert selfinstruct("estimate", "--run", "run").returncode == 0


@pytest.mark.thorough
def test_a_recipe_beside_a_mix_of_the_file_belongs_to_the_run(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    config = tmp_path / "selfinstruct.toml"
    mix = "mix = { batch = 0.5, steered = 0.5 }"
    config.write_text(
        config.read_text(encoding="utf-8").replace("[generate]", f"[generate]\n{mix}", 1), encoding="utf-8"
    )
    made(selfinstruct, "--recipe", "batch", "--target", "en=2,zh=2")
    assert manifest_of(run)["given"]["generate.mix"] == {}
    before = bytes_of(run)
    done = selfinstruct("filter", "--run", "run")
    assert (done.returncode, bytes_of(run)) == (0, before), done.stderr
    assert "--recipe batch" in done.stderr


@pytest.mark.thorough
def test_a_recipe_that_the_file_got_since_is_refused_as_before(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    made(selfinstruct)
    config = tmp_path / "selfinstruct.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('"batch"', '"steered"'), encoding="utf-8")
    done = selfinstruct("filter", "--run", "run")
    assert done.returncode == 2
    assert "generate.recipe (was batch, is steered)" in done.stderr
    status = " ".join(selfinstruct("status", "--run", "run").stdout.split())
    assert "`selfinstruct filter --run run` and `generate` go on only with what was there then" in status
    assert "Next: take back what was changed of generate.recipe" in status
    assert "for free" not in status
    made(selfinstruct, "--fresh")
    assert "given" not in manifest_of(run)


@pytest.mark.thorough
def test_a_teacher_that_a_flag_named_belongs_to_the_run(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    config = tmp_path / "selfinstruct.toml"
    text = config.read_text(encoding="utf-8")
    (model,) = re.findall(r'^model = "(.*)"', text, re.MULTILINE)
    made(selfinstruct, "--model", f"{model}-2", "--target", "en=2,zh=2")
    done = selfinstruct("filter", "--run", "run")
    assert done.returncode == 0, done.stderr
    assert f"--model {model}-2" in done.stderr
    said: list[str] = []
    si.open_run(run, config=config, say=said.append).filter()
    assert [line for line in said if f"--model {model}-2" in line]
    assert rows_of(run) == {"en": 2, "zh": 2}
    done = selfinstruct("generate", "--run", "run", "--model", model)
    assert done.returncode == 2
    assert "teacher.model" in done.stderr


@pytest.mark.thorough
@LANGUAGES
def test_a_lower_target_of_a_script_holds_for_filter(
    selfinstruct: Cli, run: Path, tmp_path: Path, language: str
) -> None:
    config = tmp_path / "selfinstruct.toml"
    si.open_run(run, config=config, target={language: 2}, say=lambda _: None).generate()
    before = bytes_of(run)
    assert selfinstruct("filter", "--run", "run").returncode == 0
    assert rows_of(run)[language] == 2
    assert bytes_of(run)[f"dataset/{language}.jsonl"] == before[f"dataset/{language}.jsonl"]


def test_a_budget_of_a_flag_holds_for_the_commands_that_name_none(selfinstruct: Cli, run: Path) -> None:
    stopped = selfinstruct("generate", "--run", "run", "--budget-usd", "0.003", "--concurrency", "1")
    assert stopped.returncode == 3
    before = manifest_of(run)
    assert before["given"]["limits.budget_usd"] == "0.003"
    for verb in (("filter",), ("status",), ("explain", "en/0.0")):
        assert "holds for this run" not in selfinstruct(*verb, "--run", "run").stderr  # they spend nothing
    again = selfinstruct("generate", "--run", "run")
    assert (again.returncode, manifest_of(run)["requests"]) == (3, before["requests"])
    assert "was made with --budget-usd 0.003, which holds for this run" in again.stderr
    assert "Next: `selfinstruct generate --run run` goes on, with a higher --budget-usd" in " ".join(
        selfinstruct("status", "--run", "run").stdout.split()
    )
    made(selfinstruct, "--budget-usd", "1")
    assert rows_of(run) == {"en": 8, "zh": 8}


def test_a_run_begun_anew_keeps_the_caps_and_names_the_flags_that_it_goes_without(selfinstruct: Cli, run: Path) -> None:
    stopped = selfinstruct(
        "generate", "--run", "run", "--target", "en=7,zh=0", "--max-candidates", "1", "--concurrency", "1"
    )
    assert (stopped.returncode, manifest_of(run)["given"]["target.zh"]) == (3, 0), stopped.stderr
    anew = selfinstruct("generate", "--run", "run", "--fresh")
    assert anew.returncode == 3, anew.stderr
    assert "was made with --max-candidates 1, which holds for this run" in anew.stderr
    said = " ".join(anew.stderr.split())
    assert "--fresh begins without --target en=7, --target zh=0 of the old run; name them again" in said
    named = selfinstruct("generate", "--run", "run", "--fresh", "--target", "en=2,zh=0", "--max-candidates", "100")
    assert "--fresh begins without" not in named.stderr


def test_status_names_what_has_to_be_there_before_a_stopped_run_goes_on(
    selfinstruct: Cli, run: Path, tmp_path: Path
) -> None:
    stopped = selfinstruct("generate", "--run", "run", "--max-candidates", "3", "--concurrency", "1")
    assert stopped.returncode == 3, stopped.stderr

    def next_step() -> str:
        return " ".join(selfinstruct("status", "--run", "run").stdout.split()).partition("Next: ")[2]

    manifest = run / "manifest.json"
    capped, text = next_step(), manifest.read_text(encoding="utf-8")
    assert capped.startswith("`selfinstruct generate --run run` goes on, with a higher --max-candidates")
    stop = re.search(r'"stop": "[^"]*"', text)
    assert stop
    text = text.replace('"limits.max_candidates": 3', '"limits.max_candidates": 300')  # no more at its cap
    for said, wanted in (
        ("stopped: https://x/v1: the model is not there", "goes on, once what stopped it is mended"),
        ("cap: [limits] max_fruitless = 8 lets it go on", "goes on, with a higher [limits] max_fruitless"),
        ("interrupted", "goes on"),
    ):
        manifest.write_text(text.replace(stop[0], f'"stop": "{said}"'), encoding="utf-8")
        assert next_step() == f"`selfinstruct generate --run run` {wanted}"
    seeds = tmp_path / "own"
    shutil.copytree(bundled("seed_tasks"), seeds)
    english = (seeds / "en.jsonl").read_text(encoding="utf-8")
    (seeds / "en.jsonl").write_text(english.partition("\n")[2], encoding="utf-8")
    config = tmp_path / "selfinstruct.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("[run]", '[run]\nseeds = "own"'), encoding="utf-8")
    assert next_step().startswith("take back what was changed of")
    shutil.rmtree(run / "journal")
    assert "get the folder `journal`" in next_step() or "take back" in next_step()


@pytest.mark.thorough
@LANGUAGES
def test_a_language_of_which_no_row_is_wanted_needs_no_seeds(
    selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path, language: str
) -> None:
    other = {"en": "zh", "zh": "en"}[language]
    path = write_config("batch")
    text = re.sub(rf"\b{other} = 3", f"{other} = 0", path.read_text(encoding="utf-8"))
    seeds = tmp_path / "own"
    seeds.mkdir()
    (seeds / f"{language}.jsonl").write_bytes((bundled("seed_tasks") / f"{language}.jsonl").read_bytes())
    path.write_text(text.replace("[run]\n", '[run]\nseeds = "own"\n', 1), encoding="utf-8")
    assert selfinstruct("seeds", "-q").returncode == 0
    made(selfinstruct)
    assert rows_of(tmp_path / "run") == {other: 0, language: 3}
    refused = selfinstruct("generate", "--run", "run", "--target", f"{other}=2")
    assert refused.returncode == 2
    assert f"{other}.jsonl: no such file" in refused.stderr
