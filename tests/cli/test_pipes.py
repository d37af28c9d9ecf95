"""Output into a pipe whose reader goes away: quiet, and no code that says something was found."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import THREE, rows

pytestmark = pytest.mark.thorough  # processes of their own


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_a_reader_that_has_enough_is_no_error(tmp_path: Path, form: str) -> None:
    path = rows(tmp_path / "a.jsonl", *THREE)
    _quiet(tmp_path, "diff", str(path), str(path), "--format", form)


@pytest.mark.thorough
def test_every_verb_that_shows_something_ends_quietly(
    selfinstruct: Callable[..., object], write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    selfinstruct("generate")
    for verb in (("explain", "zh/0.0"), ("status",), ("status", "--json"), ("estimate",), ("--help",), ("seeds",)):
        _quiet(tmp_path, *verb)


def _quiet(folder: Path, *args: str) -> None:
    """Run with standard output in a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "selfinstruct", *args], cwd=folder, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
