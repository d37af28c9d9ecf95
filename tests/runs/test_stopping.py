"""What stops a run, and what a run survives."""

import json
import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import CapReachedError, InputError, TeacherRefusedError
from selfinstruct.journal import Journal
from selfinstruct.runs.directory import RunDirectory
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import KEY, Fault, TeacherServer, completion, say

pytestmark = pytest.mark.thorough  # whole runs, again and again

AWKWARD: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.replace("###", "##"),
    lambda text: text.replace("###\n", ""),
    lambda text: re.sub(r"^(\d+)\. (\w+)([:：])", r"**\2\3**", text, flags=re.MULTILINE),
    lambda text: re.sub(r"^\d+\. ", "", text, flags=re.MULTILINE),
    lambda text: re.sub(r"^(\d+\. )", lambda found: f"{int(found[1][:-2]) + 40}. ", text, flags=re.MULTILINE),
    lambda text: text.replace("：\n<无输入>", ": 无").replace(":\n<noinput>", ": No input."),
    lambda text: re.sub(
        r"^(\d+\. (?:Output|输出)[:：])\n", r"\1\n### Title\nIt came in 20. Then:\n20. x\n", text, flags=re.MULTILINE
    ),
    lambda text: "Sure, here are the tasks:\n\n" + text + "\n\nI hope this helps!",
    lambda text: text.replace("\n", "\r\n"),
)
"""Faults of real replies (AlpacaDataCleaned's list, and what Alpaca's own parser was seen to lose); none costs a complete item."""


def test_the_budget_is_never_exceeded_and_what_was_paid_is_emitted(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    config = make_config(limits__budget_usd="0.004", limits__concurrency=2, target__en=200, target__zh=200)
    with pytest.raises(CapReachedError, match="budget"):
        start(config, tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert 0 < float(manifest["cost_usd"]) <= 0.004
    assert manifest["stop"].startswith("cap: ")
    assert manifest["requests"]["answered"] == len(server.requests)


@pytest.mark.parametrize("at_once", [1, 2, 8])
def test_a_budget_stops_only_when_nothing_in_flight_could_leave_room(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, at_once: int
) -> None:
    config = make_config(limits__budget_usd="0.004", limits__concurrency=at_once, target__en=200, target__zh=200)
    with pytest.raises(CapReachedError) as raised:
        start(config, tmp_path / "run")
    said = re.search(
        r"of \$([0-9.]+) is reached: \$([0-9.]+) spent, the next request may cost \$([0-9.]+)", str(raised.value)
    )
    assert said
    limit, spent, most = map(Decimal, said.groups())
    assert spent <= limit < spent + most
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert spent == Decimal(manifest["cost_usd"])  # also where smaller requests fitted after the one that did not
    assert manifest["stop"] == f"cap: {raised.value}"
    assert manifest["requests"]["answered"] == len(server.requests)


def test_a_candidate_cap_stops_the_run(make_config: MakeConfig, tmp_path: Path) -> None:
    with pytest.raises(CapReachedError, match="4 candidates"):
        start(make_config("batch", limits__max_candidates=4, target__en=20, target__zh=20), tmp_path / "run")


def test_a_teacher_that_only_repeats_itself_is_stopped(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    same = {"choices": [{"message": {"content": "Describe a river in spring."}, "finish_reason": "stop"}]}
    server.script = lambda _number, _body: Fault(body=json.dumps(same).encode())
    with pytest.raises(CapReachedError, match="brought no row"):
        start(make_config(limits__max_fruitless=5), tmp_path / "run")


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(401, b'{"error": {"message": "bad key"}}'), "refuses the key in TEST_TEACHER_KEY"),
        (Fault(404, b'{"error": {"message": "no such model"}}'), "does not serve the model scripted-teacher"),
        (Fault(429, b'{"error": {"code": "insufficient_quota", "message": "pay"}}'), "quota or balance"),
        (Fault(402, b"{}"), "quota or balance"),
        (Fault(200, b"<html>hello</html>", "text/html"), "answers with a web page"),
        (Fault(307, b"", headers=(("Location", "http://127.0.0.1:1/x"),)), "redirects"),
        (Fault(400, b'{"error": {"message": "Model Not Exist"}}'), "does not serve the model"),
    ],
)
def test_a_refusal_stops_the_run_and_keeps_what_was_paid(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, fault: Fault, message: str
) -> None:
    server.script = lambda number, _: fault if number >= 4 else None
    with pytest.raises(TeacherRefusedError, match=message):
        start(make_config(), tmp_path / "run")
    assert len(Journal(tmp_path / "run" / "journal", read_only=True).answered) == 4
    server.script = lambda _number, _body: None
    assert start(make_config(), tmp_path / "run")["stop"] == "target reached"


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, b'{"error": {"message": "slow down"}}', headers=(("Retry-After", "0.01"),)),
        Fault(503, b"<html>down</html>", "text/html", headers=(("Retry-After", "0.01"),)),
        Fault(body=b'"partial', hang_up=True),
    ],
)
def test_what_may_pass_is_tried_again(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, fault: Fault
) -> None:
    # a fifth of all, after the first are answered (a web page before that means a wrong address), at no regular distance
    server.script = lambda number, _: fault if number > 7 and random.Random(number).random() < 0.2 else None
    start(
        make_config(limits__retries=20, limits__billed_retries=9), tmp_path / "clean-order"
    )  # which request meets a fault is chance
    assert RunDirectory(tmp_path / "clean-order").manifest() is not None


@pytest.mark.usefixtures("no_waits")
def test_faults_on_the_way_do_not_change_a_byte(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    start(make_config(), tmp_path / "calm")
    server.script = lambda number, _: Fault(500, b"{}") if number % 3 == 0 else None
    start(make_config(limits__billed_retries=20), tmp_path / "stormy")
    assert digest(tmp_path / "calm") == digest(tmp_path / "stormy")


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b'{"choices": null}', "malformed_reply"),
        (b'{"choices": [{"message": {"content": ""}}]}', "empty_reply"),
        (b'{"choices": [{"message": {"content": null, "reasoning": "hm"}}]}', "all_thought"),
        (b'{"choices": [{"message": {"content": "x"}, "finish_reason": "content_filter"}]}', "content_filtered"),
        (b'{"choices": [{"message": {"con', "malformed_reply"),
        (b'\xff\xfe{"a": NaN', "malformed_reply"),
        (
            b'{"error": {"message": "overloaded"}, "usage": {"prompt_tokens": 1, "completion_tokens": 1}}',
            "malformed_reply",
        ),
        (b'{"choices": [{"message": {"content": "Describe \\ud800 rivers in spring."}}]}', "control_characters"),
        (b'{"choices": [{"message": {"content": "Describe the rivers of"}, "finish_reason": "length"}]}', "truncated"),
    ],
)
def test_a_strange_body_is_kept_and_rejected_by_name(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, body: bytes, rule: str
) -> None:
    server.script = lambda number, _: Fault(body=body) if number == 0 else None
    manifest = start(make_config(limits__concurrency=1), tmp_path / "run")
    assert manifest["ledger"]["total"]["rejected"][rule] == 1
    assert next(Journal(tmp_path / "run" / "journal", read_only=True).recorded()).body == body


@pytest.mark.usefixtures("no_waits")
def test_an_unreachable_endpoint_is_said_so(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config(teacher__base_url="http://127.0.0.1:9/v1")
    with pytest.raises(TeacherRefusedError, match=r"127\.0\.0\.1:9"):
        start(config, tmp_path / "run")
    assert not Journal(tmp_path / "run" / "journal", read_only=True).uncertain


def test_the_key_is_nowhere_on_disk_even_when_the_server_echoes_it(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    echo = {"choices": [{"message": {"content": f"Describe the key {KEY} in winter."}, "finish_reason": "stop"}]}
    server.script = lambda number, _: Fault(body=json.dumps(echo).encode()) if number == 1 else None
    start(make_config(), tmp_path / "run")
    assert any(KEY in value for header in server.headers for value in header.values())
    assert not [path for path in (tmp_path / "run").rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_a_teacher_with_alpacas_faults_costs_no_complete_item(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def script(number: int, body: dict[str, Any]) -> Fault:
        answer = completion(AWKWARD[number % len(AWKWARD)](say(body)))
        return Fault(body=json.dumps(answer, ensure_ascii=False).encode())

    server.script = script
    manifest = start(make_config("batch", target={"en": 20, "zh": 20}, limits__concurrency=1), tmp_path / "run")
    answered = manifest["requests"]["answered"]
    assert answered >= len(AWKWARD)
    lines = (tmp_path / "run" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    unread = [line for line in map(json.loads, lines) if line["stage"] == "read"]
    assert {line["rule"] for line in unread} <= {"outside_items"}
    assert manifest["ledger"]["total"]["candidates"] - len(unread) == 3 * answered


@pytest.mark.usefixtures("no_waits")
def test_a_run_whose_server_was_never_reached_goes_on_at_another_address(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    with pytest.raises(TeacherRefusedError, match="run the same command again"):
        start(make_config(teacher__base_url="http://127.0.0.1:9/v1"), tmp_path / "run")
    assert RunDirectory(tmp_path / "run").has_requests()
    start(make_config(), tmp_path / "run")
    assert RunDirectory(tmp_path / "run").manifest().stop == "target reached"  # type: ignore[union-attr]
    before = len(server.requests)
    with pytest.raises(InputError, match=r"teacher\.base_url"):
        start(make_config(teacher__base_url="http://127.0.0.1:9/v1"), tmp_path / "run")
    assert len(server.requests) == before
