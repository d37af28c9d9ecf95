"""What of a journal cannot be read is named before a view is written, and nothing is bought on a journal that lacks replies."""

from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.config import Config
from selfinstruct.errors import InputError
from tests.support.runs import MakeConfig, digest, files_in, start
from tests.support.teacher_server import TeacherServer

HALF = b'{"v":1,"kind":"rep'


@pytest.fixture
def config(make_config: MakeConfig) -> Config:
    return make_config("steered")


@pytest.fixture
def run(config: Config, tmp_path: Path) -> Path:
    start(config, tmp_path / "run")
    return tmp_path / "run"


def spoil(run: Path) -> int:
    """Write garbage over a reply, and return the number of its line, from 1."""
    segment = run / "journal" / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if b'"kind":"reply"' in line)
    lines[number] = b"garbage\n"
    segment.write_bytes(b"".join(lines))
    return number + 1


def test_damage_is_named_and_views_are_written(config: Config, run: Path, tmp_path: Path) -> None:
    line, said = spoil(run), list[str]()
    si.derive(run, "alpaca", tmp_path / "views", config=config, say=said.append)
    told = "\n".join(said)
    assert f"1 damaged record (first: 000001.jsonl, line {line})" in told
    assert "lacks 1 reply of those that the dataset was made of" in told


@pytest.mark.thorough
def test_a_half_record_is_named_once_and_stays_where_it_is(config: Config, run: Path, tmp_path: Path) -> None:
    with (run / "journal" / "000001.jsonl").open("ab") as file:
        file.write(HALF)
    before, said = files_in(run), list[str]()
    si.derive(run, "alpaca,pairs", tmp_path / "views", config=config, say=said.append)
    assert sum("the last record was cut off half-way" in line for line in said) == 1
    assert files_in(run) == before


@pytest.mark.thorough
def test_nothing_is_bought_while_the_journal_lacks_replies_of_the_dataset(
    config: Config, run: Path, server: TeacherServer, tmp_path: Path
) -> None:
    line, said, asked = spoil(run), list[str](), len(server.requests)
    before = files_in(run)
    with pytest.raises(InputError, match="put its files back from a copy, or run `selfinstruct generate` first"):
        si.derive(run, "pairs", tmp_path / "views", config=config, buy=True, say=said.append)
    assert f"line {line}" in "\n".join(said)
    assert (len(server.requests), files_in(run)) == (asked, before)
    assert not (tmp_path / "views").exists()


@pytest.mark.thorough
def test_a_journal_that_was_asked_again_buys_and_its_damage_is_named_no_more(
    config: Config, run: Path, server: TeacherServer, tmp_path: Path
) -> None:
    spoil(run)
    start(config, run)
    said, asked, dataset = list[str](), len(server.requests), digest(run)
    done = si.derive(run, "pairs", tmp_path / "views", config=config, buy=True, say=said.append)
    assert done.bought == len(server.requests) - asked > 0
    assert not any("damaged record" in line for line in said)
    assert digest(run) == dataset
