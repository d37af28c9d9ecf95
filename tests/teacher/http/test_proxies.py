"""Which proxy a message names: that of the variable which counts, without its password."""

from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.teacher.http.proxies import through_proxy
from tests.support.command import Cli

TEACHER = "https://teacher.example/v1"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": "http://me:hunter2@127.0.0.1:9/"}, " through the proxy 127.0.0.1:9 of HTTPS_PROXY"),
        ({"ALL_PROXY": "127.0.0.1:9"}, " through the proxy 127.0.0.1:9 of ALL_PROXY"),
        ({"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "http://b:2"}, " through the proxy b:2 of HTTPS_PROXY"),
        ({"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:2"}, " through the proxy a:1 of https_proxy"),
        ({"HTTP_PROXY": "http://127.0.0.1:9"}, ""),
        ({"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "teacher.example"}, ""),
    ],
)
def test_the_proxy_that_counts_is_named(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: str) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert through_proxy("fails", TEACHER) == f"fails{told}"
    assert through_proxy("fails", "http://127.0.0.1:8000/v1") == "fails"


@pytest.mark.parametrize(
    ("tongue", "told"),
    [
        ("en", "All connection attempts failed through the proxy 127.0.0.1:9 of HTTPS_PROXY; it was not reached"),
        ("zh", "所有地址都连不上（经由 HTTPS_PROXY 的代理 127.0.0.1:9）；没有连上"),
    ],
)
def test_a_proxy_that_does_not_answer_is_named(
    selfinstruct: Cli, write_config: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tongue: str, told: str
) -> None:
    path = write_config("batch")
    text = path.read_text(encoding="utf-8").replace("http://127.0.0.1", "https://127.0.0.1")
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:9")
    done = selfinstruct("teacher", "check", "--yes", "--lang", tongue)
    assert told in done.stderr
    assert "hunter2" not in done.stderr
