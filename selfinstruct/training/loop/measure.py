"""Loss over answer tokens, for training and for the validation rows.

The mean is over tokens, not over batch means: a batch of short answers must not weigh as much as one of long answers.
"""

from collections.abc import Sequence
from typing import Any

import torch

from selfinstruct.records import Record
from selfinstruct.training.data.batches import collate
from selfinstruct.training.data.encode import IGNORED, TokenizedExample
from selfinstruct.training.model.load import has_cuda


class Measure(Record):
    """Loss and end rate over some examples."""

    loss: float
    """Nats per answer token."""
    eos_rate: float
    """Share of examples for which the end token is the most likely token after the whole answer."""


def answer_loss(outputs: Any, labels: Any, num_items_in_batch: Any = None) -> Any:
    """Return the micro-batch's share of the step's loss: its sum, divided by the answer tokens of the whole step."""
    scores, targets, _ = _learned(outputs.logits, labels)
    summed = torch.nn.functional.cross_entropy(scores, targets, reduction="sum")
    return summed / (len(targets) if num_items_in_batch is None else num_items_in_batch)


def measure(model: Any, examples: Sequence[TokenizedExample], *, pad: int, batch_size: int) -> Measure:
    """Return loss and end rate over at least one example, without dropout or gradients."""
    loss, tokens, ended = (sum(values) for values in zip(*sums(model, examples, pad, batch_size), strict=True))
    return Measure(loss=loss / tokens, eos_rate=ended / len(examples))


def sums(model: Any, examples: Sequence[TokenizedExample], pad: int, batch_size: int) -> list[tuple[float, int, int]]:
    """Return (summed loss, answer tokens, whether the end token is predicted) of each example, in order."""
    order = sorted(range(len(examples)), key=lambda number: len(examples[number]["input_ids"]))
    found: list[tuple[float, int, int]] = [(0.0, 0, 0)] * len(examples)
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(order), batch_size):
            numbers = order[start : start + batch_size]
            batch = collate([examples[number] for number in numbers], pad)
            for number, value in zip(numbers, _sums(model, batch), strict=True):
                found[number] = value
    return found


def _sums(model: Any, batch: dict[str, Any]) -> list[tuple[float, int, int]]:
    """Return (summed loss, answer tokens, whether the end token is predicted) of each row of a batch."""
    batch = {name: value.to(model.device) if torch.is_tensor(value) else value for name, value in batch.items()}
    labels = batch.pop("labels")
    # accelerate uses it in training; without it a reloaded model would measure differently
    with torch.autocast(torch.device(model.device).type, torch.bfloat16, enabled=has_cuda()):
        logits = model(**batch).logits
    scores, targets, rows = _learned(logits, labels)
    losses = torch.nn.functional.cross_entropy(scores, targets, reduction="none")
    right = scores.argmax(dim=-1) == targets
    return [
        (float(losses[rows == row].sum()), int((rows == row).sum()), int(right[rows == row][-1]))
        for row in range(len(labels))
    ]


def _learned(logits: Any, labels: Any) -> tuple[Any, Any, Any]:
    """Return, for each answer token: the logits at the position before it, the token, and its row in the batch.

    `logits` may cover only the last positions (logits_to_keep); virtual tokens come before them and change nothing
    here.
    """
    wanted = labels[:, 1:]
    width = min(wanted.shape[1], logits.shape[1] - 1)
    wanted, before = wanted[:, wanted.shape[1] - width :], logits[:, -width - 1 : -1]
    rows, columns = (wanted != IGNORED).nonzero(as_tuple=True)
    return before[rows, columns].float(), wanted[rows, columns], rows
