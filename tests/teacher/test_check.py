"""One tiny question to a teacher: how it is answered, what it took, and the provider's words where it is not."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.api.teacher_check import check_teacher
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, TeacherRefusedError
from selfinstruct.teacher.check import Checked, check
from tests.support.streams import refused, streamed
from tests.support.teacher_server import KEY, Fault, TeacherServer, completion

MakeConfig = Callable[..., Config]
OWED = "您的账户已欠费，请充值后重试。"
RIVER = "The Loire rises in the Massif Central."


def checked(config: Config) -> tuple[Checked, list[str]]:
    said: list[str] = []
    return asyncio.run(check(config, said.append)), said


def whole(text: str = RIVER, **usage: Any) -> Fault:
    answer = completion(text)
    answer["usage"] |= usage
    return Fault(body=json.dumps(answer, ensure_ascii=False).encode())


def test_a_plain_teacher_is_asked_once_and_answers(make_config: MakeConfig, server: TeacherServer) -> None:
    server.script = lambda *_: whole()
    found, said = checked(make_config())
    assert (found.answer, found.fault, found.dialect, found.requests) == (RIVER, "", "", 1)
    assert (found.model, found.answered_by, found.finish_reason) == ("scripted-teacher", "scripted-teacher", "stop")
    assert not found.thinks
    assert found.seconds > 0
    assert found.cost_usd == f"{(100 + 2 * (len(RIVER) // 3 + 1)) / 1_000_000:.6f}"
    assert not said


def test_the_dialect_is_learnt_and_told_and_written_nowhere(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def script(_: int, body: dict[str, Any]) -> Fault:
        if "seed" in body:
            return refused("Unknown parameter: 'seed'.", param="seed")
        return streamed(completion(RIVER)) if body.get("stream") else refused("仅支持流式输出")

    server.script = script
    found, said = checked(make_config())
    assert (found.dialect, found.requests, found.answer) == ("without seed; streamed", 3, RIVER)
    assert len(said) == 2
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_is_set_by_hand_is_used(make_config: MakeConfig, server: TeacherServer) -> None:
    server.script = lambda *_: whole()
    spelt = {"teacher__omit": ["seed"], "teacher__extra": {"thinking": {"type": "disabled"}}}
    found, _ = checked(make_config(**spelt))
    assert found.dialect == "without seed"
    assert server.requests[0]["thinking"] == {"type": "disabled"}
    assert "seed" not in server.requests[0]


@pytest.mark.parametrize(
    ("message", "usage", "thinks", "tokens"),
    [
        ({"content": RIVER}, {}, False, 0),
        ({"content": f"<think>Hm.</think>{RIVER}"}, {}, True, 0),
        ({"content": RIVER, "reasoning_content": "想一想"}, {}, True, 0),
        ({"content": RIVER}, {"completion_tokens_details": {"reasoning_tokens": 300}}, True, 300),
    ],
)
def test_a_thought_is_noticed_in_words_or_in_tokens(
    make_config: MakeConfig,
    server: TeacherServer,
    message: dict[str, Any],
    usage: dict[str, Any],
    thinks: bool,
    tokens: int,
) -> None:
    answer = completion(RIVER)
    answer["choices"][0]["message"] = message
    answer["usage"] |= usage
    server.script = lambda *_: Fault(body=json.dumps(answer).encode())
    found, _ = checked(make_config())
    assert (found.answer, found.thinks, found.thought_tokens) == (RIVER, thinks, tokens)


def test_an_answer_that_is_none_is_told_with_its_fault(make_config: MakeConfig, server: TeacherServer) -> None:
    server.script = lambda *_: whole("")
    found, _ = checked(make_config())
    assert (found.answer, found.fault) == ("", "empty_reply")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(401, b'{"error": {"message": "bad key"}}'), "refuses the key in TEST_TEACHER_KEY"),
        (refused("余额不足", 402), "余额不足"),
        (refused("Model Not Exist"), "does not serve the model scripted-teacher"),
        (refused("this flux is not aligned"), r'this flux is not aligned"\. Set \[teacher\] omit, rename or extra'),
        (refused("slow down", 429), "slow down; try again later"),
        (refused("overloaded", 503), "overloaded; try again later"),
        (Fault(200, b"<html>hello</html>", "text/html"), "a web page.* Check base_url, which usually ends in /v1"),
        (Fault(body=json.dumps({"code": 1113, "msg": OWED}).encode()), f"quota or balance is used up .*{OWED}"),
        (Fault(body=json.dumps({"success": False, "message": "令牌已过期"}).encode()), "refuses the key .*令牌已过期"),
        (
            Fault(body=b'{"error_code": 110, "error_msg": "Access token invalid"}'),
            "refuses the key .*Access token invalid",
        ),
        (
            Fault(body=b'{"base_resp": {"status_code": 1004, "status_msg": "login fail"}}'),
            "refuses the key .*login fail",
        ),
        (Fault(body=b'{"code": 1302, "msg": "rate limit"}'), "an error under status 200, rate limit; try again later"),
        (Fault(body=b'{"message": "hello"}'), "answers with no completion. It says: .hello"),
        (
            Fault(401, '{"msg": "密钥无效"}'.encode("gbk"), "application/json; charset=gbk"),
            "refuses the key .*密钥无效",
        ),
        (Fault(body=b'{"error": {"code": 402, "message": "no credits"}}'), "no credits"),
        (Fault(body=b'"choices"', hang_up=True), "try again later"),
    ],
)
def test_a_refusal_is_told_in_the_providers_words(
    make_config: MakeConfig, server: TeacherServer, fault: Fault, words: str
) -> None:
    server.script = lambda *_: fault
    with pytest.raises(TeacherRefusedError, match=words):
        checked(make_config())
    assert len(server.requests) == 1


def test_an_endpoint_that_refuses_something_else_each_time_is_asked_a_bounded_number_of_times(
    make_config: MakeConfig, server: TeacherServer
) -> None:
    def script(_: int, body: dict[str, Any]) -> Fault:
        named = next(name for name in body if name.startswith("knob"))
        return refused(f"Unknown parameter: '{named}'.", param=named)

    server.script = script
    with pytest.raises(TeacherRefusedError):
        checked(make_config(teacher__extra={f"knob{number}": 1 for number in range(40)}))
    assert len(server.requests) <= 16


def test_an_endpoint_that_is_not_there_is_told_so(make_config: MakeConfig) -> None:
    with pytest.raises(TeacherRefusedError, match=r"127\.0\.0\.1:9"):
        checked(make_config(teacher__base_url="http://127.0.0.1:9/v1"))


def test_a_missing_key_is_told_before_anything_is_asked(
    make_config: MakeConfig, server: TeacherServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_TEACHER_KEY", "two\nlines")
    with pytest.raises(ConfigError):
        checked(make_config())
    assert not server.requests


def test_a_thousand_rows_cost_more_where_the_teacher_thinks(make_config: MakeConfig, server: TeacherServer) -> None:
    server.script = lambda *_: whole()
    plain = check_teacher(make_config("batch"))
    server.script = lambda *_: whole(completion_tokens_details={"reasoning_tokens": 5000})
    thinking = check_teacher(make_config("batch"))
    assert plain.cost_per_1000_rows_usd
    assert thinking.cost_per_1000_rows_usd
    assert 0 < plain.cost_per_1000_rows_usd[0] <= plain.cost_per_1000_rows_usd[1]
    assert thinking.cost_per_1000_rows_usd[0] > plain.cost_per_1000_rows_usd[0] + 0.5


def test_a_thousand_rows_are_of_the_languages_of_the_target(make_config: MakeConfig, server: TeacherServer) -> None:
    server.script = lambda *_: whole()

    def lowest(**target: int) -> float:
        cost = check_teacher(make_config("batch", target=target)).cost_per_1000_rows_usd
        assert cost
        return cost[0]

    english, chinese, mostly_english = lowest(en=10), lowest(zh=10), lowest(en=900, zh=100)
    assert english != chinese
    assert mostly_english == pytest.approx(0.9 * english + 0.1 * chinese, rel=0.01)


def test_where_no_price_is_known_no_cost_is_told(make_config: MakeConfig, server: TeacherServer) -> None:
    server.script = lambda *_: whole()
    config = make_config()
    unpriced = config.model_copy(update={"teacher": config.teacher.model_copy(update={"price": None})})
    found = check_teacher(unpriced)
    assert (found.found.cost_usd, found.cost_per_1000_rows_usd) == (None, None)
    assert found.document()["cost_per_1000_rows_usd"] is None


def test_a_cost_that_the_provider_states_is_told_without_a_price(
    make_config: MakeConfig, server: TeacherServer
) -> None:
    server.script = lambda *_: whole(cost=0.0021, is_byok=False)
    assert checked(make_config())[0].cost_usd == "0.002100"


def test_the_key_is_in_no_answer(make_config: MakeConfig, server: TeacherServer) -> None:
    server.script = lambda *_: whole(f"My key is {KEY}.")
    assert checked(make_config())[0].answer == "My key is [key]."
