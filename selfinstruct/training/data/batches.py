"""Micro-batches of rows: similar lengths together to reduce padding, in random order.

Rows are not packed into one sequence: that needs an attention that keeps rows apart, which only FlashAttention has at
no cost, and prefixes cannot be packed at all.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from selfinstruct.training.data.encode import IGNORED, TokenizedExample

WINDOW = 64
"""Number of micro-batches whose rows are sorted by length together: more means less padding, but less randomness."""


class Order:
    """A torch sampler that gives the order of the rows in each epoch: call `set_epoch`, then iterate over positions.

    The order depends on seed and epoch alone, so a resumed run sees the same rows as an uninterrupted one.
    """

    def __init__(self, lengths: Sequence[int], micro_batch_size: int, seed: int) -> None:
        """Take the token length of each row."""
        self.lengths, self.micro_batch_size, self.seed, self.epoch = lengths, micro_batch_size, seed, 0

    def __len__(self) -> int:
        return len(self.lengths)

    def set_epoch(self, epoch: int) -> None:
        """Set the epoch, from 0, of the next iteration."""
        self.epoch = epoch

    def __iter__(self) -> Iterator[int]:
        for batch in self.micro_batches(self.epoch):
            yield from batch

    def micro_batches(self, epoch: int) -> list[list[int]]:
        """Return the positions of each micro-batch; all have the same size but the last."""
        rng, size = random.Random(f"{self.seed}/{epoch}"), self.micro_batch_size
        rows = rng.sample(range(len(self)), len(self))
        full, rest = len(rows) - len(rows) % size, len(rows) % size
        batches = []
        for start in range(0, full, WINDOW * size):
            window = sorted(rows[start : min(start + WINDOW * size, full)], key=lambda row: self.lengths[row])
            batches += [window[first : first + size] for first in range(0, len(window), size)]
        rng.shuffle(batches)
        return [*batches, rows[full:]] if rest else batches


def padding_share(order: Order, epochs: int = 1) -> float:
    """Return the share of positions that are padding."""
    batches = [[order.lengths[row] for row in batch] for epoch in range(epochs) for batch in order.micro_batches(epoch)]
    positions = sum(len(batch) * max(batch) for batch in batches)
    return 1 - sum(sum(batch) for batch in batches) / positions


def collate(examples: Sequence[TokenizedExample], pad: int) -> dict[str, Any]:
    """Return right-padded tensors of shape (rows, longest row): input_ids, attention_mask, labels; and logits_to_keep.

    Padding is masked by position, never by token id, because many tokenizers pad with the end token.
    logits_to_keep: only these last positions predict something that is learned. A prompt's logits, one for each token of the
    vocabulary, would be most of the memory and a good part of the time.
    """
    import torch

    lengths = [len(example["input_ids"]) for example in examples]
    width = max(lengths)
    first = min(_first_learned(example["labels"]) for example in examples)
    return {
        "input_ids": torch.tensor([_padded(example["input_ids"], width, pad) for example in examples]),
        "attention_mask": torch.tensor([_padded([1] * length, width, 0) for length in lengths]),
        "labels": torch.tensor([_padded(example["labels"], width, IGNORED) for example in examples]),
        "logits_to_keep": width - first + 1,
    }


def _first_learned(labels: list[int]) -> int:
    return next(position for position, label in enumerate(labels) if label != IGNORED)


def _padded(values: list[int], width: int, filler: int) -> list[int]:
    return values + [filler] * (width - len(values))
