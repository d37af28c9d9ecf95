"""Commands that run this Python again."""

import sys


def python(*arguments: str) -> list[str]:
    """Return the command of this interpreter with arguments such as `-m`, `pip`.

    `-P` keeps the working folder out of its imports: a project, or a branch that was checked out, may hold a `click.py` or a `pip.py`.
    """
    return [sys.executable, "-P", *arguments]
