"""The journal's records: content, order, attempts, bill."""

import asyncio
import json
from pathlib import Path

from selfinstruct.journal import Journal
from tests.support.journal_disk import body, exchanges, put, reopened, request, write

SLOT = "zh/0.0/instruction"


def test_what_was_recorded_is_read_back_in_order(tmp_path: Path) -> None:
    write(tmp_path, 3)
    found = list(reopened(tmp_path).recorded())
    assert [one.request for one in found] == [request(0), request(1), request(2)]
    assert [json.loads(one.body)["n"] for one in found] == [0, 1, 2]
    assert {(one.kind, one.status, one.cost) for one in found} == {("reply", 200, 7)}


def test_bytes_that_are_not_utf8_are_kept_as_they_are(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        await journal.record(SLOT, await journal.intend(request(0), 0), 200, b"\xff\xfe{", 0)

    with Journal(tmp_path) as journal:
        asyncio.run(scenario(journal))
    assert next(reopened(tmp_path).recorded()).body == b"\xff\xfe{"


def test_an_empty_body_is_kept_as_it_is(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        asyncio.run(journal.intend(request(0), 0))
        asyncio.run(journal.record(SLOT, 1, 204, b"", 0))
    assert [one.body for one in reopened(tmp_path).recorded()] == [b""]


def test_a_lone_surrogate_in_a_request_survives(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        asyncio.run(journal.intend(request(0, "a\ud800b"), 0))
        asyncio.run(journal.record(SLOT, 1, 200, b"{}", 0))
    assert next(reopened(tmp_path).recorded()).request == request(0, "a\ud800b")


def test_the_file_is_ascii_lines_with_the_checksum_last(tmp_path: Path) -> None:
    write(tmp_path, 2)
    data = (tmp_path / "000001.jsonl").read_bytes()
    assert data.isascii()
    assert data.count(b"\n") == 4
    assert all(json.loads(line)["v"] == 1 for line in data.splitlines())
    assert [list(json.loads(line))[-1] for line in data.splitlines()] == ["crc"] * 4


def test_lines_of_version_1_stay_readable(tmp_path: Path) -> None:
    asked = json.dumps(request(0).model_dump(mode="json"))
    put(
        tmp_path,
        f'{{"v":1,"kind":"intent","slot":"{SLOT}","attempt":1,"reserved":5,"request":{asked}',
        f'{{"v":1,"kind":"unsent","slot":"{SLOT}","attempt":1',
        f'{{"v":1,"kind":"intent","slot":"{SLOT}","attempt":2,"reserved":5,"request":{asked}',
        f'{{"v":1,"kind":"lost","slot":"{SLOT}","attempt":2,"reason":"cut","status":0,"body_base64":"/w=="',
        f'{{"v":1,"kind":"reply","slot":"{SLOT}","attempt":3,"status":200,"cost":9,"body":"{{}}"',
        f'{{"v":1,"kind":"held","slot":"{SLOT}"',
    )
    journal = reopened(tmp_path)
    assert (journal.spent, dict(journal.uncertain)) == (9, {(SLOT, 2): 5})
    assert list(journal.recorded()) == [(request(0), 200, b"{}", 9, "reply")]


def test_spent_and_uncertain_add_up(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        await exchanges(journal, 2)
        await journal.intend(request(5), 30)
        await journal.take_back(request(6).slot, await journal.intend(request(6), 40))
        assert journal.spent == 14

    with Journal(tmp_path) as journal:
        asyncio.run(scenario(journal))
    journal = reopened(tmp_path)
    assert journal.spent == 14
    assert journal.uncertain == {("zh/5.0/instruction", 1): 30}
    assert journal.undecided == ("zh/5.0/instruction",)
    assert not journal.lost


def test_a_lost_answer_keeps_its_bytes_and_stays_uncertain(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        attempt = asyncio.run(journal.intend(request(0), 30))
        asyncio.run(journal.lose(SLOT, attempt, "cut after 5 bytes", 200, b'{"par'))
    journal = reopened(tmp_path)
    assert journal.uncertain == {(SLOT, 1): 30}
    assert journal.lost == {(SLOT, 1)}
    assert not journal.answered
    last = json.loads((tmp_path / "000001.jsonl").read_bytes().splitlines()[-1])
    assert (last["reason"], last["status"], last["body"]) == ("cut after 5 bytes", 200, '{"par')


def test_a_reply_to_a_lost_attempt_settles_it(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        attempt = asyncio.run(journal.intend(request(0), 30))
        asyncio.run(journal.lose(SLOT, attempt, "timed out"))
        asyncio.run(journal.record(SLOT, attempt, 200, b"{}", 8))
        assert (journal.spent, dict(journal.uncertain), set(journal.lost)) == (8, {}, set())
        assert journal.answered == {SLOT}


def test_a_withheld_slot_is_listed_and_stays_in_the_bill(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        asyncio.run(journal.intend(request(0), 30))
        asyncio.run(journal.withhold(SLOT))
        asyncio.run(journal.record(SLOT, 1, 200, b"late", 8))
        assert (journal.withheld, journal.answered, journal.undecided) == ({SLOT}, set(), ())
        asyncio.run(journal.intend(request(0), 20))
    assert list(reopened(tmp_path).recorded()) == [(request(0), 0, b"", 0, "held")]
    assert (reopened(tmp_path).spent, dict(reopened(tmp_path).uncertain)) == (8, {(SLOT, 2): 20})


def test_withholding_an_answered_slot_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, 1)
    with Journal(tmp_path) as journal:
        asyncio.run(journal.withhold(SLOT))
        assert (journal.withheld, journal.answered) == (set(), {SLOT})
    assert [one.kind for one in reopened(tmp_path).recorded()] == ["reply"]


def test_only_the_first_reply_of_a_slot_counts(tmp_path: Path) -> None:
    write(tmp_path, 1)
    with Journal(tmp_path) as journal:
        attempt = asyncio.run(journal.intend(request(0), 1))
        asyncio.run(journal.record(SLOT, attempt, 200, b"late", 1))
    assert attempt == 2
    assert [one.body for one in reopened(tmp_path).recorded()] == [body(0)]


def test_sends_of_one_slot_at_the_same_time_get_numbers_of_their_own(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        assert sorted(await asyncio.gather(*(journal.intend(request(0), 1) for _ in range(5)))) == [1, 2, 3, 4, 5]

    with Journal(tmp_path) as journal:
        asyncio.run(scenario(journal))
    assert len(reopened(tmp_path).uncertain) == 5
