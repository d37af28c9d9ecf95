"""Log-probability of given text: what the engine is asked, and which of its answers count."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from selfinstruct.teacher.embedded.launch import Served
from selfinstruct.teacher.embedded.likelihood import log_likelihoods

KEY = "canary-key-0123456789"


class _Engine(BaseHTTPRequestHandler):
    """Tokens are code points, each of log-probability -0.5; an emoji is refused, and what has a `~` is written otherwise."""

    asked: list[tuple[str, str, dict[str, Any]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers["Authorization"], body))
        status, answer = 200, self._said(body)
        if self.path != "/tokenize" and "<[127881]>" in body["grammar"]:
            status, answer = 500, {"error": {"message": "empty grammar stack"}}
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _said(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.path == "/tokenize":
            return {"tokens": [ord(letter) for letter in body["content"]]}
        wanted = [int(one) for one in re.findall(r"<\[(\d+)\]>", body["grammar"])]
        written = [1 if one == ord("~") else one for one in wanted]
        return {"choices": [{"logprobs": {"content": [{"id": one, "logprob": -0.5} for one in written]}}]}

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def engine() -> Iterator[tuple[Served, list[tuple[str, str, dict[str, Any]]]]]:
    asked: list[tuple[str, str, dict[str, Any]]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Engine,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_address[1]}/v1", SecretStr(KEY)), asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_answer_is_forced_token_by_token_after_its_question(
    engine: tuple[Served, list[tuple[str, str, dict[str, Any]]]],
) -> None:
    served, asked = engine
    assert asyncio.run(log_likelihoods(served, [("Which river?", "Tay"), ("哪条河？", "岷江")])) == [-1.5, -1.0]
    assert {key for _, key, _ in asked} == {f"Bearer {KEY}"}
    bodies = {body["messages"][0]["content"]: body for path, _, body in asked if path == "/v1/chat/completions"}
    assert bodies["Which river?"]["grammar"] == "root ::= <[84]> <[97]> <[121]>"
    assert bodies["哪条河？"]["max_tokens"] == 2


def test_what_the_engine_refuses_or_writes_otherwise_is_left_out(
    engine: tuple[Served, list[tuple[str, str, dict[str, Any]]]],
) -> None:
    pairs = [("a", "yes 🎉"), ("b", "a~b"), ("c", ""), ("d", "no")]
    assert asyncio.run(log_likelihoods(engine[0], pairs, concurrency=3)) == [None, None, None, -1.0]
