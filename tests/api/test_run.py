"""A run as an object: in a script, under a running event loop, closed, in use, with wrong settings."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.journal import Journal
from tests.support.asked import lowered
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import TeacherServer

Settings = Callable[..., dict[str, Any]]


@pytest.fixture
def settings(server: TeacherServer) -> Settings:
    def make(**sections: Any) -> dict[str, Any]:
        teacher = {
            "kind": "openai",
            "model": "scripted-teacher",
            "base_url": server.url,
            "api_key_env": "TEST_TEACHER_KEY",
        }
        return {"target": {"en": 3, "zh": 3}, "teacher": teacher} | sections

    return make


def quiet(_: str) -> None:
    pass


def test_from_settings_to_rows(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "mine", say=quiet, **settings())
    assert repr(run) == f"<Run {tmp_path / 'mine'}: nothing generated yet>"
    assert run.generate() is run
    assert repr(run) == f"<Run {tmp_path / 'mine'}: en 3/3, zh 3/3, target reached>"
    assert [row.language for row in run.rows] == ["en"] * 3 + ["zh"] * 3
    frame = run.rows.to_pandas()
    assert list(frame.columns) == ["id", "language", "instruction", "input", "output"]
    assert frame["id"].tolist() == [row.id for row in run.rows]
    assert run.ledger["total"]["accepted"] == 6
    assert len(run.rejected) == sum(run.ledger["total"]["rejected"].values())
    assert run.config.run.name == "mine"


def test_the_library_and_the_command_line_write_the_same_bytes(
    settings: Settings, make_config: MakeConfig, tmp_path: Path
) -> None:
    start(make_config("batch"), tmp_path / "one")
    sections = {"run": {"name": "test"}, "generate": {"recipe": "batch", "tasks_per_request": 3, "window": 4}}
    si.open_run(tmp_path / "two", say=quiet, **settings(**sections)).generate()
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_a_language_left_out_of_the_target_has_none(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", say=quiet, **settings(target={"zh": 2})).generate()
    assert {row.language for row in run.rows} == {"zh"}
    assert run.config.target == {"zh": 2}


def test_generate_works_under_a_running_event_loop(settings: Settings, tmp_path: Path) -> None:
    async def cell() -> int:
        return len(si.open_run(tmp_path / "run", say=quiet, **settings()).generate().rows)

    assert asyncio.run(cell()) == 6


def test_an_interrupt_under_a_running_event_loop_stops_the_run(
    settings: Settings, server: TeacherServer, tmp_path: Path
) -> None:
    def script(number: int, _: dict[str, Any]) -> None:
        if number == 5:
            os.kill(os.getpid(), signal.SIGINT)

    async def cell() -> None:
        run.generate()

    server.script = script
    run = si.open_run(
        tmp_path / "run", say=quiet, **settings(target={"en": 90}, generate={"tasks_per_request": 3, "window": 4})
    )
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(si.InterruptedRunError):
        asyncio.run(cell())
    assert run.manifest["stop"] == "interrupted"
    assert 0 < len(run.rows) < 90
    assert signal.getsignal(signal.SIGINT) == before


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_interrupt_after_which_the_awaited_replies_reach_the_target_stops_nothing(
    settings: Settings, server: TeacherServer, tmp_path: Path, language: str
) -> None:
    def script(number: int, _: dict[str, Any]) -> None:
        if number == 0:
            os.kill(os.getpid(), signal.SIGINT)

    server.script = script
    recipe = {"tasks_per_request": 3, "window": 1}
    run = si.open_run(tmp_path / "run", say=quiet, **settings(target={language: 1}, generate=recipe))
    assert run.generate().manifest["stop"] == "target reached"
    assert len(run.rows) == 1


def test_generate_async_leaves_the_loop_free(settings: Settings, tmp_path: Path) -> None:
    async def main() -> tuple[int, int]:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        beside = asyncio.create_task(other())
        run = await si.open_run(tmp_path / "run", say=quiet, **settings()).generate_async()
        beside.cancel()
        return len(run.rows), turns

    rows, turns = asyncio.run(main())
    assert rows == 6
    assert turns > 6  # more often than there were replies


def test_a_cancelled_generate_async_emits_what_it_has_and_is_cancelled(
    settings: Settings, server: TeacherServer, tmp_path: Path
) -> None:
    held = threading.Event()

    async def main() -> None:
        reached, loop = asyncio.Event(), asyncio.get_running_loop()

        def script(number: int, _: dict[str, Any]) -> None:
            if number > 5:
                loop.call_soon_threadsafe(reached.set)
                held.wait(20)

        server.script = script
        task = asyncio.create_task(run.generate_async())
        await asyncio.wait_for(reached.wait(), 20)
        task.cancel()
        await task

    run = si.open_run(
        tmp_path / "run", say=quiet, **settings(target={"en": 50}, generate={"tasks_per_request": 3, "window": 4})
    )
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    held.set()
    assert run.manifest["stop"] == "interrupted"
    assert run.ledger["total"]["accepted"] == len(run.rows) > 0


def test_an_existing_run_opens_with_the_configuration_it_was_made_with(settings: Settings, tmp_path: Path) -> None:
    made = si.open_run(tmp_path / "run", say=quiet, **settings()).generate()
    again = si.open_run(tmp_path / "run", say=quiet)
    assert again.config == made.config
    assert again.filter().rows[0] == made.rows[0]


def test_a_file_is_beaten_by_keywords(write_config: Callable[..., Path], tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", config=write_config("batch"), target={"en": 1})
    assert (run.config.recipe, run.config.target) == ("batch", {"en": 1})


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"teachers": {}}, r"\[teachers\]: unknown section; did you mean `teacher`"),
        ({"teacher": {"modle": "x"}}, r"\[teacher\.modle\]: unknown key; did you mean `model`"),
        ({"target": {"fr": 1}}, r"\[target\.fr\]: no such language; known: en, zh"),
        ({"limits": 3}, r"limits=3: must be a mapping"),
        ({"filter": {"threshold": 7}}, r"\[filter\.threshold"),
    ],
)
def test_wrong_settings_name_the_key(sections: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(si.ConfigError, match=message):
        si.open_run(tmp_path / "run", **sections)
    assert not (tmp_path / "run").exists()


def test_a_closed_run_refuses_and_says_how_to_open_it(tmp_path: Path) -> None:
    with si.open_run(tmp_path / "run", target={"en": 1}) as run:
        pass
    for use in (lambda: run.rows, run.generate, run.filter, lambda: run.explain("en/0.0"), run.status):
        with pytest.raises(si.InputError, match=r"this run is closed; open it again with open_run"):
            use()
    assert repr(run).endswith(": closed>")


def test_a_run_in_use_is_refused_by_name(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", say=quiet, **settings())
    code = "import sys, pathlib; from selfinstruct.journal import Journal; Journal(pathlib.Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "run" / "journal")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(si.SelfInstructError, match=str(other.pid)):
            run.generate()
        other.communicate("")
    assert len(run.generate().rows) == 6


def test_a_wrong_format_is_refused_with_the_nearest(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", say=quiet, **settings()).generate()
    with pytest.raises(si.ConfigError, match="format 'alpca': is not known; did you mean `alpaca`"):
        run.export("alpca", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_was_never_made_says_how_to_make_it(tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", target={"en": 1})
    with pytest.raises(si.InputError, match="generate"):
        run.status()
    with pytest.raises(si.InputError, match=r"not there; .filter\(\)"):
        _ = run.rejected


def test_without_a_journal_rows_are_there_and_rejections_say_why_not(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", say=quiet, **settings()).generate()
    rows = list(run.rows)
    Journal(tmp_path / "run" / "journal", read_only=True)
    (tmp_path / "run" / "rejected.jsonl").unlink()
    assert list(si.open_run(tmp_path / "run").rows) == rows
    with pytest.raises(si.InputError, match="journal"):
        _ = run.rejected


@pytest.mark.thorough
def test_explain_report_and_export_of_a_run(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", say=quiet, **settings()).generate()
    row = run.rows[0]
    assert (run.explain(row.id).state, run.explain(row.id).id) == ("accepted", row.id)
    assert run.report() == tmp_path / "run" / "report.html"
    assert "<html" in run.report(tmp_path / "page.html").read_text(encoding="utf-8")
    done = run.export("messages", tmp_path / "out")
    assert (done.rows, [path.name for path in done.files]) == (6, ["messages.jsonl"])
    assert run.estimate().languages["en"].missing == 0


def test_settings_as_python_has_them(settings: Settings, tmp_path: Path) -> None:
    teacher = settings()["teacher"] | {"price": {"input": 0.1, "output": Decimal("0.40")}}
    run = si.open_run(
        tmp_path / "运行 一",
        say=quiet,
        target={"zh": 2},
        teacher=teacher,
        limits={"budget_usd": 0.5},
        run={"seeds": tmp_path},
    )
    assert (run.config.limits.budget_usd, run.config.run.seeds, run.config.run.name) == (
        "0.5",
        str(tmp_path),
        "运行-一",
    )
    assert run.config.teacher.price is not None
    assert (run.config.teacher.price.input, run.config.teacher.price.output) == ("0.1", "0.40")


def test_what_is_no_run_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(si.InputError, match="is a file; name the directory of a run"):
        si.open_run(tmp_path / "file")
    run = si.open_run(tmp_path / "none", target={"en": 1})
    with pytest.raises(si.InputError, match=r"holds no run yet; call \.generate\(\)"):
        _ = run.rows
    with pytest.raises(si.InputError, match="give the place of a candidate"):
        run.explain("  ")


def test_a_run_may_have_a_chinese_name(settings: Settings, server: TeacherServer, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "第一次运行", say=quiet, **settings(target={"zh": 2})).generate()
    assert (run.config.run.name, len(run.rows)) == ("第一次运行", 2)
    assert all("%E7%AC%AC" in lowered(headers)["x-client-request-id"] for headers in server.headers)


def test_a_run_stands_for_its_directory(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", say=quiet, **settings()).generate()
    assert si.diff(run, run).counts["unchanged"] == 6
    assert si.validate(run).rows == 6
    assert si.export(run, "alpaca", tmp_path / "out").rows == 6


def test_a_table_of_nothing_has_its_columns(settings: Settings, tmp_path: Path) -> None:
    run = si.open_run(tmp_path / "run", say=quiet, **settings(target={"en": 0, "zh": 0})).generate()
    assert (len(run.rows), len(run.rejected)) == (0, 0)
    assert run.rows.to_pandas().groupby("language").size().empty
    assert run.rejected.to_pandas()[["rule", "detail", "nearest_text", "score"]].empty


def test_a_key_in_place_of_its_name_is_refused_and_not_repeated(settings: Settings, tmp_path: Path) -> None:
    key = "sk-live-0123456789"
    with pytest.raises(si.ConfigError, match="must be the name of an environment variable") as raised:
        si.open_run(tmp_path / "run", **settings(teacher=settings()["teacher"] | {"api_key_env": key}))
    assert key not in str(raised.value)


def test_a_configuration_of_the_folder_that_is_not_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    si.open_run("outputs/x", say=said.append, target={"en": 2})
    assert said == []
    (tmp_path / "selfinstruct.toml").write_text('[limits]\nbudget_usd = "0.01"\n', encoding="utf-8")
    assert si.open_run("outputs/x", say=said.append, target={"en": 2}).config.limits.budget_usd is None
    assert "selfinstruct.toml of this folder is not read" in said[0]
    assert 'config="selfinstruct.toml" reads it' in said[0]
    assert si.open_run("outputs/x", say=said.append, config="selfinstruct.toml").config.limits.budget_usd == "0.01"
    assert len(said) == 1


def test_what_was_never_tuned_is_not_evaluated_and_how_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(si.InputError, match="no adapter is there yet; `selfinstruct finetune` trains one"):
        si.evaluate(run=tmp_path / "run")
