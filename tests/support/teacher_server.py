"""A scripted OpenAI-compatible server on loopback: a deterministic teacher for the real client, with faults on demand.

What it says is a pure function of the request, so that a run that was interrupted and one that was not get the same replies.
"""

import hashlib
import json
import random
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.support.batch_server import BatchShelf
from tests.support.teacher_words import say_later
from tests.support.words import EN_WORDS, ZH_WORDS

KEY = "sk-canary-0123456789abcdef"
"""What every test sends as its key."""


class Fault(NamedTuple):
    """What the server does instead of answering."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    hang_up: bool = False


Script = Callable[[int, dict[str, Any]], Fault | None]
"""(number of the request from 0, its body) -> a fault, or None for a proper answer."""


def completion(text: str, finish_reason: str = "stop", prompt_tokens: int = 100) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "scripted-teacher",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": prompt_tokens, "completion_tokens": len(text) // 3 + 1, "total_tokens": 0},
    }


def say(body: dict[str, Any]) -> str:
    """Return what the scripted teacher answers to a request body."""
    rng = random.Random(hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest())
    asked = body["messages"][-1]["content"]
    chinese = bool(re.search(r"[\u4e00-\u9fff]", asked))
    if judge := re.search(r"\{(\"\w+\": 1-5.*)\}$", asked):
        return json.dumps(
            {name: rng.randint(2, 5) for name in re.findall(r"\w+(?=\": 1-5)", judge[1])}, ensure_ascii=False
        )
    if batch := re.search(r"Now write tasks (\d+) to (\d+)|现在按同样的格式写出任务 (\d+) 到 (\d+)", asked):
        first, last = (int(number) for number in batch.groups() if number)
        return "\n".join(_item(rng, number, chinese) for number in range(first, last + 1))
    if steered := re.search(r"Topic: (.+)\. Start with: (.+)|主题：(.+)。开头用：(.+)", asked):
        topic, verb = (part for part in steered.groups() if part)
        return _instruction(rng, topic, verb, chinese)
    return say_later(body, rng, {"en": EN_WORDS, "zh": ZH_WORDS}) or _answer(rng, chinese)


def _instruction(rng: random.Random, topic: str, verb: str, chinese: bool) -> str:
    if rng.random() < 0.15:
        return "Name the colours of a rainbow in order." if not chinese else "说出彩虹的七种颜色并按顺序排列。"
    if chinese:
        return f"{verb}{topic}与{''.join(rng.sample(ZH_WORDS, 4))}之间的关系。"
    return f"{verb} how {topic} met the {' '.join(rng.sample(EN_WORDS, 5))} of another age."


def _answer(rng: random.Random, chinese: bool) -> str:
    if rng.random() < 0.1:
        return "N/A" if not chinese else "无"
    if chinese:
        return f"它们以{'、'.join(rng.sample(ZH_WORDS, 5))}为线索，彼此相连。"
    return f"They share the {', the '.join(rng.sample(EN_WORDS, 5))}."


def _item(rng: random.Random, number: int, chinese: bool) -> str:
    instruction = _instruction(
        rng, rng.choice(ZH_WORDS if chinese else EN_WORDS), "说明" if chinese else "Explain", chinese
    )
    answer = _answer(rng, chinese)
    if chinese:
        return f"###\n{number}. 指令：{instruction}\n{number}. 输入：\n<无输入>\n{number}. 输出：\n{answer}"
    return f"###\n{number}. Instruction: {instruction}\n{number}. Input:\n<noinput>\n{number}. Output:\n{answer}"


class _QuietServer(ThreadingHTTPServer):
    """Says nothing when a client that was killed left its connection open."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class TeacherServer:
    """The server in a thread of this process; `requests` are the bodies it got, in order."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.script: Script = lambda _number, _body: None
        self.thinks = False
        """Whether it says what it thought before an answer."""
        self.connections = 0
        """Connections that were opened to it."""
        self.keeps = True
        """Whether it keeps what it is asked to; an account without data retention does not."""
        self.kept: dict[str, dict[str, Any]] = {}
        """Completions by the `send` of their metadata."""
        self.looked_up: list[str] = []
        self.lookup: Callable[[int], Fault | None] = lambda _number: None
        """(number of the lookup from 0) -> a fault, or None for a proper listing."""
        self.shelf = BatchShelf(self.complete)
        self._lock = threading.Lock()
        self._server = _QuietServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"teacher": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def take(self, body: dict[str, Any], headers: dict[str, str]) -> Fault | None:
        with self._lock:
            number = len(self.requests)
            self.requests.append(body)
            self.headers.append(headers)
        return self.script(number, body)

    def complete(self, body: dict[str, Any]) -> bytes:
        answer = completion(say({name: value for name, value in body.items() if name not in {"store", "metadata"}}))
        if self.thinks:
            answer["choices"][0]["message"]["reasoning_content"] = "Let me see."
        if body.get("store") and self.keeps:
            self.kept[body["metadata"]["send"]] = answer
        return json.dumps(answer, ensure_ascii=False).encode()

    def look_up(self, name: str) -> Fault:
        self.looked_up.append(name)
        found = [self.kept[name]] if name in self.kept else []
        listing = json.dumps({"object": "list", "data": found, "has_more": False}, ensure_ascii=False).encode()
        return self.lookup(len(self.looked_up) - 1) or Fault(body=listing)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer: two, and the second waits 40 ms for an acknowledgement
    teacher: TeacherServer

    def setup(self) -> None:
        super().setup()
        self.teacher.connections += 1

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_shelved(data):
            return
        body = json.loads(data)
        fault = self.teacher.take(body, dict(self.headers.items()))
        if fault and fault.hang_up:
            self._cut(5000, b"{" + fault.body)
        else:
            self._answer(fault or Fault(body=self.teacher.complete(body)))

    def do_GET(self) -> None:
        if self._is_shelved(b""):
            return
        query = dict(parse_qsl(urlsplit(self.path).query))
        self._answer(self.teacher.look_up(query["metadata[send]"]))

    def _is_shelved(self, data: bytes) -> bool:
        """Answer what is of the Batch API."""
        url = urlsplit(self.path)
        if not url.path.startswith(("/v1/files", "/v1/batches")):
            return False
        kind = self.headers.get("Content-Type", "")
        status, body = self.teacher.shelf.answer(self.command, url.path, dict(parse_qsl(url.query)), kind, data)
        if status:
            self._answer(Fault(status, body))
        else:
            self._cut(900_000, body)
        return True

    def _cut(self, length: int, body: bytes) -> None:
        """Promise more than comes, and hang up."""
        self.close_connection = True
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def _answer(self, answer: Fault) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        pass
