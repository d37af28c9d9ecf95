"""What is wrong with a configuration, in TOML's words: the libraries that find it speak of Python's types and tuples."""

import re
from typing import Any

_WANTED = {
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "string_type": "must be a text in quotation marks",
    "dict": "must be a table of names and values",
    "model": "must be a table of names and values",
    "missing": "is missing; write it",
    "literal": "must be {expected}",
    "greater": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
}
"""By the kind of error, or its first word (pydantic 2, `Errors`)."""
_NAME = re.compile(r"\(((?:'[^']*',? ?)+)\)")
"""A dotted name as tomllib shows it: a tuple."""


def in_toml_words(finding: Any) -> str:
    """Return what a finding of pydantic says.

    >>> in_toml_words({"type": "literal_error", "msg": "...", "ctx": {"expected": "'a' or 'b'"}})
    'must be "a" or "b"'
    """
    kind = str(finding["type"])
    wanted = _WANTED.get(kind) or _WANTED.get(kind.partition("_")[0])
    if wanted is None:
        return str(finding["msg"]).removeprefix("Value error, ")
    return wanted.format_map(finding.get("ctx", {})).replace("'", '"')


def in_plain_words(reason: str) -> str:
    r"""Return what tomllib says, a dotted name as it is written in a file.

    >>> in_plain_words("Cannot declare ('run', 'x') twice (at line 2, column 5)")
    'Cannot declare [run.x] twice (at line 2, column 5)'
    """
    named = _NAME.sub(lambda found: "[" + ".".join(re.findall("'([^']*)'", found[1])) + "]", reason)
    return re.sub(r"Illegal character '\\n'", "The closing quotation mark is missing", named)
