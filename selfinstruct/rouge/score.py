"""ROUGE-L of two token lists, in the float formula of the `rouge-score` package: on equal tokens every score is bit-identical to it.

Source: Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"; google-research/rouge `rouge_scorer.py`.
"""

from collections.abc import Hashable, Sequence


def lcs(left: Sequence[Hashable], right: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence.

    Hyyrö's recurrence (2004, "Bit-parallel LCS-length computation revisited") on one long integer: a bit is cleared for each position
    of `left` at which the common subsequence with what was read of `right` grows.
    """
    where: dict[Hashable, int] = {}
    for position, token in enumerate(left):
        where[token] = where.get(token, 0) | 1 << position
    full = rest = (1 << len(left)) - 1
    for token in right:
        if match := rest & where.get(token, 0):
            rest = (rest + match | rest - match) & full
    return len(left) - rest.bit_count()


def f_measure(common: int, left: int, right: int) -> float:
    """Return the ROUGE-L F-measure of two token lists of these lengths whose longest common subsequence is `common`."""
    if not common:
        return 0.0
    precision = common / left
    recall = common / right
    return 2 * precision * recall / (precision + recall)


def score(left: Sequence[Hashable], right: Sequence[Hashable]) -> float:
    """Return the ROUGE-L F-measure of two token lists: symmetric, 0 to 1, 0 when either is empty."""
    return f_measure(lcs(left, right), len(left), len(right))
