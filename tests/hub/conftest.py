"""A hub on loopback for the real client, and a run to publish."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from selfinstruct.config import parse_config
from tests.support.fake_hub import FakeHub, reach
from tests.support.runs import start
from tests.support.teacher_server import KEY, TeacherServer

CONFIG = """
[run]
name = "rivers"
[target]
en = 3
zh = 3
[teacher]
kind = "openai"
base_url = "{url}"
model = "scripted-teacher"
api_key_env = "TEST_TEACHER_KEY"
price = {{ input = "1.00", output = "2.00" }}
[generate]
recipe = "{recipe}"
tasks_per_request = 3
window = 4
[limits]
concurrency = 4
"""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    pytest.importorskip("huggingface_hub")
    from huggingface_hub import close_session

    fake = FakeHub()
    reach(fake, monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    yield fake
    close_session()
    fake.close()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client try again at once."""
    from huggingface_hub.utils import _http

    class Clock:
        @staticmethod
        def sleep(_: float) -> None:
            pass

    monkeypatch.setattr(_http, "time", Clock)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return runs of one journal that grew: {rows in English: directory}."""
    folder, teacher = tmp_path_factory.mktemp("runs"), TeacherServer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_TEACHER_KEY", KEY)
        for rows in (3, 4, 5):
            path = folder / str(rows)
            if rows > 3:
                shutil.copytree(folder / str(rows - 1), path)
            start(parse_config(CONFIG.format(url=teacher.url, recipe="batch"), "test.toml", {"target.en": rows}), path)
    teacher.close()
    return {rows: folder / str(rows) for rows in (3, 4, 5)}


@pytest.fixture
def made(runs: dict[int, Path], tmp_path: Path) -> Callable[..., Path]:
    """Put a run with so many English rows where the last one stood."""

    def make(rows: int = 3) -> Path:
        shutil.rmtree(tmp_path / "run", ignore_errors=True)
        shutil.copytree(runs[rows], tmp_path / "run")
        return tmp_path / "run"

    return make
