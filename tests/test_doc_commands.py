"""The commands of READMEs and docs, typed page by page by a reader with a scripted teacher: each ends with 0."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.support import doc_reader
from tests.support.doc_blocks import Command, all_commands
from tests.support.doc_reader import Reader, Run
from tests.support.fake_hub import FakeHub, reach
from tests.support.fork_server import ForkServer
from tests.support.models import CHAT, build_model, build_tokenizer
from tests.support.teacher_server import TeacherServer

_BEFORE: dict[str, Callable[[Reader], object]] = {
    "README.md": lambda _: None,
    "docs/chinese.md": doc_reader.files,
    "docs/conversations.md": doc_reader.chats,
    "docs/derive.md": lambda reader: reader.made("mine"),
    "docs/files.md": doc_reader.files,
    "docs/finetune.md": lambda reader: reader.made("demo"),
    "docs/hub.md": doc_reader.hub,
    "docs/index.md": lambda reader: reader.made("demo"),
    "docs/judging.md": doc_reader.answers,
    "docs/large-runs.md": lambda _: None,
    "docs/recipes.md": lambda reader: reader.made("demo"),
    "docs/review.md": doc_reader.reviewed,
    "docs/scale.md": doc_reader.scaled,
    "docs/translation.md": doc_reader.alpaca,
    "docs/why-a-row.md": doc_reader.candidates,
}
"""Page -> what its reader has before the first command; the Chinese page takes the same for granted."""


_BEFORE_TRAINING = _BEFORE | {"docs/judging.md": doc_reader.tuned}


def _typed(page: str) -> list[Command]:
    """Return what a reader without torch types of a page."""
    return [one for one in all_commands() if one.block.page == page and (one.is_shell or one.is_run) and not one.trains]


def _trained(page: str) -> list[Command]:
    """Return what needs torch, and the import before it."""
    return [one for one in all_commands() if one.block.page == page and (one.trains or one.words[1:2] == ["import"])]


def _pages(*, train: bool) -> list[str]:
    return sorted({one.block.page for one in all_commands() if one.is_run and one.trains == train})


@pytest.fixture
def fake_hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    yield hub
    hub.close()


@pytest.mark.thorough
@pytest.mark.parametrize("page", _pages(train=False))
def test_the_commands_of_a_page_end_well(
    page: str, server: TeacherServer, fake_hub: FakeHub, fork_server: ForkServer, tmp_path: Path
) -> None:
    if any("me/rivers" in one.text for one in _typed(page)):
        pytest.importorskip("huggingface_hub")
    clone = tmp_path / "clone"  # a project is begun beside it
    clone.mkdir()
    reader = Reader(clone, server, fake_hub, fork_server.run)
    _BEFORE[page.replace(".zh-CN", "")](reader)
    for command in _typed(page):
        reader.type(command)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, which has imported torch."""
    from selfinstruct.cli import main

    def run(words: list[str], folder: Path, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(folder)
        monkeypatch.setattr("sys.argv", ["selfinstruct", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return subprocess.CompletedProcess(words, int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.mark.finetune
@pytest.mark.parametrize("page", _pages(train=True))
def test_the_commands_of_a_page_that_need_torch_end_well(
    page: str, server: TeacherServer, fake_hub: FakeHub, here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    if any("hub:" in one.text for one in _trained(page)):
        pytest.importorskip("huggingface_hub")
        reach(fake_hub, monkeypatch, tmp_path)
    reader = Reader(tmp_path, server, fake_hub, here)
    doc_reader.models(reader, build_model(tmp_path / "base", build_tokenizer(chat=CHAT)))
    _BEFORE_TRAINING[page.replace(".zh-CN", "")](reader)
    for command in _trained(page):
        reader.type(command)


def test_every_page_with_commands_has_its_reader() -> None:
    pages = {one.block.page.replace(".zh-CN", "") for one in all_commands()}
    assert pages == set(_BEFORE)
