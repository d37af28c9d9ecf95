"""The texts of the code that can reach a reader, as the catalogues of Chinese name them: f-strings with {0}, {1}, ... for their values."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from selfinstruct.system.files import PACKAGE, read_text

_FIELD = re.compile(r"\{(?:\d+|[a-z_]+)\}")
"""A value: that of an f-string, by its number, or that of `str.format`, by its name."""
_PROSE = re.compile(r"[A-Za-z]{2,}[,:;]? (?:[a-z`(]|\{\d)|\} [a-z]{2}|\}[,;:] [a-z]{2}")
"""Two words, or a word beside a value."""
_MANY = 40
"""Words that no sentence has without a comma."""
_UNSPOKEN_KEYWORDS = frozenset({"help", "metavar", "default", "epilog", "pattern", "style", "name"})
_UNSPOKEN_CALLS = frozenset({"compile", "option", "said", "fullmatch", "search", "match", "sub", "getLogger"})


class Text(NamedTuple):
    """One text of the code."""

    place: str
    template: str

    @property
    def is_prose(self) -> bool:
        """Whether it says something to a person: no template of another language, no list of words."""
        is_list = len(self.template.split()) > _MANY and "," not in self.template
        return bool(_PROSE.search(self.template)) and "{%" not in self.template and not is_list


def texts_of(package: str) -> Iterator[Text]:
    """Yield each text of a package, or of a module, that is no docstring, no help and no pattern; several lines are several texts."""
    for _, _, text in written_texts(package):
        for line in text.template.split("\n"):
            if line:
                yield Text(text.place, renumbered(line))


def written_texts(package: str) -> Iterator[tuple[Path, ast.expr, Text]]:
    """Yield each text as it is written: the file, the expression, and the template, which may have several lines."""
    root = PACKAGE / package
    for path in sorted(root.rglob("*.py")) if root.is_dir() else [root.with_suffix(".py")]:
        tree = ast.parse(read_text(path))
        unspoken = {id(one) for node in ast.walk(tree) for one in _unspoken(node)}
        for node in _tops(tree, unspoken):
            yield path, node, Text(f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}", template_of(node))


def _unspoken(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below one that nobody is told: docstrings, help of options, patterns, lists of words."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Attribute) and node.attr == "split":
        yield node.value
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield from node.args if name in _UNSPOKEN_CALLS else ()
        yield from (one.value for one in node.keywords if one.arg in _UNSPOKEN_KEYWORDS)


def _tops(node: ast.AST, unspoken: set[int]) -> Iterator[ast.expr]:
    """Yield the texts below a node, the outermost of each first, and then those within their values."""
    if id(node) in unspoken:
        return
    if isinstance(node, ast.expr) and _is_text(node):
        yield node
        for value in _values(node):
            yield from _tops(value, unspoken)
        return
    for child in ast.iter_child_nodes(node):
        yield from _tops(child, unspoken)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and (_is_text(node.left) or _is_text(node.right))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _values(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in the fields of a text."""
    if isinstance(node, ast.BinOp) and _is_text(node):
        yield from (*_values(node.left), *_values(node.right))
    elif isinstance(node, ast.JoinedStr):
        yield from (one.value for one in node.values if isinstance(one, ast.FormattedValue))
    elif not isinstance(node, ast.Constant):
        yield node


def template_of(node: ast.AST) -> str:
    """Return a text with {0}, {1}, ... for its values; texts that are added are one."""
    parts = list(_parts(node))
    return renumbered("".join("{0}" if part is None else part for part in parts))


def _parts(node: ast.AST) -> Iterator[str | None]:
    if isinstance(node, ast.BinOp) and _is_text(node):
        yield from (*_parts(node.left), *_parts(node.right))
    elif isinstance(node, ast.JoinedStr):
        for one in node.values:
            yield from _parts(one)
    else:
        yield node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def renumbered(line: str) -> str:
    """Return a template whose fields count from 0, as its text is once it is made.

    >>> renumbered("{3} of {name}: {{ ... }}")
    '{0} of {1}: { ... }'
    """
    numbers = iter(range(line.count("{")))
    if "{{" in line:
        line = line.replace("{{", "\0").replace("}}", "\1")
    fields = _FIELD.sub(lambda _: f"{{{next(numbers)}}}", line)
    return fields.replace("\0", "{").replace("\1", "}")


def counted_nouns() -> set[str]:
    """Return the nouns that `amount` is called with."""
    return {
        node.args[1].value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(read_text(path)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "amount" and len(node.args) > 1
        if isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str)
    }


def headers() -> set[str]:
    """Return the headers of the tables that are written out where `print_table` is called."""
    return {
        one.value
        for path in (PACKAGE / "cli").glob("*.py")
        for node in ast.walk(ast.parse(read_text(path)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print_table"
        if isinstance(node.args[0], ast.Tuple)
        for one in node.args[0].elts
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value not in {"", "A", "B"}
    }
