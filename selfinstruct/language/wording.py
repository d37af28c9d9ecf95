"""A way to say something, and how it is looked for in a text, whatever the case of its letters.

Python's `re` cannot skip ahead in a search that ignores case: it tries every branch at every character. So a wording is looked for in the
lower-case text first, by its pattern in lower case, which is several times faster; the pattern itself has the last word where that finds
something, and gives the match.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

CAPITAL = "(?-i:[A-Z])"
"""For a negative look-around of a pattern, where no other group may heed the case; elsewhere any may."""
_HEEDS_CASE = "(?-i:"
_KEEPS_CASE = re.compile(rf"(\\.|{re.escape(CAPITAL)})|.", re.DOTALL)


class Wording(NamedTuple):
    """A way to say something, as patterns: a text says it if `says` occurs in it and `unless` does not."""

    says: str
    unless: str = ""

    def find(self, text: str) -> re.Match[str] | None:
        """Return where a text says it, or None."""
        lowered = _lower(text)
        if not _roughly(self.says).search(lowered):
            return None
        found = _exactly(self.says).search(text)
        return None if found and self.unless and _occurs(self.unless, text, lowered) else found


def _occurs(pattern: str, text: str, lowered: str) -> bool:
    found = _roughly(pattern).search(lowered)
    return bool(found and (_HEEDS_CASE not in pattern or _exactly(pattern).search(text)))


@cache
def _exactly(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _roughly(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for lower-case text: it finds all that the pattern finds, and more where a group heeds the case."""
    return re.compile(_KEEPS_CASE.sub(lambda found: found[1] or found[0].lower(), pattern))


_lower = lru_cache(maxsize=8)(str.lower)
