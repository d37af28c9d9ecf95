"""Records with a right checksum that no run writes: read, or refused by file, line and field; never an error of Python's."""

import json
import re
from pathlib import Path

import pytest

from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal
from tests.support.journal_disk import request
from tests.support.strange import framed
from tests.support.strange_records import journal_of_each_kind, one_of_each_kind, strange_records

INTENT = {"v": 1, "kind": "intent", "slot": "en/0.0/batch", "attempt": 1, "reserved": 5}
REPLY = {"v": 1, "kind": "reply", "slot": "en/0.0/batch", "attempt": 1, "status": 200, "cost": 1, "body": "{}"}


def records() -> list[dict[str, object]]:
    first = request(0).model_copy(update={"language": "en", "step": "batch"}).model_dump(mode="json")
    return journal_of_each_kind([framed(INTENT | {"request": first}), framed(REPLY)])


KINDS = one_of_each_kind(records())


def read(folder: Path) -> int:
    journal = Journal(folder, read_only=True)
    assert journal.spent >= 0
    assert len(journal.undecided) + len(journal.awaited) < 9
    list(journal.shard_requests("s"))
    return len(list(journal.recorded()))


@pytest.mark.thorough
@pytest.mark.parametrize("number", KINDS.values(), ids=KINDS)
def test_a_strange_value_is_read_or_refused_by_file_line_and_remedy(number: int, tmp_path: Path) -> None:
    whole = [framed(one) for one in records()]
    refusals = []
    for _, changed in strange_records(records()[number]):
        (tmp_path / "000001.jsonl").write_bytes(b"".join([*whole[:number], framed(changed), *whole[number + 1 :]]))
        try:
            read(tmp_path)
        except StorageError as error:
            refusals.append(str(error))
    assert refusals
    assert all(re.match(rf"{tmp_path}/000001\.jsonl:\d+: ", said) for said in refusals)
    assert all("update selfinstruct" in said or "choose another --run" in said for said in refusals)


def test_a_request_under_the_name_of_another_is_refused(tmp_path: Path) -> None:
    first, reply = records()[:2]
    other = first | {"slot": "en/5.0/batch"}
    (tmp_path / "000001.jsonl").write_bytes(framed(first) + framed(reply) + framed(other))
    with pytest.raises(
        StorageError, match=r"jsonl:3: the request of en/5.0/batch: field 'request' is that of en/0.0/batch"
    ):
        read(tmp_path)


def test_a_first_request_that_is_no_candidates_first_is_refused(tmp_path: Path) -> None:
    first = json.loads(json.dumps(records()[0]))
    first["slot"], first["request"]["position"] = "en/0.5/batch", 5
    (tmp_path / "000001.jsonl").write_bytes(framed(first))
    with pytest.raises(StorageError, match=r"jsonl:1: .* field 'position' of a batch is 5, and only 0 fits"):
        read(tmp_path)


def test_requests_of_two_recipes_are_refused(tmp_path: Path) -> None:
    first = json.loads(json.dumps(records()[0]))
    first["slot"], first["request"]["step"] = "en/0.0/instruction", "instruction"
    (tmp_path / "000001.jsonl").write_bytes(framed(records()[0]) + framed(first))
    with pytest.raises(StorageError, match=r"jsonl:2: en/0.0/instruction is of another recipe"):
        read(tmp_path)


@pytest.mark.parametrize("number", [0, -1, 2**31])
def test_an_attempt_that_is_no_number_from_one_is_refused(number: int, tmp_path: Path) -> None:
    (tmp_path / "000001.jsonl").write_bytes(framed(records()[0] | {"attempt": number}))
    with pytest.raises(StorageError, match=r"jsonl:1: field 'attempt' of this intent"):
        read(tmp_path)


@pytest.mark.parametrize("id_", ["", ".", ".."])
def test_an_id_that_would_lead_out_of_a_url_is_refused(id_: str, tmp_path: Path) -> None:
    (tmp_path / "000001.jsonl").write_bytes(framed({"v": 1, "kind": "batch", "shard": "s", "batch": id_}))
    with pytest.raises(StorageError, match=r"jsonl:1: field 'batch' of this batch"):
        read(tmp_path)
