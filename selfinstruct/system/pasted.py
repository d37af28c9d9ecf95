"""Texts as they may be pasted into a public report: without the user's own folder, and without a key that stands where a name belongs."""

import re
from pathlib import Path

_LONGEST_NAME = 16
"""Characters from which a name with small letters and digits may be a key that was written where its variable belongs."""


def shown(path: Path) -> str:
    """Return a path as it may be pasted: the user's own folder as `~`."""
    return without_home(str(path))


def without_home(text: str) -> str:
    """Return a text with the user's own folder as `~`, wherever it stands."""
    home = str(Path.home())
    return text if home == "/" else re.sub(rf"(?<![\w.-]){re.escape(home)}(?![\w.-])", "~", text)


def shown_name(variable: str) -> str:
    """Return the name of an environment variable, or a word for one that may be the key itself.

    >>> shown_name("OPENAI_API_KEY"), shown_name("my_key"), shown_name("sk_live_0123456789abcdef")
    ('OPENAI_API_KEY', 'my_key', '(24 characters that may be a key)')
    """
    may_be_key = len(variable) >= _LONGEST_NAME and re.search(r"[a-z]", variable) and re.search(r"\d", variable)
    return f"({len(variable)} characters that may be a key)" if may_be_key else variable
