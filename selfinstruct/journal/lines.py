"""The record format: one line of ASCII JSON per record, ending in the CRC-32 of everything before it.

    {"v":1,"kind":"intent","slot":"en/0.0/instruction","attempt":1,"reserved":12,"request":{...},"crc":"89abcdef"}
    {"v":1,"kind":"reply","slot":"en/0.0/instruction","attempt":1,"status":200,"cost":9,"body":"...","crc":"..."}
    {"v":1,"kind":"unsent","slot":"en/0.0/instruction","attempt":1,"crc":"..."}
    {"v":1,"kind":"lost","slot":"en/0.0/instruction","attempt":1,"reason":"...","status":200,"body":"...","crc":"..."}
    {"v":1,"kind":"held","slot":"en/0.0/instruction","crc":"..."}
    {"v":1,"kind":"shard","shard":"5f0c...","sha256":"...","crc":"..."}
    {"v":1,"kind":"upload","shard":"5f0c...","file":"file-abc","at":1760000000.0,"crc":"..."}
    {"v":1,"kind":"batch","shard":"5f0c...","batch":"batch_abc","crc":"..."}
    {"v":1,"kind":"paid","number":1,"replies":38,"prompt":3800,"completion":12862,"cost":16591,"crc":"..."}

Money is in micro-USD. A body that is not UTF-8 is in `body_base64`. Version 1 stays readable for ever: fields may be added with a
default, never renamed; any other change is a new version, which this code rejects. A withheld slot has the kind `held`.
"""

import base64
import json
import zlib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from selfinstruct.errors import StorageError
from selfinstruct.records import FIRST_STEPS, Record, Request
from selfinstruct.system.documents import Count, describe

VERSION = 1
_MOST = 10**7
"""Requests of a language from which a number is none of ours; memory holds a little for each."""
_MOST_TOKENS = 10**9
_TRAILER = len(',"crc":"89abcdef"}\n')


def _base64(text: str) -> str:
    base64.b64decode(text, validate=True)
    return text


Base64 = Annotated[str, AfterValidator(_base64)]
Slot = Annotated[str, Field(pattern=r"^[a-z]{2,8}/[0-9]{1,12}\.[0-9]{1,12}/[a-z]{1,20}(\.[0-9]{1,3})?$")]
"""As `Request.slot` writes it; a number of thousands of digits could not even be read."""
Attempt = Annotated[int, Field(strict=True, ge=1, lt=2**31)]
"""From 1, per slot."""
UnixTime = Annotated[float, Field(strict=True, gt=-1e13, lt=1e13)]
"""Seconds; what is waited for is counted from it."""
ProviderId = Annotated[str, Field(pattern="[^.]", max_length=1000)]
"""Of a file or a batch; it becomes a segment of a URL, which `..` would leave."""


class Intent(Record):
    """A request is about to be sent."""

    kind: Literal["intent"] = "intent"
    slot: Slot
    attempt: Attempt
    reserved: Count
    """Maximum cost of the send, in micro-USD."""
    request: dict[str, Any]
    """The request; validated as Request only when needed, because opening 100,000 records needs none."""
    stored_as: str | None = None
    """Name under which the provider was asked to store the completion."""
    at: UnixTime | None = None
    """Time of the request; only with `stored_as`."""
    shard: str | None = None
    """Id of its shard, None when sent directly; nothing of a shard is sent before it is sealed."""


class ReplyLine(Record):
    """A complete response arrived."""

    kind: Literal["reply"] = "reply"
    slot: Slot
    attempt: Attempt
    status: Count
    cost: Count
    """Cost in micro-USD, as settled on arrival."""
    after: Count | None = None
    """Number of the last `Paid` before it arrived."""
    body: str | None = None
    body_base64: Base64 | None = None


class Unsent(Record):
    """The intended request was certainly not billed."""

    kind: Literal["unsent"] = "unsent"
    slot: Slot
    attempt: Attempt


class Lost(Record):
    """The response was incomplete or missing; it may have been billed."""

    kind: Literal["lost"] = "lost"
    slot: Slot
    attempt: Attempt
    reason: str
    status: Count
    """HTTP status; 0 when none arrived."""
    body: str | None = None
    body_base64: Base64 | None = None


class Withheld(Record):
    """The slot is withheld: its request is never sent again."""

    kind: Literal["held"] = "held"
    slot: Slot


class Sealed(Record):
    """All intents of a shard are written, and its file is about to be uploaded."""

    kind: Literal["shard"] = "shard"
    shard: str
    sha256: str
    """sha256 of the file."""


class Uploaded(Record):
    """The provider has the file of a shard, and a batch is about to be created from it."""

    kind: Literal["upload"] = "upload"
    shard: str
    file: ProviderId
    at: UnixTime
    """Time of the upload."""


class Created(Record):
    """The provider has made a batch of a shard."""

    kind: Literal["batch"] = "batch"
    shard: str
    batch: ProviderId


class Paid(Record):
    """All that was paid for by the time that replies were missed; the `sends` stand without theirs, and are uncertain no more."""

    kind: Literal["paid"] = "paid"
    number: Attempt
    replies: Count
    prompt: Count = 0
    completion: Count = 0
    without_usage: Count = 0
    at_most_unreported: Count = 0
    """Replies that came without a count, and their tokens at the worst case."""
    cost: Count | None = None
    """In micro-USD; None where it was not known."""
    sends: tuple[tuple[Slot, Attempt], ...] = ()


Line = Intent | ReplyLine | Unsent | Lost | Withheld | Sealed | Uploaded | Created | Paid
_KINDS: dict[str, type[Line]] = {
    "intent": Intent,
    "reply": ReplyLine,
    "unsent": Unsent,
    "lost": Lost,
    "held": Withheld,
    "shard": Sealed,
    "upload": Uploaded,
    "batch": Created,
    "paid": Paid,
}


def frame(line: Line) -> bytes:
    """Serialise a record, with checksum and final newline."""
    fields = {name: value for name, value in line.model_dump().items() if value is not None}
    text = json.dumps({"v": VERSION} | fields, ensure_ascii=True, allow_nan=False, separators=(",", ":"))[:-1]
    return text.encode("ascii") + _trailer(text.encode("ascii"))


def unframe(data: bytes, where: str) -> Line | None:
    """Parse a line into a record; None when its checksum is wrong.

    Raises StorageError, naming `where`, for an intact record that this version does not support.
    """
    if data[-_TRAILER:] != _trailer(memoryview(data)[:-_TRAILER]):
        return None
    fields = _fields(data[:-_TRAILER], where)
    version, kind = fields.pop("v", None), fields.get("kind")
    if version != VERSION:
        raise StorageError(f"{where}: written by a newer selfinstruct (record version {version}); update selfinstruct")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise StorageError(f"{where}: a record of the unknown kind {kind!r}; update selfinstruct")
    try:
        return _KINDS[kind].model_validate(fields)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise StorageError(
            f"{where}: field {field!r} of this {kind} is not as it should be; update selfinstruct, or choose another --run"
        ) from None


def _fields(text: bytes, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(text.decode() + "}")  # not from bytes: that guesses at encodings
    except (ValueError, RecursionError) as error:  # its checksum is right: this is how it was written
        raise StorageError(f"{where}: not JSON; update selfinstruct, or choose another --run") from error
    if not isinstance(fields, dict):
        raise StorageError(f"{where}: not a record; update selfinstruct, or choose another --run")
    return fields


def request_of(line: Intent, where: object) -> Request:
    """Return the request of an intent; raises StorageError, naming `where`, when it is none of ours."""
    try:
        request = Request.model_validate(line.request)
    except ValidationError as error:
        raise StorageError(
            f"{where}: the request of {line.slot}: {describe(error)}; update selfinstruct, or choose another --run"
        ) from error
    if wrong := _misfit(request, line.slot):
        raise StorageError(f"{where}: the request of {line.slot}: {wrong}; choose another --run")
    return request


def _misfit(request: Request, slot: str) -> str:
    """Return what makes a request one that no run has composed; empty if nothing does."""
    if not (0 <= request.index < _MOST and 0 <= request.position < _MOST):
        return "its number is out of range"
    if request.slot != slot:
        return f"field 'request' is that of {request.slot}"
    if request.position and request.step in FIRST_STEPS:
        return f"field 'position' of a {request.step} is {request.position}, and only 0 fits"
    if not 0 <= request.sampling.max_tokens < _MOST_TOKENS:
        return "field 'max_tokens' is out of range"
    return ""


def body_fields(body: bytes) -> dict[str, str]:
    """Return the field that stores a raw body; `raw` is the inverse."""
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def raw(line: ReplyLine | Lost) -> bytes:
    """Return the raw body of a record."""
    if line.body_base64 is not None:
        return base64.b64decode(line.body_base64)
    return (line.body or "").encode("utf-8", "surrogatepass")


def _trailer(text: bytes | memoryview) -> bytes:
    return b',"crc":"%08x"}\n' % zlib.crc32(text)
