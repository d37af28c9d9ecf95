"""The catalogues of messages, Chinese by the English text of the code: the command line and the pages speak from the same."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from selfinstruct.system.translator import Translator

CATALOGUES = Path(__file__).parents[1] / "cli" / "chinese"
BY_CALL = ("descriptions", "doctor", "explain", "help", "options")
"""Catalogues whose texts are looked up where they are written, and are no messages."""


@cache
def translator() -> Translator:
    """Return what takes finished messages apart."""
    return Translator(sections())


def sections(*names: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (section, {English: Chinese}) of the named catalogues, or of all that hold messages."""
    for path in sorted(CATALOGUES.glob("*.toml")):
        if path.stem in names if names else path.stem not in BY_CALL:
            yield from tomllib.loads(path.read_text(encoding="utf-8")).items()
