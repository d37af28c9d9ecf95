"""Encoded rows: the one example of a row, its prompt, and text with marks around what is learned."""

from itertools import groupby
from typing import Any

from selfinstruct.records import Row
from selfinstruct.training.data.encode import IGNORED, Format, TokenizedExample, asked_and_answered, encode


def encode_one(row: Row, tokenizer: Any, form: Format) -> TokenizedExample:
    """Return the only example of a row."""
    (example,) = encode(row, tokenizer, form)
    return example


def prompt_ids(row: Row, tokenizer: Any, form: Format) -> list[int]:
    return asked_and_answered(row, tokenizer, form)[0]


def marked(tokenizer: Any, example: TokenizedExample) -> str:
    """Return an example as text, with [[ ]] around what is learned."""
    pairs = zip(example["input_ids"], example["labels"], strict=True)
    found = ""
    for learned, run in groupby(pairs, key=lambda pair: pair[1] != IGNORED):
        text = str(tokenizer.decode([token for token, _ in run]))
        found += f"[[{text}]]" if learned else text
    return found
