"""What a reply says it took: all that is billed, thoughts included, and never less than it states."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.records import Usage
from selfinstruct.teacher.http.usage import read_usage, reasoning_tokens


def usage_of(**fields: Any) -> Usage | None:
    return read_usage({"usage": fields})


def billed(**fields: Any) -> int:
    usage = usage_of(prompt_tokens=10, **fields)
    assert usage
    return usage.completion_tokens


def test_thoughts_within_the_completion_are_billed_once() -> None:
    assert billed(completion_tokens=105, total_tokens=115, completion_tokens_details={"reasoning_tokens": 100}) == 105
    assert billed(completion_tokens=105, completion_tokens_details={"reasoning_tokens": 100}) == 105


def test_thoughts_beside_the_completion_are_billed_too() -> None:
    assert billed(completion_tokens=5, total_tokens=115) == 105
    assert billed(completion_tokens=5, total_tokens=115, completion_tokens_details={"reasoning_tokens": 100}) == 105
    assert billed(completion_tokens=5, completion_tokens_details={"reasoning_tokens": 100}) == 105
    assert billed(completion_tokens=5, reasoning_tokens=100) == 105
    assert billed(completion_tokens=5, total_tokens=16, completion_tokens_details={"reasoning_tokens": 100}) == 105


def test_a_total_below_its_parts_lowers_no_bill() -> None:
    assert billed(completion_tokens=50, total_tokens=0) == 50
    assert billed(completion_tokens=50, total_tokens=20) == 50


def test_the_names_of_other_providers_are_read() -> None:
    assert usage_of(input_tokens=7, output_tokens=5) == Usage(prompt_tokens=7, completion_tokens=5)
    assert reasoning_tokens({"usage": {"output_tokens_details": {"thinking_tokens": 9}}}) == 9
    assert reasoning_tokens({"usage": {"thoughts_token_count": 9}}) == 9
    assert reasoning_tokens({}) == reasoning_tokens({"usage": []}) == 0


@pytest.mark.parametrize(
    ("fields", "micro"),
    [
        ({"cost": 0.0021, "cost_details": {}}, 2100),
        ({"cost": 0.0021, "is_byok": False}, 2100),
        ({"cost": 0.0000001, "is_byok": False}, 1),
        ({"cost": 0, "is_byok": False}, 0),
        ({"cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.01}}, 11_000),
        ({"cost": 0.001, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.01}}, 1000),
        ({"cost": 0.001, "is_byok": True, "cost_details": None}, 1000),
        ({"cost": 0.001, "is_byok": True, "cost_details": "none"}, 1000),
        ({"cost": 0.0021}, None),
        ({"cost": "0.0021", "is_byok": False}, None),
        ({"cost": True, "cost_details": {}}, None),
        ({"cost": -1, "cost_details": {}}, None),
        ({"cost": 10**9, "cost_details": {}}, None),
        ({"cost": float("nan"), "cost_details": {}}, None),
        ({"cost": float("inf"), "cost_details": {}}, None),
        ({"cost": {"input_tokens_cost": 0.001, "request_cost": 0.005, "total_cost": 0.008}}, 8000),
        ({"cost": {"total_cost": "0.008"}}, None),
        ({"cost": {}}, None),
        ({"cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": True}}, None),
    ],
)
def test_a_cost_is_believed_where_it_is_surely_one(fields: dict[str, Any], micro: int | None) -> None:
    usage = usage_of(prompt_tokens=1, completion_tokens=1, **fields)
    assert usage
    assert usage.cost_micro_usd == micro


COUNT: st.SearchStrategy[Any] = (
    st.integers(0, 100_000)
    | st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=3)
    | st.just([])
)
NAMES = [
    "prompt_tokens", "completion_tokens", "total_tokens", "reasoning_tokens", "input_tokens", "output_tokens", "cost", "is_byok",
]  # fmt: skip
DETAILS = st.none() | st.text(max_size=2) | st.dictionaries(st.sampled_from([*NAMES, "upstream_inference_cost"]), COUNT)


@given(
    st.fixed_dictionaries({"prompt_tokens": st.integers(0, 9999), "completion_tokens": st.integers(0, 9999)}),
    st.dictionaries(st.sampled_from(NAMES[2:]), COUNT),
    st.dictionaries(st.sampled_from(["completion_tokens_details", "cost_details"]), DETAILS),
)
def test_a_bill_is_never_below_what_is_stated(
    counts: dict[str, int], more: dict[str, Any], details: dict[str, Any]
) -> None:
    usage = usage_of(**more, **details, **counts)
    assert usage
    assert usage.prompt_tokens == counts["prompt_tokens"]
    assert usage.completion_tokens >= counts["completion_tokens"]
    assert usage.completion_tokens >= reasoning_tokens({"usage": {**more, **details}})
    assert usage.cost_micro_usd is None or usage.cost_micro_usd >= 0


@pytest.mark.thorough
@given(st.dictionaries(st.sampled_from(NAMES), COUNT), DETAILS)
def test_no_usage_makes_the_reader_raise(fields: dict[str, Any], details: Any) -> None:
    usage = usage_of(**fields, cost_details=details, completion_tokens_details=details)
    assert usage is None or min(usage.prompt_tokens, usage.completion_tokens) >= 0
