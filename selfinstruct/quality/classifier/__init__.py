"""A small linear classifier behind the stock phrases: what an answer that is none looks like when it is worded otherwise.

Logistic regression over hashed character n-grams (`features`), one head per defect, trained by `classifier/train.py` on rows that the
project owns. A head speaks above its threshold only: there 98 % of what it finds in cross-validation is right.
"""

from functools import lru_cache

from selfinstruct.quality.classifier.features import of_answer
from selfinstruct.quality.classifier.weights import load_heads
from selfinstruct.records import Candidate

HEADS = ("refusal", "placeholder_output")
"""Rules behind whose stock phrases the classifier stands."""
_seen = lru_cache(maxsize=2)(of_answer)


def finds(name: str, candidate: Candidate) -> str:
    """Return what the classifier says of a row, or "" below the threshold of the head."""
    score, threshold = scored(name, candidate)
    return f"reads like one (score {score:.1f}, from {threshold:.1f})" if score >= threshold else ""


def scored(name: str, candidate: Candidate) -> tuple[float, float]:
    """Return the log-odds that a head gives a row, and the threshold from which it speaks."""
    head = load_heads()[name]
    seen = _seen(candidate.instruction, candidate.input, candidate.output, candidate.language)
    return head.score(seen), head.threshold


__all__ = ["HEADS", "finds", "scored"]
