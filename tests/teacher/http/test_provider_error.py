"""A provider's own words out of any JSON, and what they mean for every further request."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.teacher.http.classify import Response, classify, heard, is_free
from selfinstruct.teacher.http.provider_error import LONGEST, is_filtered, refusal_of, status_within, words_of

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "value",
    [
        "Bad thing.",
        {"error": "Bad thing."},
        {"error": {"message": "Bad thing."}},
        [{"error": {"message": "Bad thing."}}],
        {"message": "Bad thing."},
        {"detail": "Bad thing."},
        {"errors": ["Bad thing."]},
        {"Error_Msg": "Bad thing."},
        {"message": '{"error": {"message": "Bad thing."}}'},
        {"error": {"metadata": {"raw": '{"msg": "Bad thing."}'}}},
        {"base_resp": {"status_code": 1008, "status_msg": "Bad thing."}},
        {"Response": {"Error": {"Code": "X", "Message": "Bad thing."}}},
        {"error": {"message": "Bad\n\u202e\x1bthing."}},
        {"error": {"message": "Bad thing.", "innererror": {"message": "Bad thing."}}},
    ],
)
def test_the_words_are_found_wherever_they_stand(value: Any) -> None:
    assert words_of(value) == "Bad thing."


def test_the_words_of_a_field_come_with_its_name() -> None:
    assert words_of({"detail": [{"loc": ["body", "seed"], "msg": "不允许的参数"}]}) == "seed: 不允许的参数"


def test_json_that_is_broken_off_is_shown_as_it_is() -> None:
    assert words_of({"message": '{"error": {"mess'}) == '{"error": {"mess'


@pytest.mark.parametrize("value", [None, 7, [], {}, "", "  ", {"error": None}, {"message": ""}, {"error": {"code": 7}}])
def test_where_nothing_is_said_there_are_no_words(value: Any) -> None:
    assert not words_of(value)


JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "message", "detail", "code", "choices", "usage", "base_resp"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON_VALUE)
def test_no_json_makes_the_reader_raise(value: Any) -> None:
    words = words_of(value)
    assert len(words) <= LONGEST
    assert words == " ".join(words.split())
    assert refusal_of(value) is None or refusal_of(value) == refusal_of(value)
    assert status_within(value) == 0 or 400 <= status_within(value) < 600
    assert is_filtered(value) in {True, False}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Insufficient Balance", "credit"),
        ("账户余额不足，请充值", "credit"),
        ("This request requires more credits; you can only afford 300 tokens", "credit"),
        ("Your organization has been disabled", "suspended"),
        ("该账号已被封禁", "suspended"),
        ("Rate limit reached: requests per day (RPD)", "daily_quota"),
        ("今日额度用完", "daily_quota"),
        ("Incorrect API key provided", "key"),
        ("无效的令牌", "key"),
        ("The model `x` does not exist", "model"),
        ("模型不存在", "model"),
        ("Unexpected endpoint or method", "address"),
        ("max_tokens is too large", None),
        ("参数不合法", None),
        ("Rate limit reached for requests", None),
        ("The server is overloaded", None),
    ],
)
def test_what_every_request_would_hear_is_known_by_its_words(words: str, kind: str | None) -> None:
    assert refusal_of({"error": {"message": words}}) == kind


def test_a_quota_with_a_delay_is_one_of_a_minute() -> None:
    quota = {"error": {"message": "You exceeded your current quota, requests per day"}}
    assert refusal_of(quota) == "credit"
    assert refusal_of(quota, has_delay=True) is None
    assert refusal_of({"error": {"message": "insufficient_quota"}}, has_delay=True) == "credit"


def test_a_prompt_that_is_repeated_in_the_error_is_no_refusal() -> None:
    told = {"error": {"message": "bad request"}, "input": "Explain what an invalid api key and 余额不足 mean."}
    assert refusal_of(told) is None


@pytest.mark.parametrize("words", ["data_inspection_failed", "输入包含敏感内容", "content management policy", "违规"])
def test_a_filter_is_known_by_its_words(words: str) -> None:
    assert is_filtered({"error": {"message": words}})
    assert not is_filtered({"error": {"message": "max_tokens"}})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": {"code": 429, "message": "slow"}}, 429),
        ({"error": {"status": "402", "message": "pay"}}, 402),
        ({"error": {"message": "Insufficient Balance"}}, 400),
        ({"error": {"message": "overloaded"}}, 503),
        ({"error": "overloaded", "code": 529}, 529),
        ({"error": {"code": 42}}, 503),
        ({"choices": [{"error": {"code": 502, "message": "x"}, "message": None}]}, 502),
        ({"base_resp": {"status_code": 1002, "status_msg": "限流"}}, 429),
        ({"base_resp": {"status_code": 77, "status_msg": "?"}}, 503),
        ({"base_resp": {"status_code": 0, "status_msg": ""}, "choices": []}, 0),
        ({"Response": {"Error": {"Code": "LimitExceeded", "Message": "x"}}}, 503),
        ({"error": None, "choices": []}, 0),
        ({"code": 1113, "msg": "您的账户已欠费，请充值后重试。"}, 402),
        ({"code": 1302, "msg": "您当前使用该API的并发数过高"}, 429),
        ({"code": 1234, "msg": "?"}, 503),
        ({"success": False, "message": "invalid api key"}, 401),
        ({"success": True, "message": "ok"}, 0),
        ({"error_code": 18, "error_msg": "Open api qps request limit reached"}, 429),
        ({"error_code": 110, "error_msg": "Access token invalid or no longer valid"}, 401),
        ({"code": 0, "message": "success"}, 0),
        ({"code": 1113, "msg": "欠费", "choices": [{"message": {"content": "x"}}]}, 0),
        ({"message": "hello"}, 0),
        ({"choices": [{"message": {"content": "x"}}], "error": {"code": 429}}, 0),
    ],
)
def test_an_error_inside_a_200_is_the_status_that_it_stands_for(body: dict[str, Any], status: int) -> None:
    assert status_within(body) == status


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}])
def test_an_error_inside_a_200_without_tokens_is_free(usage: Any) -> None:
    body = json.dumps({"error": {"code": 502, "message": "x"}, "usage": usage}).encode()
    assert is_free(heard(Response("body", 200, JSON, body)))


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": 502, "message": "x"}, "usage": {"prompt_tokens": 9, "completion_tokens": 0}},
        {"base_resp": {"status_code": 1027, "status_msg": "x"}, "usage": {"total_tokens": 900}},
    ],
)
def test_an_error_inside_a_200_that_counts_tokens_was_billed(body: dict[str, Any]) -> None:
    answer = heard(Response("body", 200, JSON, json.dumps(body).encode()))
    assert (classify(answer), is_free(answer)) == ("done", False)
