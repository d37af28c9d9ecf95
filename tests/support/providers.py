"""Providers as data (`tests/providers/data`): what each answers, by rules on the request, and a server on loopback that plays one."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self

from tests.support.teacher_server import say

DATA = Path(__file__).parents[1] / "providers" / "data"
NAMES = sorted(path.stem for path in DATA.glob("*.json"))
MARK = "DRAFTWORD"
"""Stands in every thought; no row may hold it."""
_CUT = 25


@cache
def provider(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return value


class Answered(NamedTuple):
    status: int
    headers: Mapping[str, str]
    data: bytes


class ProviderServer:
    """Plays one provider; `cut` says whether replies that are not whole end early."""

    def __init__(self, name: str, *, cut: bool = False) -> None:
        self._rules = provider(name)["answers"]
        self._cut = cut
        self.requests: list[dict[str, Any]] = []
        self.billed: list[tuple[int, int]] = []
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"of": self})
        self._server = _Quiet(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: dict[str, Any], headers: Mapping[str, str]) -> Answered:
        with self._lock:
            self.requests.append(body)
            number = len(self.requests)
        rule = next(one for one in self._rules if _matches(one.get("when", {}), body, number, headers))
        whole = not self._cut or _finish(rule) == "stop"
        fill = _Filling(body, headers, whole)
        if "sse" in rule:
            lines = [one if isinstance(one, str) else json.dumps(fill(one), ensure_ascii=False) for one in rule["sse"]]
            text = "".join(f"data: {line}\n\n" for line in lines)
        elif "text" in rule:
            text = str(fill(rule["text"]))
        else:
            text = json.dumps(fill(rule["body"]), ensure_ascii=False)
        sent = {"Content-Type": "application/json"} | rule.get("headers", {})
        return Answered(rule["status"], sent, (rule.get("prefix", "") + text).encode())


def _finish(rule: dict[str, Any]) -> str:
    found = re.findall(r'"finish_reason": "([^"]+)"', json.dumps(rule))
    return found[-1] if found else "stop"


def is_whole(name: str) -> bool:
    """Return whether a provider at last gives an answer that is whole."""
    return "cut" not in provider(name)["expect"] or _finish(provider(name)["answers"][-1]) == "stop"


def _matches(when: dict[str, Any], body: dict[str, Any], number: int, headers: Mapping[str, str]) -> bool:
    checks: dict[str, Callable[[Any], bool]] = {
        "has": lambda names: all(name in body for name in names),
        "lacks": lambda names: not any(name in body for name in names),
        "equals": lambda pairs: all(name in body and body[name] == value for name, value in pairs.items()),
        "unequal": lambda pairs: all(body.get(name) != value for name, value in pairs.items()),
        "greater": lambda pairs: all(_number(body.get(name)) > value for name, value in pairs.items()),
        "nth": lambda wanted: number == wanted,
        "nth_from": lambda wanted: number >= wanted,
        "header": lambda pairs: all(headers.get(name) == value for name, value in pairs.items()),
    }
    return all(checks[name](value) for name, value in when.items())


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else float("-inf")


class _Filling:
    """Puts into a body what its placeholders stand for."""

    def __init__(self, body: dict[str, Any], headers: Mapping[str, str], whole: bool) -> None:
        text = say(body | {"stream": False})
        answer = text if whole else text[:-_CUT]
        thought = f"Okay, let me draft. {MARK}: perhaps this one. ### 1. Instruction: {MARK}. Hmm, once more."
        completion = len(answer) // 3 + 1
        prompt = sum(len(message["content"]) for message in body["messages"]) // 3
        self.values: dict[str, Any] = {
            "$ANSWER": answer,
            "$THOUGHT": thought,
            "$PROMPT_TOKENS": prompt,
            "$COMPLETION_TOKENS": completion,
            "$TOTAL_TOKENS": prompt + completion,
            "$REASONING_TOKENS": 40,
        }
        self.values |= {f"$SENT.{name}": value for name, value in body.items()}
        self.values |= {f"$HEADER.{name.lower()}": value for name, value in headers.items()}

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self(inner) for inner in value]
        if not isinstance(value, str):
            return value
        if value in self.values:
            return self.values[value]
        return re.sub(r"\$[A-Z_]+(?:\.\w+)?", lambda found: str(self.values.get(found[0], found[0])), value)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    of: ProviderServer

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, headers, data = self.of.answer(body, {name.lower(): value for name, value in self.headers.items()})
        self.send_response(status)
        for name, value in ({**headers, "Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
