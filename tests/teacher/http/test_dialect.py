"""What a refusal teaches: which field is left out or spelt otherwise, and what is never given up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.config import parse_config
from selfinstruct.teacher.http.dialect import LIMITS, Dialect, configured
from selfinstruct.teacher.http.refusals import learn

SENT: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Describe a harbour."}],
    "temperature": 0.7,
    "top_p": 0.95,
    "max_tokens": 4096,
    "seed": 7,
}


def said(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


def taught(message: str, dialect: Dialect | None = None, **more: Any) -> Dialect:
    dialect = dialect or Dialect()
    learnt = learn(dialect, dialect.fields(SENT), said(message, **more))
    assert learnt, message
    return learnt.dialect


@pytest.mark.parametrize(
    ("message", "omitted"),
    [
        ("Unknown parameter: 'seed'.", "seed"),
        ('Unknown name "seed": Cannot find field.', "seed"),
        ("不支持seed参数", "seed"),
        ("参数 top_p 不合法", "top_p"),
        ("temperature参数的取值范围为1", "temperature"),
        ("invalid temperature: only 1 is allowed for this model", "temperature"),
        ("`temperature` and `top_p` cannot both be specified", "top_p"),
        ("body.seed: Extra inputs are not permitted", "seed"),
    ],
)
def test_a_field_that_the_message_names_is_left_out(message: str, omitted: str) -> None:
    assert taught(message).omit == (omitted,)


@pytest.mark.parametrize(
    "refusal",
    [
        said("Unsupported value", param="seed"),
        {"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]},
        [{"error": {"message": 'Unknown name "seed"'}}],
        {"message": {"detail": [{"loc": ["body", "seed"], "msg": "extra"}]}},
    ],
)
def test_a_field_is_found_wherever_the_error_names_it(refusal: Any) -> None:
    learnt = learn(Dialect(), SENT, refusal)
    assert learnt
    assert (learnt.dialect.omit, learnt.what) == (("seed",), "seed is left out")


@pytest.mark.parametrize(
    "message", ["Unknown parameter: 'logprobs'", "top_logprobs must be between 0 and 5", "Bad request", ""]
)
def test_log_probabilities_go_together_and_where_a_refusal_names_nothing(message: str) -> None:
    sent = SENT | {"logprobs": True, "top_logprobs": 12}
    learnt = learn(Dialect(), sent, said(message))
    assert learnt
    assert (learnt.dialect.omit, learnt.what) == (("logprobs", "top_logprobs"), "log-probabilities are left out")
    assert learn(learnt.dialect, learnt.dialect.fields(sent), said(message)) is None


@pytest.mark.parametrize(
    ("message", "most"),
    [
        ("max_tokens is too large: 4096. This model supports at most 2048 completion tokens", 2048),
        ("Range of max_tokens should be [1, 2048]", 2048),
        ("max_tokens 参数取值范围 [1, 2048]", 2048),
        ("max_tokens不能超过2048", 2048),
        ("Request too large: tokens per minute, Limit 3000, Requested 4500", 2588),
    ],
)
def test_the_bound_on_tokens_is_lowered_to_what_the_message_leaves(message: str, most: int) -> None:
    dialect = taught(message)
    assert dialect.most_tokens == most
    assert dialect.fields(SENT)["max_tokens"] == most
    assert dialect.fields(SENT | {"max_tokens": 16})["max_tokens"] == 16


def asking(text: str) -> dict[str, Any]:
    return SENT | {"messages": [{"role": "user", "content": text}]}


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 5000 tokens. However, you requested 5596 tokens (1500 in the messages, 4096 in the completion).",
        "'max_tokens' is too large: 4096. This model's maximum context length is 5000 tokens and your request has 1500 input tokens",
        "`inputs` tokens + `max_new_tokens` must be <= 5000. Given: 1500 `inputs` tokens and 4096 `max_new_tokens`",
    ],
)
def test_each_request_gets_what_the_context_leaves_beside_its_own_prompt(message: str) -> None:
    long, short = asking("Describe it. " * 400), asking("Describe it. " * 40)
    learnt = learn(Dialect(), long, said(message))
    assert learnt
    assert learnt.dialect.fields(long)["max_tokens"] == 5000 - 1530 - 8
    assert learnt.dialect.fields(short)["max_tokens"] == 4096
    assert learn(learnt.dialect, learnt.dialect.fields(long), said(message)) is None


def test_a_prompt_of_more_tokens_a_byte_teaches_again_and_one_without_room_does_not() -> None:
    dense, size = (
        Dialect(context=5000, tokens_per_byte=0.2),
        "maximum context length is 5000 tokens, you requested 4096",
    )
    dense_again = learn(dense, asking("茶" * 600), said(f"{size} tokens (1800 in the messages)"))
    assert dense_again
    assert dense_again.dialect.fields(asking("茶" * 600))["max_tokens"] == 5000 - 1836 - 8
    assert learn(dense, asking("茶" * 1600), said(f"{size} tokens (4990 in the messages)")) is None
    assert dense.fields(asking("x" * 30_000))["max_tokens"] == 4096


def test_the_other_name_of_the_bound_is_learnt_and_back_at_most_once() -> None:
    there = taught("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    assert there.fields(SENT)["max_completion_tokens"] == 4096
    back = taught("max_completion_tokens is unknown; use max_tokens instead", there)
    assert back.fields(SENT)["max_tokens"] == 4096
    again = said("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    assert learn(back, back.fields(SENT), again) is None


@pytest.mark.parametrize(
    "message",
    ["This model only supports streaming", "该模型仅支持流式输出", "'stream' must be set to true", "不支持非流式"],
)
def test_streaming_is_learnt_with_the_usage_asked_for(message: str) -> None:
    dialect = taught(message)
    assert dialect.fields(SENT)["stream"] is True
    assert dialect.fields(SENT)["stream_options"] == {"include_usage": True}
    without = taught("Unknown parameter: stream_options", dialect)
    assert without.fields(SENT)["stream"] is True
    assert "stream_options" not in without.fields(SENT)


def test_the_system_message_goes_into_the_first_one_where_there_is_no_such_role() -> None:
    fields = taught("System role not supported").fields(SENT)
    assert fields["messages"] == [{"role": "user", "content": "Be brief.\n\nDescribe a harbour."}]
    alone = SENT | {"messages": SENT["messages"][1:]}
    assert taught("System role not supported").fields(alone)["messages"] == alone["messages"]


def test_thinking_is_turned_off_where_it_has_to_be_and_the_switch_left_out_where_it_is_unknown() -> None:
    off = taught("parameter.enable_thinking must be set to false for non-streaming calls")
    assert off.fields(SENT)["enable_thinking"] is False
    assert "enable_thinking" not in taught("Unknown field: enable_thinking", off).fields(SENT)


def test_a_switch_of_thinking_that_cannot_be_turned_is_left_out() -> None:
    fields = SENT | {"thinking": {"type": "disabled"}}
    learnt = learn(Dialect(), fields, said("该模型不支持关闭思考"))
    assert learnt
    assert learnt.dialect.omit == ("thinking",)


def test_a_field_is_left_out_by_the_name_under_which_it_was_sent() -> None:
    dialect = taught("random_seed: Extra inputs are not permitted", Dialect(rename={"seed": "random_seed"}))
    assert not {"seed", "random_seed"} & dialect.fields(SENT).keys()


@pytest.mark.parametrize(
    "message", ["max_tokens is not supported", "model: unknown", "messages: too long", "不支持max_tokens", "No.", ""]
)
def test_what_a_request_needs_is_never_left_out(message: str) -> None:
    assert learn(Dialect(), SENT, said(message)) is None


def test_a_second_bound_may_go_and_the_last_one_stays() -> None:
    both = SENT | {"max_completion_tokens": 4096}
    learnt = learn(Dialect(), both, said("max_completion_tokens: Extra inputs are not permitted"))
    assert learnt
    assert learnt.dialect.omit == ("max_completion_tokens",)
    renamed = Dialect(rename={"max_tokens": "max_completion_tokens"})
    assert learn(renamed, renamed.fields(SENT), said("Unknown parameter: max_completion_tokens")) is None


@pytest.mark.parametrize("refusal", [None, [], 7, "", {"error": None}, {"error": []}, {"loc": []}, {"param": 3}])
def test_a_refusal_that_says_nothing_teaches_nothing(refusal: Any) -> None:
    assert learn(Dialect(), SENT, refusal) is None


def test_an_error_within_a_thousand_errors_teaches_nothing_and_is_no_failure() -> None:
    deep: Any = {"param": "seed"}
    for _ in range(1000):
        deep = {"error": deep}
    assert learn(Dialect(), SENT, deep) is None


def test_a_dialect_says_in_a_few_words_what_differs() -> None:
    assert not Dialect().describe()
    dialect = Dialect(omit=("seed",), rename={"max_tokens": "n"}, stream=True, most_tokens=2048, merge_system=True)
    assert dialect.describe() == (
        "without seed; max_tokens as n; the system message within the first one; streamed; at most 2,048 tokens a reply"
    )
    assert Dialect(extra={"enable_thinking": False}).describe() == "with enable_thinking = false"


def test_the_dialect_set_by_hand_is_that_of_the_configuration() -> None:
    teacher = parse_config(
        '[teacher]\nomit = ["seed"]\nrename = { max_tokens = "max_completion_tokens" }\nstream = true\n', "x"
    ).teacher
    by_hand = configured(teacher)
    assert by_hand == Dialect(omit=("seed",), rename={"max_tokens": "max_completion_tokens"}, stream=True)


NAMES = [*SENT, *LIMITS, "stream", "stream_options", "enable_thinking", "thinking", "random_seed", "min_p"]
PHRASES = [
    "Unknown parameter: {}", "use {} instead", "不支持{}参数", "{} must be at most 900", "{} must be false", "must be set to false",
    "This model only supports streaming", "System role not supported", "maximum context length is 2000 tokens, prompt has 900",
    "enable_thinking only support stream", "不支持关闭思考", "must be <= 20 tokens", "roles must alternate",
]  # fmt: skip
MESSAGES = st.lists(st.builds(str.format, st.sampled_from(PHRASES), st.sampled_from(NAMES)), max_size=3).map(" ".join)
REFUSALS = st.builds(said, MESSAGES | st.text(max_size=60), param=st.sampled_from([*NAMES, "", None]))
ADDED = st.dictionaries(st.sampled_from(["thinking", "enable_thinking", "min_p", "max_completion_tokens"]), st.just(1))


@given(st.lists(REFUSALS, max_size=60), ADDED)
def test_whatever_is_refused_learning_ends_and_the_request_stays_one(
    refusals: list[Any], added: dict[str, Any]
) -> None:
    dialect, logical, learnt = Dialect(), SENT | added, 0
    for refusal in refusals:
        sent = dialect.fields(logical)
        if found := learn(dialect, sent, refusal):
            assert found.dialect.fields(logical) != sent
            dialect, learnt = found.dialect, learnt + 1
    fields = dialect.fields(logical)
    assert fields["model"] == "m"
    assert [message["content"] for message in fields["messages"]][-1].endswith("Describe a harbour.")
    assert any(0 < fields.get(name, 0) <= 4096 for name in LIMITS)
    assert learnt <= 4 * len(NAMES)


@given(st.lists(REFUSALS, min_size=1, max_size=4))
def test_an_endpoint_that_says_the_same_for_ever_is_soon_not_learnt_from(refusals: list[Any]) -> None:
    dialect, learnt = Dialect(), 0
    while found := next((one for refusal in refusals if (one := learn(dialect, dialect.fields(SENT), refusal))), None):
        dialect, learnt = found.dialect, learnt + 1
        assert learnt <= 4 * len(NAMES)


@given(st.lists(REFUSALS, max_size=8))
def test_a_dialect_that_was_learnt_reads_back_from_its_file(refusals: list[Any]) -> None:
    dialect = Dialect()
    for refusal in refusals:
        found = learn(dialect, dialect.fields(SENT), refusal)
        dialect = found.dialect if found else dialect
    assert Dialect.model_validate_json(dialect.model_dump_json()) == dialect
