"""Answers of a model to prompts: greedy, many at once, padded on the left so that every answer begins where its prompt ends."""

from collections.abc import Sequence
from typing import Any

import torch

from selfinstruct.records import Record


class Answer(Record):
    """What a model said to one prompt."""

    tokens: tuple[int, ...]
    """Without the end token."""
    ended: bool
    """Whether it said the end token itself, within the tokens that it was given."""


def respond(model: Any, prompts: Sequence[Sequence[int]], end: int, pad: int, most: int, batch_size: int) -> list[Answer]:
    """Return the likeliest answer, of at most `most` tokens, to each prompt, in their order."""
    ends = _ends(model, end)
    order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
    found: dict[int, Answer] = {}
    model.eval()
    for start in range(0, len(order), batch_size):
        numbers = order[start : start + batch_size]
        new = _generate(model, [prompts[number] for number in numbers], sorted(ends), pad, most)
        for number, tokens in zip(numbers, new, strict=True):
            length = next((at for at, token in enumerate(tokens) if token in ends), len(tokens))
            found[number] = Answer(tokens=tuple(tokens[:length]), ended=length < len(tokens))
    return [found[number] for number in range(len(prompts))]


def _ends(model: Any, end: int) -> set[int]:
    """Return the tokens that end an answer: ours, and those that the model itself stops at (GLM has three)."""
    own = model.generation_config.eos_token_id
    return {end, *(own if isinstance(own, list) else [own] if own is not None else [])}


def _generate(model: Any, prompts: Sequence[Sequence[int]], ends: list[int], pad: int, most: int) -> list[list[int]]:
    from transformers import GenerationConfig

    width = max(len(prompt) for prompt in prompts)
    gaps = [width - len(prompt) for prompt in prompts]
    config = GenerationConfig(do_sample=False, max_new_tokens=most, eos_token_id=ends, pad_token_id=pad, use_cache=True)
    with torch.inference_mode():
        out = model.generate(
            input_ids=torch.tensor([[pad] * gap + list(prompt) for gap, prompt in zip(gaps, prompts, strict=True)]).to(model.device),
            attention_mask=torch.tensor([[0] * gap + [1] * (width - gap) for gap in gaps]).to(model.device),
            generation_config=config,
        )
    return [row[width:] for row in out.tolist()]
