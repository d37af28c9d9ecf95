"""The Batch API of the scripted teacher: files and batches as OpenAI has them, with its own books of what it billed.

A batch is billed when it is made, as it will surely run; its outputs come in another order than its requests.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from types import MappingProxyType
from typing import Any, NamedTuple

Answer = tuple[int, bytes]
INPUT_USD, OUTPUT_USD = 1, 2
"""USD per million tokens, which is micro-USD per token; `batch_price` of the tests."""


class Plan(NamedTuple):
    """How a batch goes."""

    status: str = "completed"
    looks: int = 2
    """How often it is looked at before it has ended."""
    executed: int | None = None
    """How many of its requests run; None: all."""
    items: Mapping[str, Answer] = MappingProxyType({})
    """{custom_id: (status, body)} of those that are answered otherwise; not 200 goes to the error file, status 0 is no HTTP answer."""
    lost: tuple[str, ...] = ()
    """custom_ids that stand in neither file although they ran."""
    errors: tuple[dict[str, Any], ...] = ()
    """Why the whole batch is refused."""
    garbage: bytes = b""
    """Lines at the end of the output file."""


class BatchShelf:
    """Files and batches; `complete` returns the body of a proper answer to the body of a request."""

    def __init__(self, complete: Callable[[dict[str, Any]], bytes]) -> None:
        self.files: dict[str, bytes] = {}
        self.batches: list[dict[str, Any]] = []
        self.lines: list[list[dict[str, Any]]] = []
        """The requests of each batch."""
        self.bought: Counter[str] = Counter()
        """How often each request, known by its messages and seed, was billed."""
        self.billed = 0
        """Micro-USD."""
        self.events: list[str] = []
        self.happens: Callable[[str], None] = lambda _event: None
        """Told of `uploading`, `uploaded`, `creating`, `created`, `listing`, `looking`, `delivering`, before it is answered."""
        self.fault: Callable[[str, int], Answer | None] = lambda _event, _number: None
        """(event, its number from 0) -> what is answered instead, after it happened."""
        self.plan: Callable[[int, list[str]], Plan] = lambda _number, _ids: Plan()
        """(number of the batch from 0, its custom_ids) -> how it goes."""
        self._complete = complete
        self._looks: Counter[str] = Counter()

    def answer(self, method: str, path: str, query: dict[str, str], kind: str, body: bytes) -> Answer:
        """Return status and body."""
        if path == "/v1/files":
            return self._happened("upload", lambda: self._upload(kind, body))
        if path == "/v1/batches" and method == "POST":
            return self._happened("creat", lambda: self._create(json.loads(body)))
        if path == "/v1/batches":
            return self._at("listing") or self._page(query)
        name = path.split("/")[3]
        if path.startswith("/v1/files/"):
            return self._at("delivering") or (200, self.files[name])
        return self._at("looking") or self._look(name)

    def _happened(self, event: str, action: Callable[[], dict[str, Any]]) -> Answer:
        refused = self._at(f"{event}ing")
        if refused:
            return refused
        made = action()
        return self._at(f"{event}ed") or _json(made)

    def _at(self, event: str) -> Answer | None:
        number = self.events.count(event)
        self.events.append(event)
        self.happens(event)
        return self.fault(event, number)

    def _upload(self, kind: str, body: bytes) -> dict[str, Any]:
        parts = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        data: Any = next(part for part in parts.iter_parts() if part.get_filename())
        name = f"file-{len(self.files)}"
        self.files[name] = data.get_payload(decode=True)
        return {"id": name, "object": "file", "purpose": "batch", "bytes": len(self.files[name])}

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        number = len(self.batches)
        lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
        ids = [line["custom_id"] for line in lines]
        plan = self.plan(number, ids)
        batch = asked | {
            "id": f"batch_{number}",
            "object": "batch",
            "created_at": 10**10,
            "status": "validating",
            "request_counts": {"total": len(ids), "completed": 0, "failed": 0},
        }
        self.batches.append(batch | {"plan": plan})
        self.lines.append(lines)
        output, error = self._run(plan, lines)
        for name, data in (("output", output), ("error", error)):
            if data:
                self.files[f"file-{name}-{number}"] = data
        return batch

    def _run(self, plan: Plan, lines: list[dict[str, Any]]) -> tuple[bytes, bytes]:
        if plan.errors:
            return b"", b""
        executed = lines if plan.executed is None else lines[: plan.executed]
        output: list[bytes] = []
        error: list[bytes] = []
        for line in executed:
            status, body = plan.items.get(line["custom_id"], (200, b""))
            answer = body or self._complete(line["body"])
            if status == 200:
                self._bill(line["body"], json.loads(answer))
            if line["custom_id"] not in plan.lost:
                (output if status == 200 else error).append(_output(line["custom_id"], status, answer))
        code = {"expired": "batch_expired", "cancelled": "batch_cancelled"}.get(plan.status)
        for line in lines[len(executed) :] if code else ():
            failed = {"code": code, "message": "This request was not executed."}
            error.append(
                json.dumps({"id": "x", "custom_id": line["custom_id"], "response": None, "error": failed}).encode()
            )
        tail = [plan.garbage] if plan.garbage else []
        return b"\n".join(output[::-1] + tail), b"\n".join(error[::-1])

    def _bill(self, body: dict[str, Any], answer: dict[str, Any]) -> None:
        self.bought[json.dumps([body["messages"], body["seed"]])] += 1
        usage = answer["usage"]
        self.billed += usage["prompt_tokens"] * INPUT_USD + usage["completion_tokens"] * OUTPUT_USD

    def _page(self, query: dict[str, str]) -> Answer:
        newest = [_shown(one) for one in reversed(self.batches)]
        after = next((at for at, one in enumerate(newest, 1) if one["id"] == query.get("after")), 0)
        page = newest[after : after + 2]
        return _json({"object": "list", "data": page, "has_more": after + 2 < len(newest)})

    def _look(self, name: str) -> Answer:
        found = next((one for one in self.batches if one["id"] == name), None)
        if found is None:
            return 404, b'{"error": {"message": "No batch found"}}'
        self._looks[name] += 1
        if self._looks[name] <= found["plan"].looks:
            return _json(_shown(found) | {"status": "in_progress"})
        number, total = self.batches.index(found), found["request_counts"]["total"]
        names = {
            f"{kind}_file_id": f"file-{kind}-{number}" if f"file-{kind}-{number}" in self.files else None
            for kind in ("output", "error")
        }
        counts = {"total": total, "completed": total, "failed": 0}
        errors = {"object": "list", "data": list(found["plan"].errors)}
        status = {"status": found["plan"].status, "errors": errors, "request_counts": counts}
        return _json(_shown(found) | status | names)


def _shown(batch: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in batch.items() if name != "plan"}


def _json(value: dict[str, Any]) -> Answer:
    return 200, json.dumps(value).encode()


def _output(custom_id: str, status: int, body: bytes) -> bytes:
    """Return a line of a file, the body as it is."""
    if status == 0:
        return b'{"id":"x","custom_id":' + json.dumps(custom_id).encode() + b',"response":null,"error":' + body + b"}"
    head = json.dumps({"id": "x", "custom_id": custom_id})[:-1].encode()
    response = f', "response": {{"status_code": {status}, "request_id": "r", "body": '.encode()
    return head + response + body + b'}, "error": null}'
