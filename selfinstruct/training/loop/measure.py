"""The loss of a model over answer tokens: the one that is trained, and the one that is measured on rows held out.

Not the mean of batch means: a batch of short answers must not weigh as much as a batch of long ones.
"""

from collections.abc import Sequence
from typing import Any

import torch

from selfinstruct.records import Record
from selfinstruct.training.data.batches import collate
from selfinstruct.training.data.encode import IGNORED, TokenizedExample
from selfinstruct.training.model.load import has_cuda


class Measure(Record):
    """What was measured over some examples."""

    loss: float
    """Nats per learned token."""
    eos_rate: float
    """Share of examples in which the end token is the likeliest after the whole answer."""


def answer_loss(outputs: Any, labels: Any, num_items_in_batch: Any = None) -> Any:
    """Return the loss of a micro-batch as its share of the step's: summed, divided by the learned tokens of the whole step."""
    scores, targets, _ = _learned(outputs.logits, labels)
    summed = torch.nn.functional.cross_entropy(scores, targets, reduction="sum")
    return summed / (len(targets) if num_items_in_batch is None else num_items_in_batch)


def measure(model: Any, examples: Sequence[TokenizedExample], *, pad: int, batch_size: int) -> Measure:
    """Return loss and end rate over the examples, at least one; dropout is off and nothing is learned."""
    loss, tokens, ended = (sum(values) for values in zip(*sums(model, examples, pad, batch_size), strict=True))
    return Measure(loss=loss / tokens, eos_rate=ended / len(examples))


def sums(model: Any, examples: Sequence[TokenizedExample], pad: int, batch_size: int) -> list[tuple[float, int, int]]:
    """Return (summed loss, learned tokens, whether it would end) of each example, in their order."""
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
    """Return (summed loss, learned tokens, whether it ends) of each row of one batch."""
    batch = {name: value.to(model.device) if torch.is_tensor(value) else value for name, value in batch.items()}
    labels = batch.pop("labels")
    # accelerate's own while training, and so here too: a model read back must be measured as the one in the loop was
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
    """Return, for each learned token: the scores of the position before it, the token, the row that it stands in.

    `logits` are those of the last positions only; methods with virtual tokens put theirs before, which changes nothing here.
    """
    wanted = labels[:, 1:]
    width = min(wanted.shape[1], logits.shape[1] - 1)
    wanted, before = wanted[:, wanted.shape[1] - width :], logits[:, -width - 1 : -1]
    rows, columns = (wanted != IGNORED).nonzero(as_tuple=True)
    return before[rows, columns].float(), wanted[rows, columns], rows
