"""The Batch API as a transport: the same bytes as the direct one, nothing bought twice whatever breaks, every item accounted for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config
from selfinstruct.errors import CapReachedError, ConfigError, InterruptedRunError, TeacherRefusedError
from selfinstruct.journal import Journal
from selfinstruct.pipeline import Brake, Observer, generate
from selfinstruct.run_folder import RunFolder
from selfinstruct.teacher import bill_of, price_of
from selfinstruct.teacher.batch_api import give_up
from tests.batch_server import BatchShelf, Plan
from tests.conftest import KEY
from tests.teacher_server import TeacherServer
from tests.test_pipeline import MakeConfig, digest, start

pytestmark = pytest.mark.usefixtures("no_waits")
BATCH: dict[str, Any] = {
    "teacher__transport": "batch_api",
    "teacher__batch_price": {"input": "1.00", "output": "2.00"},
    "limits__timeout_s": 5,
}
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(make_config: MakeConfig, tmp_path: Path) -> Run:
    """Run through the Batch API and return the manifest."""

    def run(
        recipe: str = "batch", folder: str = "run", say: Callable[[str], None] | None = None, **more: Any
    ) -> dict[str, Any]:
        config = make_config(recipe, **BATCH | more)
        observer = Observer(say or (lambda _: None), lambda *_: None)
        return generate(config, RunFolder(tmp_path / folder), observer, Brake())

    return run


@pytest.fixture
def shelf(server: TeacherServer) -> BatchShelf:
    return server.shelf


def journal(tmp_path: Path, folder: str = "run") -> Journal:
    return Journal(tmp_path / folder / "journal", read_only=True)


def assert_books_agree(shelf: BatchShelf, tmp_path: Path, folder: str = "run") -> None:
    """Nothing was bought twice, nothing is out, and both sides have the same bill to the micro-USD."""
    assert set(shelf.bought.values()) == {1}
    found = journal(tmp_path, folder)
    assert not found.shards
    assert not found.uncertain
    assert found.spent == shelf.billed


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_the_dataset_is_that_of_the_direct_transport(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    start(make_config(recipe), tmp_path / "direct")
    direct = server.requests[:]
    assert run(recipe)["stop"] == "target reached"
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    bodies = [line["body"] for lines in shelf.lines for line in lines]
    assert all(body in bodies for body in direct[:4])
    assert len(server.requests) == len(direct)
    assert_books_agree(shelf, tmp_path)


def test_a_batch_carries_run_shard_and_hash(run: Run, shelf: BatchShelf) -> None:
    run()
    batch = shelf.batches[0]
    assert batch["metadata"].keys() == {"run", "shard", "sha256"}
    assert (batch["endpoint"], batch["completion_window"]) == ("/v1/chat/completions", "24h")
    assert {line["url"] for line in shelf.lines[0]} == {"/v1/chat/completions"}
    assert shelf.lines[0][0]["custom_id"] == "en/0.0/batch/1"


def test_all_that_can_be_asked_goes_out_together(run: Run, shelf: BatchShelf) -> None:
    run(target={"en": 40, "zh": 40})
    assert len(shelf.lines[0]) == 8, "window 4 in each of two languages"


POINTS = ["uploading", "uploaded", "creating", "created", "listing", "looking", "delivering"]


@pytest.mark.parametrize("point", POINTS)
def test_ended_at_any_point_and_resumed_it_buys_nothing_twice(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path, point: str
) -> None:
    start(make_config("batch"), tmp_path / "direct")
    brake = Brake()

    class _GoneError(BaseException):
        """The process ends here."""

    def die(*_: object) -> None:
        raise _GoneError

    seen: list[str] = []
    shelf.happens = seen.append
    gone = False

    def watch(*_: object) -> None:
        nonlocal gone
        if point in seen and not gone:
            gone = True
            die()

    config = make_config("batch", **BATCH)
    shelf.fault = lambda event, number: (0, b"{") if (event, number) == (point, 0) else None
    try:
        generate(config, RunFolder(tmp_path / "run"), Observer(lambda _: watch(), watch), brake)
    except _GoneError:
        gone = True
    assert gone or point == "listing"
    shelf.fault = lambda _event, _number: None
    run()
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path)
