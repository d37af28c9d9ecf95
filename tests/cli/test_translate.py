"""`selfinstruct translate` as a script calls it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.cli.target import next_step, stop_of
from tests.support.command import Cli
from tests.support.teacher_server import Fault, TeacherServer, completion
from tests.support.translating import write

ROWS = [
    {"instruction": "Explain how a lamp works in 3 steps.", "input": "", "output": "It has 3 parts, see `lamp()`."},
    {"instruction": "Write a limerick about a lamp.", "input": "", "output": "There once was a lamp."},
    {"instruction": "12 * 3 = ?", "input": "", "output": "36"},
]


@pytest.fixture
def flags(server: TeacherServer) -> list[str]:
    return ["--base-url", server.url, "--model", "scripted-teacher", "--api-key-env", "TEST_TEACHER_KEY"]


@pytest.mark.thorough
def test_a_script_gets_counts_that_add_up_and_nothing_else(selfinstruct: Cli, tmp_path: Path, flags: list[str]) -> None:
    write(tmp_path / "en.jsonl", ROWS)
    done = selfinstruct("translate", "en.jsonl", "--to", "zh", "--output", "zh", "--json", *flags)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == {"rows": 3, "translated": 1, "adapted": 0, "kept": 1, "dropped": 1, "rejected": {}}
    told = selfinstruct("translate", "en.jsonl", "--to", "zh", "--output", "zh", *flags)
    assert "3 rows: 1 translated, 0 adapted, 1 kept, 1 dropped, 0 rejected" in told.stdout
    status = selfinstruct("status", "--run", "zh", "--config", "zh/config.lock.toml")
    assert "every row of the source is decided" in status.stdout
    explained = selfinstruct("explain", "zh/0.0", "--run", "zh", "--config", "zh/config.lock.toml")
    assert "translation of" in explained.stdout
    estimated = selfinstruct("estimate", "--run", "other", "--config", "zh/config.lock.toml", "--json")
    assert json.loads(estimated.stdout)["missing"] == {"zh": 1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["en.jsonl", "--to", "fr", "--output", "out"], "no such language"),
        (["none.jsonl", "--to", "zh", "--output", "out"], "no such file"),
        (["empty.jsonl", "--to", "zh", "--output", "out"], "empty.jsonl"),
        (["en.jsonl", "--to", "zh", "--output", "en.jsonl"], "is a file"),
        (["en.jsonl", "--to", "zh", "--output", "out", "--glossary", "en.jsonl"], "en.jsonl:1"),
        (["en.jsonl", "--to", "zh", "--output", "out", "--back-translate", "some"], "must be a number"),
        (["en.jsonl", "--to", "zh", "--output", "out", "--run", "x"], "--output DIR"),
    ],
)
def test_wrong_usage_ends_with_one_line_and_code_two(
    selfinstruct: Cli, tmp_path: Path, flags: list[str], arguments: list[str], said: str
) -> None:
    write(tmp_path / "en.jsonl", ROWS)
    write(tmp_path / "empty.jsonl", [])
    done = selfinstruct("translate", *arguments, *flags)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_another_recipe_does_not_go_on_in_the_folder_of_a_translation(
    selfinstruct: Cli, tmp_path: Path, flags: list[str]
) -> None:
    write(tmp_path / "en.jsonl", ROWS)
    selfinstruct("translate", "en.jsonl", "--to", "zh", "--output", "zh", *flags)
    done = selfinstruct("generate", "--run", "zh", "--target", "en=0,zh=2", "--recipe", "batch", *flags)
    assert done.returncode == 2
    assert "generate.recipe" in done.stderr


def test_the_other_language_does_not_go_into_the_folder_of_a_translation(
    selfinstruct: Cli, tmp_path: Path, flags: list[str]
) -> None:
    write(tmp_path / "en.jsonl", ROWS)
    selfinstruct("translate", "en.jsonl", "--to", "zh", "--output", "out", *flags)
    done = selfinstruct("translate", "en.jsonl", "--to", "en", "--output", "out", *flags)
    assert done.returncode == 2
    assert "out: holds a translation into `zh`, and --to is en; name another --output for `en`" in done.stderr


def test_the_help_says_who_is_asked(selfinstruct: Cli) -> None:
    said = " ".join(selfinstruct("translate", "--help").stdout.split())
    assert "Who is asked is [teacher] of the configuration" in said
    assert "without it the embedded teacher" not in said


@pytest.fixture
def carried(selfinstruct: Cli, tmp_path: Path, write_config: Callable[..., Path], flags: list[str]) -> str:
    """Translate in a project that has a mix and another model; return what stdout says."""
    write_config("batch", "[generate.mix]\nbatch = 0.5\nsteered = 0.5\n")
    write(tmp_path / "en.jsonl", ROWS)
    made = selfinstruct("translate", "en.jsonl", "--to", "zh", "--output", "zh", *flags, "--model", "another-teacher")
    assert made.returncode == 0, made.stderr
    return made.stdout


def test_the_hint_of_a_translation_works_as_it_stands(selfinstruct: Cli, carried: str) -> None:
    hint = carried.strip().rpartition("selfinstruct explain ")[2].replace("ID", "zh/1.0").split()
    explained = selfinstruct("explain", *hint)
    assert explained.returncode == 0, explained.stderr
    assert "language_bound" in explained.stdout
    assert "zh: was made by `selfinstruct translate`" in explained.stderr


@pytest.mark.thorough
def test_the_commands_on_a_translation_work_in_a_project_with_another_recipe(
    selfinstruct: Cli, tmp_path: Path, carried: str
) -> None:
    assert "1 kept" in carried
    before = (tmp_path / "zh/dataset/zh.jsonl").read_bytes()
    status = selfinstruct("status", "--run", "zh")
    assert "every row of the source is decided" in status.stdout
    assert "changed since" not in status.stdout
    for verb in (["filter"], ["estimate"], ["report"], ["generate"], ["diff", "en.jsonl"]):
        done = selfinstruct(*verb, "--run", "zh")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "zh/dataset/zh.jsonl").read_bytes() == before
    said: list[str] = []
    config = tmp_path / "selfinstruct.toml"
    found = si.open_run(tmp_path / "zh", config=config, say=said.append)
    assert (found.config.target, found.config.teacher.model) == ({"zh": 3}, "another-teacher")
    assert "selfinstruct translate" in said[0]


@pytest.mark.thorough
def test_a_run_whose_translations_were_all_rejected_says_what_is_missing(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer
) -> None:
    config = write_config("batch")
    config.write_text(config.read_text(encoding="utf-8").replace("[generate]", '[generate]\ntranslate = "zh"', 1))
    refusal = Fault(body=json.dumps(completion("Sure, I can do that.")).encode())
    server.script = lambda _, body: refusal if "[[instruction]]" in body["messages"][-1]["content"] else None
    made = selfinstruct("generate", "--run", "run")
    assert made.returncode == 0, made.stderr
    status = selfinstruct("status", "--run", "run").stdout
    for said in (made.stdout, status):
        assert "every row of `en` is decided, and `zh` has 0 of 3 rows, 3 missing" in said
        assert "target reached" not in said
    assert "Next: `zh` lacks 3 rows" in status


def test_the_stop_of_a_language_that_is_translated_says_what_is_missing_of_it() -> None:
    carried = {"rows": 3, "translated": 1, "adapted": 0, "kept": 0, "dropped": 1, "rejected": {"changed_numbers": 1}}
    counts = {"en": {"accepted": 3}, "zh": {"accepted": 1}}
    found = {"stop": "target reached", "target": {"en": 3, "zh": 3}, "ledger": counts, "translation": {"zh": carried}}
    assert stop_of(found) == "every row of `en` is decided, and `zh` has 1 of 3 rows, 2 missing"
    assert stop_of(found | {"ledger": {"en": {"accepted": 3}, "zh": {"accepted": 3}}}) == "target reached"
    assert stop_of(found | {"translation": {}}) == "target reached"


def test_where_every_row_is_rejected_the_next_step_is_to_look_why() -> None:
    found = {"stop": "target reached", "target": {"zh": 3}, "missing": {"zh": 0}, "batches": [], "translation": {}}
    found |= {"datasets": {}, "splits": {}, "records": {}, "ledger": {"total": {"accepted": 0, "rejected": {}}}}
    assert next_step(Path("zh"), found).startswith("no row stands; zh/rejected.jsonl")
    some = found | {"ledger": {"total": {"accepted": 1, "rejected": {}}}}
    assert next_step(Path("zh"), some).startswith("nothing is missing; `selfinstruct validate zh/dataset`")


@pytest.mark.thorough
def test_a_translation_that_is_begun_anew_is_one_again(
    selfinstruct: Cli, tmp_path: Path, carried: str, server: TeacherServer
) -> None:
    assert "1 translated" in carried
    before, asked = (tmp_path / "zh/dataset/zh.jsonl").read_bytes(), len(server.requests)
    done = selfinstruct("generate", "--run", "zh", "--fresh")
    assert done.returncode == 0, done.stderr
    assert "was made by `selfinstruct translate`" in done.stderr
    assert (tmp_path / "zh/dataset/zh.jsonl").read_bytes() == before
    assert len(server.requests) == asked + 1
    assert (tmp_path / "zh.1/journal").is_dir()
