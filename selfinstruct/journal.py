"""The journal: every request and every raw reply of a run, append-only, on disk before anything reads it.

It is at once cache, resume, audit trail, bill and test fixture. One record is one ASCII JSON line ending in a checksum:

    {"v":1,"kind":"intent","slot":"en/0.0/instruction","attempt":1,"reserved":12,"request":{...},"crc":"89abcdef"}
    {"v":1,"kind":"reply","slot":"en/0.0/instruction","attempt":1,"status":200,"cost":9,"body":"...","crc":"..."}
    {"v":1,"kind":"unsent","slot":"en/0.0/instruction","attempt":1,"crc":"..."}

An intent without a reply is a send whose outcome is not known (`uncertain`): it may have been billed. `unsent` takes an intent back
that was surely not billed. Money is in micro-USD. A torn last line is cut off and kept beside the journal; one process writes.
"""

import base64
import fcntl
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

from selfinstruct.errors import StorageError
from selfinstruct.files import sync_folder
from selfinstruct.records import Request

VERSION = 1


class Recorded(NamedTuple):
    """One request with its raw reply."""

    request: Request
    status: int
    body: bytes
    cost: int
    """Micro-USD, as settled when the reply came."""


class Journal:
    """The journal of one run directory, open for reading and, unless `read_only`, locked for appending."""

    def __init__(self, folder: Path, read_only: bool = False) -> None:
        """Open or create; raises StorageError when another process has it or the disk refuses."""
        self.path = folder / "000001.jsonl"
        self.answered: set[str] = set()
        self.uncertain: dict[tuple[str, int], int] = {}
        """(slot, attempt) of sends without an outcome -> micro-USD that they may have cost at most."""
        self.spent = 0
        """Micro-USD of all replies."""
        self.damaged: list[int] = []
        """Lines that fail their checksum, from 1; they count as never written."""
        self._attempts: dict[str, int] = {}
        self._lock: int | None = None
        self._file: int | None = None
        if not read_only:
            self._acquire(folder)
            self._cut_torn_tail()
        for record in self._records():
            self._note(record)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def intend(self, request: Request, reserved: int) -> int:
        """Record durably that a request is about to be sent and may cost `reserved`; returns the number of the attempt."""
        attempt = self._attempts.get(request.slot, 0) + 1
        record = {"kind": "intent", "slot": request.slot, "attempt": attempt, "reserved": reserved}
        self._append(record | {"request": request.model_dump(mode="json")})
        return attempt

    def take_back(self, slot: str, attempt: int) -> None:
        """Record that an intended request was surely not billed."""
        self._append({"kind": "unsent", "slot": slot, "attempt": attempt})

    def record(self, slot: str, attempt: int, status: int, body: bytes, cost: int) -> None:
        """Record a raw reply durably, before anybody reads it."""
        record = {"kind": "reply", "slot": slot, "attempt": attempt, "status": status, "cost": cost}
        try:
            text = {"body": body.decode("utf-8")}
        except UnicodeDecodeError:
            text = {"body_base64": base64.b64encode(body).decode("ascii")}
        self._append(record | text)

    def recorded(self) -> Iterator[Recorded]:
        """Yield every answered request with its first reply, in the order of the replies."""
        requests: dict[str, Request] = {}
        answered = set()
        for record in self._records():
            slot = record["slot"]
            if record["kind"] == "intent":
                requests.setdefault(slot, Request.model_validate(record["request"]))
            elif record["kind"] == "reply" and slot in requests and slot not in answered:
                answered.add(slot)
                yield Recorded(requests.pop(slot), record["status"], _body(record), record["cost"])

    def close(self) -> None:
        """Release file and lock."""
        for descriptor in (self._file, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        self._file = self._lock = None

    def _acquire(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            sync_folder(folder)
        except BlockingIOError as error:
            self.close()
            raise StorageError(
                f"{folder}: another selfinstruct process writes this run; wait for it or choose another --run"
            ) from error
        except OSError as error:
            self.close()
            raise StorageError(f"{folder}: cannot be written ({error.strerror}); choose another --run") from error

    def _cut_torn_tail(self) -> None:
        """Cut off a last line without an end, keeping its bytes in `<segment>.torn`."""
        data = self.path.read_bytes()
        end = data.rfind(b"\n") + 1
        if end == len(data):
            return
        with self.path.with_suffix(".torn").open("ab") as torn:
            torn.write(data[end:] + b"\n")
        assert self._file is not None  # noqa: S101 - opened just before
        os.ftruncate(self._file, end)
        os.fsync(self._file)

    def _append(self, record: dict[str, Any]) -> None:
        if self._file is None:
            raise StorageError(f"{self.path}: the journal is closed")
        line = _frame({"v": VERSION} | record)
        try:
            while line:
                line = line[os.write(self._file, line) :]
            os.fsync(self._file)
        except OSError as error:
            self.close()  # after a failed fsync nothing further may be trusted to this file
            raise StorageError(
                f"{self.path}: cannot be written ({error.strerror}); free the disk and run the same command again"
            ) from error
        self._note(record)

    def _records(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                record = _unframe(line)
                if record is not None:
                    yield self._known(record, number)
                elif line.endswith(b"\n") and number not in self.damaged:
                    self.damaged.append(number)

    def _known(self, record: dict[str, Any], number: int) -> dict[str, Any]:
        if record.get("v") != VERSION:
            raise StorageError(
                f"{self.path}:{number}: written by a newer selfinstruct (record version {record.get('v')}); update it"
            )
        return record

    def _note(self, record: dict[str, Any]) -> None:
        slot, attempt = record["slot"], record["attempt"]
        if record["kind"] == "intent":
            self._attempts[slot] = attempt
            self.uncertain[slot, attempt] = record["reserved"]
            return
        self.uncertain.pop((slot, attempt), None)
        if record["kind"] == "reply":
            self.spent += record["cost"]
            if slot in self._attempts:  # a reply whose intent is damaged has lost its request
                self.answered.add(slot)


def in_use(folder: Path) -> bool:
    """Return whether a process has the journal of this folder open for writing."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _frame(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, ensure_ascii=True, allow_nan=False, separators=(",", ":"))[:-1].encode("ascii")
    return text + f',"crc":"{zlib.crc32(text):08x}"}}\n'.encode("ascii")


def _unframe(line: bytes) -> dict[str, Any] | None:
    text, separator, tail = line.rpartition(b',"crc":"')
    if not separator or tail != f'{zlib.crc32(text):08x}"}}\n'.encode("ascii"):
        return None
    record: dict[str, Any] = json.loads(line)
    return record


def _body(record: dict[str, Any]) -> bytes:
    return base64.b64decode(record["body_base64"]) if "body_base64" in record else str(record["body"]).encode("utf-8")
