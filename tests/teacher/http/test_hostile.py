"""Whatever a provider sends, reading it takes little time: all readers on long texts made to be slow."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from selfinstruct.teacher.http.body import error_of, read_reply, usage_of
from selfinstruct.teacher.http.classify import Response, classify, describe, heard
from selfinstruct.teacher.http.dialect import Dialect
from selfinstruct.teacher.http.exchange import KeyRedactor
from selfinstruct.teacher.http.provider_error import is_filtered, refusal_of, status_within, words_of
from selfinstruct.teacher.http.refusals import learn
from selfinstruct.teacher.http.stream import assemble, is_whole
from selfinstruct.teacher.http.thoughts import split_thought
from selfinstruct.teacher.pacing.faults import Fault
from tests.support.floods import seconds
from tests.support.teacher_server import KEY

LONG = 200_000
PIECES = (
    "a", " ", "\n", "\t", "<", "</", "<think", "<think ", "<think>", "</think>", "</think ", '"</think>"', "`<think>`", "<thinking>a</think>",
    "<analysis>", "</analysis>", "<reflection></reflection><analysis></analysis>", "[THINK]", "◁think▷", "◁/think▷a", "<|", "<|channel|>",
    "<|channel|>a", "<|channel|>analysis<|message|>", "<|channel|>final<|message|>a<|end|>", "<|start|>assistant", "<|start|>a<|channel|>b c ",
    "analysisA", "analysis assistantfinal", "assistantfinal", "data: ", "data: {}\n\n", "data:\n", "data: [DONE]\n\n", ": \n", "\r",
    'data: {"choices":[{"delta":{"content":"a"}}]}\n\n', "[", "{", '{"a":', '{"error":', '{"message":"', '"', "\\", "\\u", "\\u0073", "%", "%25",
    "sk-", "s\n", "0", "1,", "9" * 40 + " ", "max_tokens ", "at most ", "context length ", "maximum ", "model ", "models not ", "temperature ",
    "敏感", "余额", "不能超过", "模型", "（", "[1, ", "between 1 and ", "limit: 9 requested: ",
)  # fmt: skip
assert len(PIECES) >= 60
SENT = {"model": "m", "messages": [], "temperature": 1, "top_p": 1, "max_tokens": 4096, "seed": 1}
redact = KeyRedactor(KEY)


def answer_of(body: bytes, status: int = 200) -> Response:
    return heard(Response("body", status, {}, body))


READERS: dict[str, Callable[[str], Any]] = {
    "split_thought": split_thought,
    "words_of": words_of,
    "words_of_error": lambda text: words_of({"error": {"message": text, "details": [text, {"msg": text}]}}),
    "refusal_of": lambda text: refusal_of({"error": {"message": text, "code": text}}),
    "is_filtered": is_filtered,
    "status_within": lambda text: status_within({"error": {"message": text, "code": text}}),
    "learn": lambda text: learn(Dialect(), SENT, {"error": {"message": text, "param": text}}),
    "learn_text": lambda text: learn(Dialect(), SENT, text),
    "read_reply": lambda text: read_reply(200, text.encode()),
    "read_refusal": lambda text: read_reply(400, text.encode()),
    "usage_of": lambda text: usage_of(text.encode()),
    "error_of": lambda text: error_of(text.encode()),
    "classify": lambda text: [classify(answer_of(text.encode(), status)) for status in (200, 400)],
    "describe": lambda text: describe(answer_of(text.encode(), 400)),
    "assemble": lambda text: (assemble(text.encode()), is_whole(text.encode())),
    "redact": lambda text: redact(text.encode()),
    "fault": lambda text: Fault("request_rejected", text).kind,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.bounds
def test_no_reader_is_slow_on_a_long_and_hostile_text(name: str) -> None:
    for piece in PIECES:
        assert seconds_of(READERS[name], (piece * LONG)[:LONG]) < 1, piece


@pytest.mark.parametrize(
    "opening", ["<|channel|>", "<|channel|>final<|message|>", "<think>", "<analysis>", "analysisA"]
)
@pytest.mark.bounds
def test_a_thought_that_is_made_to_be_slow_is_not(opening: str) -> None:
    for piece in PIECES:
        assert seconds_of(split_thought, opening + (piece * LONG)[: LONG // 2]) < 1, piece


@pytest.mark.bounds
def test_an_error_of_very_many_words_is_not_slow() -> None:
    def nest(depth: int, path: str) -> Any:
        names = ("message", "msg", "detail", "details", "error", "errors", "raw", "error_msg")
        return {name: nest(depth - 1, path + name) for name in names} if depth else path

    many = nest(5, "")
    assert seconds_of(words_of, many) < 1
    assert seconds_of(refusal_of, many) < 1
    assert seconds_of(words_of, [many] * 500) < 1


def seconds_of(reader: Callable[[Any], Any], text: Any) -> float:
    """Return seconds of CPU, whatever else the machine does; about 0.01."""
    return seconds(partial(reader, text))
