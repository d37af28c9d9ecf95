"""A Hugging Face hub on loopback, which speaks its protocol to the real client: datasets, branches, pull requests, LFS, races and faults.

Modelled on what huggingface_hub 2.4 sends and reads. What it checks as the hub does: tokens and their rights, `parentCommit`, that an LFS
object was uploaded whole before it is committed, the YAML of a card, the repository's .gitignore.
"""

import base64
import fnmatch
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

WRITER, READER, STRANGER = "hf_canaryWriter0123456789", "hf_canaryReader0123456789", "hf_canaryStranger012345"
"""Tokens: of one who may write, of one who may only read, and of one who may write elsewhere, and here only as a pull request."""
_NOTHING = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
_DATE = "2026-01-02T03:04:05.000Z"
_PART = 64


class Answer(NamedTuple):
    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


class Sent(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Commit:
    files: dict[str, bytes]
    title: str = "initial commit"
    text: str = ""
    parent: str = ""


@dataclass
class Repository:
    private: bool = True
    gated: bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    large: set[str] = field(default_factory=set)
    """Hashes of contents that are kept as LFS objects."""
    pull_requests: dict[int, str] = field(default_factory=dict)

    def commit(
        self, ref: str, files: Mapping[str, bytes], title: str = "by hand", text: str = "", parent: str = ""
    ) -> str:
        """Make a commit in which files are all that there are; returns its id."""
        parent = parent or self.refs.get(ref, "")
        text_of_it = repr((len(self.commits), parent, title, sorted(files.items())))
        oid = hashlib.sha1(text_of_it.encode(), usedforsecurity=False).hexdigest()
        self.commits[oid] = Commit(dict(files), title, text, parent)
        self.refs[ref] = oid
        return oid

    def files(self, ref: str = "main") -> dict[str, bytes]:
        return self.commits[self.refs[ref]].files

    def change(self, path: str, data: bytes, ref: str = "main") -> str:
        return self.commit(ref, {**self.files(ref), path: data})


def _pointer(data: bytes) -> bytes:
    digest = hashlib.sha256(data).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(data)}\n".encode()


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def reach(hub: "FakeHub", patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the real client in this process ask a hub on loopback, with caches in a folder, as one who may write."""
    from huggingface_hub import constants

    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, hub.url)
    patch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    patch.setattr(constants, "ENDPOINT", hub.url)
    patch.setattr(constants, "HF_HUB_OFFLINE", False)
    patch.setattr(constants, "HF_HUB_CACHE", str(folder / "cache"))
    patch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    patch.setattr(constants, "HF_TOKEN_PATH", str(folder / "no-login"))
    for name, value in settings(hub, folder).items():
        patch.setenv(name, value)


def settings(hub: "FakeHub", folder: Path) -> dict[str, str]:
    """Return what the client of another process has in its environment then."""
    asked = {"HF_ENDPOINT": hub.url, "HF_TOKEN": WRITER, "HF_HOME": str(folder / "hf"), "HF_HUB_DISABLE_XET": "1"}
    return asked | {"SELFINSTRUCT_CACHE": str(folder / "own-cache")}


class FakeHub:
    """The server: `repositories` is all it holds, `requests` all that was sent, `fault` decides before anything is done."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.requests: list[Sent] = []
        self.fault: Callable[[Sent], Answer | None] = lambda _: None
        self.after: Callable[[Sent, Answer], Answer] = lambda _, answer: answer
        """Changes an answer, or the hub, when all is done."""
        self.large_from = 10_000_000
        self.multipart = False
        self.page = 1_000
        self._lock = threading.Lock()
        self._servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(self)) for _ in range(2)]
        self.url, self.store = (f"http://127.0.0.1:{one.server_address[1]}" for one in self._servers)
        """Where the hub is, and, at another origin, what keeps large files."""
        self._threads = [threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True) for one in self._servers]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()

    def make(self, name: str, files: Mapping[str, bytes] | None = None, *, private: bool = False) -> Repository:
        made = Repository(private=private)
        made.commit("main", {".gitattributes": _NOTHING}, "initial commit")
        if files:
            made.commit("main", {".gitattributes": _NOTHING, **files})
        self.repositories[name] = made
        return made

    def sent(self, part: str) -> list[Sent]:
        return [one for one in self.requests if part in one.path]

    def answer(self, sent: Sent) -> Answer:
        with self._lock:
            self.requests.append(sent)
            if (found := self.fault(sent)) is None:
                found = self._answer(sent)
            return self.after(sent, found)

    def _answer(self, sent: Sent) -> Answer:  # noqa: PLR0911 - one for each address
        parts = urlsplit(sent.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        token = sent.headers.get("authorization", "").removeprefix("Bearer ")
        if token and token not in {WRITER, READER, STRANGER} and not parts.path.startswith("/lfs/"):
            return Answer(
                401,
                {"error": "Invalid credentials in Authorization header"},
                {"X-Error-Message": "Invalid credentials in Authorization header"},
            )
        names = [unquote(name) for name in parts.path.strip("/").split("/")]
        match names:
            case ["api", "repos", "create"]:
                return self._create(json.loads(sent.body), token)
            case ["api", "validate-yaml"]:
                return self._validate(json.loads(sent.body)["content"])
            case ["lfs", *rest]:
                return self._object(rest, sent)
            case ["api", "datasets", owner, name, *rest]:
                return self._api(f"{owner}/{name}", rest, sent, query, token)
            case ["datasets", owner, name, "info", "lfs", "objects", "batch"] if name.endswith(".git"):
                return self._batch(f"{owner}/{name.removesuffix('.git')}", json.loads(sent.body), token)
            case ["datasets", owner, name, "resolve", revision, *path]:
                return self._resolve(f"{owner}/{name}", revision, "/".join(path), token)
            case _:
                return Answer(200 if sent.method == "HEAD" else 404, {"error": "Not Found"})

    def _seen(self, name: str, token: str) -> Repository | Answer:
        found = self.repositories.get(name)
        if found is None or (found.private and not token):
            status, said = (404, "Repository not found") if token else (401, "Invalid username or password.")
            return Answer(status, {"error": said}, {"X-Error-Code": "RepoNotFound", "X-Error-Message": said})
        if found.gated:
            return Answer(403, {"error": "Access is restricted"}, {"X-Error-Code": "GatedRepo"})
        return found

    def _create(self, asked: dict[str, Any], token: str) -> Answer:
        if token != WRITER:
            return Answer(
                401 if not token else 403,
                {"error": "You don't have the rights to create a dataset under this namespace"},
            )
        name = f"{asked.get('organization') or 'me'}/{asked['name']}"
        if name in self.repositories:
            return Answer(409, {"error": "You already created this dataset repo", "url": f"{self.url}/datasets/{name}"})
        self.make(name, private=asked.get("visibility") != "public")
        return Answer(200, {"url": f"{self.url}/datasets/{name}", "name": name})

    def _validate(self, content: str) -> Answer:
        import yaml

        front = content.split("---\n")[1] if content.startswith("---\n") else ""
        try:
            ok = isinstance(yaml.safe_load(front), dict)
        except yaml.YAMLError:
            ok = False
        return Answer(200, {"errors": [], "warnings": []}) if ok else Answer(400, {"errors": [{"message": "bad YAML"}]})

    def _api(self, name: str, rest: list[str], sent: Sent, query: dict[str, str], token: str) -> Answer:  # noqa: PLR0911 - one for each address
        found = self._seen(name, token)
        if isinstance(found, Answer):
            return found
        match rest:
            case [] | ["revision", _]:
                return self._info(name, found, rest[1] if rest else "main")
            case ["tree", revision]:
                return self._tree(name, found, revision, query)
            case ["discussions"]:
                return self._discussions(name, found)
            case ["preupload", revision]:
                if token == STRANGER and "create_pr" not in query:
                    return Answer(403, {"error": "Forbidden: pass `create_pr=1` to open a pull request"})
                return self._preupload(found, revision, json.loads(sent.body))
            case ["commit", revision]:
                return self._commit(name, found, revision, sent.body, token, as_request="create_pr" in query)
            case _:
                return Answer(404, {"error": "Not Found"})

    def _at(self, found: Repository, revision: str) -> str | Answer:
        oid = revision if revision in found.commits else found.refs.get(revision)
        if oid is None:
            return Answer(404, {"error": f"Invalid rev id: {revision}"}, {"X-Error-Code": "RevisionNotFound"})
        return oid

    def _info(self, name: str, found: Repository, revision: str) -> Answer:
        oid = self._at(found, revision)
        if isinstance(oid, Answer):
            return oid
        return Answer(
            200,
            {
                "id": name,
                "author": name.split("/", maxsplit=1)[0],
                "sha": oid,
                "private": found.private,
                "lastModified": _DATE,
            },
        )

    def _tree(self, name: str, found: Repository, revision: str, query: dict[str, str]) -> Answer:
        oid = self._at(found, revision)
        if isinstance(oid, Answer):
            return oid
        files, start = found.commits[oid].files, int(query.get("cursor", "0"))
        folders = sorted({path.rpartition("/")[0] for path in files} - {""})
        listed: list[dict[str, Any]] = [
            {"type": "directory", "path": folder, "oid": "0" * 40, "size": 0} for folder in folders
        ]
        for path, data in sorted(files.items()):
            is_large = hashlib.sha256(data).hexdigest() in found.large
            one: dict[str, Any] = {
                "type": "file",
                "path": path,
                "size": len(data),
                "oid": _blob(_pointer(data) if is_large else data),
            }
            if is_large:
                one["lfs"] = {
                    "oid": hashlib.sha256(data).hexdigest(),
                    "size": len(data),
                    "pointerSize": len(_pointer(data)),
                }
            listed.append(one)
        more = start + self.page < len(listed)
        link = f'<{self.url}/api/datasets/{name}/tree/{oid}?recursive=True&cursor={start + self.page}>; rel="next"'
        return Answer(200, listed[start : start + self.page], {"Link": link} if more else {})

    def _discussions(self, name: str, found: Repository) -> Answer:
        listed = [
            {
                "title": found.commits[oid].title,
                "num": number,
                "author": {"name": "me"},
                "createdAt": _DATE,
                "status": "open",
                "repo": {"name": name, "type": "dataset"},
                "isPullRequest": True,
            }
            for number, oid in found.pull_requests.items()
        ]
        return Answer(200, {"count": len(listed), "start": 0, "discussions": listed})

    def _preupload(self, found: Repository, revision: str, asked: dict[str, Any]) -> Answer:
        oid = self._at(found, revision)
        if isinstance(oid, Answer):
            return oid
        files = found.commits[oid].files
        ignored = files.get(".gitignore", b"").decode().split()
        return Answer(
            200,
            {
                "files": [
                    {
                        "path": one["path"],
                        "uploadMode": "lfs" if one["size"] >= self.large_from else "regular",
                        "shouldIgnore": any(fnmatch.fnmatch(one["path"], pattern) for pattern in ignored),
                        "oid": _blob(files[one["path"]]) if one["path"] in files else None,
                    }
                    for one in asked["files"]
                ]
            },
        )

    def _batch(self, name: str, asked: dict[str, Any], token: str) -> Answer:
        if token != WRITER and (token != STRANGER or "ref" in asked):  # a branch that is named is one to write into
            return Answer(
                403,
                {"error": "Forbidden: you must use a write token"},
                {"X-Error-Message": "you must use a write token"},
            )
        assert name in self.repositories
        listed = []
        for one in asked["objects"]:
            oid, size = one["oid"], one["size"]
            action: dict[str, Any] = {"oid": oid, "size": size}
            if oid not in self.objects:
                signed = f"{self.store}/lfs/{oid}"
                upload: dict[str, Any] = {"href": f"{signed}?X-Amz-Signature=canarySignature"}
                if self.multipart:
                    count = -(-size // _PART)
                    upload = {
                        "href": f"{signed}/complete",
                        "header": {"chunk_size": str(_PART)}
                        | {str(part): f"{signed}/part/{part}" for part in range(1, count + 1)},
                    }
                action["actions"] = {"upload": upload, "verify": {"href": f"{signed}/verify"}}
            listed.append(action)
        return Answer(200, {"transfer": "multipart" if self.multipart else "basic", "objects": listed})

    def _object(self, rest: list[str], sent: Sent) -> Answer:
        oid = rest[0]
        match rest[1:]:
            case ["part", number]:
                self.parts.setdefault(oid, {})[int(number)] = sent.body
                return Answer(200, headers={"ETag": f'"{hashlib.md5(sent.body, usedforsecurity=False).hexdigest()}"'})
            case ["complete"]:
                self.objects[oid] = b"".join(data for _, data in sorted(self.parts.pop(oid).items()))
                return Answer(200, {})
            case ["verify"]:
                whole = hashlib.sha256(self.objects.get(oid, b"")).hexdigest() == oid
                return Answer(200, {}) if whole else Answer(422, {"error": "the object is not what its hash says"})
            case _ if sent.method == "PUT":
                self.objects[oid] = sent.body
                return Answer(200)
            case _:
                return Answer(200, self.objects[oid]) if oid in self.objects else Answer(404)

    def _commit(
        self, name: str, found: Repository, revision: str, body: bytes, token: str, *, as_request: bool
    ) -> Answer:
        if token != WRITER and not (as_request and token and not found.private):
            return Answer(
                403 if token else 401, {"error": "Forbidden"}, {"X-Error-Message": "you must use a write token"}
            )
        lines = [json.loads(line) for line in body.splitlines()]
        header = lines[0]["value"]
        head = self._at(found, revision)
        if isinstance(head, Answer):
            return head
        parent = header.get("parentCommit")
        if parent and parent != head and not as_request:
            said = "A commit has happened since. Please refresh and try again."
            return Answer(412, {"error": said}, {"X-Error-Message": said})
        files = self._changed(found, dict(found.commits[parent or head].files), lines[1:])
        if isinstance(files, Answer):
            return files
        number = len(found.pull_requests) + 1
        ref = f"refs/pr/{number}" if as_request else revision
        oid = found.commit(ref, files, header["summary"], header["description"], parent or head)
        if as_request:
            found.pull_requests[number] = oid
        address = f"{self.url}/datasets/{name}"
        return Answer(
            200,
            {
                "success": True,
                "commitOid": oid,
                "commitUrl": f"{address}/commit/{oid}",
                "hookOutput": "",
                "pullRequestUrl": f"{address}/discussions/{number}" if as_request else None,
            },
        )

    def _changed(
        self, found: Repository, files: dict[str, bytes], lines: list[dict[str, Any]]
    ) -> dict[str, bytes] | Answer:
        for line in lines:
            value = line["value"]
            match line["key"]:
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    data = self.objects.get(value["oid"])
                    if data is None or hashlib.sha256(data).hexdigest() != value["oid"]:
                        said = f"Your push was rejected: LFS object {value['oid']} is not there"
                        return Answer(400, {"error": said})
                    files[value["path"]] = data
                    found.large.add(value["oid"])
                case _:
                    assert line["key"] == "deletedFile"
                    files.pop(value["path"])
        return files

    def _resolve(self, name: str, revision: str, path: str, token: str) -> Answer:
        found = self._seen(name, token)
        if isinstance(found, Answer):
            return found
        oid = self._at(found, revision)
        if isinstance(oid, Answer):
            return oid
        data = found.commits[oid].files.get(path)
        if data is None:
            return Answer(404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"})
        digest = hashlib.sha256(data).hexdigest()
        headers = {"X-Repo-Commit": oid, "ETag": f'"{_blob(data)}"'}
        if digest in found.large:
            large = {
                "X-Linked-Etag": f'"{digest}"',
                "X-Linked-Size": str(len(data)),
                "Location": f"{self.store}/lfs/{digest}",
            }
            return Answer(302, b"", headers | large)
        return Answer(200, data, headers)


def _handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - a class within
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = self._chunks()
            answer = hub.answer(
                Sent(self.command, self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            )
            if answer.status == 0:  # the connection breaks
                self.close_connection = True
                return
            data = (
                answer.body
                if isinstance(answer.body, bytes)
                else b""
                if answer.body is None
                else json.dumps(answer.body).encode()
            )
            self.send_response(answer.status)
            kind = "application/octet-stream" if isinstance(answer.body, bytes) else "application/json"
            for key, value in ({"Content-Type": kind, "Content-Length": str(len(data))} | dict(answer.headers)).items():
                self.send_header(key, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def _chunks(self) -> bytes:
            data = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _do  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None:
            pass

    return Handler
