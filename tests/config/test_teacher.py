"""The keys of `[teacher]` that say how a request is spelt and where it may go."""

import pytest

from selfinstruct.config import Config, parse_config, to_toml
from selfinstruct.config.address import is_loopback, is_private
from selfinstruct.errors import ConfigError


def error_of(line: str) -> str:
    with pytest.raises(ConfigError) as raised:
        parse_config(f'[teacher]\nkind = "openai"\n{line}\n', "my.toml")
    return str(raised.value)


SPELLING = """[teacher]
kind = "openai"
omit = ["seed", "top_p"]
rename = { max_tokens = "max_completion_tokens" }
stream = true
headers = { "X-Title" = "我的", "X-Token" = "$MY_TOKEN" }
insecure_http = true
base_url = "http://10.0.0.2/v1"
""".replace("我的", "mine")


def test_how_a_request_is_spelt_does_not_change_what_it_asks() -> None:
    plain = parse_config('[teacher]\nkind = "openai"\nbase_url = "http://10.0.0.2/v1"\ninsecure_http = true\n', "x")
    spelt = parse_config(SPELLING, "x")
    assert spelt.request_settings() == plain.request_settings()
    assert spelt.fingerprint({}) == plain.fingerprint({})
    assert parse_config(to_toml(spelt), "lock") == spelt


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('omit = ["messages"]', "messages cannot be left out"),
        ('omit = ["seed", "model"]', "model cannot be left out"),
        ('omit = "seed"', 'omit = ["seed"]'),
        ('rename = { messages = "prompt" }', "messages = 'prompt'"),
        ('rename = { seed = "model" }', "seed = 'model'"),
        ('rename = { seed = "" }', "a name is wanted"),
        ('headers = { "a b" = "x" }', "a header has a name"),
        ('headers = { "X-A" = "a\\nX-B: b" }', "a header has a name"),
        ('headers = { "X-A" = "标题" }', "one line of ASCII"),
        ("stream = 3", "[teacher.stream]"),
    ],
)
def test_a_spelling_that_takes_a_request_apart_is_refused_with_its_line(line: str, words: str) -> None:
    message = error_of(line)
    assert message.startswith("my.toml:3: [teacher.")
    assert words in message


@pytest.mark.parametrize(
    "name",
    ["Authorization", "api-key", "X-Api-Key", "x-goog-api-key", "X-Auth-Token", "Cookie", "Ocp-Apim-Subscription-Key"],
)
def test_a_secret_in_a_header_stands_in_no_file(name: str) -> None:
    message = error_of(f'headers = {{ "{name}" = "sk-0123456789abcdef" }}')
    assert "write $NAME" in message
    assert "0123456789" not in message
    assert parse_config(f'[teacher]\nheaders = {{ "{name}" = "Bearer $MY_KEY" }}\n', "x").teacher.headers


@pytest.mark.parametrize(
    "name", ["key", "api_key", "api-key", "apikey", "access_token", "token", "subscription-key", "sig"]
)
def test_a_key_in_the_query_of_an_address_stands_in_no_file(name: str) -> None:
    message = error_of(f'base_url = "https://api.example.com/v1?{name}=sk-0123456789"')
    assert "a ?query other than Azure's api-version" in message
    assert "0123456789" not in message


def test_a_version_in_the_query_of_an_address_may_stand() -> None:
    url = "https://api.example.com/v1?api-version=2026-06-01"
    assert parse_config(f'[teacher]\nkind = "openai"\nbase_url = "{url}"\n', "x").teacher.base_url == url


@pytest.mark.parametrize(
    "url",
    ["https:///v1", "https://x:port/v1", "https://x:99999/v1", "https://[::1/v1", "https://a b/v1", "https://x/\\u0007", "https://", "x/v1"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_its_line(url: str) -> None:
    assert error_of(f'base_url = "{url}"').startswith("my.toml:3: [teacher.base_url]: ")


def test_an_empty_address_does_not_mean_openai() -> None:
    assert error_of('base_url = ""').startswith("my.toml:3: [teacher.base_url]: is empty; write the provider's address")
    assert parse_config('[teacher]\nkind = "openai"\n', "x").teacher.base_url == "https://api.openai.com/v1"
    assert parse_config(to_toml(Config()), "lock").teacher.kind == "embedded"


def test_plain_http_goes_to_this_machine_and_where_it_is_allowed_by_hand() -> None:
    assert "insecure_http = true allows it" in error_of('base_url = "http://10.0.0.2/v1"')
    assert "insecure_http" not in error_of('base_url = "http://8.8.8.8/v1"')
    assert "must begin with https" in error_of('insecure_http = true\nbase_url = "http://8.8.8.8/v1"')


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://10.0.0.2/v1", True),
        ("http://192.168.1.9:8000/v1", True),
        ("http://172.16.0.1", True),
        ("http://[fd00::1]/v1", True),
        ("http://[fe80::1]/v1", True),
        ("http://gpu-box:8000/v1", True),
        ("http://gpu.local/v1", True),
        ("http://gpu.lan/v1", True),
        ("http://ollama.internal/v1", True),
        ("http://8.8.8.8/v1", False),
        ("http://172.32.0.1/v1", False),
        ("http://10.0.0.2.example.com/v1", False),
        ("http://local.example.com/v1", False),
        ("http://2130706433/v1", False),
        ("http://0177.0.0.1/v1", False),
        ("http://999.1.1.1/v1", False),
        ("http://[2001:4860::8]/v1", False),
        ("http://0x08080808/v1", False),
        ("http://0X8080808/v1", False),
        ("http://0x/v1", False),
        ("http://0x8.0x8.0x8.0x8/v1", False),
        ("http://8%2e8%2e8%2e8/v1", False),
        ("http://[2001:4860::8%25eth0]/v1", False),
        ("http://[::ffff:8.8.8.8]/v1", False),
        ("http://[::ffff:10.0.0.2]/v1", True),
        ("http://0x-box/v1", True),
        ("https://10.0.0.2/v1", False),
        ("http:///v1", False),
        ("http://[::1/v1", False),
        ("", False),
    ],
)
def test_a_private_address_is_known_by_its_host(url: str, private: bool) -> None:
    assert is_private(url) == private


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]/v1", True),
        ("http://localhost.example.com/v1", False),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://10.0.0.2/v1", False),
        ("http://[::1/v1", False),
    ],
)
def test_this_machine_is_known_by_its_host(url: str, loopback: bool) -> None:
    assert is_loopback(url) == loopback
