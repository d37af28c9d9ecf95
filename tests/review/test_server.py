"""Who is answered by the page's server: the page that it gave out itself, with the token, and nobody else."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.review.server import HOST, ReviewServer
from tests.support.hostile import HOSTILE
from tests.support.reviews import lines, row, session, written

ROWS = [row(f"Say the number {number}.", str(number)) for number in range(9)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReviewServer]:
    path = written(tmp_path / "rows.jsonl", [*ROWS, row(HOSTILE.replace("\0", ""), HOSTILE.replace("\0", ""))])
    with ReviewServer(session(path), 0) as started:
        thread = threading.Thread(target=started.serve_forever, args=(0.01,))
        thread.start()
        yield started
        started.shutdown()
        thread.join()


def ask(
    server: ReviewServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, str, Any]:
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer.headers


def decide(server: ReviewServer, body: Any, **headers: str) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, text, _ = ask(server, "POST", "/decide", data, X_Review_Token=server.token, **headers)
    return status, json.loads(text)


def decisions(server: ReviewServer) -> list[Any]:
    return list(lines(server.session.material.review))


def test_the_page_needs_its_token(server: ReviewServer) -> None:
    for path in ("/", "/?token=", "/?token=" + "a" * 32, f"/rows?token={server.token}", "/rows"):
        status, text, _ = ask(server, "GET", path)
        assert status == 403
        assert "Say the number" not in text
    status, text, headers = ask(server, "GET", f"/?token={server.token}")
    assert status == 200
    assert "Say the number" in text
    assert "connect-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example", ""])
def test_a_name_that_a_stranger_points_here_is_not_answered(server: ReviewServer, host: str) -> None:
    status, text, _ = ask(server, "GET", f"/?token={server.token}", Host=host)
    assert status == 421
    assert "loopback" in text
    assert ask(server, "GET", f"/?token={server.token}", Host=f"localhost:{server.server_port}")[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
def test_another_page_decides_nothing(server: ReviewServer, origin: str) -> None:
    assert decide(server, {"n": 0, "decision": "accepted", "was": ""}, Origin=origin)[0] == 403
    status, _, _ = ask(server, "POST", "/decide", b'{"n": 0, "decision": "accepted"}', Content_Type="text/plain")
    assert status == 403
    assert decisions(server) == []
    assert (
        decide(server, {"n": 0, "decision": "accepted", "was": ""}, Origin=f"http://{HOST}:{server.server_port}")[0]
        == 200
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 404),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        ({"n": 99, "decision": "accepted"}, 404),
        ({"n": -1, "decision": "accepted"}, 404),
        ({"n": "1e3", "decision": "accepted"}, 404),
        ({"n": 0, "decision": "removed"}, 400),
        ({"n": 0, "decision": ["accepted"]}, 400),
        ({"n": 0, "decision": "accepted", "texts": {"output": "x"}}, 400),
        ({"n": 0, "decision": "edited", "texts": {"id": "x"}}, 400),
        ({"n": 0, "decision": "edited", "texts": {"output": 7}}, 400),
        ({"n": 0, "decision": "edited", "texts": {"output": "\ud800"}}, 400),
        ({"n": 0, "decision": "rejected", "reason": "bad"}, 422),
        ({"n": 0, "decision": "accepted", "note": "x" * 5000}, 422),
        ({"n": 0, "decision": "accepted", "was": "rejected"}, 409),
    ],
)
def test_a_request_that_does_not_fit_is_refused_and_the_next_one_is_answered(
    server: ReviewServer, body: Any, status: int
) -> None:
    assert decide(server, body)[0] == status
    assert decisions(server) == []
    assert decide(server, {"n": 0, "decision": "accepted", "was": ""})[0] == 200


def test_a_request_of_unknown_or_great_length_is_refused(server: ReviewServer) -> None:
    for length in ("9999999999", "-1", "x"):
        assert ask(server, "POST", "/decide", b"{}", Content_Length=length, X_Review_Token=server.token)[0] == 413
    assert ask(server, "PUT", "/decide", b"{}", X_Review_Token=server.token)[0] == 501
    assert ask(server, "GET", "//[", X_Review_Token=server.token)[0] in {400, 404}


def test_no_text_of_a_row_becomes_markup(server: ReviewServer) -> None:
    text = ask(server, "GET", f"/?token={server.token}")[1]
    assert text.count("<script") == text.count("</script") == 2
    assert "<img" not in text


def test_a_port_that_is_taken_is_named(server: ReviewServer) -> None:
    with pytest.raises(InputError, match=f"--port {server.server_port}: cannot be used"):
        ReviewServer(server.session, server.server_port)


def test_only_loopback_listens(server: ReviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
