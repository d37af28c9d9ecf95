"""A dataset of ModelScope, from a server that answers as its own client expects; the site itself was not asked."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import selfinstruct as si
from selfinstruct.api.operands import dataset
from selfinstruct.errors import HubRefusedError, InputError

ZH = '{"instruction": "说出一条中国的河流。", "output": "长江。"}\n'.encode()
NAME = "modelscope:me/rivers"
TOKEN = "ms-canary-0123456789"  # noqa: S105 - of the fake


class Site:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"train/zh.jsonl": ZH, "README.md": b"# rivers\n"}
        self.asked: list[tuple[str, str]] = []
        self.sha256: str | None = None
        self.status = 200
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, self.headers.get("Authorization", "")))
                status, body = site.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, path: str) -> tuple[int, bytes]:
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if self.status != 200:
            return self.status, b"{}"
        if parts.path == "/api/v1/datasets/me/rivers/repo/tree":
            start = (int(query["PageNumber"]) - 1) * int(query["PageSize"])
            listed: list[dict[str, Any]] = [
                {
                    "Path": name,
                    "Type": "blob",
                    "Size": len(data),
                    "Sha256": self.sha256 or hashlib.sha256(data).hexdigest(),
                }
                for name, data in sorted(self.files.items())
            ]
            listed.append({"Path": "train", "Type": "tree", "Size": 0})
            return 200, json.dumps(
                {"Code": 200, "Data": {"Files": listed[start : start + int(query["PageSize"])]}}
            ).encode()
        if parts.path == "/api/v1/datasets/me/rivers/repo":
            return 200, self.files[query["FilePath"]]
        return 404, b"{}"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    made = Site()
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", made.url)
    monkeypatch.setenv("MODELSCOPE_API_TOKEN", TOKEN)
    monkeypatch.setenv("SELFINSTRUCT_CACHE", str(tmp_path / "cache"))
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_dataset_is_read_byte_for_byte_and_pinned_by_its_content(site: Site) -> None:
    found = dataset(NAME)
    assert (found.path / "train" / "zh.jsonl").read_bytes() == ZH
    assert found.name.startswith("modelscope:me/rivers@master (sha256 ")
    assert si.validate(f"{NAME}@master:train/zh.jsonl").rows == 1
    assert {key for _, key in site.asked} == {f"Bearer {TOKEN}"}
    site.files["train/zh.jsonl"] = ZH + ZH
    assert dataset(NAME).name != found.name
    assert (found.path / "train" / "zh.jsonl").read_bytes() == ZH


def test_what_is_there_is_not_fetched_again(site: Site) -> None:
    dataset(NAME)
    site.asked.clear()
    dataset(NAME)
    assert all("/repo/tree?" in path for path, _ in site.asked)


def test_many_files_are_listed_page_by_page(site: Site) -> None:
    site.files |= {f"other/{number}.txt": b"" for number in range(450)}
    assert dataset(NAME).path.is_dir()
    assert len([path for path, _ in site.asked if "/repo/tree?" in path]) == 3


def test_a_file_that_is_not_what_the_list_says_is_not_kept(site: Site) -> None:
    site.sha256 = "0" * 64
    with pytest.raises(InputError, match="not what ModelScope's list says"):
        dataset(NAME)
    site.sha256 = None
    assert (dataset(NAME).path / "train" / "zh.jsonl").read_bytes() == ZH


@pytest.mark.parametrize("name", ["../../evil.jsonl", "/etc/evil.jsonl", "a/../../evil.jsonl"])
def test_a_file_that_would_be_written_elsewhere_is_refused(site: Site, name: str) -> None:
    site.files[name] = ZH
    with pytest.raises(InputError, match="written elsewhere"):
        dataset(NAME)


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, HubRefusedError, "MODELSCOPE_API_TOKEN"),
        (404, InputError, "is not there"),
        (503, InputError, "503"),
        (204, InputError, "not understood"),
    ],
)
def test_what_the_site_refuses_is_told_with_the_remedy(
    site: Site, status: int, kind: type[Exception], said: str
) -> None:
    site.status = status
    with pytest.raises(kind, match=said) as told:
        dataset(NAME)
    assert TOKEN not in str(told.value)


def test_a_site_that_does_not_answer_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9 does not answer"):
        dataset(NAME)
    assert not site.asked
