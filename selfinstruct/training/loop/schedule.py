"""The learning rate: 3 % of the steps rise to it, the others fall along a cosine, and no step has a rate of zero.

transformers' own schedule begins at zero, so that the first step of each run teaches nothing, and a run of one step nothing at all.
"""

import math
from functools import partial
from typing import Any

WARMUP = 0.03
"""Warm-up as a share of the steps; alpaca-lora's 100 steps exceed those of a small dataset."""


def warmup_of(steps: int) -> int:
    """Return the number of steps in which the rate rises: none below 34 steps.

    >>> warmup_of(10), warmup_of(1000)
    (0, 30)
    """
    return int(WARMUP * steps)


def share(step: int, steps: int) -> float:
    """Return the share of the learning rate at a step, from 0; above 0 for each of the steps.

    >>> share(0, 1), share(0, 1000), share(29, 1000), share(30, 1000), round(share(999, 1000), 6)
    (1.0, 0.03225806451612903, 0.967741935483871, 1.0, 3e-06)
    """
    rising = warmup_of(steps)
    if step < rising:
        return (step + 1) / (rising + 1)
    return 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))


def scheduler(optimizer: Any, steps: int) -> Any:
    """Return torch's scheduler of `share`."""
    from torch.optim.lr_scheduler import LambdaLR

    return LambdaLR(optimizer, partial(share, steps=steps))
