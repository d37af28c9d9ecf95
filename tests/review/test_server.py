"""Who is answered by the page's server: the page that it gave out itself, with the token, and nobody else."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.review.server import HOST, ReviewServer
from selfinstruct.review.wish import Wish
from tests.support.hostile import HOSTILE
from tests.support.reviews import lines, row, session, written

ROWS = [row(f"Say the number {number}.", str(number)) for number in range(9)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReviewServer]:
    path = written(
        tmp_path / "<img src=x>&quot;rows.jsonl", [*ROWS, row(HOSTILE.replace("\0", ""), HOSTILE.replace("\0", ""))]
    )
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


def decide(server: ReviewServer, body: Any, path: str = "/decide", **headers: str) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"X_Review_Token": server.token, "Content_Type": "application/json"} | headers
    status, text, _ = ask(server, "POST", path, data, **sent)
    return status, json.loads(text)


def spoken(server: ReviewServer, request: str) -> bytes:
    """Return all that a connection answers to raw text."""
    with socket.create_connection((HOST, server.server_port), timeout=20) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(1 << 16):
            found += part
    return found


def decisions(server: ReviewServer) -> list[Any]:
    return list(lines(server.session.material.review))


def test_the_page_needs_its_token(server: ReviewServer) -> None:
    for path in ("/", "/?token=", "/?token=" + "a" * 32, f"/?token={server.token[:-1]}", f"/rows?token={server.token}"):
        status, text, _ = ask(server, "GET", path)
        assert status == 403
        assert "Say the number" not in text
    status, text, headers = ask(server, "GET", f"/?token={server.token}")
    assert status == 200
    assert "Say the number" in text
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "script-src 'sha256-"):
        assert part in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/?token=", "/rows?"])
def test_nothing_that_is_answered_is_kept_framed_or_told_to_others(server: ReviewServer, path: str) -> None:
    status, _, headers = ask(server, "GET", path + server.token, X_Review_Token=server.token)
    assert status == 200
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/rows", "/row?n=0", "/figures", "/riskiest"])
def test_what_the_page_asks_for_needs_the_token_in_its_header(server: ReviewServer, path: str) -> None:
    joint = "&" if "?" in path else "?"
    for token in ("", "a" * 32, server.token[:-1], "é"):
        assert ask(server, "GET", f"{path}{joint}token={server.token}", X_Review_Token=token)[0] == 403
    assert ask(server, "GET", path, X_Review_Token=server.token)[0] == 200


@pytest.mark.parametrize("path", ["/decide", "/skip", "/undo"])
def test_what_changes_something_needs_the_token_too(server: ReviewServer, path: str) -> None:
    server.session.decide(1, Wish("accepted"))
    body = {"n": 0, "decision": "accepted", "was": ""}
    for token in ("", server.token[:-1]):
        assert decide(server, body, f"{path}?token={server.token}", X_Review_Token=token)[0] == 403
    assert [one["decision"] for one in decisions(server)] == ["accepted"]
    assert decide(server, body, path)[0] == 200


def test_the_address_on_a_command_line_leads_to_the_page_once_and_does_not_hold_its_token(server: ReviewServer) -> None:
    assert server.token not in server.url_once
    once = server.url_once.partition(str(server.server_port))[2]
    for wrong in ("/open", "/open?once=", once[:-1], f"/open?once={server.token}"):
        assert ask(server, "GET", wrong)[0] == 403
    assert ask(server, "GET", once, Host="evil.example")[0] == 421
    status, _, headers = ask(server, "GET", once)
    assert (status, headers["Location"]) == (303, f"/?token={server.token}")
    again, text, headers = ask(server, "GET", once)
    assert again == 403
    assert "once" in text
    assert server.token not in text + str(headers)
    assert ask(server, "GET", "/open?once=")[0] == 403


def test_a_connection_does_not_write_its_address_down(server: ReviewServer, capfd: pytest.CaptureFixture[str]) -> None:
    ask(server, "GET", f"/?token={server.token}")
    ask(server, "GET", "/nothing")
    spoken(server, "HELLO\n\n")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/nothing", "/decide", "/rows", "/../../etc/passwd", "/_rows", "/__class__"])
def test_there_is_nothing_but_what_the_page_asks_for(server: ReviewServer, method: str, path: str) -> None:
    if (method, path) in {("POST", "/decide"), ("GET", "/rows")}:
        return
    body = b'{"n": 0, "decision": "accepted", "was": ""}' if method == "POST" else None
    sent = {"X_Review_Token": server.token, "Content_Type": "application/json"}
    assert ask(server, method, path, body, **sent)[0] == 404
    assert decisions(server) == []


def test_the_page_is_read_and_not_sent_to(server: ReviewServer) -> None:
    for path in (f"/?token={server.token}", server.url_once.partition(str(server.server_port))[2]):
        assert decide(server, {}, path)[0] == 404


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "0.0.0.0:{port}",
        "",
    ],
)
def test_a_name_that_a_stranger_points_here_is_not_answered(server: ReviewServer, host: str) -> None:
    named = host.format(port=server.server_port)
    status, text, _ = ask(server, "GET", f"/?token={server.token}", Host=named)
    assert status == 421
    assert "loopback" in text
    assert decide(server, {"n": 0, "decision": "accepted", "was": ""}, Host=named)[0] == 421
    assert decisions(server) == []
    assert ask(server, "GET", f"/?token={server.token}", Host=f"localhost:{server.server_port}")[0] == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "file://",
    ],
)
def test_another_page_decides_and_reads_nothing(server: ReviewServer, origin: str) -> None:
    named = origin.format(port=server.server_port)
    assert decide(server, {"n": 0, "decision": "accepted", "was": ""}, Origin=named)[0] == 403
    assert ask(server, "GET", f"/?token={server.token}", Origin=named)[0] == 403
    assert ask(server, "GET", "/rows", X_Review_Token=server.token, Origin=named)[0] == 403
    assert decisions(server) == []
    assert (
        decide(server, {"n": 0, "decision": "accepted", "was": ""}, Origin=f"http://{HOST}:{server.server_port}")[0]
        == 200
    )


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]
)
def test_what_a_form_of_another_page_could_send_is_no_decision(server: ReviewServer, kind: str) -> None:
    body = {"n": 0, "decision": "accepted", "was": ""}
    assert decide(server, body, Content_Type=kind)[0] == 415
    assert decisions(server) == []
    assert decide(server, body, Content_Type="application/json; charset=utf-8")[0] == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{}", 404),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        ({"n": 99, "decision": "accepted"}, 404),
        ({"n": -1, "decision": "accepted"}, 404),
        ({"n": "1" * 5000, "decision": "accepted"}, 404),
        ({"n": "٣", "decision": "accepted"}, 404),
        (b'{"n": ' + b"1" * 5000 + b', "decision": "accepted"}', 400),
        ({"n": "1e3", "decision": "accepted"}, 404),
        ({"n": 0, "decision": "removed"}, 400),
        ({"n": 0, "decision": ["accepted"]}, 400),
        ({"n": 0, "decision": "accepted", "texts": {"output": "x"}}, 400),
        ({"n": 0, "decision": "edited", "texts": {"id": "x"}}, 400),
        ({"n": 0, "decision": "edited", "texts": {"output": 7}}, 400),
        ({"n": 0, "decision": "edited", "texts": {}}, 400),
        ({"n": 0, "decision": "edited", "texts": "output"}, 400),
        ({"n": 0, "decision": "accepted", "note": 7}, 400),
        ({"n": 0, "decision": "accepted", "language": 7}, 400),
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


@pytest.mark.parametrize("length", ["9999999999", "8000001", "-1", "x", "", "0" * 5000, "٣", "1 1"])
def test_a_request_of_unknown_or_great_length_is_refused(server: ReviewServer, length: str) -> None:
    for path in ("/decide", "/nothing"):
        assert decide(server, b"{}", path, Content_Length=length.encode().decode("latin-1"))[0] == 413


def test_what_follows_a_request_of_unknown_length_is_no_request(server: ReviewServer) -> None:
    decided = '{"n": 0, "decision": "accepted", "was": ""}'
    head = f"Host: {HOST}:{server.server_port}\nX-Review-Token: {server.token}\nContent-Type: application/json\n"
    hidden = f"POST /decide HTTP/1.1\n{head}Content-Length: {len(decided)}\n\n{decided}"
    for length in ("Transfer-Encoding: chunked\n", "Content-Length: 9000000\n", "Content-Length: x\n"):
        found = spoken(server, f"POST /decide HTTP/1.1\n{head}{length}\n{hidden}")
        assert found.count(b"HTTP/1.1 ") == found.count(b"HTTP/1.1 413") == 1
    assert decisions(server) == []
    assert spoken(server, hidden + hidden).count(b"HTTP/1.1 ") == 2


def test_no_other_method_is_answered(server: ReviewServer) -> None:
    for method in ("PUT", "HEAD", "OPTIONS", "DELETE", "TRACE"):
        status, _, headers = ask(server, method, f"/rows?token={server.token}", X_Review_Token=server.token)
        assert status == 501
        assert "Access-Control-Allow-Origin" not in headers
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
