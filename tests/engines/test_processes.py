"""Shards in processes of their own: the same bytes for any number of them, also where one is killed."""

import json
import os
import signal
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import selfinstruct as si
from selfinstruct.dedup.filter import Decision, NearDuplicateFilter, near_duplicates
from selfinstruct.engines.processes import ProcessShard, processes
from selfinstruct.errors import StorageError
from selfinstruct.rouge import Engine
from selfinstruct.rouge.block import Block
from selfinstruct.rouge.shard import Shard, ShardLostError
from tests.support.rouge_texts import texts

pytestmark = pytest.mark.thorough
SOME = [" ".join(text) for text in texts(3, 12_000)]


def through(engine: Engine, kill_after: int = 0) -> list[Decision]:
    """Return the decisions of an engine; a process of it is killed when so many texts are decided on."""
    decisions, made = list[Decision](), list[Shard]()

    def start(number: int, of: int) -> Shard:
        made.append(engine.start(number, of))
        return made[-1]

    sieve = NearDuplicateFilter(neighbours="dropped", engine=engine._replace(start=start))
    for decision in sieve.decide((text, 0.7) for text in SOME):
        decisions.append(decision)
        if len(decisions) == kill_after:
            assert isinstance(made[-1], ProcessShard)
            os.kill(made[-1].process.pid, signal.SIGKILL)
    assert made
    return decisions


@pytest.mark.parametrize("number", [1, 2, 3, 8])
def test_any_number_of_processes_decides_the_same(number: int) -> None:
    with processes(number, above=100) as engine:
        assert through(engine) == list(near_duplicates(SOME, neighbours="dropped"))


def test_a_killed_process_is_replaced_and_told_of() -> None:
    said = list[str]()
    with processes(3, said.append, above=100) as engine:
        assert through(engine, kill_after=5000) == list(near_duplicates(SOME, neighbours="dropped"))
    (line,) = said
    assert line.startswith("worker 3 of 3 was ended by signal 9; a new one is built from the ")


def test_processes_end_with_their_engine() -> None:
    with processes(2) as engine:
        shards = [engine.start(number, 2) for number in range(2)]
        shards[0].extend(Block())
    assert all(isinstance(shard, ProcessShard) and shard.process.returncode is not None for shard in shards)


def test_a_process_that_is_gone_says_so_when_it_is_to_answer() -> None:
    with processes(1) as engine:
        shard = engine.start(0, 1)
        assert isinstance(shard, ProcessShard)
        shard.process.kill()
        shard.process.wait()
        shard.extend(Block())
        shard.ask(Block(), np.empty(0))
        shard.ask(Block(np.zeros(1, np.int32), np.array([0, 1])), np.array([0.5]))
        with pytest.raises(ShardLostError, match="was ended by signal 9"):
            shard.answer()


def test_a_system_that_allows_no_process_is_told_of_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfinstruct.engines.processes.python", lambda *_: ["/nonexistent/python"])
    with (
        processes(2) as engine,
        pytest.raises(StorageError, match=r"worker 1 of 2 cannot be started .* fewer --workers"),
    ):
        engine.start(0, 2)


def test_a_file_is_filtered_to_the_same_bytes_by_any_number_of_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfinstruct.engines.choose.processes", partial(processes, above=100))
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps({"instruction": text, "output": "x"}) + "\n" for text in SOME), encoding="utf-8")
    written = set()
    for number in (1, 2, 3):
        kept, dropped = tmp_path / f"kept{number}.jsonl", tmp_path / f"dropped{number}.jsonl"
        si.filter_file(file, kept, dropped, workers=number)
        written.add((kept.read_bytes(), dropped.read_bytes()))
    assert len(written) == 1
