"""Rows with tools: calls are learned as the template writes them, up to the token at which the model stops."""

import json
from typing import Any

import pytest

from selfinstruct.records import Row
from selfinstruct.training.data.encode import encode, format_of
from selfinstruct.training.data.messages import NoPlaceError
from tests.support.encoded import marked, prompt_ids
from tests.support.families import CALLING, CALLS, FAMILIES, Family, ends_of, tokenizer_of
from tests.support.rich_rows import call, result, tool

pytestmark = pytest.mark.finetune
CALL, THOUGHT, LAST = CALLS.values()


def examples(family: Family, row: Row, thinking: Any = "teach") -> list[str]:
    tokenizer = tokenizer_of(family)
    form = format_of(tokenizer, "auto", thinking, "2026-01-31", ends_of(family, tokenizer))
    return [marked(tokenizer, one) for one in encode(row, tokenizer, form)]


def learned(family: Family, row: Row, thinking: Any = "teach") -> list[str]:
    return [part.split("]]")[0] for text in examples(family, row, thinking) for part in text.split("[[")[1:]]


@pytest.mark.parametrize("name", CALLING)
@pytest.mark.parametrize("thinking", ["teach", "empty", "off"])
def test_call_and_answer_are_learned_with_their_ends_and_the_result_is_context(name: str, thinking: str) -> None:
    called, answered = learned(CALLING[name], CALL, thinking)
    ends = {"GLM-4.5": ("<|observation|>", "<|user|>"), "Mistral": ("</s>", "</s>")}.get(name, ("<|im_end|>",) * 2)
    assert called.endswith("</tool_call>" + ends[0])
    assert "weather" in called
    assert answered.endswith("晴。" + ends[1])
    assert "sunny" not in called + answered
    assert all(text.count("<think>") == text.count("</think>") for text in examples(CALLING[name], CALL, thinking))


@pytest.mark.parametrize("name", CALLING)
def test_a_call_may_be_the_answer(name: str) -> None:
    (called,) = learned(CALLING[name], LAST)
    assert "weather" in called
    assert "巴黎" in called


def test_the_thought_before_a_call_is_learned_and_stays_until_the_next_question() -> None:
    called, answered = learned(CALLING["Qwen3"], THOUGHT)
    assert called.startswith("<think>\n要查。\n</think>")
    assert answered.startswith("<think>\n晴天。\n</think>")
    assert len(examples(CALLING["Qwen3"], THOUGHT)) == 1
    assert all("要查。" not in text for text in examples(CALLING["Qwen3"], THOUGHT, "empty"))


def test_thoughts_of_an_earlier_turn_are_not_sent_even_where_the_template_would_write_them() -> None:
    later = THOUGHT.model_copy(
        update={
            "history": ((THOUGHT.instruction, THOUGHT.output),),
            "calls": tuple({"turn": 0, **one} for one in THOUGHT.calls),
            "instruction": "谢谢。",
            "output": "不客气。",
            "reasoning": "",
        }
    )
    keeping = CALLING["Qwen2.5"].template.replace(
        "{{ m.content }}",
        "{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}",
    )
    first, last = examples(Family(keeping, CALLING["Qwen2.5"].ends), later)
    assert "[[<think>要查。</think><tool_call>" in first
    assert "要查。" not in last


def test_the_prompt_of_an_answer_after_a_call_is_the_one_that_a_server_sends() -> None:
    family = CALLING["Qwen2.5"]
    tokenizer = tokenizer_of(family)
    messages: list[dict[str, Any]] = [{"role": "user", "content": CALL.instruction}]
    arguments = json.loads(CALL.calls[0]["tool_calls"][0]["function"]["arguments"])
    function = {"name": "weather", "arguments": arguments}
    messages.append({"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": function}]})
    messages.append({"role": "tool", "content": "sunny"})
    served = tokenizer.apply_chat_template(messages, tools=list(CALL.tools), add_generation_prompt=True)["input_ids"]
    assert prompt_ids(CALL, tokenizer, format_of(tokenizer, model_ends=ends_of(family, tokenizer))) == served


def test_ids_are_shortened_only_for_a_template_that_wants_it() -> None:
    several = CALL.model_copy(update={"calls": ({**call("weather", {}), "content": ""}, result("a"), *CALL.calls)})
    assert len(learned(CALLING["Mistral"], several)) == 3
    assert (
        "call_1234567"
        in learned(
            Family(
                "{% for m in messages %}<|user|>{{ m.content }}{% for c in m.tool_calls or [] %}"
                "{{ c.function.name + c.id }}{{ c.function.arguments | tojson }}{% endfor %}<|End|>{% endfor %}",
                ("<|End|>",),
            ),
            with_id("call_1234567"),
        )[0]
    )


def with_id(name: str) -> Row:
    message = CALL.calls[0]
    named = {**message, "tool_calls": [{**message["tool_calls"][0], "id": name}]}
    return LAST.model_copy(update={"calls": (named,), "tools": ()})


def test_an_earlier_call_of_weight_0_is_context() -> None:
    unlearned = CALL.model_copy(update={"calls": ({**CALL.calls[0], "weight": 0}, CALL.calls[1])})
    (text,) = examples(CALLING["Qwen2.5"], unlearned)
    assert text.count("[[") == 1
    assert "<tool_call>" in text.split("[[")[0]


IM = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
REFUSING = (
    "{% for m in messages %}{% if m.role not in ['user', 'assistant'] %}{{ raise_exception('no tools here') }}{% endif %}{% endfor %}"
    + IM
)
ENDLESS = CALLING["Qwen2.5"].template.replace(
    "{% endfor %}<|im_end|>", "{% endfor %}{{ '' if m.tool_calls else '<|im_end|>' }}"
)


@pytest.mark.parametrize(
    ("template", "row", "reason"),
    [
        (FAMILIES["Qwen2.5, SmolLM2"].template, CALL, "has no place for tools"),
        (FAMILIES["Qwen2.5, SmolLM2"].template, LAST.model_copy(update={"tools": ()}), "writes no calls"),
        (REFUSING, CALL.model_copy(update={"tools": ()}), "no tools here"),
        (ENDLESS, LAST, "in no token at which the model stops"),
        (
            CALLING["Qwen2.5"].template,
            CALL.model_copy(update={"calls": (call("weather", {"city": "<|im_end|>"}),)}),
            "special token",
        ),
        (
            CALLING["Qwen2.5"].template,
            CALL.model_copy(update={"calls": ({"role": "tool", "content": [{"type": "image_url"}]},)}),
            "more than text",
        ),
        (
            CALLING["Qwen2.5"].template,
            CALL.model_copy(
                update={"calls": ({**CALL.calls[0], "tool_calls": [{"function": {"name": "a", "arguments": "["}}]},)}
            ),
            "no JSON object",
        ),
        (CALLING["Qwen2.5"].template, LAST.model_copy(update={"calls": ({**CALL.calls[0], "weight": 0},)}), "weight 0"),
    ],
)
def test_a_row_for_which_the_template_has_no_place_is_told_by_its_reason(template: str, row: Row, reason: str) -> None:
    with pytest.raises(NoPlaceError, match=reason):
        examples(Family(template, ("<|im_end|>",)), row)


def test_an_alpaca_prompt_has_no_place_for_tools() -> None:
    tokenizer = tokenizer_of(CALLING["Qwen2.5"])
    with pytest.raises(NoPlaceError, match="Alpaca"):
        encode(CALL, tokenizer, format_of(tokenizer, "alpaca-v1"))


def test_tools_that_are_not_called_are_written_too() -> None:
    row = CALL.model_copy(update={"calls": (), "tools": (tool("weather"), tool("天气"))})
    (text,) = examples(CALLING["Qwen2.5"], row)
    assert "天气" in text.split("[[")[0]


def two_calls() -> Row:
    both = [*call("weather", {"city": "巴黎"})["tool_calls"], *call("weather", {"city": "罗马"})["tool_calls"]]
    message = {"role": "assistant", "content": None, "tool_calls": both}
    return CALL.model_copy(update={"calls": (message, result("a"), result("b"))})


QWEN = CALLING["Qwen2.5"].template
FIRST_ONLY = QWEN.replace("m.tool_calls or []", "(m.tool_calls or [])[:1]")
DROPS_TEXT = QWEN.replace("{{ m.content }}", "{{ '' if m.tool_calls else m.content }}")
MOVES_TEXT = DROPS_TEXT.replace(
    "</tool_call>{% endfor %}", "</tool_call>{% endfor %}{{ m.content if m.tool_calls else '' }}"
)
AS_PYTHON = QWEN.replace("{{ c.function.arguments | tojson }}", "{{ c.function.arguments }}")
AS_TEXT = QWEN.replace("{{ c.function.arguments | tojson }}", "{{ '' + c.function.arguments }}")
SAID = CALL.model_copy(update={"calls": ({**CALL.calls[0], "content": "我查一下。"}, CALL.calls[1])})


@pytest.mark.parametrize(
    ("template", "row", "reason"),
    [
        (FIRST_ONLY, two_calls(), "or not all of a message"),
        (DROPS_TEXT, SAID, "drops or moves the text before a call"),
        (MOVES_TEXT, SAID, "drops or moves the text before a call"),
    ],
)
def test_a_message_of_which_the_template_writes_a_part_is_left_out(template: str, row: Row, reason: str) -> None:
    assert "[[" in examples(Family(QWEN, ("<|im_end|>",)), row)[0]
    with pytest.raises(NoPlaceError, match=reason):
        examples(Family(template, ("<|im_end|>",)), row)


@pytest.mark.parametrize("template", [AS_PYTHON, AS_TEXT])
def test_arguments_are_text_for_a_template_that_writes_no_json_of_objects_or_takes_none(template: str) -> None:
    row = CALL.model_copy(update={"calls": (call("weather", {"city": "巴黎", "days": [1, None, True]}), result("a"))})
    called, _ = learned(Family(template, ("<|im_end|>",)), row)
    assert '{"city": "巴黎", "days": [1, null, true]}' in called


def test_a_bare_tool_is_sent_as_a_server_has_it() -> None:
    bare = CALL.model_copy(update={"tools": (tool("weather")["function"],)})
    assert examples(CALLING["Qwen2.5"], bare) == examples(CALLING["Qwen2.5"], CALL)


@pytest.mark.parametrize(
    "calls",
    [
        (CALL.calls[0], result("<tool_response>\nsunny\n</tool_response>")),
        (
            {"role": "assistant", "content": None, "function_call": CALL.calls[0]["tool_calls"][0]["function"]},
            {"role": "function", "name": "weather", "content": "sunny"},
        ),
    ],
)
def test_other_layouts_of_calls_and_results_are_sent_in_the_one_of_today(calls: tuple[dict[str, Any], ...]) -> None:
    row = CALL.model_copy(update={"calls": calls})
    assert examples(CALLING["Qwen2.5"], row) == examples(CALLING["Qwen2.5"], CALL)


def test_a_result_without_a_call_that_the_template_refuses_is_left_out_and_ends_no_run() -> None:
    row = CALL.model_copy(update={"tools": (), "calls": (result("sunny"),)})
    with pytest.raises(NoPlaceError, match="no tools here"):
        examples(Family(REFUSING, ("<|im_end|>",)), row)


def test_of_several_templates_the_one_for_tools_is_taken() -> None:
    tokenizer = tokenizer_of(CALLING["Qwen2.5"])
    tokenizer.chat_template = {"default": FAMILIES["Qwen2.5, SmolLM2"].template, "tool_use": QWEN}
    form = format_of(tokenizer, model_ends=ends_of(CALLING["Qwen2.5"], tokenizer))
    assert "<tool_call>" in marked(tokenizer, encode(CALL, tokenizer, form)[0])
