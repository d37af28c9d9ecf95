"""What of a row is handed to a chat template: thoughts before calls, results in their order, arguments as objects."""

import json
from typing import Any

import pytest

from selfinstruct.config import Finetune
from selfinstruct.dataset.export.turns import messages_of
from selfinstruct.records import Row
from selfinstruct.training import TrainingJob
from selfinstruct.training.data.chat_format import Thinking
from selfinstruct.training.data.encode import encode, format_of
from selfinstruct.training.data.messages import NoPlaceError
from selfinstruct.training.data.prepare import prepare
from selfinstruct.training.data.remarks import remarks
from tests.support.encoded import marked
from tests.support.families import CALLING, CALLS, Family, ends_of, tokenizer_of
from tests.support.rich_rows import call, result

pytestmark = pytest.mark.finetune
CALL, THOUGHT = CALLS["a call"], CALLS["a call with thoughts"]
QWEN = CALLING["Qwen2.5"]
IN_CALLS = Family(
    QWEN.template.replace(
        "{{ m.content }}",
        "{% if m.tool_calls and m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}",
    ),
    QWEN.ends,
)
"""Writes the thought before a call, and none before an answer, as Gemma 4 does."""


def taught(family: Family, row: Row, thinking: Thinking = "teach") -> str:
    tokenizer = tokenizer_of(family)
    form = format_of(tokenizer, "auto", thinking, "2026-01-31", ends_of(family, tokenizer))
    return "\n\n".join(marked(tokenizer, one) for one in encode(row, tokenizer, form))


def said(family: Family, row: Row, thinking: Thinking = "teach") -> list[str]:
    """Return what is said of a row, beside another one, before training."""
    tokenizer = tokenizer_of(family)
    settings = Finetune(thinking=thinking, max_length=4096)
    job = TrainingJob(settings=settings, model="m", output="o", seed=1)
    other = CALL.model_copy(update={"id": "f" * 16, "instruction": "罗马天气如何？"})
    rows = [row, other]
    return remarks(rows, prepare(rows, tokenizer, job), settings)


def test_a_thought_before_a_call_is_learned_where_answers_have_no_place_for_one() -> None:
    text = taught(IN_CALLS, THOUGHT)
    assert "[[<think>要查。</think><tool_call>" in text
    assert "[[晴。<|im_end|>]]" in text
    assert [one for one in said(IN_CALLS, THOUGHT) if "reasoning" in one] == [
        "the reasoning of 1 row is left out: the prompt format has no place for it; answers are learned without it"
    ]


def test_a_thought_before_a_call_that_has_no_place_is_left_out_and_counted() -> None:
    row = THOUGHT.model_copy(update={"reasoning": ""})
    assert "要查。" not in taught(QWEN, row)
    assert [one for one in said(QWEN, row) if "reasoning" in one] == [
        "the reasoning before calls of 1 row is left out: the prompt format has no place for it; calls are learned without it"
    ]


def test_no_thought_before_a_call_is_learned_where_none_is_wanted_and_that_is_counted() -> None:
    row = THOUGHT.model_copy(update={"reasoning": ""})
    assert "要查。" not in taught(IN_CALLS, row, "empty")
    assert any(
        'before calls of 1 row is left out: [finetune] thinking = "empty"' in one
        for one in said(IN_CALLS, row, "empty")
    )


def test_the_thoughts_of_earlier_answers_are_counted_too() -> None:
    row = CALL.model_copy(update={"history": (("Hi.", "<think>\nA greeting.\n</think>\n\nHello."),)})
    assert any(one.startswith("the reasoning of 1 row is left out") for one in said(QWEN, row))


def test_a_thought_in_a_text_part_of_a_call_is_a_thought() -> None:
    parts = [{"type": "text", "text": "<think>\n要查。\n</think>"}, {"type": "text", "text": "我查一下。"}]
    row = CALL.model_copy(update={"calls": ({**CALL.calls[0], "content": parts}, CALL.calls[1])})
    assert "[[<think>要查。</think>我查一下。<tool_call>" in taught(IN_CALLS, row)


def two(*answered: str) -> Row:
    """Return a row with two calls, and their results in an order."""
    both = [{**call("weather", {"city": city})["tool_calls"][0], "id": city} for city in ("Rome", "Oslo")]
    results = tuple({**result(f"sun in {city}"), "tool_call_id": city} for city in answered)
    return CALL.model_copy(update={"calls": ({"role": "assistant", "content": None, "tool_calls": both}, *results)})


SHOWN = Family(
    QWEN.template.replace("{{ m.content }}", "{{ m.tool_call_id or '' }} {{ m.content }}").replace(
        '"name": "{{ c', '"id": "{{ c.id }}", "name": "{{ c'
    ),
    QWEN.ends,
)


def test_results_have_the_order_of_the_calls_where_no_ids_are_shown() -> None:
    assert taught(QWEN, two("Oslo", "Rome")) == taught(QWEN, two("Rome", "Oslo"))


def test_results_keep_their_order_where_their_ids_are_shown() -> None:
    text = taught(SHOWN, two("Oslo", "Rome"))
    assert text.index("Oslo sun in Oslo") < text.index("Rome sun in Rome")


def doubly(arguments: object) -> dict[str, Any]:
    """Return a call whose arguments are a JSON text of a JSON text."""
    function = {"name": "weather", "arguments": json.dumps(json.dumps(arguments, ensure_ascii=False))}
    return {"role": "assistant", "content": None, "tool_calls": [{"type": "function", "function": function}]}


def test_arguments_that_were_encoded_twice_are_those_of_the_inner_text() -> None:
    row = CALL.model_copy(update={"calls": (doubly({"city": "巴黎"}), CALL.calls[1])})
    assert taught(QWEN, row) == taught(QWEN, CALL)
    assert messages_of(row)[1]["tool_calls"][0]["function"]["arguments"] == '{"city": "巴黎"}'


@pytest.mark.parametrize("inner", ["a text", [1], 3])
def test_arguments_that_hold_no_object_inside_either_are_refused(inner: object) -> None:
    row = CALL.model_copy(update={"calls": (doubly(inner), CALL.calls[1])})
    with pytest.raises(NoPlaceError, match="no JSON object"):
        taught(QWEN, row)
    assert messages_of(row)[1]["tool_calls"] == row.calls[0]["tool_calls"]
