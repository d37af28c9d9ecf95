"""A stream says what the completion says that was not streamed, and half a stream says nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.teacher.http.body import read_reply, usage_of
from selfinstruct.teacher.http.classify import Response, classify, heard, is_free
from selfinstruct.teacher.http.stream import assemble, is_stream, is_whole
from tests.support.streams import stream_of
from tests.support.teacher_server import completion

EVENTS = {"content-type": "text/event-stream"}
TEXT = "They share the harbour, the lantern, and the 灯塔。"


def events(*values: Any) -> bytes:
    return b"".join(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n" for value in values)


def delta(content: str, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content, **more}, "finish_reason": finish}]}


def meaning_of(body: bytes, headers: dict[str, str] | None = None) -> str:
    return classify(heard(Response("body", 200, EVENTS if headers is None else headers, body)))


@given(st.text(max_size=60), st.integers(1, 9), st.sampled_from(["stop", "length"]))
def test_a_stream_reads_like_the_completion_that_it_says(content: str, size: int, finish: str) -> None:
    answer = completion(content, finish)
    whole = assemble(stream_of(answer, size))
    assert whole | {"choices": None} == answer | {"choices": None}
    assert whole["choices"][0]["finish_reason"] == finish
    assert read_reply(200, stream_of(answer, size)) == read_reply(200, json.dumps(answer).encode())


STREAM = stream_of(completion(TEXT))
END = STREAM.index(b'"finish_reason": "stop"')


def test_a_stream_that_is_cut_anywhere_is_whole_only_where_all_is_said() -> None:
    whole = []
    for end in range(len(STREAM) + 1):
        answer = heard(Response("body", 200, EVENTS, STREAM[:end]))
        if classify(answer) == "done":
            reply = read_reply(200, answer.body)
            assert (reply.text, reply.cut, reply.fault) == (TEXT, False, ""), end
            whole.append(end)
        else:
            assert (classify(answer), is_free(answer)) == ("retry_billed", False), end
    assert min(whole) > END
    assert whole[-1] == len(STREAM)


@given(st.text(min_size=1, max_size=40), st.data())
def test_a_stream_without_an_end_is_never_whole(content: str, data: st.DataObject) -> None:
    body = stream_of(completion(content), data.draw(st.integers(1, 5)))
    body = body[: body.index(b'"finish_reason": "stop"')]
    assert meaning_of(body[: data.draw(st.integers(0, len(body)))]) == "retry_billed"


def test_a_stream_is_known_by_its_first_line_whatever_its_type_says() -> None:
    for first in (b"data: {}", b"data:{}", b": keep-alive\n\ndata: {}", b"event: x\n", b"id: 1\n", b"retry: 9\n", b"\r\n\ndata: {}", b"\xef\xbb\xbfdata: {}"):  # fmt: skip
        assert is_stream(first), first
    for other in (b"", b"{}", b"[1]", b'"data: x"', b"<html>", b"database"):
        assert not is_stream(other), other


def test_json_under_the_type_of_a_stream_is_read_as_json() -> None:
    assert meaning_of(json.dumps(completion(TEXT)).encode()) == "done"
    assert meaning_of(b"") == meaning_of(b"da") == "retry_billed"
    assert meaning_of(b"", {"content-type": "application/json"}) == "done"


@pytest.mark.parametrize(
    "odd",
    [
        lambda body: body.replace(b"data: ", b"data:"),
        lambda body: body.replace(b"\n", b"\r\n"),
        lambda body: body.replace(b"\n", b"\r"),
        lambda body: body.replace(b"\n\n", b"\n\n: keep-alive\n\n"),
        lambda body: b"\xef\xbb\xbf: OPENROUTER PROCESSING\n\n" + body,
        lambda body: body.replace(b"data: {", b"event: message\nid: 7\ndata: {"),
        lambda body: body.replace(b"data: [DONE]\n\n", b""),
        lambda body: body.replace(b"data: [DONE]\n\n", b"data: [DONE]"),
        lambda body: body.replace(b"data: {", b"data: null\n\ndata: 7\n\ndata: {", 1),
        lambda body: body.replace(b'"delta": {}', b'"delta": null'),
    ],
)
def test_what_gateways_add_changes_no_reply(odd: Any) -> None:
    assert is_whole(odd(STREAM))
    assert read_reply(200, odd(STREAM)) == read_reply(200, STREAM)


def test_reasoning_and_refusals_are_put_together_too() -> None:
    body = events(delta("", reasoning_content="先想"), delta("", reasoning_content="一想"), delta("河。", "stop"))
    assert read_reply(200, body).thought == "先想一想"
    assert (
        read_reply(200, events(delta("", refusal="I "), delta("", "stop", refusal="cannot"))).fault
        == "content_filtered"
    )


def test_parts_of_a_content_are_put_together() -> None:
    one = {"type": "text", "text": "The "}
    other = {"type": "thinking", "thinking": "hm"}
    body = events(
        {"choices": [{"delta": {"content": [one]}}]},
        {"choices": [{"delta": {"content": [other, {"type": "text", "text": "Loire."}]}, "finish_reason": "stop"}]},
    )
    reply = read_reply(200, body)
    assert (reply.text, reply.thought) == ("The Loire.", "hm")


@given(st.lists(st.text(max_size=3) | st.lists(st.just({"type": "text", "text": "Loire"})) | st.none(), max_size=6))
def test_texts_and_parts_may_be_mixed(contents: list[Any]) -> None:
    deltas = [{"choices": [{"index": 0, "delta": {"content": content}}]} for content in contents]
    said = "".join("Loire" * len(one) if isinstance(one, list) else one or "" for one in contents)
    whole = assemble(events(*deltas, delta("", "stop")))["choices"][0]["message"]["content"]
    assert whole == said if isinstance(whole, str) else "".join(part["text"] for part in whole) == said


def test_an_error_before_anything_was_said_is_that_error_and_free() -> None:
    answer = heard(Response("body", 200, EVENTS, events({"error": {"code": 429, "message": "slow down"}})))
    assert (answer.status, answer.in_200, classify(answer), is_free(answer)) == (429, True, "retry", True)


@pytest.mark.parametrize("end", [b"", b"data: [DONE]\n\n"])
@pytest.mark.parametrize("finish", [None, "error", "stop"])
def test_an_error_after_half_an_answer_is_half_an_answer(end: bytes, finish: str | None) -> None:
    error = {"error": {"code": 502, "message": "upstream went away"}}
    body = events(delta("They share"), delta("", finish) | error) + end
    answer = heard(Response("body", 200, EVENTS, body))
    assert classify(answer) == "retry_billed"
    assert "upstream went away" in answer.error
    assert read_reply(200, body).cut


def test_the_usage_may_come_before_the_end_or_after_it() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 5}
    for order in ([delta("x", "stop"), {"choices": [], "usage": usage}], [delta("x", "stop") | {"usage": usage}]):
        counted = usage_of(events(*order))
        assert counted
        assert (counted.prompt_tokens, counted.completion_tokens) == (7, 5)
    assert usage_of(events(delta("x", "stop"))) is None


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([b"data: ", b"{", b"}", b"[DONE]", b"\n", b'"choices": [', b"]", b"null", b":"])).map(
        b"".join
    )
)
def test_no_stream_makes_the_reader_raise(body: bytes) -> None:
    answer = heard(Response("body", 200, EVENTS, b"data: " + body))
    assert classify(answer) in {"done", "retry_billed", "retry", "failed", "stop", "pause"}
    read_reply(200, b"data: " + body)


@pytest.mark.parametrize(
    "value",
    [
        7,
        "x",
        [],
        [7],
        {"choices": 7},
        {"choices": [7]},
        {"choices": [{"delta": 7}]},
        {"choices": [{"delta": {"content": 7}}]},
    ],
)
def test_events_of_any_shape_are_passed_over(value: Any) -> None:
    assert assemble(events(value, delta("x", "stop")))["choices"][0]["message"]["content"] == "x"
