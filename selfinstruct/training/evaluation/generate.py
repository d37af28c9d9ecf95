"""Greedy answers of a model to batches of prompts, left-padded so that every answer follows its prompt directly."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from selfinstruct.records import Record
from selfinstruct.training.model.load import context_of


class GeneratedAnswer(Record):
    """The answer of a model to one prompt."""

    tokens: tuple[int, ...]
    """Token ids without the end token."""
    ended: bool
    """Whether the model produced the end token within the limit."""


def respond(  # noqa: PLR0913, PLR0917 -- model, prompts and decoding settings
    model: Any,
    prompts: Sequence[Sequence[int]],
    end: int,
    pad: int,
    most: int,
    batch_size: int,
    told: Callable[[int], None] = lambda _: None,
) -> list[GeneratedAnswer]:
    """Return the greedy answer, of at most `most` tokens, to each prompt, in order; `told` hears after each batch how many there are."""
    ends = _ends(model, end)
    _forget_settings(model)
    order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
    found: dict[int, GeneratedAnswer] = {}
    model.eval()
    for start in range(0, len(order), batch_size):
        numbers = order[start : start + batch_size]
        new = _generate(model, [prompts[number] for number in numbers], sorted(ends), pad, most)
        for number, tokens in zip(numbers, new, strict=True):
            length = next((at for at, token in enumerate(tokens) if token in ends), len(tokens))
            found[number] = GeneratedAnswer(tokens=tuple(tokens[:length]), ended=length < len(tokens))
        told(len(found))
    return [found[number] for number in range(len(prompts))]


def _ends(model: Any, end: int) -> set[int]:
    """Return the end tokens: ours, and those of the model's generation config (GLM has three)."""
    own = model.generation_config.eos_token_id
    return {end, *(one for one in (own if isinstance(own, list) else [own]) if type(one) is int and 0 <= one < 2**31)}


def _forget_settings(model: Any) -> None:
    """Drop the model's own generation settings: transformers takes from them what ours leave open, such as any number of beams."""
    from transformers import GenerationConfig

    getattr(model, "get_base_model", lambda: model)().generation_config = GenerationConfig()


def _generate(model: Any, prompts: Sequence[Sequence[int]], ends: list[int], pad: int, most: int) -> list[list[int]]:
    from transformers import GenerationConfig

    width = max(len(prompt) for prompt in prompts)
    gaps = [width - len(prompt) for prompt in prompts]
    most = max(1, min(most, _room(model, most + width) - width))
    config = GenerationConfig(do_sample=False, max_new_tokens=most, eos_token_id=ends, pad_token_id=pad, use_cache=True)
    ids = torch.tensor([[pad] * gap + list(prompt) for gap, prompt in zip(gaps, prompts, strict=True)]).to(model.device)
    mask = torch.tensor([[0] * gap + [1] * (width - gap) for gap in gaps]).to(model.device)
    with torch.inference_mode():
        if _has_virtual_embeddings(model):
            inputs = _with_virtual_embeddings(model, ids, mask)
            new = model.get_base_model().generate(**inputs, generation_config=config)
        else:
            new = model.generate(input_ids=ids, attention_mask=mask, generation_config=config)[:, width:]
    rows: list[list[int]] = new.tolist()
    return rows


def _room(model: Any, otherwise: int) -> int:
    """Return the maximum of prompt and answer tokens: the model's context, or `otherwise`, less its virtual tokens."""
    config = getattr(model, "active_peft_config", None)
    return (context_of(model.config) or otherwise) - (getattr(config, "num_virtual_tokens", None) or 0)


def _has_virtual_embeddings(model: Any) -> bool:
    config = getattr(model, "active_peft_config", None)
    return config is not None and config.is_prompt_learning and config.peft_type != "PREFIX_TUNING"


def _with_virtual_embeddings(model: Any, ids: Any, mask: Any) -> dict[str, Any]:
    """Return input embeddings and mask in the order padding, virtual tokens, prompt.

    PEFT puts the padding between virtual tokens and prompt and drops the positions; the distance between the two then
    depends on the batch, and so does the answer.
    """
    virtual = model.get_prompt(batch_size=1)[0]
    words = model.get_input_embeddings()(ids)
    rows, masks = [], []
    for row, seen in zip(words, mask, strict=True):
        gap = len(seen) - int(seen.sum())
        rows.append(torch.cat([row[:gap], virtual.to(row.dtype), row[gap:]]))
        masks.append(torch.cat([seen[:gap], seen.new_ones(len(virtual)), seen[gap:]]))
    return {"inputs_embeds": torch.stack(rows), "attention_mask": torch.stack(masks)}
