"""What goes out with a request besides its body, what never does, and how a key is hidden in whatever comes back."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError
from selfinstruct.teacher.address import Address, address_of
from selfinstruct.teacher.http.exchange import KeyRedactor, openai_client
from tests.support.asked import Asked, lowered
from tests.support.floods import seconds
from tests.support.teacher_server import KEY, TeacherServer

MakeConfig = Callable[..., Config]
CANARY = "sk-proj/Ab0+9_z.Qr-nE"
redact = KeyRedactor(CANARY)


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    escaped,
    lambda text: quote(text, safe=""),
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: "".join(f"%{ord(letter):02X}" for letter in text),
    lambda text: text.replace("/", "\\/"),
    lambda text: json.dumps(json.dumps(json.dumps(text.replace("/", "\\/")))),
    lambda text: json.dumps(json.dumps(escaped(text))),
    lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    lambda text: "".join(f"&#x{ord(letter):04X}" for letter in text) + ";",
    lambda text: text.replace("/", "&#x2F;").replace("+", "&plus;").replace("_", "&lowbar;").replace(".", "&period;"),
]
BREAKS = ["\n", "\r\n", "\n    ", "\\n", "\\r\\n", "\\\\n", "%0A", "%0d%0a"]


@given(st.sampled_from(SPELLINGS), st.text("ab \n", max_size=9), st.text("ab \n", max_size=9))
def test_a_key_is_hidden_in_every_spelling(spell: Callable[[str], str], before: str, after: str) -> None:
    clean = redact((before + spell(CANARY) + after).encode()).decode()
    assert clean.startswith(before)
    assert clean.endswith(after)
    assert "[key]" in clean
    assert not any(CANARY[start : start + 6].lower() in clean.lower() for start in range(len(CANARY) - 5))


def test_a_key_of_one_letter_is_looked_for_without_delay() -> None:
    """Before `n` a backslash may begin a break or an escape; each letter that could be both would double the ways to try."""
    for data in (b"\\n" * 5000 + b"x", (b"n" * 39 + b"\\n") * 300, b"n" * 39 + b"\\nx"):
        assert seconds(partial(KeyRedactor("n" * 40), data)) < 1


@given(st.integers(1, len(CANARY) - 1), st.sampled_from(BREAKS), st.sampled_from([str, escaped]))
def test_a_key_that_is_broken_over_two_lines_is_hidden(
    place: int, line_break: str, spell: Callable[[str], str]
) -> None:
    text = spell(CANARY[:place]) + line_break + spell(CANARY[place:])
    assert redact(f"key {text} end".encode()) == b"key [key] end"


@given(st.integers(4, len(CANARY) - 1), st.sampled_from(SPELLINGS[:6]), st.integers(0, 5))
def test_a_key_that_is_cut_off_is_hidden(length: int, spell: Callable[[str], str], off: int) -> None:
    text = spell(CANARY)[: len(spell(CANARY[:length])) + off]
    clean = redact(f"cut {text}".encode()).decode()
    assert clean.startswith("cut [key]")
    assert CANARY[:4].lower() not in clean.lower()
    assert escaped(CANARY[:1]) not in clean


@given(st.binary(max_size=300))
def test_bytes_without_the_key_stay_as_they_are(data: bytes) -> None:
    if CANARY[:4].lower().encode() not in data.lower().replace(b"\n", b""):
        assert redact(data) == data


def test_every_secret_is_hidden_and_a_word_that_is_none_is_not() -> None:
    both = KeyRedactor(CANARY, "none", "other-secret-99")
    assert both(f"{CANARY}, none and other-secret-99".encode()) == b"[key], none and [key]"


def sent_by(config: Config, server: TeacherServer, folder: Path) -> dict[str, str]:
    Asked(config, folder)
    return lowered(server.headers[-1])


def test_what_the_environment_holds_for_openai_goes_to_no_other_host(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-private")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-private")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-private-of-openai")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-private")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Private: a\nAuthorization: Bearer private\nx-other: private")
    sent = sent_by(make_config(), server, tmp_path)
    assert sent["authorization"] == f"Bearer {KEY}"
    assert "private" not in json.dumps(sent)
    assert not {"openai-organization", "openai-project", "x-private", "x-other"} & sent.keys()


@pytest.mark.parametrize(
    ("host", "sent"),
    [("api.openai.com", True), ("openai.com", True), ("notopenai.com", False), ("openai.com.example.org", False)],
)
def test_only_openai_itself_is_told_organisation_and_project(
    host: str, sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-private")
    address = Address(f"https://{host}/v1", SecretStr(CANARY))
    assert address.is_openai == sent
    headers = openai_client(address, 9, 1).default_headers
    assert (headers["OpenAI-Organization"] == "org-private") == sent


def test_a_header_of_ones_own_replaces_that_of_the_client(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "tok-0123456789")
    headers = {"authorization": "Token ${MY_TOKEN}", "X-Title": "A dataset"}
    Asked(make_config(teacher__headers=headers), tmp_path)
    named = [value for name, value in server.headers[-1].items() if name.lower() == "authorization"]
    assert named == ["Token tok-0123456789"]
    assert lowered(server.headers[-1])["x-title"] == "A dataset"


def test_the_value_of_a_header_that_is_no_secret_stays_in_a_reply(
    make_config: MakeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "tok-0123456789")
    headers = {"X-Title": "A long title", "X-Token": "Bearer $MY_TOKEN"}
    hidden = KeyRedactor(*address_of(make_config(teacher__headers=headers)).secrets)
    assert hidden(b"A long title of tok-0123456789") == b"A long title of [key]"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "pip install socksio"),
        (
            "HTTPS_PROXY",
            "gopher://me:hunter2@127.0.0.1:9",
            "HTTPS_PROXY: the proxy 127.0.0.1:9 has the scheme gopher://, which is not known",
        ),
        (
            "ALL_PROXY",
            "socks://me:hunter2@127.0.0.1:7897",
            "ALL_PROXY: the proxy 127.0.0.1:7897 has the scheme socks://, which says no version; write socks5://127.0.0.1:7897$",
        ),
        (
            "HTTPS_PROXY",
            "http://me:hunter2@127.0.0.1:port",
            r"a proxy .* cannot be used .*; correct or unset HTTPS_PROXY$",
        ),
        ("SSL_CERT_FILE", "/no/such/file.pem", "certificates cannot be read"),
        ("SSL_CERT_FILE", __file__, "certificates cannot be read"),
    ],
)
def test_a_proxy_or_certificates_that_cannot_be_used_are_named_before_the_first_request(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=words) as raised:
        Asked(make_config(teacher__base_url="https://teacher.example/v1"), tmp_path)
    assert "hunter2" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_proxy_for_everything_is_not_asked_for_this_machine(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    answered: Any = Asked(make_config(), tmp_path).answers[0]
    assert answered.text
