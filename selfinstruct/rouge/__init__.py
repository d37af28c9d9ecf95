"""ROUGE-L similarity of instructions in English and Chinese: exact, with a fast nearest-neighbour index.

tokens.py      tokenisation                       index.py     Index: nearest neighbours in a growing pool
score.py       the score of two token lists       plain.py     the pool in plain Python
vocabulary.py  integer ids of tokens              compiled.py  the pool in numpy arrays, searched by kernels/ in threads
shard.py       a part of a pool                   sharded.py   the pool spread over parts, wherever an engine holds them
"""

from selfinstruct.rouge.block import Block, BlockDecisions
from selfinstruct.rouge.index import Index, Nearest
from selfinstruct.rouge.score import f_measure, lcs, score
from selfinstruct.rouge.shard import Engine
from selfinstruct.rouge.tokens import token_lists, tokens
from selfinstruct.rouge.workers import TEXTS_PER_CHUNK, Workers

__all__ = [
    "TEXTS_PER_CHUNK",
    "Block",
    "BlockDecisions",
    "Engine",
    "Index",
    "Nearest",
    "Workers",
    "f_measure",
    "lcs",
    "score",
    "token_lists",
    "tokens",
]
