"""Index files: vocabulary and entries in numpy's `.npz` format, without pickle; postings are rebuilt when needed.

A checksum covers all content; another version, a truncated file and a modified one each have their own error.
"""

import hashlib
import zipfile
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from selfinstruct.errors import InputError

if TYPE_CHECKING:
    from selfinstruct.rouge.kernels import Array

_FORMAT = "selfinstruct rouge index 1"
_NAMES = ("words", "ends", "tokens", "offsets")
_REMEDY = "build the index again from its texts"


def save(file: IO[bytes], words: Sequence[str], tokens: "Array", offsets: "Array") -> None:
    """Write an index to a binary file; the bytes are the same on every machine."""
    import numpy as np

    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    arrays: dict[str, Any] = {
        "words": np.frombuffer(b"".join(encoded), np.uint8),
        "ends": np.cumsum([len(word) for word in encoded], dtype="<i8"),
        "tokens": np.asarray(tokens, "<i4"),
        "offsets": np.asarray(offsets, "<i8"),
    }
    np.savez(file, format=np.frombuffer(_FORMAT.encode(), np.uint8), sum=_checksum(arrays), **arrays)


def load(file: IO[bytes]) -> tuple[list[str], "Array", "Array"]:
    """Read (words, tokens, offsets) from a binary file; raises InputError for one that `save` did not write."""
    import numpy as np

    name = getattr(file, "name", "index")
    try:
        with np.load(file, allow_pickle=False) as stored:
            found = bytes(stored["format"]).decode("utf-8", "replace")
            if found != _FORMAT:
                raise InputError(f"{name}: is `{found}`, this version reads `{_FORMAT}`; {_REMEDY}")
            arrays = {key: stored[key] for key in _NAMES}
            checksum = bytes(stored["sum"])
    except (ValueError, KeyError, EOFError, OSError, AttributeError, zipfile.BadZipFile) as error:
        raise InputError(f"{name}: is no index, or a part of one ({error}); {_REMEDY}") from error
    if checksum != bytes(_checksum(arrays)):
        raise InputError(f"{name}: was changed since it was written (checksum); {_REMEDY}")
    text, ends = bytes(arrays["words"]), arrays["ends"].tolist()
    words = [text[begin:end].decode("utf-8", "surrogatepass") for begin, end in zip([0, *ends], ends, strict=False)]
    return words, arrays["tokens"].astype(np.int32, copy=False), arrays["offsets"].astype(np.int64, copy=False)


def _checksum(arrays: "dict[str, Any]") -> "Array":
    import numpy as np

    digest = hashlib.sha256()
    for name in _NAMES:
        digest.update(f"{name} {arrays[name].dtype} {len(arrays[name])}\n".encode())
        digest.update(arrays[name])
    return np.frombuffer(digest.digest(), np.uint8)
