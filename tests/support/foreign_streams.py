"""Standard output and error in an encoding that cannot hold every character."""

import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from selfinstruct.cli import main

ENVIRONMENTS: dict[str, Mapping[str, str]] = {
    "gbk": {"PYTHONIOENCODING": "gbk", "LC_ALL": "C.UTF-8"},
    "ascii": {"PYTHONIOENCODING": "ascii", "LC_ALL": "C.UTF-8"},
    "no locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
"""A terminal of Chinese Windows, one without a locale, and a machine without one."""


class Written(NamedTuple):
    code: int
    out: bytes
    err: bytes


def call(monkeypatch: pytest.MonkeyPatch, encoding: str, *args: str | Path) -> Written:
    """Run the command line in this process, with both streams in an encoding."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True) for _ in range(2)]
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setattr(sys, "argv", ["selfinstruct", *map(str, args)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = (_bytes(stream) for stream in streams)
    return Written(int(ended.value.code or 0), out, err)


def _bytes(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()
