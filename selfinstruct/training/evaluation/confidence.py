"""How sure a difference between base and tuned model is: a paired bootstrap over the rows (Koehn 2004), the same every time.

Both models answered the same rows, so whole rows are drawn, with both their scores: what makes a row hard for both falls out.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from selfinstruct.training.records import FEWEST_ROWS

RESAMPLES = 2000
_SEED = 0
_TAILS = (2.5, 97.5)
"""Per cent; between them lie 95 of 100 resamples."""

Interval = tuple[float, float]


def intervals(base: Mapping[str, Sequence[float]], tuned: Mapping[str, Sequence[float]]) -> dict[str, Interval]:
    """Return the 95 % interval of tuned minus base for `loss`, `rouge_l` and `eos_rate`; nothing for fewer than FEWEST_ROWS rows.

    Both map `loss` (summed over a row's tokens), `tokens`, `rouge_l` and `ended` to one value a row, in the same order.
    """
    count = len(base["loss"])
    if count < FEWEST_ROWS:
        return {}
    rng = np.random.default_rng(_SEED)
    drawn = [_differences(base, tuned, rng.integers(count, size=count)) for _ in range(RESAMPLES)]
    low, high = np.percentile(np.array(drawn), _TAILS, axis=0)
    return {name: (float(low[at]), float(high[at])) for at, name in enumerate(("loss", "rouge_l", "eos_rate"))}


def _differences(
    base: Mapping[str, Sequence[float]], tuned: Mapping[str, Sequence[float]], rows: NDArray[np.int64]
) -> list[float]:
    first, second = ({name: np.asarray(values)[rows] for name, values in one.items()} for one in (base, tuned))
    return [
        float(second["loss"].sum() / second["tokens"].sum() - first["loss"].sum() / first["tokens"].sum()),
        float(second["rouge_l"].mean() - first["rouge_l"].mean()),
        float(second["ended"].mean() - first["ended"].mean()),
    ]
