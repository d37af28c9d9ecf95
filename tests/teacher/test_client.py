"""The client over real sockets: requests sent, incomplete responses kept, retries, giving up."""

import asyncio
import base64
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config
from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Journal
from selfinstruct.records import Message, Reply
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.client import open_teacher
from selfinstruct.teacher.http.body import LARGEST_BODY
from selfinstruct.teacher.http.exchange import KeyRedactor
from tests.support.asked import ERROR, Asked, Raw, faults, lowered, request
from tests.support.fake_clock import FakeClock
from tests.support.runs import start
from tests.support.teacher_server import KEY, Fault, TeacherServer, completion, say

MakeConfig = Callable[..., Config]


def test_each_try_has_its_own_id(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    server.script = faults(ERROR)
    Asked(make_config(), tmp_path)
    ids = [headers["x-client-request-id"] for headers in map(lowered, server.headers)]
    assert ids == ["test/en/0.0/answer/1", "test/en/0.0/answer/2"]
    assert not any("store" in body or "metadata" in body for body in server.requests)


def test_what_came_of_a_cut_body_is_kept_and_stays_uncertain(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(Fault(body=b'"choices": [{"mess', hang_up=True))
    asked = Asked(make_config(), tmp_path)
    assert asked.kinds == ["intent", "lost", "intent", "reply"]
    lost = asked.records[1]
    assert lost["body"] == '{"choices": [{"mess'
    assert lost["status"] == 200
    assert Journal(tmp_path / "journal", read_only=True).uncertain


def test_what_came_of_an_answer_that_was_too_slow_is_kept(make_config: MakeConfig, tmp_path: Path) -> None:
    whole = json.dumps(completion("They are calm.")).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(whole)}\r\n\r\n".encode()
    with Raw(head + b'{"choices": [', head + whole, hang_up=False) as raw:
        asked = Asked(make_config(teacher__base_url=raw.url, limits__timeout_s=0.6), tmp_path)
    assert asked.kinds == ["intent", "lost", "intent", "reply"]
    assert asked.records[1]["body"] == '{"choices": ['
    assert "no complete answer within 1 s" in asked.records[1]["reason"]


def test_a_cut_error_page_is_kept_with_its_status(make_config: MakeConfig, tmp_path: Path) -> None:
    with Raw(b"HTTP/1.1 503 Down\r\nContent-Length: 900\r\n\r\n<html>half") as raw:
        asked = Asked(make_config(teacher__base_url=raw.url, limits__max_outage_s=0.001), tmp_path)
    assert (asked.records[1]["kind"], asked.records[1]["status"], asked.records[1]["body"]) == (
        "lost",
        503,
        "<html>half",
    )
    assert isinstance(asked.replies[0], TeacherRefusedError)


def test_a_connection_that_ends_without_an_answer_may_have_been_billed(make_config: MakeConfig, tmp_path: Path) -> None:
    with Raw(b"") as raw:
        asked = Asked(make_config(teacher__base_url=raw.url, limits__max_outage_s=0.001), tmp_path)
        assert asked.kinds.count("intent") == raw.connections
    assert set(asked.kinds) == {"intent", "lost"}
    assert asked.records[1]["status"] == 0
    assert asked.budget.spent > 0


@pytest.mark.thorough
@pytest.mark.parametrize("status", [200, 500])
def test_no_more_than_8_mib_are_read_and_the_prefix_is_kept(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, status: int
) -> None:
    huge = Fault(status, b'{"choices": [' + KEY.encode() + b"7" * (LARGEST_BODY * 2))
    server.script = faults(huge)
    asked = Asked(make_config(), tmp_path)
    record = asked.records[1]
    assert record["kind"] == ("reply" if status == 200 else "lost")
    assert len(record["body"]) == LARGEST_BODY
    assert record["body"].startswith('{"choices": [[key]777')
    assert (asked.replies[0].fault if isinstance(asked.replies[0], Reply) else "") == (
        "oversize" if status == 200 else ""
    )


def test_an_answer_without_end_is_not_read_on(make_config: MakeConfig, tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n"
    with Raw(head + b"[" * (LARGEST_BODY + 1), hang_up=False) as raw:
        asked = Asked(make_config(teacher__base_url=raw.url), tmp_path)
    assert asked.replies == [Reply(fault="oversize")]


@pytest.mark.thorough
def test_a_request_that_was_sent_in_part_may_have_been_billed(make_config: MakeConfig, tmp_path: Path) -> None:
    long = request().model_copy(update={"messages": (Message(role="user", content="x" * 2**24),)})
    with socket.create_server(("127.0.0.1", 0)) as never_reads, Journal(tmp_path / "journal") as journal:
        url = f"http://127.0.0.1:{never_reads.getsockname()[1]}/v1"
        config = make_config(teacher__base_url=url, limits__timeout_s=1, limits__max_outage_s=0.001)

        async def main() -> None:
            budget = Budget(None, None, 0)
            async with open_teacher(config, journal, budget, lambda _: None, clock=FakeClock()) as ask:
                with pytest.raises(TeacherRefusedError):
                    await ask(long)

        asyncio.run(asyncio.wait_for(main(), 30))
        assert ("en/0.0/answer", 1) in journal.uncertain


@pytest.mark.thorough
def test_an_oversize_reply_is_the_same_when_the_journal_is_read_again(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(Fault(body=b"[" * (LARGEST_BODY + 1)))
    manifest = start(make_config(limits__concurrency=1), tmp_path / "run")
    assert manifest["ledger"]["total"]["rejected"]["oversize"] == 1


@pytest.mark.bounds
@pytest.mark.usefixtures("no_waits")
def test_a_provider_whose_answers_never_end_is_down_and_asked_a_few_times_at_most(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda _, __: Fault(body=b"[" * (LARGEST_BODY + 1))
    with pytest.raises(TeacherRefusedError, match="8 answers in a row do not end"):
        start(make_config(limits__max_fruitless=400, limits__max_outage_s=60), tmp_path / "run")
    assert len(server.requests) < 15


@pytest.mark.thorough
def test_one_answer_without_end_is_the_answer_of_its_request_and_stops_nothing(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(Fault(body=b"[" * (LARGEST_BODY + 1)))
    asked = Asked(make_config(), tmp_path, 2)
    assert sorted(reply.fault for reply in asked.answers) == ["", "oversize"]
    assert len(server.requests) == 2


def test_a_cancelled_request_is_not_tried_again_and_stays_uncertain(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    got = threading.Event()

    def script(_: int, __: dict[str, Any]) -> None:
        got.set()
        time.sleep(0.5)

    server.script = script

    async def main(journal: Journal) -> None:
        budget = Budget(None, None, 0)
        async with open_teacher(make_config(), journal, budget, lambda _: None) as ask:
            task = asyncio.create_task(ask(request()))
            await asyncio.to_thread(got.wait, 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with Journal(tmp_path / "journal") as journal:
        asyncio.run(main(journal))
    assert len(server.requests) == 1
    assert list(Journal(tmp_path / "journal", read_only=True).uncertain) == [("en/0.0/answer", 1)]


@pytest.mark.thorough
def test_connections_and_requests_in_flight_are_never_more_than_the_concurrency(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    lock, flying, most = threading.Lock(), 0, 0

    def script(_: int, body: dict[str, Any]) -> Fault:
        nonlocal flying, most
        with lock:
            flying += 1
            most = max(most, flying)
        time.sleep(0.005)
        with lock:
            flying -= 1
        return Fault(body=json.dumps(completion(say(body))).encode())

    server.script = script
    start(make_config(target={"en": 8, "zh": 8}, generate__window=30, limits__concurrency=5), tmp_path / "run")
    assert 2 <= most <= 5
    server.requests.clear()
    most = 0
    asked = Asked(make_config(limits__concurrency=5), tmp_path, requests=40)
    assert most <= 5
    assert all(isinstance(reply, Reply) for reply in asked.replies)


def test_what_an_endpoint_says_cannot_drive_the_terminal(
    write_config: Callable[..., Path], selfinstruct: Callable[..., Any], server: TeacherServer, tmp_path: Path
) -> None:
    evil = json.dumps({"error": {"message": "\x1b]52;c;cm0=\x07 \x1b[2J \u202e hidden"}}).encode()
    server.script = lambda _number, _body: Fault(401, evil)
    done = selfinstruct("generate", "--config", write_config(), "--run", tmp_path / "run")
    assert done.returncode == 4
    assert "hidden" in done.stderr
    assert not set("\x1b\x07\u202e") & set(done.stderr)


ODD_KEY = "sk-canary/0123+456"


@pytest.mark.parametrize(
    ("data", "clean"),
    [
        (f"a {ODD_KEY} b {ODD_KEY}", "a [key] b [key]"),
        ("a " + ODD_KEY.replace("/", "\\/"), "a [key]"),
        ("a \\u0073" + ODD_KEY[1:], "a [key]"),
        ("a " + "".join(f"\\u{ord(letter):04X}" for letter in ODD_KEY), "a [key]"),
        ("cut in the middle: " + ODD_KEY[:12], "cut in the middle: [key]"),
        ("sk-", "sk-"),
        ("nothing", "nothing"),
    ],
)
def test_the_key_is_hidden_however_it_is_written(data: str, clean: str) -> None:
    assert KeyRedactor(ODD_KEY)(data.encode()) == clean.encode()


@pytest.mark.parametrize("secret", ["none", "钥匙钥匙钥匙钥匙钥匙"])
def test_what_is_no_key_is_not_hidden(secret: str) -> None:
    assert KeyRedactor(secret)(b"none of it") == b"none of it"


def test_a_compressed_body_is_kept_as_it_reads(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    body = json.dumps(completion("They are calm.")).encode()
    server.script = faults(Fault(body=gzip.compress(body), headers=(("Content-Encoding", "gzip"),)))
    asked = Asked(make_config(), tmp_path)
    assert asked.records[1]["body"].encode() == body
    assert lowered(server.headers[0])["accept-encoding"] == "identity"


def test_bytes_that_are_not_what_they_say_may_have_been_billed(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(Fault(body=b"no gzip", headers=(("Content-Encoding", "gzip"),)))
    asked = Asked(make_config(), tmp_path)
    assert asked.kinds == ["intent", "lost", "intent", "reply"]


def test_bytes_that_are_no_text_are_kept(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    server.script = faults(Fault(body=b"\xff\xfe\x00"))
    assert base64.b64decode(Asked(make_config(), tmp_path).records[1]["body_base64"]) == b"\xff\xfe\x00"
