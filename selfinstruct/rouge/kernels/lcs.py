"""Bit-parallel longest common subsequence (LCS; Hyyrö 2004), and the text signature that bounds it from above."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from selfinstruct.rouge.kernels.arrays import F8, I4S, I4S_OUT, I8, I8S, U8S, U8S_OUT, Array, kernel

WORD = 64


def _popcount(_: Any, __: Any) -> Any:
    """Return the number of set bits (population count), a machine instruction that numba does not expose."""

    def emit(_: Any, builder: ir.IRBuilder, __: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), emit


popcount: Any = intrinsic(_popcount)


@kernel(I8(I4S, I8S, U8S_OUT))
def sign(tokens: Array, offsets: Array, signatures: Array) -> int:
    """Write the 64-bit signature of each text, one bit per token by Knuth's Fibonacci hashing, which spreads consecutive ids.

    Returns the highest token id, at least -1.
    """
    highest = np.int64(-1)
    for text in range(len(signatures)):
        bits = np.uint64(0)
        for position in range(offsets[text], offsets[text + 1]):
            if tokens[position] >= 0:
                bits |= np.uint64(1) << ((np.uint64(tokens[position]) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(58))
                highest = max(highest, np.int64(tokens[position]))
        signatures[text] = bits
    return highest


@kernel(types.void(U8S_OUT, I4S_OUT, I4S, I8, I8))
def mark(masks: Array, chain: Array, tokens: Array, begin: int, end: int) -> None:
    """Mark the positions of each token of a query in `masks`.

    Up to 64 tokens: one bit per position. Longer: 1 + the last position, linked to the previous ones by `chain`.
    """
    for position in range(begin, end):
        token, place = tokens[position], position - begin
        if token >= 0 and end - begin <= WORD:
            masks[token] |= np.uint64(1) << np.uint64(place)
        elif token >= 0:
            chain[place] = np.int32(masks[token])
            masks[token] = np.uint64(place + 1)


@kernel(I8(U8S, I4S, I8, I4S, I8, I8))
def _lcs_long(masks: Array, chain: Array, size: int, tokens: Array, begin: int, end: int) -> int:
    """Multi-word `lcs`, with carry; the mask of a token is expanded only while needed."""
    words = (size + WORD - 1) // WORD
    rest, mask = np.full(words, ~np.uint64(0)), np.zeros(words, np.uint64)
    for position in range(begin, end):
        last, carry = np.int64(masks[tokens[position]]), np.uint64(0)
        if last == 0:
            continue
        place = last
        while place > 0:
            mask[(place - 1) >> 6] |= np.uint64(1) << np.uint64((place - 1) & 63)
            place = chain[place - 1]
        for word in range(words):
            old = rest[word]
            match = old & mask[word]
            total = old + match
            over = np.uint64(total < old)
            total += carry
            carry = over | np.uint64(total < carry)
            rest[word] = total | (old - match)
        place = last
        while place > 0:
            mask[(place - 1) >> 6] = np.uint64(0)
            place = chain[place - 1]
    common = np.uint64(0)
    for word in range(words):
        common += popcount(~rest[word])
    return np.int64(common)


@kernel(I8(U8S, I4S, I8, I4S, I8, I8))
def lcs(masks: Array, chain: Array, size: int, tokens: Array, begin: int, end: int) -> int:
    """Return the LCS length of a marked query of `size` tokens and tokens[begin:end]."""
    if size <= WORD:
        rest = ~np.uint64(0)
        for position in range(begin, end):
            match = rest & masks[tokens[position]]
            rest = (rest + match) | (rest - match)
        return np.int64(popcount(~rest))
    return _lcs_long(masks, chain, size, tokens, begin, end)


@kernel(F8(I8, I8, I8))
def f_measure(common: int, left: int, right: int) -> float:
    """Compute `score.f_measure` of a non-zero LCS length."""
    precision = common / left
    recall = common / right
    return 2 * precision * recall / (precision + recall)
