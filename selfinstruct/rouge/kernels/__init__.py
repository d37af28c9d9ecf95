"""The compiled half: loops over flat arrays for numba. Importing this loads numba, the first time on a machine it compiles."""

from selfinstruct.rouge.kernels.arrays import Array, Postings, Scratch, Texts
from selfinstruct.rouge.kernels.lcs import WORD, sign
from selfinstruct.rouge.kernels.post import count, post, rank, skip
from selfinstruct.rouge.kernels.search import nearest, resolve
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
    "resolve",
    "sign",
    "skip",
    "statistics",
]
