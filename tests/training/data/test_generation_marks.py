"""Templates with `{% generation %}` marks: what stands outside of them is not learned, but for the end."""

from typing import Any

import pytest

from selfinstruct.records import Row
from selfinstruct.training.data.encode import IGNORED, encode, format_of
from selfinstruct.training.data.tokens import Segment, learned_behind
from tests.support.encoded import marked
from tests.support.families import CALLS, MARKED, ROWS, Family, ends_of, tokenizer_of

pytestmark = pytest.mark.finetune


def taught(family: Family, row: Row) -> str:
    tokenizer = tokenizer_of(family)
    return "\n\n".join(
        marked(tokenizer, one)
        for one in encode(row, tokenizer, format_of(tokenizer, model_ends=ends_of(family, tokenizer)))
    )


@pytest.mark.parametrize(
    ("name", "behind"),
    [
        ("the whole turn", "<|im_start|>assistant\n[[The Seine.<|im_end|>]]"),
        ("answer and end", "<|assistant|>\n[[The Seine.<|End|>]]"),
        ("the answer", "<|assistant|>\n[[The Seine.]] [[<|End|>]]"),
    ],
)
def test_what_stands_outside_of_the_marks_is_not_learned_but_for_the_end(name: str, behind: str) -> None:
    assert taught(MARKED[name], ROWS["a question"]).endswith(behind)


def test_without_marks_all_behind_the_prompt_is_learned() -> None:
    bare = MARKED["the answer"].template.replace("{% generation %}", "").replace("{% endgeneration %}", "")
    assert taught(Family(bare, ("<|End|>",)), ROWS["a question"]).endswith("<|assistant|>[[\nThe Seine. <|End|>]]")


@pytest.mark.parametrize("name", MARKED)
def test_every_answer_of_a_conversation_has_the_marks_of_the_last(name: str) -> None:
    text = taught(MARKED[name], ROWS["a conversation"])
    assert "[[The Seine." in text
    assert "[[Paris." in text
    assert text.count("[[") == (4 if name == "the answer" else 2)


def test_a_thought_outside_of_the_marks_is_context() -> None:
    text = taught(MARKED["answer and end"], ROWS["a thought"])
    assert text.endswith("<|assistant|><think>巴黎的那条。</think>\n[[塞纳河。<|End|>]]")


def test_a_thought_inside_of_the_marks_is_learned() -> None:
    inside = MARKED["answer and end"].template.replace("{% generation %}", "")
    family = Family(inside.replace("<|assistant|>{% if m", "<|assistant|>{% generation %}{% if m", 1), ("<|End|>",))
    assert taught(family, ROWS["a thought"]).endswith("[[<think>巴黎的那条。</think>\n塞纳河。<|End|>]]")


@pytest.mark.parametrize(
    ("name", "learned"),
    [
        ("answer and end", '\n[[<tool_call>{"name": "weather", "arguments": {"city": "巴黎"}}</tool_call><|End|>]]'),
        ("the answer", '\n<tool_call>{"name": "weather", "arguments": {"city": "巴黎"}}</tool_call> [[<|End|>]]'),
    ],
)
def test_of_a_call_too_what_stands_outside_of_the_marks_is_not_learned(name: str, learned: str) -> None:
    row = CALLS["a call as the answer"].model_copy(update={"tools": ()})
    assert taught(MARKED[name], row).endswith("<|assistant|>" + learned)


def test_marks_that_leave_out_the_answer_itself_are_none() -> None:
    beside = MARKED["the answer"].template.replace(
        "{{ m.content }}{% endgeneration %}", "{% endgeneration %}{{ m.content }}"
    )
    assert taught(Family(beside, ("<|End|>",)), ROWS["a question"]).endswith("<|assistant|>[[\nThe Seine. <|End|>]]")


def test_the_marks_are_those_that_transformers_gives() -> None:
    tokenizer = tokenizer_of(MARKED["answer and end"])
    turns = [{"role": "user", "content": "Name a river."}, {"role": "assistant", "content": "The Seine."}]
    theirs = tokenizer.apply_chat_template(turns, return_dict=True, return_assistant_tokens_mask=True)
    (ours,) = encode(ROWS["a question"], tokenizer, format_of(tokenizer))
    assert ours["input_ids"] == theirs["input_ids"]
    assert [label != IGNORED for label in ours["labels"]] == [bool(one) for one in theirs["assistant_masks"]]


def test_a_token_on_a_border_is_learned() -> None:
    tokenizer = pairs()
    outside, inside = Segment("abc", is_own=False, is_learned=False), Segment("def", is_own=True)
    ids, learned = learned_behind(tokenizer, "", [outside, inside])
    assert tokenizer.convert_ids_to_tokens(ids) == ["ab", "cd", "e", "f"]
    assert learned == [False, True, True, True]
    _, other = learned_behind(tokenizer, "", [inside._replace(text="abc"), outside._replace(text="def")])
    assert other == [True, True, False, False]


def pairs() -> Any:
    """Return a tokenizer of letters that joins two pairs of them."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    words = ["<|end|>", *"abcdef\n", "ab", "cd"]
    inner = Tokenizer(
        models.BPE(vocab={word: number for number, word in enumerate(words)}, merges=[("a", "b"), ("c", "d")])
    )
    inner.add_special_tokens(["<|end|>"])
    return PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="<|end|>")  # noqa: S106 -- no password
