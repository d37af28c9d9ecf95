"""The command line as a user and a script see it."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from selfinstruct.cli import VERBS
from selfinstruct.cli.overview import STAGES
from tests.support.command import THREE, Cli, rows
from tests.support.teacher_server import KEY, Fault, TeacherServer


def test_help_names_every_verb_and_loads_none(selfinstruct: Cli) -> None:
    done = selfinstruct("--help")
    assert done.returncode == 0
    assert all(verb in done.stdout for verb in VERBS)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_has_one_line_for_each_verb_under_its_stage_in_80_columns(
    selfinstruct: Cli, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = selfinstruct("--lang", lang, "--help").stdout.splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert [line for line in lines if line.startswith(" " * 4)] == []  # nothing goes on in a second line
    shown = [line.split()[0] for line in lines if line.startswith("  ") and line.split()[0] in VERBS]
    assert sorted(shown) == sorted(VERBS)
    assert shown == [verb for verbs in STAGES.values() for verb in verbs if verb in VERBS]


@pytest.mark.parametrize("verb", [*VERBS, "teacher serve", "teacher pull", "git install"])
def test_every_verb_explains_itself(selfinstruct: Cli, verb: str) -> None:
    done = selfinstruct(*verb.split(), "--help")
    assert done.returncode == 0
    assert verb in {"teacher", "git"} or "--json" in done.stdout


def test_an_unknown_verb_or_option_exits_2_with_the_nearest(selfinstruct: Cli) -> None:
    done = selfinstruct("genrate")
    assert (done.returncode, "Did you mean `generate`?" in done.stderr) == (2, True)
    done = selfinstruct("generate", "--tarjet", "en=1")
    assert (done.returncode, "--target" in done.stderr) == (2, True)


def test_generate_status_filter_and_export_work_together(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path
) -> None:
    write_config("batch")
    done = selfinstruct("generate", "--json")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    sent = len(server.requests)
    status = json.loads(selfinstruct("status", "--json").stdout)
    assert status["ledger"] == manifest["ledger"]
    assert status["missing"] == {"en": 0, "zh": 0}
    replayed = json.loads(selfinstruct("generate", "--replay", "--json").stdout)
    filtered = json.loads(selfinstruct("filter", "--json").stdout)
    assert replayed["datasets"] == filtered["datasets"] == manifest["datasets"]
    assert len(server.requests) == sent
    assert selfinstruct("export", "--format", "alpaca", "--output", "out").returncode == 0
    rows = json.loads((tmp_path / "out" / "alpaca.json").read_text(encoding="utf-8"))
    assert [list(row) for row in rows] == [["instruction", "input", "output"]] * 6
    assert selfinstruct("export", "--format", "messages", "--output", "out").returncode == 0
    first = json.loads((tmp_path / "out" / "messages.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert [turn["role"] for turn in first["messages"]] == ["user", "assistant"]
    assert selfinstruct("validate", "outputs/test").returncode in {0, 1}


def test_stdout_has_only_data_and_stderr_the_progress(selfinstruct: Cli, write_config: Callable[..., Path]) -> None:
    write_config("batch")
    done = selfinstruct("generate", "--json")
    json.loads(done.stdout)
    assert "in flight" in done.stderr
    assert selfinstruct("generate", "-q").stderr == ""


def test_a_flag_beats_the_environment_and_the_environment_beats_the_file(
    selfinstruct: Cli, write_config: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config("batch")
    monkeypatch.setenv("SELFINSTRUCT_TARGET", "en=1,zh=2")
    assert json.loads(selfinstruct("generate", "--json", "--run", "a").stdout)["keeping"]["target"] == {
        "en": 1,
        "zh": 2,
    }
    done = selfinstruct("generate", "--json", "--run", "b", "--target", "en=2")
    assert json.loads(done.stdout)["keeping"]["target"] == {"en": 2, "zh": 3}  # the file's: the flag does not name zh


@pytest.mark.parametrize(
    ("extra", "code", "message"),
    [
        ("[generat]\nx = 1\n", 2, "did you mean `generate`?"),
        ('[finetune]\nmodel = "x"\n', 0, ""),
    ],
)
def test_configuration_is_checked_before_anything_else(
    selfinstruct: Cli, write_config: Callable[..., Path], extra: str, code: int, message: str
) -> None:
    write_config("batch", extra)
    done = selfinstruct("generate", "--target", "en=1")
    assert (done.returncode, message in done.stderr) == (code, True)


def test_a_missing_key_exits_2_and_names_the_variable(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_config()
    path.write_text(path.read_text(encoding="utf-8").replace("http://127.0.0.1", "https://127.0.0.1"), encoding="utf-8")
    monkeypatch.delenv("TEST_TEACHER_KEY")
    done = selfinstruct("generate")
    assert done.returncode == 2
    assert "TEST_TEACHER_KEY is not set" in done.stderr
    done = selfinstruct("filter")
    assert (done.returncode, "holds no run" in done.stderr) == (2, True)
    assert not (tmp_path / "outputs").exists()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault(401, b"{}"), 4), (Fault(404, b"{}"), 4), (Fault(200, b"<html>", "text/html"), 4), (Fault(402, b"{}"), 4)],
)
def test_a_refusal_exits_4_without_the_key(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer, fault: Fault, code: int
) -> None:
    server.script = lambda _number, _body: fault
    write_config()
    done = selfinstruct("generate")
    assert done.returncode == code
    assert KEY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_a_budget_stop_exits_3_and_a_higher_budget_goes_on(
    selfinstruct: Cli, write_config: Callable[..., Path]
) -> None:
    write_config()
    assert selfinstruct("generate", "--budget-usd", "0.003", "--concurrency", "1").returncode == 3
    assert selfinstruct("generate", "--budget-usd", "1").returncode == 0


def test_a_budget_without_a_price_is_refused(selfinstruct: Cli, write_config: Callable[..., Path]) -> None:
    path = write_config()
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("price")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = selfinstruct("generate", "--budget-usd", "1")
    assert (done.returncode, "needs the price" in done.stderr) == (2, True)


def test_a_run_directory_that_cannot_be_written_exits_5(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config()
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = selfinstruct("generate", "--run", "taken/run")
    assert (done.returncode, "cannot be written" in done.stderr) == (5, True)


def test_a_run_that_does_not_exist_is_said_so(selfinstruct: Cli, write_config: Callable[..., Path]) -> None:
    write_config()
    for verb in ("status", "filter", "finetune"):
        done = selfinstruct(verb)
        assert (done.returncode, "outputs/test" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.json", "in.json.gz"])
def test_filter_works_on_any_instruction_file(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    array = ".json" in name.replace(".jsonl", "")
    text = json.dumps(THREE) if array else "".join(json.dumps(row) + "\n" for row in THREE)
    data = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    done = selfinstruct("filter", name, "--output", "kept.jsonl", "--rejected", "dropped.jsonl", "--json")
    told = json.loads(done.stdout)
    ledger = told.pop("ledger")
    assert ledger["total"] == {"candidates": 3, "accepted": 2, "rejected": {"near_duplicate": 1}, "pending": 0}
    assert told == {
        "rows": 3, "kept": 2, "dropped": 1, "empty": 0, "other_input": 0, "template": [0, 0], "fixed": {}, "warnings": {},
        "taken_out": {},
        "soft_hyphens": 0, "nan": 0, "noticed": [],
        "files": {"kept": "kept.jsonl", "dropped": "dropped.jsonl"}, "replaced": [],
    }  # fmt: skip
    kept = [json.loads(line) for line in (tmp_path / "kept.jsonl").read_text(encoding="utf-8").splitlines()]
    assert kept == list(THREE[:2])
    dropped = json.loads((tmp_path / "dropped.jsonl").read_text(encoding="utf-8"))
    assert dropped == ({"unit": "row"} if array else {}) | {
        "line": 3,
        "rule": "near_duplicate",
        "detail": f"ROUGE-L 1.0000 to {'row' if array else 'line'} 1",
        "nearest": {"line": 1, "text": THREE[0]["instruction"]},
        "score": 1.0,
        "row": THREE[2],
    }


def test_filter_compares_with_a_pool_and_names_its_line(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", THREE[0])
    rows(tmp_path / "pool.jsonl", THREE[1], THREE[2])
    selfinstruct("filter", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl", "--pool", "pool.jsonl")
    assert json.loads((tmp_path / "d.jsonl").read_text(encoding="utf-8"))["nearest"] == {
        "pool": "pool.jsonl",
        "pool_line": 2,
        "text": THREE[2]["instruction"],
    }


def test_filter_names_a_broken_line_and_writes_nothing(selfinstruct: Cli, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"instruction": "a"}\n{"instruction": \n', encoding="utf-8")
    done = selfinstruct("filter", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl")
    assert (done.returncode, "in.jsonl:2: not JSON" in done.stderr) == (2, True)
    assert not (tmp_path / "k.jsonl").exists()


def test_validate_prints_every_finding_and_exits_1(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", THREE[0], {"instruction": "概括下面这段文字的大意。", "input": "", "output": "无"})
    done = selfinstruct("validate", "in.jsonl", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["rows"] == 2
    assert {(finding["line"], finding["rule"]) for finding in report["findings"]} >= {
        (2, "mentions_missing_input"),
        (2, "placeholder_output"),
    }


def test_validate_exits_0_on_sound_rows(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", *THREE[:2])
    assert selfinstruct("validate", "in.jsonl").returncode == 0


@pytest.mark.thorough
def test_seeds_prints_figures_and_exits_1_on_a_finding(selfinstruct: Cli, tmp_path: Path) -> None:
    done = selfinstruct("seeds", "--json")
    figures = json.loads(done.stdout)
    assert (done.returncode, figures["en"]["count"], figures["zh"]["count"]) == (0, 278, 278)
    seed = {"name": "n", "instruction": "说出一条河流。", "instances": [{"input": "", "output": "岷江。"}]}
    rows(tmp_path / "mine.jsonl", seed | {"id": "a"}, seed | {"id": "b"})
    assert selfinstruct("seeds", "mine.jsonl").returncode == 1


def test_init_starts_a_project_that_uses_its_own_seeds_and_prompts(
    selfinstruct: Cli, tmp_path: Path, server: TeacherServer
) -> None:
    assert selfinstruct("init", "mine").returncode == 0
    project = tmp_path / "mine"
    assert sorted(path.name for path in project.iterdir()) == [
        ".gitattributes",
        ".github",
        ".gitignore",
        "Makefile",
        "local.mk",
        "prompts",
        "seed_tasks",
        "selfinstruct.toml",
    ]
    assert 'seeds = "seed_tasks"' in (project / "selfinstruct.toml").read_text(encoding="utf-8").split("# seeds")[0]
    assert selfinstruct("init", "mine").returncode == 2
    assert server.requests == []


def test_a_prompt_without_its_placeholder_is_refused_by_name(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config()
    selfinstruct("init", "mine")
    path = tmp_path / "mine" / "prompts" / "zh" / "answer.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("$input", "$inptu"), encoding="utf-8")
    done = selfinstruct("generate", "--prompts", "mine/prompts")
    assert done.returncode == 2
    assert "answer.txt" in done.stderr
    assert "$input" in done.stderr
