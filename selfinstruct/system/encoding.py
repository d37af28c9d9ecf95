"""Text files in the encodings that people have: UTF-8 as it is, UTF-16 and GB18030 recognised and read as UTF-8."""

import codecs
import io
from pathlib import Path
from typing import Any

from selfinstruct.errors import RecordError

HEAD = 1 << 16
"""Bytes that a file is recognised by."""
_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_COMMON = 0.8
"""Share of frequent characters from which a text is Chinese: bytes of another encoding, read as GB18030, give rare ones."""


def as_utf8(file: io.BufferedReader, path: Path) -> io.BufferedReader:
    """Return a file whose bytes are UTF-8, also when those of `file` are UTF-16 or GB18030."""
    encoding = encoding_of(file.peek(HEAD)[:HEAD])
    return file if encoding == "utf-8" else io.BufferedReader(_Recoded(file, encoding, path), HEAD)


def encoding_of(head: bytes) -> str:
    """Return the encoding of a text by its beginning; `utf-8` where it is none of the others.

    >>> encoding_of("指令".encode("gb18030")), encoding_of("café".encode("latin-1"))
    ('gb18030', 'utf-8')
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if len(head) > 3 and head[:1] in b"[{" and head[1:2] == head[3:4] == b"\0":
        return "utf-16-le"
    if len(head) > 3 and head[:1] == head[2:3] == b"\0" and head[1:2] in b"[{":
        return "utf-16-be"
    return "gb18030" if not _decodes(head, "utf-8") and _is_chinese(head) else "utf-8"


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(head: bytes) -> bool:
    """Return whether bytes are GB18030: of the characters of two bytes most are punctuation or of the 3,755 most frequent ones of GB 2312."""
    if not _decodes(head, "gb18030"):
        return False
    frequent = total = position = 0
    while position + 1 < len(head):
        first = head[position]
        if first < 0x81:
            position += 1
            continue
        if 0x30 <= head[position + 1] <= 0x39:  # a rare character of four bytes
            position += 4
            continue
        total += 1
        frequent += (0xB0 <= first <= 0xD7 or 0xA1 <= first <= 0xA3) and head[position + 1] >= 0xA1
        position += 2
    return total > 0 and frequent / total >= _COMMON


class _Recoded(io.RawIOBase):
    """The bytes of a file, as UTF-8; raises RecordError where they are not in its encoding."""

    def __init__(self, file: io.BufferedReader, encoding: str, path: Path) -> None:
        self._file, self._encoding, self._path = file, encoding, path
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._rest = b""
        self._line = 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            data = self._file.read(HEAD)
            try:
                text = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                line = self._line + data[: error.start].count(b"\n")
                raise RecordError(
                    f"{self._path}:{line}: begins as {self._encoding.upper()}, but here it is not; save the file as UTF-8"
                ) from error
            self._line += text.count("\n")
            self._rest = text.encode("utf-8", "surrogatepass")
            if not data:
                break
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
