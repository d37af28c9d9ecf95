r"""How untrusted text is written on each face: terminal, Markdown, HTML, JSON, YAML. Nothing foreign reaches one by another way.

Each face shows the dangerous characters of `text.py` as visible codes, or as escapes where a program reads them back, and quotes what
would be structure there. A text becomes one line, so that it never begins a line of its own.
"""

import json
import re
import sys
from typing import Any

from selfinstruct.system.text import escaped, on_one_line, visible_name

_PLAIN = re.compile(r"[\w ./+@:,=-]+")
"""Nothing that ends a code span or a cell of a table."""
_STRUCTURE = re.compile(r"[!#$&()*:<>@\[\\\]_`{|}~]|(?<=www)\.", re.IGNORECASE)
"""Marks that may be structure in Markdown, GitHub's addresses, mentions and formulas included, or in HTML."""
CUT = "…"


def terminal(text: str, *, row: bool = False) -> str:
    r"""Return a name or message for one line of a terminal or log; `row` for the text of a row, in which joiners may belong.

    >>> terminal("out\x1b[2J\nput")
    'out⟨1B⟩[2J↵ put'
    """
    return on_one_line(text) if row else visible_name(text)


def terminal_lines(text: str) -> str:
    r"""Return a message of several lines; all after the first are indented, so that none of them looks like another message.

    >>> terminal_lines("x.toml: wrong\nselfinstruct: fine")
    'x.toml: wrong\n  selfinstruct: fine'
    """
    return "\n  ".join(map(visible_name, text.split("\n")))


def cut(text: str, most: int) -> str:
    """Return a text of at most `most` characters, with an ellipsis where it is cut."""
    return text if len(text) <= most else text[: most - 1] + CUT


def markdown(text: str, most: int | None = None, *, row: bool = False) -> str:
    """Return a text for the inside of `<code>`, in a paragraph, a table cell or an HTML block of Markdown.

    Marks are numeric character references, which Markdown never takes as structure (CommonMark 0.31, section 2.5); GitHub makes
    neither mentions nor links inside `<code>`.

    >>> markdown("![x](y)")
    '&#33;&#91;x&#93;&#40;y&#41;'
    """
    line = on_one_line(text) if row else visible_name(text)
    return _STRUCTURE.sub(_reference, line if most is None else cut(line, most))


def markdown_code(text: str) -> str:
    """Return a name as code in Markdown: in backquotes where it is plain, so that the source stays legible.

    >>> markdown_code("Qwen/Qwen2.5"), markdown_code("a|b")
    ('`Qwen/Qwen2.5`', '<code>a&#124;b</code>')
    """
    name = visible_name(text)
    return f"`{name}`" if _PLAIN.fullmatch(name) and name.strip() == name else f"<code>{markdown(text)}</code>"


def html(text: str, most: int | None = None, *, row: bool = False) -> str:
    """Return a text for an element or attribute of an HTML page.

    >>> html("<b>" + chr(0x202E))
    '&lt;b&gt;⟨202E⟩'
    """
    from html import escape  # its table of entities is slow to load

    line = on_one_line(text) if row else visible_name(text)
    return escape(line if most is None else cut(line, most))


def json_text(value: Any, indent: int | None = 2) -> str:
    r"""Return a JSON document that a terminal can show: the same value, dangerous characters as `\uXXXX`.

    >>> json_text({"a": chr(0x9B)}, None)
    '{"a": "\\u009b"}'
    """
    return escaped(json.dumps(value, ensure_ascii=False, indent=indent), _json_escape)


def shown_json(text: str) -> str:
    """Return a JSON document that is written already, as `json_text` would have written it."""
    return escaped(text, _json_escape)


def yaml_value(value: Any) -> str:
    r"""Return a value as YAML on one line: JSON, whose astral characters YAML escapes in its own way.

    >>> yaml_value("a\nb" + chr(0x2028))
    '"a\\nb\\u2028"'
    """
    return escaped(json.dumps(value, ensure_ascii=False), _yaml_escape)


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _json_escape(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def _yaml_escape(character: str) -> str:
    return f"\\U{ord(character):08x}" if character > "\uffff" else f"\\u{ord(character):04x}"


def to_stderr(line: str) -> None:
    """Write one line where it does not mix with data."""
    sys.stderr.write(terminal(line) + "\n")
