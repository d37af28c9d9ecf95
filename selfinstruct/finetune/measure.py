"""The loss of a model on rows it does not learn from, counted by token, and whether it would end where the answer ends.

Not the mean of batch means: a batch of short answers must not weigh as much as a batch of long ones.
"""

from collections.abc import Sequence
from typing import Any

import torch

from selfinstruct.finetune.encode import IGNORED, Example, collate
from selfinstruct.records import Record


class Measure(Record):
    """What was measured over some examples."""

    loss: float
    """Nats per learned token."""
    eos_rate: float
    """Share of examples in which the end token is the likeliest after the whole answer."""


def measure(model: Any, examples: Sequence[Example], *, pad: int, batch_size: int) -> Measure:
    """Return loss and end rate over the examples, at least one; dropout is off and nothing is learned."""
    ordered = sorted(examples, key=lambda example: len(example["input_ids"]))
    model.eval()
    with torch.inference_mode():
        starts = range(0, len(ordered), batch_size)
        parts = [_sums(model, collate(ordered[start : start + batch_size], pad)) for start in starts]
    loss, tokens, ended = (sum(values) for values in zip(*parts, strict=True))
    return Measure(loss=loss / tokens, eos_rate=ended / len(examples))


def _sums(model: Any, batch: dict[str, Any]) -> tuple[float, int, int]:
    """Return summed loss, learned tokens and examples that end, of one batch."""
    batch = {name: tensor.to(model.device) for name, tensor in batch.items()}
    wanted = batch["labels"][:, 1:]
    # The last columns: methods with virtual tokens put theirs before.
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[
        :, -wanted.shape[1] - 1 : -1
    ]
    learned = wanted != IGNORED
    scores, targets = logits[learned].float(), wanted[learned]
    last = learned.sum(dim=1).cumsum(dim=0) - 1
    loss = torch.nn.functional.cross_entropy(scores, targets, reduction="sum")
    return float(loss), len(targets), int((scores[last].argmax(dim=-1) == targets[last]).sum())
