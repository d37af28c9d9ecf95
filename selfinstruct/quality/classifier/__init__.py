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
HEADS = ("refusal", "placeholder_output", "unsafe")
"""Rules behind whose stock phrases the classifier stands."""
_task, _answer = lru_cache(maxsize=2)(of_task), lru_cache(maxsize=2)(of_answer)


def finds(name: str, candidate: Candidate) -> str:
    """Return what the classifier says of a row, or "" below the threshold of the head."""
    score, threshold = scored(name, candidate)
    return f"reads like one (score {score:.1f}, from {threshold:.1f})" if score >= threshold else ""


def scored(name: str, candidate: Candidate) -> tuple[float, float]:
    """Return the log-odds that a head gives a row, and the threshold from which it speaks."""
    head = load_heads()[name]
    return head.score(_features(name, candidate)), head.threshold


def _features(name: str, candidate: Candidate) -> Features:
    if name in OF_TASK:
        return _task(candidate.instruction, candidate.input, candidate.language)
    return _answer(candidate.instruction, candidate.output, candidate.language)


__all__ = ["HEADS", "OF_TASK", "finds", "scored"]
