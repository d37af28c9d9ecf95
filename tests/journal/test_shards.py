"""Shards in the journal: requests sent in one batch."""

import asyncio
from pathlib import Path

from selfinstruct.journal import Journal
from tests.support.journal_disk import FastDisk, reopened, request

SLOT = request(0).slot


def opened(folder: Path) -> Journal:
    return Journal(folder, disk=FastDisk())


async def out(journal: Journal, count: int = 2) -> None:
    """Record a shard up to its created batch."""
    for index in range(count):
        await journal.intend(request(index), 5 + index, shard="s")
    await journal.seal("s", "abc")
    await journal.upload("s", "file-1", 12.5)
    await journal.create("s", "batch_1")


def test_requests_of_a_shard_are_awaited_not_uncertain(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        asyncio.run(out(journal))
    found = reopened(tmp_path)
    assert found.awaited == {(SLOT, 1): 5, (request(1).slot, 1): 6}
    assert (found.uncertain, found.undecided) == ({}, ())
    shard = found.shards["s"]
    assert (shard.sha256, shard.file, shard.at, shard.batch) == ("abc", "file-1", 12.5, "batch_1")
    assert [(one.slot, attempt) for one, attempt in found.shard_requests("s")] == list(shard.open)
    assert list(found.shard_requests("another")) == []


def test_a_shard_is_gone_once_all_its_requests_have_an_outcome(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        await out(journal)
        await journal.record(SLOT, 1, 200, b"{}", 3)
        assert list(journal.awaited) == [(request(1).slot, 1)]
        await journal.take_back(request(1).slot, 1)

    with opened(tmp_path) as journal:
        asyncio.run(scenario(journal))
        assert (journal.shards, journal.awaited_slots) == ({}, set())
    assert reopened(tmp_path).shards == {}


def test_what_is_lost_of_a_shard_is_uncertain_at_its_worst(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        await out(journal)
        await journal.lose(SLOT, 1, "missing")

    with opened(tmp_path) as journal:
        asyncio.run(scenario(journal))
    found = reopened(tmp_path)
    assert found.uncertain == {(SLOT, 1): 5}
    assert found.undecided == (SLOT,)
    assert list(found.shards["s"].open) == [(request(1).slot, 1)]


def test_a_slot_that_is_awaited_again_is_not_undecided(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        await journal.intend(request(0), 5)
        await out(journal)

    with opened(tmp_path) as journal:
        asyncio.run(scenario(journal))
    found = reopened(tmp_path)
    assert list(found.uncertain) == [(SLOT, 1)]
    assert next(iter(found.awaited)) == (SLOT, 2)
    assert found.undecided == ()


def test_a_slot_that_is_in_two_shards_stays_awaited_until_both_are_in(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        await journal.intend(request(0), 5, shard="one")
        await journal.intend(request(0), 5, shard="two")
        await journal.take_back(SLOT, 1)

    with opened(tmp_path) as journal:
        asyncio.run(scenario(journal))
        assert journal.awaited_slots == {SLOT}
        asyncio.run(journal.take_back(SLOT, 2))
        assert journal.awaited_slots == set()


def test_records_of_a_shard_whose_intents_are_damaged_harm_nobody(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        asyncio.run(out(journal, 1))
    segment = tmp_path / "000001.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b"intent", b"intend", 1))
    found = reopened(tmp_path)
    assert found.shards == {}
    assert found.damaged == [("000001.jsonl", 1)]
