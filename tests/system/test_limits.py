"""How the limits on what is read are set: in the environment, by a block, by a flag; each beats the one before."""

import asyncio

import pytest

import selfinstruct as si
from selfinstruct.system.event_loop import run_coroutine
from selfinstruct.system.limits import FREE_EXPANSION, MAX_EXPANSION, MAX_ROW_BYTES, row_limit, unpacked_limit


def test_a_row_has_eight_mebibytes_unless_told_otherwise() -> None:
    assert row_limit() == MAX_ROW_BYTES == 8 * 2**20


def test_the_environment_sets_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFINSTRUCT_MAX_ROW_BYTES", "100")
    monkeypatch.setenv("SELFINSTRUCT_MAX_EXPANSION", "3")
    assert (row_limit(), unpacked_limit(FREE_EXPANSION)) == (100, 3 * FREE_EXPANSION)


def test_an_empty_variable_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFINSTRUCT_MAX_ROW_BYTES", "")
    assert row_limit() == MAX_ROW_BYTES


def test_a_block_beats_the_environment_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFINSTRUCT_MAX_ROW_BYTES", "100")
    with si.reading_limits(max_row_bytes=200):
        with si.reading_limits(max_expansion=5):
            assert (row_limit(), unpacked_limit(FREE_EXPANSION)) == (200, 5 * FREE_EXPANSION)
        assert unpacked_limit(FREE_EXPANSION) == MAX_EXPANSION * FREE_EXPANSION
    assert row_limit() == 100


def test_a_block_holds_in_the_thread_that_runs_under_a_running_loop_too() -> None:
    async def limit() -> int:
        return row_limit()

    async def outer() -> int:
        with si.reading_limits(max_row_bytes=300):
            return run_coroutine(limit, lambda: None)

    assert asyncio.run(outer()) == 300


def test_a_small_file_may_unpack_to_what_takes_no_notable_memory() -> None:
    assert unpacked_limit(1) == FREE_EXPANSION


@pytest.mark.parametrize("wrong", ["0", "-1", "8MB", "1.5"])
def test_a_limit_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("SELFINSTRUCT_MAX_ROW_BYTES", wrong)
    with pytest.raises(si.ConfigError, match=r"SELFINSTRUCT_MAX_ROW_BYTES: .* is no limit"):
        row_limit()
    with pytest.raises(si.ConfigError), si.reading_limits(max_expansion=0):
        pass
