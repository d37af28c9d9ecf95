"""A reply is read from whatever shape a provider gives it: its answer, its thought, whether it is whole, what is wrong with it."""

import json
from typing import Any

import pytest

from selfinstruct.records import Reply
from selfinstruct.teacher.http.body import error_of, parsed, read_reply

RIVER = "The Loire rises in the Massif Central."


def read(message: Any, finish: Any = "stop", **more: Any) -> Reply:
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish}], **more}
    return read_reply(200, json.dumps(body, ensure_ascii=False).encode())


@pytest.mark.parametrize(
    "finish", [None, "", "stop", "STOP", "eos", "end_turn", "stop_sequence", "completed", "eos_token", "success", 7, []]
)
def test_an_answer_with_a_usual_finish_or_none_is_whole(finish: Any) -> None:
    assert not read({"content": RIVER}, finish).cut


@pytest.mark.parametrize(
    "finish",
    [
        "length",
        "max_tokens",
        "MAX_TOKENS",
        "error",
        "network_error",
        "abort",
        "tool_calls",
        "insufficient_system_resource",
        "未知",
        "new",
    ],
)
def test_an_answer_with_any_other_finish_is_cut(finish: str) -> None:
    reply = read({"content": RIVER}, finish)
    assert (reply.cut, reply.text, reply.fault) == (True, RIVER, "")


def test_an_answer_beside_an_error_is_cut() -> None:
    assert read({"content": RIVER}, None, error={"code": 502, "message": "upstream went away"}).cut
    assert not read({"content": RIVER}, None, error=None).cut


@pytest.mark.parametrize(
    "finish", ["content_filter", "SAFETY", "sensitive", "RECITATION", "PROHIBITED_CONTENT", "refusal"]
)
def test_a_filter_is_known_by_the_finish(finish: str) -> None:
    assert read({"content": RIVER}, finish).fault == "content_filtered"


@pytest.mark.parametrize(
    ("message", "text", "thought"),
    [
        ({"content": f"<think>Hm.</think>{RIVER}"}, RIVER, "Hm."),
        ({"content": RIVER, "reasoning_content": "先想一想。"}, RIVER, "先想一想。"),
        ({"content": RIVER, "reasoning": "Hm.", "reasoning_content": None}, RIVER, "Hm."),
        ({"content": f"<think>b</think>{RIVER}", "reasoning": "a"}, RIVER, "a\nb"),
        ({"content": [{"type": "text", "text": "The "}, {"text": "Loire."}]}, "The Loire.", ""),
        ({"content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": RIVER}]}, RIVER, "Hm."),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": RIVER}]}, RIVER, "Hm."),
        ({"content": [{"type": "reasoning", "summary": "Hm."}, {"type": "output_text", "text": RIVER}]}, RIVER, "Hm."),
    ],
)  # fmt: skip
def test_the_answer_is_told_from_the_thought_in_every_shape(message: Any, text: str, thought: str) -> None:
    reply = read(message)
    assert (reply.text, reply.thought, reply.fault) == (text, thought, "")


@pytest.mark.parametrize(
    ("message", "more", "fault"),
    [
        ({"content": "<think>Hm, and"}, {}, "all_thought"),
        ({"content": None, "reasoning_content": "想"}, {}, "all_thought"),
        ({"content": ""}, {"usage": {"completion_tokens_details": {"reasoning_tokens": 50}}}, "all_thought"),
        ({"content": ""}, {"usage": {"completion_tokens_details": {"reasoning_tokens": 0}}}, "empty_reply"),
        ({"content": " \n"}, {}, "empty_reply"),
        ({}, {}, "empty_reply"),
        ({"content": 7}, {}, "empty_reply"),
        ({"content": None, "refusal": "I cannot."}, {}, "content_filtered"),
        (None, {}, "malformed_reply"),
        ([], {}, "malformed_reply"),
    ],
)
def test_what_is_no_answer_has_its_fault(message: Any, more: dict[str, Any], fault: str) -> None:
    assert read(message, **more).fault == fault


def test_the_title_of_a_web_page_is_its_words() -> None:
    page = b"<!DOCTYPE html><html><head><TITLE lang='en'>502 Bad&nbsp;Gateway &amp; more</TITLE></head>"
    assert error_of(page) == "502 Bad Gateway & more"
    assert parsed(b"<html>no title") == ""
    assert parsed("\ufeff余额不足".encode()) == "余额不足"
