"""The page over loopback: one process, one review, several tabs; nobody without the token is answered.

A request must name this server by its loopback address in `Host`, so that no name that a stranger points here is taken for it (DNS rebinding);
must come from no other origin; and must bring the token, in the address of the page and then in a header, which no form or image of another
page can send. Nothing else is served, and nothing is asked of any other machine.
"""

import json
import secrets
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from pydantic import ValidationError

from selfinstruct.errors import InputError, StorageError
from selfinstruct.review.page import page
from selfinstruct.review.requested import RefusedError, body_of, checked_length, number_of, parsed, text_of, wish_of
from selfinstruct.review.session import Session
from selfinstruct.review.wish import OvertakenError
from selfinstruct.system.chinese import translator
from selfinstruct.system.documents import describe

HOST = "127.0.0.1"
_AHEAD = 3
"""Rows that a page holds beyond the one that it shows."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class ReviewServer(ThreadingHTTPServer):
    """Serves one session until it is shut down."""

    daemon_threads = True
    allow_reuse_address = False  # a second review on the same port is told, and does not take it over

    def __init__(self, session: Session, port: int) -> None:
        """Bind to loopback; port 0 is a free one. Raises InputError where the port is taken."""
        self.session, self.lock = session, threading.Lock()
        self.token, self._once = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise InputError(f"--port {port}: cannot be used ({error}); leave it out for a free one") from error

    @property
    def url(self) -> str:
        """The address of the page, with its token."""
        return f"http://{HOST}:{self.server_port}/?token={self.token}"

    @property
    def url_once(self) -> str:
        """An address that leads to the page once: for the command line of a browser, which everybody on this machine can read."""
        return f"http://{HOST}:{self.server_port}/open?once={self._once}"

    def is_first(self, once: str) -> bool:
        """Return whether this is the first call of that address."""
        with self.lock:
            found = bool(once) and secrets.compare_digest(once.encode(), self._once.encode())
            self._once = "" if found else self._once
        return found

    @property
    def own_names(self) -> frozenset[str]:
        """What `Host` may say."""
        return frozenset(f"{name}:{self.server_port}" for name in (HOST, "localhost"))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that the browser closed; of anything else what is wrong."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "selfinstruct", ""
    wbufsize = 1 << 16  # head and body at once: two packets would wait for each other
    disable_nagle_algorithm = True
    timeout = 600
    _answers: ClassVar[dict[str, str]] = {
        "/rows": "_rows",
        "/row": "_row",
        "/figures": "_figures",
        "/riskiest": "_riskiest",
    }
    _takes: ClassVar[dict[str, str]] = {"/decide": "_decide", "/skip": "_skip", "/undo": "_undo"}

    def do_GET(self) -> None:
        """Answer with the page, or with rows."""
        self._answer(self._answers)

    def do_POST(self) -> None:
        """Take a decision."""
        self._answer(self._takes)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Write nothing: a line would hold the token."""

    def _answer(self, paths: dict[str, str]) -> None:
        try:
            data = self._data()
            self._check_origin()
            path, asked = parsed(self.path)
            if path == "/" and paths is self._answers:
                self._check_token(asked.get("token", ""))
                self._send_page()
                return
            if path == "/open" and paths is self._answers:
                self._send_to_page(asked.get("once", ""))
                return
            self._check_token(self.headers.get("X-Review-Token", ""))
            body = body_of(data, self.headers.get_content_type()) if paths is self._takes else {}
            with self.server.lock:
                found = getattr(self, paths.get(path, "_nothing"))(asked, body)
            self._send_json(200, found)
        except RefusedError as error:
            self._refuse(*error.args)
        except OvertakenError:
            self._send_json(409, {"error": "overtaken"})
        except ValidationError as error:
            self._refuse(422, describe(error))
        except (InputError, StorageError) as error:
            self._refuse(422 if isinstance(error, InputError) else 507, str(error))

    def _data(self) -> bytes:
        """Return what a request brings; one of unknown or great length is the last of its connection, as its end is not known."""
        try:
            length = checked_length(self.headers)
        except RefusedError:
            self.close_connection = True
            raise
        return self.rfile.read(length)

    def _check_origin(self) -> None:
        names, origin = self.server.own_names, self.headers.get("Origin")
        if self.headers.get("Host", "").lower() not in names:
            raise RefusedError(
                421,
                "this server answers under its loopback address alone; open the address that `selfinstruct review` printed",
            )
        if origin is not None and origin not in {f"http://{name}" for name in names}:
            raise RefusedError(403, "another page asked; open the address that `selfinstruct review` printed")

    def _check_token(self, token: str) -> None:
        if not secrets.compare_digest(token.encode(), self.server.token.encode()):
            raise RefusedError(
                403,
                "the token is missing or of another review; open the whole address that `selfinstruct review` printed",
            )

    def _nothing(self, *_: object) -> None:
        raise RefusedError(404, "there is nothing here")

    def _rows(self, asked: dict[str, str], _: dict[str, Any]) -> dict[str, Any]:
        return self._state(asked.get("language", ""))

    def _row(self, asked: dict[str, str], _: dict[str, Any]) -> dict[str, Any]:
        return {"row": self.server.session.shown(self._number(asked.get("n")))}

    def _riskiest(self, asked: dict[str, str], _: dict[str, Any]) -> dict[str, Any]:
        at = self.server.session.riskiest(asked.get("language", ""))
        return {"row": None if at is None else self.server.session.shown(at)}

    def _figures(self, _: dict[str, str], __: dict[str, Any]) -> dict[str, Any]:
        return self.server.session.figures()

    def _decide(self, _: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        at, language = self._number(body.get("n")), text_of(body.get("language", ""))
        self.server.session.decide(at, wish_of(body))
        return self._state(language)

    def _skip(self, _: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        at, language = self._number(body.get("n")), text_of(body.get("language", ""))
        self.server.session.skip(at)
        return self._state(language)

    def _undo(self, _: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        language = text_of(body.get("language", ""))
        at = self.server.session.undo()
        return self._state(language) | {"row": None if at is None else self.server.session.shown(at)}

    def _state(self, language: str) -> dict[str, Any]:
        session = self.server.session
        return {
            "coming": [session.shown(at) for at in session.coming(_AHEAD, language)],
            "progress": session.progress(),
        }

    def _number(self, value: object) -> int:
        return number_of(value, len(self.server.session.material.rows))

    def _send_page(self) -> None:
        with self.server.lock:
            html, policy = page(self.server.session, self._state(""))
        self._send(
            200, "text/html; charset=utf-8", html, {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
        )

    def _send_to_page(self, once: str) -> None:
        if not self.server.is_first(once):
            raise RefusedError(
                403,
                "this address leads to the page once; open the one that `selfinstruct review` printed",
            )
        self._send(303, "text/plain; charset=utf-8", "", {"Location": f"/?token={self.server.token}"})

    def _refuse(self, status: int, why: str) -> None:
        """Say why a request is refused in both languages: a page can be switched, and who opens an address by hand has none."""
        self._send_json(status, {"error": why, "zh": translator().message(why)})

    def _send_json(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False), {})

    def _send(self, status: int, kind: str, text: str, more: dict[str, str]) -> None:
        data = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in (_HEADERS | more | {"Content-Type": kind, "Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
