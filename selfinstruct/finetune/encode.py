"""From a row to what the model sees and what it learns: token ids, and labels that are -100 on the prompt.

The prompt is the model's own chat template, else the Alpaca prompt. Prompt and answer are tokenised apart and joined:
a tokenizer may merge letters across the border, and then masking by length is wrong (stanford_alpaca pull request 229).
The answer ends in exactly one end token, which is learned (alpaca-lora issue 439: without it answers never end). Rows
that are too long are left out, never cut. Padding is masked by position, never by token id, because many tokenizers pad
with the end token. Pure but for the tokenizer.
"""

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

from selfinstruct.dataset.export import user_turn
from selfinstruct.errors import InputError
from selfinstruct.records import LanguageCode, Record, Row

IGNORED = -100
"""Label of a position that is not learned; torch's own default."""

ALPACA: dict[LanguageCode, str] = {
    "en": (
        "Below is an instruction that describes a task. "
        "Write a response that appropriately completes the request.\n\n"
        "### Instruction:\n{instruction}\n\n### Response:"
    ),
    "zh": "下面是一条描述任务的指令。请写出恰当完成该要求的回答。\n\n### 指令：\n{instruction}\n\n### 回答：",
}
"""Without input. English: stanford_alpaca train.py, to the letter (alpaca-lora adds a newline); Chinese: ours."""

ALPACA_WITH_INPUT: dict[LanguageCode, str] = {
    "en": (
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a response that appropriately completes the request.\n\n"
        "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:"
    ),
    "zh": (
        "下面是一条描述任务的指令，并附有提供更多背景的输入。请写出恰当完成该要求的回答。\n\n"
        "### 指令：\n{instruction}\n\n### 输入：\n{input}\n\n### 回答："
    ),
}


class Example(TypedDict):
    """One row as the model takes it; both lists have the same length."""

    input_ids: list[int]
    labels: list[int]


class Format(Record):
    """How rows are written for one tokenizer."""

    prompt: Literal["chat", "alpaca"]
    start: tuple[int, ...]
    """Token before an Alpaca prompt: the tokenizer's begin token if it adds one. A chat template writes its own."""
    end: int
    """Token that ends an answer: of the turn in a chat template, else of the text."""


def format_of(tokenizer: Any) -> Format:
    """Return how rows are written for a tokenizer; raises InputError when it has no end token."""
    if tokenizer.eos_token_id is None:
        raise InputError(
            "the model's tokenizer has no end-of-text token, so answers would never end; choose another model"
        )
    if tokenizer.chat_template:
        return Format(prompt="chat", start=(), end=_end_of_turn(tokenizer))
    bos = tokenizer.bos_token_id
    added = bos is not None and tokenizer("a")["input_ids"][0] == bos
    return Format(prompt="alpaca", start=(bos,) if added else (), end=tokenizer.eos_token_id)


def _end_of_turn(tokenizer: Any) -> int:
    """Return the first special token that the template writes after an answer; Gemma's is not its end-of-text token."""
    turns = [{"role": "user", "content": "question"}, {"role": "assistant", "content": "@answer@"}]
    tail = tokenizer.apply_chat_template(turns, tokenize=False).rpartition("@answer@")[2]
    ids = tokenizer(tail.strip(), add_special_tokens=False)["input_ids"]
    return int(ids[0]) if ids and ids[0] in tokenizer.added_tokens_decoder else int(tokenizer.eos_token_id)


def encode_all(rows: Sequence[Row], tokenizer: Any, form: Format, max_length: int) -> list[tuple[Row, Example]]:
    """Return the rows that fit into `max_length` tokens, in their order, each with its encoding."""
    pairs = ((row, encode(row, tokenizer, form)) for row in rows)
    return [(row, example) for row, example in pairs if len(example["input_ids"]) <= max_length]


def encode(row: Row, tokenizer: Any, form: Format) -> Example:
    """Return prompt + answer + end token; only answer and end token are learned."""
    prompt = [*form.start, *_ids(tokenizer, prompt_of(row, tokenizer, form))]
    # split_special_tokens: "<|im_end|>" inside an answer is text about it, not the end of the turn
    answer = [*_ids(tokenizer, row.output.strip(), split_special_tokens=True), form.end]
    return {"input_ids": prompt + answer, "labels": [IGNORED] * len(prompt) + answer}


def prompt_of(row: Row, tokenizer: Any, form: Format) -> str:
    """Return the text up to where the answer begins; in a chat the user says instruction, blank line, input."""
    if form.prompt == "alpaca":
        prompts = ALPACA_WITH_INPUT if row.input else ALPACA
        return prompts[row.language].format(instruction=row.instruction, input=row.input)
    turns = [{"role": "user", "content": user_turn(row)}]
    return str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))


def _ids(tokenizer: Any, text: str, **options: bool) -> list[int]:
    """Return the tokens of a text and nothing else: no begin or end token added, whatever the tokenizer likes to do."""
    return list(tokenizer(text, add_special_tokens=False, **options)["input_ids"])


def collate(examples: Sequence[Example], pad: int) -> dict[str, Any]:
    """Return tensors of shape (rows, longest row), padded on the right: input_ids, attention_mask, labels."""
    import torch

    lengths = [len(example["input_ids"]) for example in examples]
    width = max(lengths)
    return {
        "input_ids": torch.tensor([_padded(example["input_ids"], width, pad) for example in examples]),
        "attention_mask": torch.tensor([_padded([1] * length, width, 0) for length in lengths]),
        "labels": torch.tensor([_padded(example["labels"], width, IGNORED) for example in examples]),
    }


def _padded(values: list[int], width: int, filler: int) -> list[int]:
    return values + [filler] * (width - len(values))
