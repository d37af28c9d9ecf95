"""What a conversation is compared by: its opening, all that is said in it, and a sketch by which those are found that are worth comparing."""

from collections.abc import Sequence
from functools import cache
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


def whole_of(texts: Sequence[str]) -> list[str]:
    """Return the tokens of questions and answers, up to the first _WHOLE characters."""
    return tokens("\n".join(texts)[:_WHOLE])


def sketch_of(words: Sequence[str]) -> list[int]:
    """Return the _SKETCH smallest hashes of runs of _RUN tokens: texts of which much is the same share some, on every machine.

    Source: Broder 1997, "On the resemblance and containment of documents", with one hash and the smallest values.
    """
    import numpy as np

    if len(words) < _RUN:
        return []
    hashes = _hashes(words)
    runs = np.zeros(len(words) - _RUN + 1, np.uint64)
    for offset in range(_RUN):
        runs = runs * np.uint64(_FACTOR) + hashes[offset : len(words) - _RUN + 1 + offset]
    runs = (runs ^ (runs >> np.uint64(31))) * np.uint64(_FACTOR)
    return [int(one) for one in np.unique(runs)[:_SKETCH]]


def _hashes(words: Sequence[str]) -> "Array":
    """Return a hash of each word: the sum of its bytes, each times a number for its place, as a blank behind it is."""
    import numpy as np

    data = np.frombuffer(" ".join(words).encode("utf-8", "surrogatepass"), np.uint8)
    begins = np.concatenate(([0], np.flatnonzero(data == _BLANK) + 1))
    places = np.arange(len(data)) - np.repeat(begins, np.diff(begins, append=len(data)))
    return np.add.reduceat((data.astype(np.uint64) + np.uint64(1)) * _places()[places % _PLACES], begins)


@cache
def _places() -> "Array":
    import numpy as np

    return np.cumprod(np.full(_PLACES, _FACTOR, np.uint64))
