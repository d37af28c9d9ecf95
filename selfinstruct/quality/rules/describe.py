"""A rule's docstring parsed into a record: its first sentence names the defect, `Source:` the source, what stands between is the reason."""

import inspect
import re
from collections.abc import Callable
from typing import NamedTuple

from selfinstruct.language import Language
from selfinstruct.records import Candidate

_SOURCE = re.compile(r"^Source: *(.+)$", re.MULTILINE)


class Description(NamedTuple):
    """The parsed docstring of a rule."""

    name: str
    defect: str
    reason: str
    source: str


def describe(rule: Callable[[Candidate, Language], str]) -> Description:
    """Return the parsed docstring of a rule."""
    text = inspect.cleandoc(rule.__doc__ or "")
    defect, _, rest = _SOURCE.sub("", text).strip().partition("\n")
    return Description(rule.__name__, defect, " ".join(rest.split()), " ".join(_SOURCE.findall(text)))
