"""The weights of the classifier: one signed byte per bucket and head, with a scale, checked against their sha256."""

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.errors import InputError
from selfinstruct.quality.classifier.features import Features

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDER = "selfinstruct.quality.classifier"


class Head(NamedTuple):
    """The weights of one defect."""

    weights: "NDArray[np.int8]"
    scale: float
    intercept: float
    threshold: float

    def score(self, features: Features) -> float:
        """Return the log-odds of the defect; the same on every machine, since products are summed as integers."""
        import numpy as np

        units = np.rint(features.values * 4096).astype(np.int32)
        return int((self.weights[features.buckets] * units).sum(dtype=np.int64)) * self.scale / 4096 + self.intercept


@cache
def load_heads() -> dict[str, Head]:
    """Return the heads by name. Raises InputError when the file is not the one that was trained."""
    import numpy as np

    folder = files(FOLDER)
    data = folder.joinpath("weights.bin").read_bytes()
    about = json.loads(folder.joinpath("weights.json").read_text(encoding="utf-8"))
    if hashlib.sha256(data).hexdigest() != about["sha256"]:
        raise InputError(f"{folder}/weights.bin: is not the file that weights.json names; install selfinstruct again")
    table = np.frombuffer(data, np.int8).reshape(len(about["heads"]), -1)
    return {
        name: Head(table[number], one["scale"], one["intercept"], one["threshold"])
        for number, (name, one) in enumerate(about["heads"].items())
    }
