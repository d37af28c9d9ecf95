"""Final states of batches and their lines, and their effect on journal and bill."""

import json
from pathlib import Path

import pytest

from selfinstruct.errors import TeacherRefusedError
from selfinstruct.teacher import bill_of
from tests.support.batch_run import BATCH, Run, assert_books_agree, journal
from tests.support.batch_server import BatchShelf, Plan
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import KEY

pytestmark = pytest.mark.usefixtures("no_waits")


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_what_an_expired_or_cancelled_batch_did_not_do_is_free_and_sent_anew(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path, status: str
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")
    shelf.plan = lambda number, _: Plan(status, executed=2) if number == 0 else Plan()
    run()
    assert shelf.lines[1][0]["custom_id"].endswith("/2")
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path)


def test_a_batch_that_expires_again_and_again_stops_the_run(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.plan = lambda _number, _ids: Plan("expired", executed=0)
    with pytest.raises(TeacherRefusedError, match="3 batches ended without a reply"):
        run()
    assert len(shelf.batches) == 3
    assert journal(tmp_path).spent == shelf.billed == 0
    assert not journal(tmp_path).uncertain


def test_what_a_completed_batch_does_not_mention_may_have_been_billed(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.plan = lambda number, ids: Plan(lost=(ids[0],)) if number == 0 else Plan()
    manifest = run()
    assert manifest["requests"]["uncertain"] == 1
    assert sorted(shelf.bought.values())[-2:] == [1, 2]
    found = journal(tmp_path)
    assert bill_of(found, None).at_most >= shelf.billed > found.spent


def test_a_line_that_cannot_be_read_makes_what_is_missing_uncertain(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.plan = lambda number, _: Plan("expired", executed=1, garbage=b'{"custom_id": "en/') if number == 0 else Plan()
    said: list[str] = []

    def happens(event: str) -> None:
        if event == "looking" and len(shelf.batches) == 1:
            shelf.files.pop("file-error-0", None)  # of the rest nothing is said

    shelf.happens = happens
    run(say=said.append)
    assert any("cannot be read: 1 line;" in line for line in said)
    assert len(journal(tmp_path).uncertain) == len(shelf.lines[0]) - 1


def test_under_hold_what_may_have_been_billed_is_withheld(run: Run, shelf: BatchShelf) -> None:
    shelf.plan = lambda number, ids: Plan(lost=(ids[0],)) if number == 0 else Plan()
    manifest = run(limits__uncertain="hold")
    assert set(shelf.bought.values()) == {1}
    assert manifest["ledger"]["total"]["rejected"]["held"] == 1


ITEM_ERRORS = {
    "a rate limit is sent again": (429, b'{"error": {"message": "slow down"}}', 2, 0),
    "an error may have been billed and is sent again": (500, b'{"error": {"message": "oops"}}', 2, 1),
    "an unknown failure may have been billed": (0, b'{"code": "request_timeout", "message": "too slow"}', 2, 1),
    "a rejected request is not": (400, b'{"error": {"message": "bad"}}', 1, 0),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", ITEM_ERRORS)
def test_an_item_s_error_means_what_it_means_elsewhere(run: Run, shelf: BatchShelf, tmp_path: Path, name: str) -> None:
    status, body, attempts, uncertain = ITEM_ERRORS[name]
    shelf.plan = lambda number, ids: Plan(items={ids[0]: (status, body)}) if number == 0 else Plan()
    run()
    slot = shelf.lines[0][0]["custom_id"].rpartition("/")[0]
    sent = [line["custom_id"] for lines in shelf.lines for line in lines if line["custom_id"].startswith(f"{slot}/")]
    assert len(sent) == attempts
    assert len(journal(tmp_path).uncertain) == uncertain
    assert slot in journal(tmp_path).answered


def test_an_item_that_ends_the_run_ends_it_after_all_others_are_kept(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    refused = b'{"error": {"message": "exceeded your current quota", "code": "insufficient_quota"}}'
    shelf.plan = lambda _, ids: Plan(items={ids[0]: (429, refused)})
    with pytest.raises(TeacherRefusedError, match="quota or balance is used up"):
        run()
    assert len(journal(tmp_path).answered) == len(shelf.lines[0]) - 1
    assert not journal(tmp_path).shards
    assert not journal(tmp_path).uncertain


def test_a_batch_that_is_refused_as_a_whole_says_why_and_costs_nothing(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    error = {"code": "invalid_url", "line": 3, "message": "The URL is not\x1b[2J supported.", "param": None}
    shelf.plan = lambda _number, _ids: Plan("failed", errors=(error,))
    with pytest.raises(
        TeacherRefusedError, match=r"batch_0 as a whole: line 3: The URL is not \[2J supported. \(invalid_url\)"
    ):
        run()
    assert not journal(tmp_path).uncertain
    assert not journal(tmp_path).shards


ERROR = (500, b'{"error": {"message": "oops"}}')
FULL = ({"code": "token_limit_exceeded", "message": "Enqueued token limit reached"},)


def test_a_limit_on_queued_tokens_makes_batches_smaller(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.plan = lambda _, ids: Plan("failed", errors=FULL) if len(ids) > 2 else Plan()
    run()
    assert [len(lines) for lines in shelf.lines][:2] == [len(shelf.lines[0]), len(shelf.lines[0]) // 2]
    assert_books_agree(shelf, tmp_path)


def test_beside_another_batch_a_limit_on_queued_tokens_waits_for_it(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.plan = lambda number, _: Plan("failed", looks=0, errors=FULL) if number == 1 else Plan(looks=5)
    said: list[str] = []
    run(limits__batch_requests=2, say=said.append)
    assert any("wait until another batch has ended" in line for line in said)
    assert max(len(lines) for lines in shelf.lines) == 2
    assert_books_agree(shelf, tmp_path)


def test_one_request_that_is_too_much_stops_the_run(run: Run, shelf: BatchShelf) -> None:
    shelf.plan = lambda _number, _ids: Plan("failed", errors=FULL)
    with pytest.raises(TeacherRefusedError, match="Enqueued token limit"):
        run()
    assert not shelf.bought


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((404, b'{"error": {"message": "no such path"}}'), 'transport = "direct"'),
        ((401, b'{"error": {"message": "bad key"}}'), "TEST_TEACHER_KEY"),
        ((302, b""), "redirects are not followed"),
        ((200, b"{}"), "names no id"),
        ((200, b"<html>login</html>"), "a web page"),
        ((400, b'{"error": {"message": "file too large"}}'), "file too large"),
    ],
)
def test_a_refusal_before_anything_is_bought_says_what_to_change(
    run: Run, shelf: BatchShelf, answer: tuple[int, bytes], message: str
) -> None:
    shelf.fault = lambda event, _: answer if event == "uploading" else None
    with pytest.raises(TeacherRefusedError, match=message):
        run()
    assert not shelf.batches


def test_a_refused_batch_is_taken_back(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.fault = lambda event, _: (400, b'{"error": {"message": "no such endpoint"}}') if event == "creating" else None
    with pytest.raises(TeacherRefusedError, match="no such endpoint"):
        run()
    assert not journal(tmp_path).shards
    assert not journal(tmp_path).uncertain


def test_creating_is_not_tried_for_ever(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.fault = lambda event, _: ERROR if event == "creating" else None
    with pytest.raises(TeacherRefusedError, match="found out first when the same command is run again"):
        run()
    assert shelf.events.count("creating") == 3
    shelf.fault = lambda _event, _number: None
    run()
    assert_books_agree(shelf, tmp_path)


def test_an_outage_that_lasts_stops_the_run(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.fault = lambda event, _: ERROR if event == "looking" else None
    with pytest.raises(TeacherRefusedError, match="max_outage_s"):
        run(limits__max_outage_s=100)
    assert journal(tmp_path).shards


def test_the_key_is_in_no_record_although_the_provider_echoes_it(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    echo = json.dumps({"error": {"message": f"{KEY} is limited"}}).encode()
    unknown = json.dumps({"code": KEY, "message": KEY}).encode()
    shelf.plan = lambda number, ids: Plan(items={ids[0]: (400, echo), ids[1]: (0, unknown)}) if number == 0 else Plan()
    run()
    data = b"".join(path.read_bytes() for path in (tmp_path / "run" / "journal").glob("*.jsonl"))
    assert KEY.encode() not in data
    assert b"[key]" in data
