"""ROUGE-L of two token lists, bit-identical to the `rouge-score` package on the same tokens.

Source: Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"; google-research/rouge `rouge_scorer.py`.
"""

from collections.abc import Hashable, Mapping, Sequence

LONGEST = 2**15
"""Tokens of a text that are compared, a book's chapter: time and memory of a pair grow by the square of its length."""


def lcs(left: Sequence[Hashable], right: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence.

    Hyyrö's recurrence (2004, "Bit-parallel LCS-length computation revisited") on one long integer: a cleared bit is a position of
    `left` at which the LCS with the part of `right` read so far grows.
    """
    return common(positions(left), len(left), right)


def positions(left: Sequence[Hashable]) -> dict[Hashable, int]:
    """Return {token: bits of the positions that it stands at}, for `common`."""
    where: dict[Hashable, int] = {}
    for position, token in enumerate(left):
        where[token] = where.get(token, 0) | 1 << position
    return where


def common(where: Mapping[Hashable, int], size: int, right: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence of a text of `size` tokens, given its positions, and another."""
    full = rest = (1 << size) - 1
    for token in right:
        if match := rest & where.get(token, 0):
            rest = (rest + match | rest - match) & full
    return size - rest.bit_count()


def f_measure(common: int, left: int, right: int) -> float:
    """Return the ROUGE-L F-measure of token lists of lengths `left` and `right` whose LCS has length `common`."""
    if not common:
        return 0.0
    precision = common / left
    recall = common / right
    return 2 * precision * recall / (precision + recall)


def score(left: Sequence[Hashable], right: Sequence[Hashable]) -> float:
    """Return the ROUGE-L F-measure of the first LONGEST tokens of two lists: symmetric, 0 to 1, 0 when either is empty."""
    left, right = left[:LONGEST], right[:LONGEST]
    return f_measure(lcs(left, right), len(left), len(right))
