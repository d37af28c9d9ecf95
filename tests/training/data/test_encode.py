from typing import Any

import pytest

from selfinstruct.errors import ConfigError, InputError
from selfinstruct.records import Row
from selfinstruct.training.data.batches import collate
from selfinstruct.training.data.encode import IGNORED, TokenizedExample, encode, format_of
from tests.support.encoded import encode_one, prompt_ids
from tests.support.models import CHAT, build_tokenizer, make_row

pytestmark = pytest.mark.finetune

ENGLISH = make_row("en", "Name the cat.", "Tom, he is called Tom", "It is grey.")
CHINESE = make_row("zh", "给这只猫起名。", "它叫小灰", "它是灰色的。")
BARE = make_row("en", "Name a cat.", "Tom")
TALK = make_row("en", "And a dog?", "Rex").model_copy(
    update={"history": (("Name a cat.", "Tom"), ("Its colour?", "Grey"))}
)
CHINESE_TALK = make_row("zh", "那只狗呢？", "它叫大黄", "它是黄色的。").model_copy(
    update={"history": (("给猫起名。", "小灰"),)}
)
PROMPTS = ["chat", "alpaca-v1", "alpaca-lora-v1"]


def encoded(tokenizer: Any, row: Row, prompt: str = "auto") -> TokenizedExample:
    return encode_one(row, tokenizer, format_of(tokenizer, prompt))


def stretches(tokenizer: Any, example: TokenizedExample) -> list[str]:
    """Return the text of each run of tokens that are learned together."""
    runs: list[list[int]] = []
    before = IGNORED
    for label in example["labels"]:
        if label != IGNORED:
            runs = [*runs, [label]] if before == IGNORED else [*runs[:-1], [*runs[-1], label]]
        before = label
    return [str(tokenizer.decode(run)) for run in runs]


def learned(tokenizer: Any, example: TokenizedExample) -> str:
    return str(tokenizer.decode([label for label in example["labels"] if label != IGNORED]))


def seen(tokenizer: Any, example: TokenizedExample) -> str:
    return str(tokenizer.decode(example["input_ids"]))


@pytest.mark.parametrize("pad", ["<|end|>", "<|text|>"])
@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("row", [ENGLISH, CHINESE, BARE, TALK, CHINESE_TALK])
def test_answers_each_with_one_end_token_are_all_that_is_learned(row: Row, prompt: str, pad: str) -> None:
    tokenizer = build_tokenizer(chat=CHAT, pad=pad)
    answers = [answer for _, answer in row.history] + [row.output]
    batch = collate([encoded(tokenizer, row, prompt), encoded(tokenizer, BARE, prompt)], tokenizer.pad_token_id)
    whole: TokenizedExample = {"input_ids": batch["input_ids"][0].tolist(), "labels": batch["labels"][0].tolist()}
    assert stretches(tokenizer, whole) == [answer + "<|end|>" for answer in answers]


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("row", [ENGLISH, TALK, CHINESE_TALK])
def test_a_model_that_shall_answer_is_given_what_it_was_trained_on_up_to_the_answer(row: Row, prompt: str) -> None:
    tokenizer = build_tokenizer(chat=CHAT, bos=True)
    form = format_of(tokenizer, prompt)
    given, whole = prompt_ids(row, tokenizer, form), encode_one(row, tokenizer, form)
    assert whole["input_ids"][: len(given)] == given
    assert tokenizer.decode(whole["input_ids"][len(given) :]) == row.output + "<|end|>"


def test_a_chat_with_history_is_what_the_template_writes() -> None:
    tokenizer = build_tokenizer(chat=CHAT)
    turns = [
        ("user", "Name a cat."),
        ("assistant", "Tom"),
        ("user", "Its colour?"),
        ("assistant", "Grey"),
        ("user", "And a dog?"),
    ]
    turns_ = [{"role": role, "content": text} for role, text in [*turns, ("assistant", "Rex")]]
    expected = tokenizer.apply_chat_template(turns_, tokenize=False).removesuffix("\n")
    assert seen(tokenizer, encoded(tokenizer, TALK)) == expected


def test_an_alpaca_prompt_with_history_repeats_the_headings_and_not_the_opening() -> None:
    text = seen(build_tokenizer(), encoded(build_tokenizer(), TALK))
    assert text.count("Below is an instruction") == 1
    assert text.endswith(
        "### Response:Tom<|end|>\n\n### Instruction:\nIts colour?\n\n### Response:Grey<|end|>\n\n"
        "### Instruction:\nAnd a dog?\n\n### Response:Rex<|end|>"
    )


def test_alpaca_loras_prompt_has_a_line_break_that_stanfords_has_not() -> None:
    tokenizer = build_tokenizer()
    assert "### Response:Tom" in seen(tokenizer, encoded(tokenizer, BARE, "alpaca-v1"))
    assert "### Response:\nTom" in seen(tokenizer, encoded(tokenizer, BARE, "alpaca-lora-v1"))


def test_where_a_template_drops_earlier_answers_each_is_learned_behind_its_own_question() -> None:
    tokenizer = build_tokenizer(chat="{% set messages = messages[-1:] %}" + CHAT)
    examples = encode(TALK, tokenizer, format_of(tokenizer))
    assert [learned(tokenizer, one) for one in examples] == ["Tom<|end|>", "Grey<|end|>", "Rex<|end|>"]


def test_a_chat_template_that_is_asked_for_has_to_be_there() -> None:
    with pytest.raises(ConfigError, match="no chat template"):
        format_of(build_tokenizer(), "chat")


def test_only_the_positions_before_learned_tokens_are_scored() -> None:
    tokenizer = build_tokenizer(chat=CHAT)
    examples = [encoded(tokenizer, row) for row in (BARE, ENGLISH)]
    batch = collate(examples, 1)
    first = min(
        example["labels"].index(next(label for label in example["labels"] if label >= 0)) for example in examples
    )
    assert batch["logits_to_keep"] == batch["labels"].shape[1] - first + 1


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


@pytest.mark.parametrize("gap", [" ", "\n", " \n"])
def test_an_end_token_after_white_space_is_learned_in_earlier_turns_too(gap: str) -> None:
    """As LLaMA 2's template writes it; the white space is learned too, since the model has to write it to come to the end."""
    written = CHAT.replace("{{ message['content'] }}<|end|>", "{{ message['content'] }}" + gap + "<|end|>")
    tokenizer = build_tokenizer(chat=written)
    example = encoded(tokenizer, TALK)
    assert learned(tokenizer, example) == f"Tom{gap}<|end|>Grey{gap}<|end|>Rex{gap}<|end|>"


def test_where_a_template_ends_no_answer_each_is_learned_with_the_end_of_text() -> None:
    chat = "{% for message in messages %}{{ message['content'] }}{% if message['role'] == 'user' %}<|end|>{% endif %}{% endfor %}"
    tokenizer = build_tokenizer(chat=chat)
    row = BARE.model_copy(update={"history": (("a", "Tom"),), "instruction": "b"})
    examples = encode(row, tokenizer, format_of(tokenizer))
    assert [learned(tokenizer, one) for one in examples] == ["Tom<|end|>", "Tom<|end|>"]


@pytest.mark.parametrize("chat", ["{{ raise_exception('roles must alternate') }}", "{{ nothing.there }}", "{% if %}"])
def test_a_template_that_cannot_be_filled_is_refused_with_the_way_out(chat: str) -> None:
    with pytest.raises(ConfigError, match=r'cannot be filled .*; set prompt = "alpaca-v1"'):
        format_of(build_tokenizer(chat=chat))


def test_an_end_token_written_inside_an_answer_is_text() -> None:
    tokenizer = build_tokenizer(chat=CHAT)
    example = encoded(tokenizer, make_row("en", "What ends a turn?", "The token <|end|> does."))
    assert example["labels"].count(tokenizer.eos_token_id) == 1
    assert learned(tokenizer, example) == "The token <|end|> does.<|end|>"


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
