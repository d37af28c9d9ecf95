"""What a reader of an estimate has to know first: whose figures these are, and what would stop `generate`."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError
from selfinstruct.runs.estimate.need import Need
from selfinstruct.teacher.address import address_of

LARGE = 1000
"""Rows from which the embedded teacher is hardly meant: it writes a few dozen, for the demo."""


def describe_teacher(config: Config) -> str:
    """Return model and place of the teacher.

    >>> describe_teacher(Config())
    'qwen2.5-coder-1.5b-instruct, the embedded teacher on this machine'
    """
    teacher = config.teacher
    if teacher.kind == "embedded":
        return f"{teacher.model}, the embedded teacher on this machine"
    return f"{teacher.model} at {urlsplit(teacher.base_url).hostname}"


def remarks(config: Config, needs: Mapping[str, Need]) -> Iterator[str]:
    """Yield what speaks against this teacher: one too small for so many rows, one without its key."""
    missing = sum(need.missing for need in needs.values())
    if config.teacher.kind == "embedded":
        if missing >= LARGE:
            yield (
                f"{missing:,} rows are much for the embedded teacher, whose figures these are. For another one name --base-url URL and --model "
                "NAME, or set [teacher] in the configuration: docs/teachers.md has a block for each well-known provider"
            )
    elif missing:
        try:
            address_of(config)
        except ConfigError as error:
            yield f"`generate` would stop at once: {error}"
