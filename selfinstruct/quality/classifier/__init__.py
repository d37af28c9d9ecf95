"""A small linear classifier behind the stock phrases: what an answer that is none looks like when it is worded otherwise.

Logistic regression over hashed character n-grams (`features`), one head per defect, trained by `classifier/train.py` on rows that the
project owns. A head speaks above its threshold only: there 98 % of what it finds in cross-validation is right, and a margin is added.
"""

from functools import lru_cache

from selfinstruct.quality.classifier.features import Features, of_answer, of_task
from selfinstruct.quality.classifier.weights import load_heads
from selfinstruct.records import Candidate

OF_TASK = frozenset({"unsafe"})
"""Heads that look at the task alone; the others look at the answer too."""
_task, _answer = lru_cache(maxsize=2)(of_task), lru_cache(maxsize=2)(of_answer)


def finds(name: str, candidate: Candidate) -> str:
    """Return what the classifier says of a row, or "" below the threshold of the head."""
    head = load_heads()[name]
    score = head.score(_features(name, candidate))
    return f"reads like one (score {score:.1f}, from {head.threshold:.1f})" if score >= head.threshold else ""


def _features(name: str, candidate: Candidate) -> Features:
    if name in OF_TASK:
        return _task(candidate.instruction, candidate.input, candidate.language)
    return _answer(candidate.instruction, candidate.output, candidate.language)


__all__ = ["OF_TASK", "finds"]
