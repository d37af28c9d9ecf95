"""The batch transport: the same dataset as the direct one, and nothing bought twice after any crash or fault."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import StorageError
from tests.support.batch_run import BATCH, SMALL, Run, assert_books_agree, freeze, journal
from tests.support.batch_server import BatchShelf, Plan
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.usefixtures("no_waits")


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_the_dataset_is_that_of_the_direct_transport(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    start(make_config(recipe, target=BATCH["target"]), tmp_path / "direct")
    direct = server.requests[:]
    assert run(recipe)["stop"] == "target reached"
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    bodies = [line["body"] for lines in shelf.lines for line in lines]
    assert all(body in bodies for body in direct[:4])
    assert len(server.requests) == len(direct)
    assert_books_agree(shelf, tmp_path)


@pytest.mark.thorough
def test_a_batch_carries_run_shard_and_hash(run: Run, shelf: BatchShelf) -> None:
    run()
    batch = shelf.batches[0]
    assert batch["metadata"].keys() == {"run", "shard", "sha256"}
    assert (batch["endpoint"], batch["completion_window"]) == ("/v1/chat/completions", "24h")
    assert {line["url"] for line in shelf.lines[0]} == {"/v1/chat/completions"}
    assert shelf.lines[0][0]["custom_id"] == "en/0.0/batch/1"


@pytest.mark.thorough
def test_all_that_can_be_asked_goes_out_together(run: Run, shelf: BatchShelf) -> None:
    run(target={"en": 40, "zh": 40})
    assert len(shelf.lines[0]) == 8, "window 4 in each of two languages"


@pytest.mark.kill
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_ended_after_any_record_and_resumed_it_buys_nothing_twice(
    make_config: MakeConfig,
    run: Run,
    server: TeacherServer,
    tmp_path: Path,
    recipe: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start(make_config(recipe, **SMALL), tmp_path / "direct")
    with monkeypatch.context() as patched:
        total = freeze(patched, 10**6)
        run(recipe, **SMALL)
    for after in range(0, total[0], 1 if recipe == "batch" else 7):
        server.shelf = shelf = BatchShelf(server.complete)
        for records in (after, 2, 1):  # the second and third life end early too
            with monkeypatch.context() as patched:
                freeze(patched, records)
                with contextlib.suppress(StorageError):
                    run(recipe, f"ended{after}", **SMALL)
        run(recipe, f"ended{after}", **SMALL)
        assert digest(tmp_path / f"ended{after}") == digest(tmp_path / "direct")
        assert_books_agree(shelf, tmp_path, f"ended{after}")


POINTS = ("uploading", "uploaded", "creating", "created", "listing", "looking", "delivering")
CUT, ERROR, LIMITED = (0, b"{"), (500, b'{"error": {"message": "oops"}}'), (429, b'{"error": {"message": "slow down"}}')


@pytest.mark.kill
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("answer", [CUT, ERROR, LIMITED], ids=["cut", "500", "429"])
def test_a_fault_of_the_provider_at_any_point_buys_nothing_twice(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path, point: str, answer: tuple[int, bytes]
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")

    def fault(event: str, number: int) -> tuple[int, bytes] | None:
        first_create_is_unclear = point == "listing" and event == "created"
        return answer if number == 0 and (event == point or first_create_is_unclear) else None

    shelf.fault = fault
    run()
    assert point in shelf.events
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path)


@pytest.mark.thorough
def test_a_file_that_is_cut_is_read_again_and_no_line_counts_twice(
    run: Run, shelf: BatchShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfinstruct.teacher.batch_api.lines._LINES_PER_CALL", 1)

    def fault(event: str, number: int) -> tuple[int, bytes] | None:
        if (event, number) != ("delivering", 0):
            return None
        data = shelf.files["file-output-0"]
        return 0, data[: data.index(b"\n") + 9]

    shelf.fault = fault
    run()
    assert_books_agree(shelf, tmp_path)


@pytest.mark.thorough
def test_a_batch_that_is_listed_late_is_awaited_not_made_again(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    def fault(event: str, number: int) -> tuple[int, bytes] | None:
        if (event, number) == ("created", 0):
            return CUT
        return (
            (200, b'{"object": "list", "data": [], "has_more": false}') if (event, number) == ("listing", 0) else None
        )

    shelf.fault = fault
    run()
    assert_books_agree(shelf, tmp_path)


@pytest.mark.thorough
def test_a_batch_whose_id_is_dots_is_looked_for_in_the_list(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.fault = lambda event, number: (200, b'{"id": ".."}') if (event, number) == ("created", 0) else None
    run()
    assert_books_agree(shelf, tmp_path)


def test_a_batch_is_found_on_a_later_page_and_by_its_metadata_alone(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    others = [{"id": f"other_{number}", "created_at": 10**10, "metadata": None} for number in range(5)]

    def happens(event: str) -> None:
        if event == "created" and len(shelf.batches) == 1:
            shelf.batches += [one | {"plan": Plan()} for one in others]
            shelf.batches[0]["input_file_id"] = "file-as-it-was-renamed"

    shelf.happens = happens
    shelf.fault = lambda event, number: CUT if (event, number) == ("created", 0) else None
    run()
    assert shelf.events.count("listing") == 3
    assert_books_agree(shelf, tmp_path)


@pytest.mark.thorough
def test_intents_that_were_not_sealed_are_taken_back_and_so_is_a_file_that_cannot_be_made_again(
    run: Run, shelf: BatchShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for records in (3, 3 + 8 + 1):  # eight intents and their seal, after three are taken back
        with monkeypatch.context() as patched:
            freeze(patched, records)
            with pytest.raises(StorageError):
                run(target={"en": 40, "zh": 40})
    assert len(journal(tmp_path).shards) == 1
    segment = tmp_path / "run" / "journal" / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    sealed = next(at for at, line in enumerate(lines) if b'"kind":"shard"' in line)
    lines[sealed - 1] = lines[sealed - 1].replace(b"intent", b"intend")
    segment.write_bytes(b"".join(lines))
    run()
    assert_books_agree(shelf, tmp_path)


@pytest.mark.kill
@pytest.mark.parametrize("point", ["uploading", "uploaded", "creating", "created", "looking", "delivering"])
def test_killed_at_any_point_and_started_again_it_buys_nothing_twice(
    make_config: MakeConfig,
    write_config: Callable[..., Path],
    selfinstruct: Callable[..., Any],
    shelf: BatchShelf,
    tmp_path: Path,
    point: str,
) -> None:
    start(make_config("batch"), tmp_path / "direct")
    config = write_config("batch")
    fast = config.read_text(encoding="utf-8").replace("timeout_s = 20", "timeout_s = 1\nbatch_poll_s = 0.02")
    price = 'transport = "batch_api"\nbatch_price = { input = "1.00", output = "2.00" }'
    config.write_text(fast.replace("[teacher]", f"[teacher]\n{price}"), encoding="utf-8")
    args = ("generate", "--config", str(config), "--run", str(tmp_path / "run"))
    process = subprocess.Popen([sys.executable, "-m", "selfinstruct", *args], stderr=subprocess.DEVNULL)
    shelf.happens = lambda event: process.kill() if event == point else None
    shelf.fault = lambda event, _: CUT if event == "delivering" else None
    assert process.wait(60) == -signal.SIGKILL
    shelf.happens, shelf.fault = lambda _event: None, lambda _event, _number: None
    status = selfinstruct("status", *args[1:], "--json")
    assert (
        sum(batch["requests"] for batch in json.loads(status.stdout)["batches"]) == len(journal(tmp_path).awaited) > 0
    )
    assert selfinstruct(*args).returncode == 0
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path)
