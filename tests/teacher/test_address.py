"""Where requests go and what authorises them: addresses as people write them, keys as people paste them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.config import Config, parse_config
from selfinstruct.errors import ConfigError
from selfinstruct.teacher import check_teacher
from selfinstruct.teacher.address import address_of, split_url
from tests.support.asked import Asked, lowered
from tests.support.runs import start
from tests.support.streams import answered, refused
from tests.support.teacher_server import KEY, TeacherServer

MakeConfig = Callable[..., Config]
ANYWHERE = "https://api.example.com/v1"


def config_of(url: str = ANYWHERE, more: str = "") -> Config:
    text = f'[teacher]\nkind = "openai"\nmodel = "m"\nbase_url = "{url}"\napi_key_env = "TEST_TEACHER_KEY"\n{more}'
    return parse_config(text, "my.toml")


@pytest.mark.parametrize(
    ("url", "base", "query"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1", {}),
        ("https://api.example.com/v1/", "https://api.example.com/v1", {}),
        ("https://api.example.com/v1/chat/completions", "https://api.example.com/v1", {}),
        ("https://api.example.com/v1/chat/completions/", "https://api.example.com/v1", {}),
        ("https://api.example.com/v1/completions", "https://api.example.com/v1", {}),
        ("https://api.example.com", "https://api.example.com", {}),
        ("https://api.example.com:8443/a/b/", "https://api.example.com:8443/a/b", {}),
        (
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2026-06-01",
            "https://x.openai.azure.com/openai/deployments/d",
            {"api-version": "2026-06-01"},
        ),
    ],
)
def test_an_address_may_be_that_of_the_chat_endpoint(url: str, base: str, query: dict[str, str]) -> None:
    assert split_url(url) == (base, query)


@given(
    st.sampled_from(["", "/", "/v1", "/openai/deployments/d"]),
    st.sampled_from(["", "/", "/chat/completions", "/chat/completions/"]),
)
def test_splitting_an_address_again_changes_nothing(path: str, end: str) -> None:
    base, _ = split_url(f"https://api.example.com{path}{end}?a=b")
    assert split_url(base) == (base, {})


@pytest.mark.thorough
@pytest.mark.parametrize("end", ["", "/", "/chat/completions", "/chat/completions/?api-version=7"])
def test_however_an_address_is_written_requests_arrive(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, end: str
) -> None:
    assert Asked(make_config(teacher__base_url=server.url + end), tmp_path).answers[0].text
    assert len(server.requests) == 1


@pytest.mark.parametrize("host", ["x.openai.azure.com", "x.services.ai.azure.com", "gateway.azure-api.net"])
def test_azure_is_given_its_version_and_the_key_in_its_own_header(host: str) -> None:
    address = address_of(config_of(f"https://{host}/openai/deployments/d?api-version=2026-06-01"))
    assert address.query == {"api-version": "2026-06-01"}
    assert address.headers["api-key"].get_secret_value() == KEY
    assert not address.is_openai


@pytest.mark.parametrize("host", ["api.example.com", "azure.com.example.org", "notazure.com"])
def test_nobody_else_is_given_the_key_in_a_header_of_azure(host: str) -> None:
    assert not address_of(config_of(f"https://{host}/v1")).headers


def test_the_query_goes_with_every_request(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    config = make_config(teacher__base_url=f"{server.url}?api-version=2026-06-01")
    assert start(config, tmp_path / "run")["stop"] == "target reached"


BAD_KEYS = {
    "two lines": "sk-0123456789\nabcdef",
    "two keys": "sk-0123456789 sk-abcdef0123",
    "chinese": "sk-密钥0123456789",
    "curly quotes": "“sk-0123456789abcdef”",
    "an export line": "export KEY=sk-0123456789abc",
    "a tab": "sk-012345\t6789",
    "bell": "sk-012345\x076789",
    "emoji": "🔑0123456789",
}
PLACEHOLDERS = [
    "sk-...", "sk-xxx", "xxxxxxxx", "<your key>", "your-api-key", "YOUR_API_KEY", "sk-your-key-here", "[key]", "{key}", "changeme", "change_me",
    "TODO", "...", "null", "undefined", "insert-key-here", "api-key", "***",
]  # fmt: skip


@pytest.mark.parametrize("key", [*BAD_KEYS.values(), *PLACEHOLDERS])
def test_what_is_no_key_is_refused_before_any_request_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("TEST_TEACHER_KEY", key)
    with pytest.raises(ConfigError, match="TEST_TEACHER_KEY") as raised:
        check_teacher(config_of())
    assert key not in str(raised.value)
    assert not any(part in str(raised.value) for part in key.split() if len(part) > 8)


def test_a_run_with_such_a_key_asks_nothing_and_writes_it_nowhere(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_TEACHER_KEY", BAD_KEYS["two lines"])
    with pytest.raises(ConfigError):
        start(make_config(), tmp_path / "run")
    assert not server.requests
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"sk-0123456789" in path.read_bytes()]


@pytest.mark.parametrize("key", ["", "  ", "\n"])
def test_a_missing_key_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("TEST_TEACHER_KEY", key)
    with pytest.raises(ConfigError, match=r"TEST_TEACHER_KEY is not set; export TEST_TEACHER_KEY="):
        address_of(config_of())


def test_blanks_around_a_key_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_TEACHER_KEY", f" {KEY}\n")
    assert address_of(config_of()).key.get_secret_value() == KEY


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/v1", "http://localhost/v1"])
def test_this_machine_needs_no_key_and_takes_any_word(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TEST_TEACHER_KEY", "xxx")
    assert address_of(config_of(url)).key.get_secret_value() == "xxx"
    monkeypatch.delenv("TEST_TEACHER_KEY")
    assert address_of(config_of(url)).key.get_secret_value() == "none"


def test_a_private_address_needs_no_key_where_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_TEACHER_KEY")
    config = parse_config('[teacher]\nkind = "openai"\ninsecure_http = true\nbase_url = "http://10.0.0.2/v1"\n', "x")
    monkeypatch.delenv(config.teacher.api_key_env, raising=False)
    assert address_of(config).key.get_secret_value() == "none"


def test_a_header_takes_its_secrets_from_the_environment(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "tok-0123456789")
    config = make_config(teacher__headers={"X-Token": "a $MY_TOKEN b ${MY_TOKEN}", "X-Price": "5"})
    start(config, tmp_path / "run")
    assert lowered(server.headers[0])["x-token"] == "a tok-0123456789 b tok-0123456789"
    assert set(address_of(config).secrets) == {KEY, "tok-0123456789"}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"tok-0123456789" in path.read_bytes()]


@pytest.mark.parametrize("value", ["", "钥匙", "a\nb"])
def test_a_header_whose_variable_cannot_be_sent_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MY_TOKEN", value)
    with pytest.raises(ConfigError, match="X-Token names the environment variable MY_TOKEN"):
        address_of(config_of(more='headers = { "X-Token" = "$MY_TOKEN" }\n'))


@pytest.mark.parametrize("echo", ["tok-0123456789", "Bearer tok-0123456789"])
def test_the_secret_of_a_header_is_hidden_when_the_server_echoes_it(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, echo: str
) -> None:
    def script(number: int, body: dict[str, Any]) -> Any:
        return answered(body) if number else refused(f"bad header {echo}: 'seed'", param="seed")

    server.script = script
    monkeypatch.setenv("MY_TOKEN", "tok-0123456789")
    asked = Asked(make_config(teacher__headers={"Authorization": "Bearer $MY_TOKEN"}), tmp_path)
    assert asked.said
    assert "tok-0123456789" not in "".join(asked.said)
