"""A wording: patterns that recognize a statement in a text, ignoring case.

Python's `re` has no fast search when it ignores case: it tries every branch at every character. So a lower-case pattern
is searched in the lower-case text first, which is several times faster; if it matches, the pattern itself decides and
gives the match.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

CAPITAL = "(?-i:[A-Z])"
"""For a case-sensitive negative look-around; elsewhere any group may be case-sensitive."""
_HEEDS_CASE = "(?-i:"
_KEEPS_CASE = re.compile(rf"(\\.|{re.escape(CAPITAL)})|.", re.DOTALL)


class Wording(NamedTuple):
    """A wording as patterns: a text matches if `says` occurs in it and `unless` does not."""

    says: str
    unless: str = ""

    def find(self, text: str) -> re.Match[str] | None:
        """Return the match in a text, or None."""
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
    """Compile a pattern for lower-case text; it matches whatever the pattern does, or more."""
    return re.compile(_KEEPS_CASE.sub(lambda found: found[1] or found[0].lower(), pattern))


_lower = lru_cache(maxsize=8)(str.lower)
