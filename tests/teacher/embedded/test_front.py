"""The door of the embedded teacher over real sockets, with a fake engine behind it."""

import asyncio
import http.client
import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from selfinstruct.teacher.embedded import front
from selfinstruct.teacher.embedded.front import serve_front
from tests.support.fake_engine import FakeEngine

KEY = "canary-key-0123456789"
AUTHORIZED = {"Authorization": f"Bearer {KEY}"}
JSON = {"Content-Type": "application/json"}
CHAT = "/v1/chat/completions"


class Door(NamedTuple):
    port: int
    engine: FakeEngine

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        return connection.getresponse()

    def send(self, data: bytes) -> bytes:
        """Send bytes as they are and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(data)
            answer = b""
            with suppress(ConnectionError):
                while part := connection.recv(65536):
                    answer += part
        return answer


@pytest.fixture
def door() -> Iterator[Door]:
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path, which is too long for a Unix socket
        engine = FakeEngine(Path(folder) / "engine.sock")
        listening = socket.create_server(("127.0.0.1", 0))
        loop = asyncio.new_event_loop()
        serving = loop.create_task(serve_front(listening, str(Path(folder) / "engine.sock"), KEY))

        def run() -> None:
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(serving)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield Door(listening.getsockname()[1], engine)
        engine.close()
        loop.call_soon_threadsafe(serving.cancel)
        thread.join()
        loop.close()


def test_a_request_reaches_the_engine_with_its_body_and_the_reply_comes_back(door: Door) -> None:
    answer = door.ask("POST", CHAT, AUTHORIZED | JSON, b'{"a": 1}')
    assert (answer.status, json.load(answer)) == (200, {"ok": True})
    assert [(asked.method, asked.path, asked.body) for asked in door.engine.asked] == [("POST", CHAT, b'{"a": 1}')]


def test_the_engine_sees_neither_the_key_nor_any_header_of_the_caller(door: Door) -> None:
    door.ask("GET", "/v1/models?api_key=x", AUTHORIZED | {"X-Forwarded-For": "1.2.3.4"}).read()
    assert door.engine.asked[0].path == "/v1/models"
    assert door.engine.asked[0].headers.keys().isdisjoint({"authorization", "x-forwarded-for"})


def test_no_answer_allows_another_origin(door: Door) -> None:
    for answer in (
        door.ask("GET", "/v1/models", AUTHORIZED),
        door.ask("OPTIONS", CHAT, {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}),
        door.ask("POST", CHAT, {"Origin": "http://evil.example", "Content-Type": "text/plain"}, b"{}"),
    ):
        assert not [name for name, _ in answer.getheaders() if name.lower().startswith("access-control")]


def test_what_is_refused_never_reaches_the_engine(door: Door) -> None:
    evil = {"Host": "evil.example", "Origin": "http://evil.example", "Content-Type": "text/plain"}
    assert door.ask("POST", CHAT, evil, b'{"messages": []}').status == 403
    assert door.ask("POST", CHAT, JSON, b"{}").status == 401
    assert door.ask("GET", "/slots", AUTHORIZED).status == 404
    assert door.engine.asked == []


def test_a_refusal_says_why_in_the_form_that_clients_read(door: Door) -> None:
    error = json.load(door.ask("GET", "/v1/models", {}))["error"]
    assert "Authorization: Bearer" in error["message"]
    assert KEY not in json.dumps(error)


def test_a_reply_streams_part_by_part(door: Door) -> None:
    answer = door.ask("POST", "/v1/completions", AUTHORIZED | JSON, b"{}")
    assert answer.getheader("Content-Type") == "text/event-stream"
    assert answer.readline() == b"data: first\n"
    door.engine.open.set()
    assert b"data: last" in answer.read()


def test_a_caller_that_hangs_up_frees_its_slot(door: Door) -> None:
    door.ask("POST", "/v1/completions", AUTHORIZED | JSON, b"{}").close()
    assert door.engine.left.wait(30)


def test_a_caller_that_hangs_up_before_the_first_word_frees_its_slot(door: Door) -> None:
    head = f"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
    with socket.create_connection(("127.0.0.1", door.port), timeout=30) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        assert door.engine.waits.wait(30)
    assert door.engine.left.wait(30)


def test_a_connection_carries_one_request(door: Door) -> None:
    one = f"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n".encode()
    assert door.send(one + one).count(b"HTTP/1.1 ") == 1
    assert len(door.engine.asked) == 1


def test_a_request_hidden_in_the_body_of_another_is_not_read_as_one(door: Door) -> None:
    head = (
        f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
    )
    hidden = "GET /slots HTTP/1.1\r\nHost: localhost\r\n\r\n"
    door.send(f"{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}".encode())
    assert [asked.path for asked in door.engine.asked] in ([], [CHAT])


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"EHLO there\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", b"431"),
    ],
    ids=["no HTTP", "no host", "two hosts", "a huge head"],
)
def test_what_is_no_proper_request_is_refused(door: Door, data: bytes, status: bytes) -> None:
    assert door.send(data).split(b" ")[1] == status
    assert door.engine.asked == []


def test_a_body_above_the_limit_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "LARGEST_BODY", 1000)
    assert door.ask("POST", CHAT, AUTHORIZED | JSON, b" " * 1001).status == 413
    assert door.engine.asked == []


def test_a_caller_that_waits_to_be_told_is_told_to_go_on(door: Door) -> None:
    head = (
        f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
    )
    with socket.create_connection(("127.0.0.1", door.port), timeout=30) as connection:
        connection.sendall(f"{head}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        connection.sendall(b"{}")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_an_engine_that_is_gone_is_a_bad_gateway(door: Door) -> None:
    door.engine.close()
    assert door.ask("GET", "/v1/models", AUTHORIZED).status == 502
