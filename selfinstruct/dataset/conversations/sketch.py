"""What a conversation is compared by: its opening, all that is said in it, and a sketch by which those are found that are worth comparing."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from selfinstruct.dataset.conversations.records import Exchange
from selfinstruct.dataset.io.tool_calls import as_json
from selfinstruct.rouge import tokens

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]
_OPENING = 5
"""Tokens of the questions that two conversations are first compared by: `Hello` alone says nothing of what follows."""
_WHOLE = 8_000
"""Characters of a conversation, and of its opening, that are compared."""
_REPLY = 2_000
"""Characters of the answer to an opening that are compared."""
_RUN, _SKETCH = 4, 12
_AT_ONCE = 100_000
"""Characters that are hashed at once: numbers of eight bytes for each of their bytes are made several times."""
_FACTOR = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio, odd: multiplying by it spreads bits (Knuth, section 6.4)."""
_PLACES = 256
"""Bytes of a word behind which the numbers of places come again."""
_BLANK = 0x20


def opening_of(exchanges: Sequence[Exchange]) -> tuple[str, str]:
    """Return the first questions, until they say enough to be compared by, and the reply to the last of them: its first call and its answer."""
    said, size, reply = list[str](), 0, ""
    for one in exchanges:
        text = one.asked.turn.text[:_WHOLE]
        said.append(text)
        size += len(tokens(text))
        if size >= _OPENING:
            reply = _reply_to(one)
            break
    return "\n".join(said)[:_WHOLE], reply or (_reply_to(exchanges[-1]) if exchanges else "")


def _reply_to(one: Exchange) -> str:
    called = [as_json(said.turn.message) for said in one.between[:1] if said.turn.message]
    return "\n".join([*called, one.answered.turn.text if one.answered else ""])[:_REPLY]


def whole_of(texts: Sequence[str]) -> str:
    """Return the tokens of questions and answers, up to the first _WHOLE characters, with a blank between."""
    return " ".join(tokens("\n".join(texts)[:_WHOLE]))


def sketches_of(wholes: Sequence[str]) -> list[list[int]]:
    """Return of each text the _SKETCH smallest hashes of runs of _RUN words: texts of which much is the same share some, on every machine.

    Source: Broder 1997, "On the resemblance and containment of documents", with one hash and the smallest values.
    """
    found: list[list[int]] = []
    some, size = list[str](), 0
    for text in wholes:
        some.append(text)
        size += len(text)
        if size >= _AT_ONCE:
            found += _sketches(some)
            some, size = [], 0
    return found + (_sketches(some) if some else [])


def _sketches(wholes: Sequence[str]) -> list[list[int]]:
    import numpy as np

    counts = [text.count(" ") + 1 for text in wholes]
    owners = np.repeat(np.arange(len(wholes)), counts)
    hashes, most = _hashes(" ".join((*wholes, "."))), max(len(owners) - _RUN + 1, 0)
    runs = np.zeros(most, np.uint64)
    for offset in range(_RUN):
        runs = runs * np.uint64(_FACTOR) + hashes[offset : most + offset]
    within = owners[:most] == owners[len(owners) - most :]  # of one text
    runs, owners = runs[within], owners[:most][within]
    runs = (runs ^ (runs >> np.uint64(31))) * np.uint64(_FACTOR)
    order = np.lexsort((runs, owners))
    runs, owners = runs[order], owners[order]
    new = np.concatenate(([True], (runs[1:] != runs[:-1]) | (owners[1:] != owners[:-1])))[: len(runs)]
    runs, owners = runs[new], owners[new]
    begins = np.searchsorted(owners, np.arange(len(wholes) + 1))
    smallest = runs.tolist()
    return [smallest[begin : min(begin + _SKETCH, end)] for begin, end in pairwise(begins.tolist())]


def _hashes(words: str) -> "Array":
    """Return a hash of each word but the last: the sum of its bytes and of the blank behind it, each times a number for its place."""
    import numpy as np

    data = np.frombuffer(words.encode("utf-8", "surrogatepass"), np.uint8)
    begins = np.concatenate(([0], np.flatnonzero(data == _BLANK) + 1))
    places = np.arange(len(data)) - np.repeat(begins, np.diff(begins, append=len(data)))
    return np.add.reduceat((data.astype(np.uint64) + np.uint64(1)) * _places()[places % _PLACES], begins)[:-1]


@cache
def _places() -> "Array":
    import numpy as np

    return np.cumprod(np.full(_PLACES, _FACTOR, np.uint64))
