"""Lines of a batch's input and output files."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.teacher.batch_api.lines import chat_path, line_reader, parse_line
from selfinstruct.teacher.http.body import LARGEST_BODY


@pytest.mark.parametrize(
    ("base_url", "path"),
    [
        ("https://api.openai.com/v1", "/v1/chat/completions"),
        ("https://api.groq.com/openai/v1/", "/v1/chat/completions"),
        ("https://open.bigmodel.cn/api/paas/v4", "/v4/chat/completions"),
    ],
)
def test_a_batch_names_the_chat_endpoint_by_the_version_of_the_address(base_url: str, path: str) -> None:
    assert chat_path(base_url) == path


@pytest.mark.parametrize(
    "body",
    [b'{"a": 1, "a": 2}', b'{"n": NaN}', '{"\u4e2d": "\\u4e2d, }"}'.encode(), b"null", b'"text"', b"[ ]", b"{ }"],
)
def test_a_body_is_kept_as_the_bytes_that_stand_in_the_line(body: bytes) -> None:
    line = b' {"error" : null,"response":{ "body" : ' + body + b' ,"status_code":200}, "custom_id":"en/0.0/batch/3" } '
    item = parse_line(line)
    assert item
    assert (item.send, item.answer.status, item.answer.body) == (("en/0.0/batch", 3), 200, body)


@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")))
def test_no_line_raises(line: bytes) -> None:
    assert parse_line(line) is None
    assert parse_line(b'{"custom_id":"en/0.0/batch/1","response":' + line) is None


@pytest.mark.parametrize("status", [b"1e999", b"-1", b"9" * 4300, b"[200]", b"null"])
def test_a_line_whose_status_is_none_cannot_be_read(status: bytes) -> None:
    assert parse_line(b'{"custom_id":"en/0.0/batch/1","response":{"status_code":' + status + b',"body":{}}}') is None


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(1, 12))
def test_lines_are_the_same_however_they_are_cut_into_chunks(parts: list[bytes], size: int) -> None:
    data = b"\n".join(parts)
    taken: list[bytes] = []

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(data), size):
            yield data[at : at + size]

    async def take(lines: list[bytes]) -> None:
        taken.extend(lines)

    async def read() -> None:
        await line_reader(take)(chunks())

    asyncio.run(read())
    assert taken == [line for line in data.split(b"\n") if line.strip()]


def test_lines_of_the_largest_size_are_handed_on_before_they_fill_memory() -> None:
    held: list[int] = []

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(12):
            yield b"x" * LARGEST_BODY
            yield b"\n"

    async def take(lines: list[bytes]) -> None:
        held.append(sum(map(len, lines)))

    async def read() -> None:
        await line_reader(take)(chunks())

    asyncio.run(read())
    assert sum(held) == 12 * LARGEST_BODY
    assert max(held) <= 5 * LARGEST_BODY
