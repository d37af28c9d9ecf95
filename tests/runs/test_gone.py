"""Replies that were paid for and that the journal has no more stay in the bill, and in the budget, of everything that goes on."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.cli.status import _used
from selfinstruct.config import Config
from selfinstruct.errors import CapReachedError
from selfinstruct.journal import Journal
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import estimate
from selfinstruct.runs.explanation.sends import asked_for
from selfinstruct.runs.status import status
from selfinstruct.teacher import bill_of, price_of
from selfinstruct.teacher.billing.budget import in_micro, in_usd
from tests.support.edited_run import Case
from tests.support.killed import as_killed
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import Fault, TeacherServer, completion, say

pytestmark = pytest.mark.thorough
FIRST = re.compile(rb'"slot":"(?:en|zh)/0\.0/batch"')
"""The first request of each language."""
ONE_BY_ONE: dict[str, Any] = {"limits__concurrency": 1, "target": {"en": 8, "zh": 8}}


def take_out(run: Path, kinds: bytes = b"intent|reply") -> int:
    """Take the records of the first requests out of the journal; returns how many."""
    segment = run / "journal" / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not (FIRST.search(line) and re.search(rb'"kind":"(?:%s)"' % kinds, line))]
    segment.write_bytes(b"".join(kept))
    return len(lines) - len(kept)


def billed(server: TeacherServer) -> int:
    """Return what the server has billed, in micro-USD, at the price of the test configuration."""
    said = (completion(say(body))["usage"] for body in server.requests)
    return sum(usage["prompt_tokens"] + 2 * usage["completion_tokens"] for usage in said)


@pytest.fixture
def config(make_config: MakeConfig) -> Config:
    return make_config("batch", **ONE_BY_ONE)


def test_what_is_bought_again_is_in_the_bill_twice(config: Config, server: TeacherServer, tmp_path: Path) -> None:
    case = Case(config, tmp_path / "run")
    before = status(config, RunDirectory(case.path))
    assert take_out(case.path) == 4
    assert status(config, RunDirectory(case.path))["cost_usd"] == before["cost_usd"]
    manifest = case.generate()
    assert (manifest["requests"]["answered"], manifest["requests"]["gone"]) == (before["requests"]["answered"], 2)
    assert in_micro(manifest["cost_usd"]) == billed(server)
    assert manifest["stop"] == "target reached"
    found = status(config, RunDirectory(case.path))
    assert (found["cost_usd"], found["tokens"]) == (manifest["cost_usd"], manifest["tokens"])
    assert (found["requests"]["gone"], found["journal_lacks"]) == (2, 0)
    (line,) = [line for line in case.said if "stays in the bill" in line]
    assert "what the lacking replies cost stays in the bill: " in line
    assert "留在账单里" in in_chinese(line)


def test_what_is_gone_is_recorded_once(config: Config, tmp_path: Path) -> None:
    case = Case(config, tmp_path / "run")
    take_out(case.path)
    emitted = [case.filter(), case.filter(), case.generate(), case.generate(), case.filter()]
    assert [one["requests"]["gone"] for one in emitted] == [2] * 5
    assert len({one["cost_usd"] for one in emitted[:2]}) == len({one["cost_usd"] for one in emitted[2:]}) == 1
    with Journal(case.path / "journal", read_only=True) as journal:
        assert len(journal.payments.stated) == 1


def test_each_loss_counts_by_itself(config: Config, server: TeacherServer, tmp_path: Path) -> None:
    case = Case(config, tmp_path / "run")
    for times in (1, 2):
        take_out(case.path)
        manifest = case.generate()
        assert (manifest["requests"]["gone"], in_micro(manifest["cost_usd"])) == (2 * times, billed(server))


def test_a_budget_counts_what_is_gone(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    capped = make_config("batch", limits__concurrency=1, limits__budget_usd="0.020", target={"en": 200, "zh": 200})
    with pytest.raises(CapReachedError):
        start(capped, tmp_path / "run")
    for _ in range(2):
        assert take_out(tmp_path / "run")
        with pytest.raises(CapReachedError, match=r"the budget of \$0.020000 is reached") as raised:
            start(capped, tmp_path / "run")
        assert f": ${in_usd(billed(server))} spent, the next request" in str(raised.value)
    assert billed(server) <= in_micro("0.020")


def test_a_token_cap_counts_what_is_gone(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    capped = make_config("batch", **ONE_BY_ONE, limits__max_total_tokens=800)
    with pytest.raises(CapReachedError):
        start(capped, tmp_path / "run")
    asked = len(server.requests)
    take_out(tmp_path / "run")
    with pytest.raises(CapReachedError):
        start(capped, tmp_path / "run")
    assert len(server.requests) == asked


def take_out_one(run: Path) -> None:
    """Take the first reply out of the journal, and leave its request."""
    segment = run / "journal" / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    lines.remove(next(line for line in lines if b'"kind":"reply"' in line))
    segment.write_bytes(b"".join(lines))


def test_a_reply_whose_request_stands_is_paid_for_and_its_worst_case_is_not_counted(
    config: Config, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(config, tmp_path / "run")
    take_out_one(case.path)
    folder = RunDirectory(case.path)
    found = status(config, folder)
    assert (in_micro(found["cost_usd"]), in_micro(found["uncertain_usd"])) == (billed(server), 0)
    assert found["uncertain"] == []
    seen = estimate(config, folder)
    assert seen.spent_usd == pytest.approx(billed(server) / 1e6)
    assert seen.uncertain == 0
    manifest = case.filter()
    for emit in (case.filter, case.generate, case.filter):
        manifest = emit()
        found = status(config, folder)
        for one in (manifest, found):
            assert (in_micro(one["cost_usd"]), in_micro(one["uncertain_usd"])) == (billed(server), 0)
            assert one["tokens"]["prompt"] == 100 * len(server.requests)
            assert (one["requests"]["gone"], one["requests"]["uncertain"]) == (1, 0)
    assert manifest["stop"] == "target reached"
    assert not any("without a reply" in line for line in case.said)
    sends = asked_for(folder.journal, "en", 0, 0)[0].sends
    assert [one.outcome for one in sends] == ["paid and gone", "answered"]


def test_a_request_without_a_reply_stays_uncertain_where_others_came_since(config: Config, tmp_path: Path) -> None:
    case = Case(config, tmp_path / "run")
    take_out_one(case.path)
    manifest = json.loads((case.path / "manifest.json").read_bytes())
    as_killed(case.path)
    filtered = case.filter()
    assert filtered["requests"]["uncertain"] == 1
    assert in_micro(filtered["cost_usd"]) + in_micro(filtered["uncertain_usd"]) > in_micro(manifest["cost_usd"])


def test_an_older_copy_of_the_journal_does_not_lower_the_bill(
    config: Config, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(config, tmp_path / "run")
    segment = case.path / "journal" / "000001.jsonl"
    copy = segment.read_bytes()
    take_out(case.path)
    case.generate()
    segment.write_bytes(copy)
    found = status(config, RunDirectory(case.path))
    assert (in_micro(found["cost_usd"]), found["requests"]["gone"]) == (billed(server), 2)
    assert in_micro(case.generate()["cost_usd"]) == billed(server)


def test_files_that_are_put_back_after_all_was_bought_again_count_once(
    config: Config, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(config, tmp_path / "run")
    segments = [case.path / "journal" / f"00000{number}.jsonl" for number in (1, 2)]
    lines = segments[0].read_bytes().splitlines(keepends=True)
    halves = [b"".join(lines[: len(lines) // 2]), b"".join(lines[len(lines) // 2 :])]
    for segment, half in zip(segments, halves, strict=True):
        segment.write_bytes(half)
    segments[1].unlink()
    case.filter()
    case.generate()
    segments[1].write_bytes(halves[1])
    found = status(config, RunDirectory(case.path))
    assert in_micro(found["cost_usd"]) == in_micro(case.filter()["cost_usd"]) == billed(server)


def test_replies_without_usage_are_counted_at_their_worst(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def script(_: int, body: dict[str, Any]) -> Fault:
        answer = completion(say(body))
        del answer["usage"]
        return Fault(body=json.dumps(answer).encode())

    server.script = script
    config = make_config("batch", **ONE_BY_ONE)
    before = start(config, tmp_path / "run")
    take_out(tmp_path / "run")
    case = Case.of(config, tmp_path / "run")
    filtered = case.filter()
    assert (filtered["tokens"], filtered["cost_usd"]) == (before["tokens"], before["cost_usd"])


def test_without_a_price_the_tokens_stay_and_money_is_unknown_until_there_is_one(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    unpriced, priced = (
        make_config("batch", **ONE_BY_ONE, teacher__price=price)
        for price in (None, {"input": "1.00", "output": "2.00"})
    )
    before = start(unpriced, tmp_path / "run")
    take_out(tmp_path / "run")
    with_all = bill_of(Journal(tmp_path / "run" / "journal", read_only=True), price_of(priced))
    after = Case.of(unpriced, tmp_path / "run").filter()
    assert (after["tokens"], after["cost_usd"]) == (before["tokens"], None)
    bill = bill_of(Journal(tmp_path / "run" / "journal", read_only=True), price_of(priced))
    assert bill.spent is not None
    assert with_all.spent is not None
    assert bill.spent == before["tokens"]["prompt"] + 2 * before["tokens"]["completion"]


def test_estimate_and_status_know_it_before_anything_is_recorded(config: Config, tmp_path: Path) -> None:
    case = Case(config, tmp_path / "run")
    before = status(config, RunDirectory(case.path))
    take_out(case.path)
    folder = RunDirectory(case.path)
    assert estimate(config, folder).spent_usd == pytest.approx(float(before["cost_usd"]))
    assert status(config, folder)["cost_usd"] == before["cost_usd"]


REPLIES = re.compile(rb'"kind":"reply","slot":"(?:en/[0-2]|zh/1)\.0/batch"')
"""Replies that other requests wait for, and one that none does."""


def move_replies(run: Path, which: re.Pattern[bytes] = REPLIES) -> bytes:
    """Take replies out of the journal, leave their requests, and return them."""
    segment = run / "journal" / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(line for line in lines if not which.search(line)))
    return b"".join(line for line in lines if which.search(line))


def paid(found: dict[str, Any]) -> tuple[int, int, int, dict[str, int]]:
    """Return what of a status or manifest is to be exact: money, replies, tokens."""
    requests = found["requests"]
    replies = requests["answered"] + requests.get("gone", 0) + requests.get("twice", 0)
    return in_micro(found["cost_usd"]), in_micro(found["uncertain_usd"]), replies, found["tokens"]


def all_of(server: TeacherServer) -> tuple[int, int, int, dict[str, int]]:
    """Return what the server has billed, as `paid` has it."""
    usages = [completion(say(body))["usage"] for body in server.requests]
    tokens = {name: sum(one[f"{name}_tokens"] for one in usages) for name in ("prompt", "completion")}
    return billed(server), 0, len(server.requests), tokens


def test_replies_that_are_put_back_after_they_were_bought_again_count_once(
    config: Config, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(config, tmp_path / "run")
    folder, asked = RunDirectory(case.path), len(server.requests)
    moved = move_replies(case.path)
    count = moved.count(b"\n")
    assert count > 1
    assert paid(case.generate()) == paid(status(config, folder)) == all_of(server)
    assert len(server.requests) > asked
    (case.path / "journal" / "000002.jsonl").write_bytes(moved)
    for found in (status(config, folder), case.filter(), case.generate(), status(config, folder)):
        assert paid(found) == all_of(server)
        assert found["requests"].get("gone", 0) == 0
        assert found["requests"]["twice"] == len(server.requests) - asked
    line = _used(status(config, folder))
    assert f"{len(server.requests)} replies paid for, {len(server.requests) - asked} of them bought twice, " in line
    assert "个买了两次" in in_chinese(line)


def test_replies_that_are_put_back_and_were_not_bought_again_count_once(
    config: Config, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(config, tmp_path / "run")
    folder, whole = RunDirectory(case.path), case.path / "journal" / "000001.jsonl"
    before = whole.read_bytes()
    moved = move_replies(case.path)
    assert case.filter()["requests"]["gone"] == moved.count(b"\n")
    (case.path / "journal" / "000002.jsonl").write_bytes(moved)
    for found in (status(config, folder), case.filter(), status(config, folder)):
        assert paid(found) == all_of(server)
        assert not {"gone", "twice"} & {*found["requests"]}
    (case.path / "journal" / "000002.jsonl").unlink()
    assert status(config, folder)["requests"]["gone"] == moved.count(b"\n")
    whole.write_bytes(before)
    assert paid(status(config, folder)) == paid(case.filter()) == all_of(server)


def test_a_whole_file_that_is_put_back_counts_once(config: Config, server: TeacherServer, tmp_path: Path) -> None:
    case = Case(config, tmp_path / "run")
    folder, first = RunDirectory(case.path), case.path / "journal" / "000001.jsonl"
    lines = first.read_bytes().splitlines(keepends=True)
    halves = [b"".join(lines[: len(lines) // 2]), b"".join(lines[len(lines) // 2 :])]
    first.write_bytes(halves[0])
    case.filter()
    (case.path / "journal" / "000002.jsonl").write_bytes(halves[1])
    found = status(config, folder)
    assert paid(found) == all_of(server)
    assert "gone" not in found["requests"]
    (case.path / "journal" / "000002.jsonl").unlink()
    case.generate()
    (case.path / "journal" / "000002.jsonl").write_bytes(halves[1])
    for found in (status(config, folder), case.filter(), case.generate()):
        assert paid(found) == all_of(server)
        assert found["requests"]["twice"] == halves[1].count(b'"kind":"reply"')


def test_a_file_that_is_put_back_in_its_place_before_what_was_bought_again_counts_once(
    config: Config, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(config, tmp_path / "run")
    folder, first = RunDirectory(case.path), case.path / "journal" / "000001.jsonl"
    copy = first.read_bytes()
    move_replies(case.path)
    (case.path / "journal" / "000002.jsonl").touch()
    case.generate()
    first.write_bytes(copy)
    for found in (status(config, folder), case.filter(), status(config, folder)):
        assert paid(found) == all_of(server)
        assert "gone" not in found["requests"]


def test_a_reply_beyond_the_target_whose_request_stands_is_paid_for(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    case = Case(make_config("batch", **ONE_BY_ONE), tmp_path / "run")
    case.config = config = make_config("batch", **ONE_BY_ONE | {"target": {"en": 2, "zh": 8}})
    assert case.filter()["requests"]["unread"]
    folder = RunDirectory(case.path)
    judged = {(one["language"], one["request"]) for one in map(json.loads, folder.provenance.read_text().splitlines())}
    judged |= {(one["language"], one["request"]) for one in map(json.loads, folder.rejected.read_text().splitlines())}
    with Journal(folder.journal, read_only=True) as journal:
        spare = next(slot for slot in sorted(journal.answered) if _numbered(slot) not in judged)
    move_replies(case.path, re.compile(rb'"kind":"reply","slot":"%s"' % spare.encode()))
    for found in (status(config, folder), case.filter(), status(config, folder)):
        assert paid(found) == all_of(server)
        assert (found["requests"]["gone"], found["requests"]["uncertain"]) == (1, 0)
    assert status(config, folder)["uncertain"] == []


def _numbered(slot: str) -> tuple[str, int]:
    language, number = slot.split(".", maxsplit=1)[0].split("/")
    return language, int(number)
