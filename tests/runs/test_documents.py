"""Documents: how many were read is said, and which came or went between two commands, with the rows that come from them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config
from selfinstruct.records import LanguageCode
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.documents import tell_changed
from selfinstruct.runs.estimate import estimate
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.status import status
from selfinstruct.runs.stopping import StopSignal
from tests.support.mixes import LANGUAGES, dataset_rows, paragraphs, write_documents
from tests.support.runs import MakeConfig


def two_each(folder: Path) -> Path:
    """Write two documents of each language, of three passages each, and one that is too short."""
    folder.mkdir()
    for language in LANGUAGES:
        every = paragraphs(language, 6).split("\n\n")
        (folder / f"{language}.txt").write_text("\n\n".join(every[:3]), encoding="utf-8")
        (folder / f"{language}-2.txt").write_text("\n\n".join(every[3:]), encoding="utf-8")
    (folder / "short.txt").write_text("Too short.", encoding="utf-8")
    return folder


def settings(make_config: MakeConfig, folder: Path, rows: int = 3) -> Config:
    more: dict[str, Any] = {"generate__mix": {"documents": 1.0}, "generate__documents": str(folder)}
    return make_config(**more, target={"en": rows, "zh": rows})


def said_by(config: Config, run: Path) -> list[str]:
    said: list[str] = []
    generate(config, RunDirectory(run), Observer(said.append, lambda *_: None), StopSignal())
    return said


@pytest.mark.thorough
def test_how_many_documents_and_passages_were_read_is_said(make_config: MakeConfig, tmp_path: Path) -> None:
    config = settings(make_config, two_each(tmp_path / "documents"))
    found = estimate(config, RunDirectory(tmp_path / "run")).document()
    assert found["documents"] == 5
    assert found["passages"] == {"en": 6, "zh": 6}
    assert found["without_passage"] == ["short.txt"]
    (line,) = [line for line in said_by(config, tmp_path / "run") if line.startswith("Documents: ")]
    assert line.startswith("Documents: 5 read, passages: en 6, zh 6; too short, or in no language")
    assert line.endswith(": short.txt")


@pytest.mark.thorough
@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.thorough), "zh"])
def test_documents_that_came_and_went_are_told_with_the_rows_that_come_from_them(
    make_config: MakeConfig, tmp_path: Path, language: LanguageCode
) -> None:
    folder, run = two_each(tmp_path / "documents"), tmp_path / "run"
    config = settings(make_config, folder)
    assert not [line for line in said_by(config, run) if "documents removed" in line or "documents added" in line]
    counts = Counter(row["source"]["document"] for row in dataset_rows(run))
    gone = max((f"{language}.txt", f"{language}-2.txt"), key=lambda name: counts[name])
    assert counts[gone] > 0
    (folder / gone).unlink()
    (folder / "新.txt").write_text(paragraphs(language, 4).replace("19", "20"), encoding="utf-8")
    directory, filtered = RunDirectory(run), list[str]()
    before = (run / "dataset" / f"{language}.jsonl").read_bytes()
    refilter(config, directory, filtered.append)
    for said in (filtered, said_by(config, run)):
        text = "\n".join(said)
        assert f"documents removed since the run last asked: {gone} ({counts[gone]} row" in text
        assert "documents added since the run last asked: 新.txt" in text
    assert status(config, directory)["changed"]["documents"] == {"added": ["新.txt"], "removed": {gone: counts[gone]}}
    assert (run / "dataset" / f"{language}.jsonl").read_bytes() == before
    assert "documents removed" in "\n".join(said_by(settings(make_config, folder, 6), run))
    assert "documents removed" not in "\n".join(said_by(settings(make_config, folder, 6), run))
    sources = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["sources"]
    assert "documents/新.txt" in sources


@pytest.mark.parametrize(
    ("removed", "said"),
    [
        ({"a.txt": 0}, "a.txt (0 rows); no row comes from them, and no further request"),
        (
            {"a.txt": 1, "文.md": 2},
            "a.txt (1 row), 文.md (2 rows); the rows that come from them (3) stay, and no further",
        ),
    ],
)
def test_rows_of_removed_documents_are_counted_in_words(removed: dict[str, int], said: str) -> None:
    (line,) = tell_changed({"added": [], "removed": removed})
    assert said in line


def test_a_run_without_documents_says_nothing_of_them(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("batch", target={"en": 2, "zh": 2})
    write_documents(tmp_path / "documents")
    assert not [line for line in said_by(config, tmp_path / "run") if "ocuments" in line]
    assert "documents" not in estimate(config, RunDirectory(tmp_path / "run")).document()
