"""Numba kernels: loops over flat arrays. Importing this loads numba and, the first time on a machine, compiles them."""

import selfinstruct.rouge.kernels.plain_numba  # noqa: F401 - before any module that imports numba
from selfinstruct.rouge.kernels.arrays import Array, Postings, Scratch, Texts
from selfinstruct.rouge.kernels.lcs import WORD, sign
from selfinstruct.rouge.kernels.post import count, post, rank, skip
from selfinstruct.rouge.kernels.search import nearest, recheck, resolve, within
from selfinstruct.rouge.kernels.statistics import statistics

__all__ = [
    "WORD",
    "Array",
    "Postings",
    "Scratch",
    "Texts",
    "count",
    "nearest",
    "post",
    "rank",
    "recheck",
    "resolve",
    "sign",
    "skip",
    "statistics",
    "within",
]
