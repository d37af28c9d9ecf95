"""A small linear classifier behind the stock phrases: what an answer that is none looks like when it is worded otherwise.

Logistic regression over hashed character n-grams and a few signs of shape (`features`), one head per defect, trained by `classifier/train.py`
on rows that the project owns. A head speaks above its threshold only: chosen by cross-validation so that 98 % of what it finds is right.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from selfinstruct.quality.classifier.features import answer_parts, hashed, signs_of_answer, signs_of_task, task_parts
from selfinstruct.quality.classifier.weights import Head, load_heads
from selfinstruct.records import Candidate, LanguageCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OF_TASK = frozenset({"unsafe"})
"""Heads that look at the task alone; the others look at the answer too."""
SIGN_VALUE = 0.25


def finds(name: str, candidate: Candidate) -> str:
    """Return what the classifier says of a row, or "" below the threshold of the head and for a head that was not trained."""
    head = load_heads().get(name)
    if head is None:
        return ""
    instruction, given, output = candidate.instruction, candidate.input, candidate.output
    seen = (
        _task(instruction, given, candidate.language)
        if name in OF_TASK
        else _answer(instruction, given, output, candidate.language)
    )
    score = head.score(*seen)
    return f"reads like one (score {score:.1f}, from {head.threshold:.1f})" if score >= head.threshold else ""


@lru_cache(maxsize=2)
def _task(instruction: str, given: str, language: LanguageCode) -> "tuple[NDArray[np.uint32], NDArray[np.float32]]":
    return _with_signs(*hashed(task_parts(instruction, given), language), signs_of_task(instruction, given, language))


@lru_cache(maxsize=2)
def _answer(
    instruction: str, given: str, output: str, language: LanguageCode
) -> "tuple[NDArray[np.uint32], NDArray[np.float32]]":
    return _with_signs(
        *hashed(answer_parts(instruction, output), language), signs_of_answer(instruction, given, output, language)
    )


def _with_signs(
    buckets: "NDArray[np.uint32]", values: "NDArray[np.float32]", signs: list[int]
) -> "tuple[NDArray[np.uint32], NDArray[np.float32]]":
    """Return buckets and values of n-grams and signs together."""
    import numpy as np

    return (
        np.concatenate([buckets, np.array(signs, np.uint32)]),
        np.concatenate([values, np.full(len(signs), SIGN_VALUE, np.float32)]),
    )


__all__ = ["OF_TASK", "SIGN_VALUE", "Head", "finds"]
