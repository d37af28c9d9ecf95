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


def hint_of_value(before: str, value: str) -> str:
    """Return what to write where tomllib found no value; `before` is what its line has in front of it. Empty where that cannot be told.

    The value is not repeated, for it may be a key.

    >>> hint_of_value("kind = ", "openai  # mine")
    'a text wants quotation marks: kind = "..."'
    >>> hint_of_value("stream = ", "True"), hint_of_value("least = ", ".5"), hint_of_value("name = ", "")
    ('write true', 'write 0.5', 'write a value')
    """
    ends = "[,\\]}#]" if re.search("[\\[{]", before.partition("=")[2]) else "#"
    word = re.split(ends, value)[0].strip()
    if word.lower() in {"true", "false"}:
        return f"write {word.lower()}"
    if re.fullmatch(r"\.\d+", word):
        return f"write 0{word}"
    if not word:
        return "write a value"
    is_text = re.match(r"[\w./~\\-]", word) and '"' not in word and "'" not in word
    key = re.search(r"([\w.-]+)\s*=\s*$", before)
    if not is_text:
        return ""
    return f'a text wants quotation marks: {key[1]} = "..."' if key else 'a text wants quotation marks: "..."'


def backslashes(line: str) -> str:
    r"""Return how the backslashes of a line are written, by its first Windows path if it has one.

    >>> print(backslashes(r'documents = "C:\data\users"'))
    write 'C:\data\users' in single quotes, or "C:/data/users"
    """
    found = re.search(r'"((?:[A-Za-z]:|\\\\[^"\\]{1,300})\\[^"\']{0,300})"', line)
    if found is None:
        return "a backslash is written twice, or the text in single quotes"
    path, slashes = found[1], found[1].replace("\\", "/")
    return f"write '{path}' in single quotes, or \"{slashes}\""
