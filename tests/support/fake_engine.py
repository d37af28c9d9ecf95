"""An engine on a Unix socket, as the embedded teacher's server starts one, without weights."""

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """A request as the engine got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class FakeEngine:
    """Answers every request with JSON; `asked` holds them in order."""

    def __init__(self, path: Path) -> None:
        self.asked: list[Asked] = []
        self.open = threading.Event()
        """Set to let a request for `/v1/completions` go on after its first part."""
        self.left = threading.Event()
        """Set when the caller of a request that takes long has hung up."""
        self.waits = threading.Event()
        """Set when a request for `/v1/responses` has come, which is never answered."""
        handler = type("Handler", (_Handler,), {"engine": self})
        self._server = _Server(str(path), handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    engine: FakeEngine

    def do_GET(self) -> None:
        self._take()
        self._answer(json.dumps({"data": [{"id": "embedded"}]}).encode())

    def do_POST(self) -> None:
        self._take()
        if self.path == "/v1/responses":
            self.engine.waits.set()
            self.rfile.read(1)  # returns when the caller hangs up
            self.engine.left.set()
            return
        if self.path != "/v1/completions":
            self._answer(b'{"ok": true}')
            return
        self._answer(b"data: first\n\n", "text/event-stream")
        while not self.engine.open.wait(0.01):
            try:
                self.wfile.write(b": wait\n\n")
            except OSError:
                self.engine.left.set()
                return
        self.wfile.write(b"data: last\n\n")

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.engine.asked.append(Asked(self.command, self.path, headers, body))

    def _answer(self, body: bytes, content_type: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Access-Control-Allow-Origin", "*")  # as the real one does
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "a Unix socket"

    def log_message(self, *_: object) -> None:
        pass


class Server(FakeEngine):
    """What stands for `xllamacpp.Server`."""

    def __init__(self, params: Any) -> None:
        super().__init__(Path(params.hostnames[0]))


class CommonParams:
    """What stands for `xllamacpp.CommonParams`: takes any setting."""

    def __init__(self) -> None:
        self.model, self.cpuparams, self.cpuparams_batch = _Settings(), _Settings(), _Settings()
        self.hostnames: list[str] = []


class _Settings:
    pass
