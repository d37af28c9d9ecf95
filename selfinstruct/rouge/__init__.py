"""ROUGE-L as a measure of nearness between instructions, in English and Chinese, exact and fast.

tokens.py      what counts as one token           index.py     Index: the nearest entry of a growing pool
score.py       the score of two token lists       plain.py     a pool in plain Python
vocabulary.py  numbers for tokens                 compiled.py  the same pool from arrays, by kernels/ in several threads
"""

from selfinstruct.rouge.block import Block, BlockDecisions
from selfinstruct.rouge.index import Index, Nearest
from selfinstruct.rouge.score import f_measure, lcs, score
from selfinstruct.rouge.tokens import token_lists, tokens
from selfinstruct.rouge.workers import AT_ONCE, Workers

__all__ = [
    "AT_ONCE",
    "Block",
    "BlockDecisions",
    "Index",
    "Nearest",
    "Workers",
    "f_measure",
    "lcs",
    "score",
    "token_lists",
    "tokens",
]
