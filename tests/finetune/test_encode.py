from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.finetune.batches import collate
from selfinstruct.finetune.encode import IGNORED, Example, encode, format_of
from selfinstruct.records import Row

from .conftest import CHAT, build_tokenizer, make_row

pytestmark = pytest.mark.finetune

ENGLISH = make_row("en", "Name the cat.", "Tom, he is called Tom", "It is grey.")
CHINESE = make_row("zh", "给这只猫起名。", "它叫小灰", "它是灰色的。")
BARE = make_row("en", "Name a cat.", "Tom")


def encoded(tokenizer: Any, row: Row) -> Example:
    return encode(row, tokenizer, format_of(tokenizer))


def learned(tokenizer: Any, example: Example) -> str:
    return str(tokenizer.decode([label for label in example["labels"] if label != IGNORED]))


def seen(tokenizer: Any, example: Example) -> str:
    return str(tokenizer.decode(example["input_ids"]))


@pytest.mark.parametrize("chat", [CHAT, None])
@pytest.mark.parametrize("row", [ENGLISH, CHINESE, BARE])
def test_answer_and_one_end_token_are_all_that_is_learned(chat: str | None, row: Row) -> None:
    tokenizer = build_tokenizer(chat=chat)
    assert learned(tokenizer, encoded(tokenizer, row)) == row.output + "<|end|>"


def test_learned_labels_stand_at_the_end_and_equal_the_tokens() -> None:
    example = encoded(build_tokenizer(chat=CHAT), CHINESE)
    count = sum(label != IGNORED for label in example["labels"])
    assert example["labels"][-count:] == example["input_ids"][-count:]
    assert set(example["labels"][:-count]) == {IGNORED}


def test_a_chat_turn_is_instruction_blank_line_input() -> None:
    tokenizer = build_tokenizer(chat=CHAT)
    expected = "<|start|>user\n给这只猫起名。\n\n它是灰色的。<|end|>\n<|start|>assistant\n它叫小灰<|end|>"
    assert seen(tokenizer, encoded(tokenizer, CHINESE)) == expected


def test_the_english_alpaca_prompt_is_stanfords() -> None:
    tokenizer = build_tokenizer()
    expected = (
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a response that appropriately completes the request.\n\n"
        "### Instruction:\nName the cat.\n\n### Input:\nIt is grey.\n\n### Response:"
    )
    assert seen(tokenizer, encoded(tokenizer, ENGLISH)).startswith(expected + "Tom")


def test_a_chinese_row_has_a_chinese_alpaca_prompt_and_no_input_part_without_input() -> None:
    tokenizer = build_tokenizer()
    text = seen(tokenizer, encoded(tokenizer, make_row("zh", "给猫起名。", "小灰")))
    assert "### 指令：\n给猫起名。\n\n### 回答：小灰" in text
    assert "输入" not in text


def test_braces_in_a_row_are_text() -> None:
    tokenizer = build_tokenizer()
    row = make_row("en", "Explain {input} and {0}.", "A {field}.", "{instruction}")
    assert "Explain {input} and {0}.\n\n### Input:\n{instruction}\n" in seen(tokenizer, encoded(tokenizer, row))


@pytest.mark.parametrize(("chat", "expected"), [(None, 1), (CHAT, 0), ("{{ bos_token }}" + CHAT, 1)])
def test_the_begin_token_is_never_doubled(chat: str | None, expected: int) -> None:
    tokenizer = build_tokenizer(chat=chat, bos=True)
    ids = encoded(tokenizer, BARE)["input_ids"]
    assert ids.count(tokenizer.bos_token_id) == expected
    assert expected == 0 or ids[0] == tokenizer.bos_token_id


def test_the_end_token_of_a_template_is_its_own_end_of_turn() -> None:
    tokenizer = build_tokenizer(chat=CHAT.replace("<|end|>", "<|text|>"))
    assert learned(tokenizer, encoded(tokenizer, BARE)) == "Tom<|text|>"


def test_a_template_that_writes_nothing_after_an_answer_ends_with_the_text() -> None:
    tokenizer = build_tokenizer(chat=CHAT.replace("<|end|>", ""))
    assert learned(tokenizer, encoded(tokenizer, BARE)) == "Tom<|end|>"


def test_an_end_token_written_inside_an_answer_is_text() -> None:
    tokenizer = build_tokenizer(chat=CHAT)
    example = encoded(tokenizer, make_row("en", "What ends a turn?", "The token <|end|> does.\n"))
    assert example["labels"].count(tokenizer.eos_token_id) == 1
    assert learned(tokenizer, example) == "The token <|end|> does.<|end|>"


def test_rows_that_are_too_long_are_left_out_and_the_others_are_whole() -> None:
    tokenizer = build_tokenizer(chat=CHAT)
    exact = len(encoded(tokenizer, BARE)["input_ids"])
    long = make_row("en", "Name a cat.", "Tom" * 500)
    form = format_of(tokenizer)
    assert encode_all([long, BARE], tokenizer, form, exact) == [(BARE, encoded(tokenizer, BARE))]
    assert encode_all([long, BARE], tokenizer, form, exact - 1) == []


def test_padding_is_masked_by_position_so_the_end_token_is_still_learned() -> None:
    tokenizer = build_tokenizer(chat=CHAT)
    assert tokenizer.pad_token_id == tokenizer.eos_token_id
    examples = [encoded(tokenizer, row) for row in (BARE, ENGLISH)]
    batch = collate(examples, tokenizer.pad_token_id)
    short = len(examples[0]["input_ids"])
    assert batch["labels"][0, short - 1] == tokenizer.eos_token_id
    assert set(batch["labels"][0, short:].tolist()) == {IGNORED}
    assert batch["attention_mask"].sum(dim=1).tolist() == [len(example["input_ids"]) for example in examples]


def test_a_tokenizer_without_end_token_is_refused() -> None:
    tokenizer = build_tokenizer(pad=None)
    tokenizer.eos_token = None
    with pytest.raises(InputError, match="no end-of-text token"):
        format_of(tokenizer)
