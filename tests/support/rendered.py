"""The texts of the code with values that they can have: what a reader may meet, as far as the syntax trees tell.

A value that is an amount, a choice, a list or what another function of the code returns is written out; any other one is a name or a number.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from selfinstruct.system.files import PACKAGE, read_text
from selfinstruct.system.numbers import amount
from tests.support.spoken import Text, written_texts

_DEEPEST = 12
_MOST = 12
"""Texts that are made from one f-string."""
_NAMES = {"name", "rule", "language", "model", "url", "detail", "error_of", "words", "reasons", "fault", "holder"}
_NUMBERS = ("len", "sum", "round", "int", "max", "min", "count")
_PLACE = "data/x.jsonl"
_NAME, _NUMBER = "abc", "7"


class _Code(NamedTuple):
    """One module: what its names stand for."""

    path: Path
    functions: dict[str, ast.FunctionDef]
    constants: dict[str, ast.expr]
    imported: dict[str, tuple[str, str]]


class _Scope(NamedTuple):
    """Where an expression stands."""

    code: _Code
    function: ast.FunctionDef | None
    depth: int

    def within(self, code: _Code, function: ast.FunctionDef | None) -> "_Scope":
        return _Scope(code, function, self.depth + 1)


def rendered_texts(package: str) -> Iterator[tuple[Text, list[str]]]:
    """Yield each text of a package and what it may look like once it is made."""
    for path, node, text in written_texts(package):
        code = _code(path)
        yield text, [line for made in _texts(node, _Scope(code, _around(path, node), 0)) for line in made.split("\n")]


def _texts(node: ast.expr, scope: _Scope) -> list[str]:
    """Return some texts that an expression may have; one at least."""
    if scope.depth > _DEEPEST:
        return [_NUMBER]
    deeper = scope._replace(depth=scope.depth + 1)
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return _named(node, deeper)
    if isinstance(node, ast.Call):
        return _called(node, deeper)
    if isinstance(node, ast.FormattedValue):
        return _formatted(node, deeper)
    return _written(node, scope)


def _written(node: ast.expr, scope: _Scope) -> list[str]:
    """Return the texts of what is written out where it stands: a constant, parts that are joined, a choice."""
    match node:
        case ast.Constant():
            return [_with_values(str(node.value))]
        case ast.JoinedStr():
            return _combined([_texts(part, scope) for part in node.values])
        case ast.BinOp(op=ast.Add()):
            return _combined([_texts(node.left, scope), _texts(node.right, scope)])
        case ast.IfExp() | ast.BoolOp():
            choices = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            return [text for one in choices for text in _texts(one, scope._replace(depth=scope.depth + 1))]
        case _:
            return [_NUMBER]


def _with_values(text: str) -> str:
    """Return a text that `format` fills, filled."""
    made = text.replace("{said}", ' It says: "gone".')
    made = made.replace("{{", "\0").replace("}}", "\1") if "{{" in text else made
    return re.sub(r"\{[a-z_]+\}", _NUMBER, made).replace("\0", "{").replace("\1", "}")


def _combined(parts: list[list[str]]) -> list[str]:
    """Return as many texts as the part with most values has; each of its values stands in one."""
    number = min(max(map(len, parts), default=1), _MOST)
    return ["".join(part[index % len(part)] for part in parts) for index in range(number)]


def _formatted(node: ast.FormattedValue, scope: _Scope) -> list[str]:
    if isinstance(node.format_spec, ast.JoinedStr):
        style = "".join(str(one.value) for one in node.format_spec.values if isinstance(one, ast.Constant))
        return ["12%"] if style.endswith("%") else ["1,234"] if style == "," else ["0.75"]
    return _texts(node.value, scope)


def _called(node: ast.Call, scope: _Scope) -> list[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name == "amount" and len(node.args) > 1:
        return [text for noun in _texts(node.args[1], scope) for text in (amount(1, noun), amount(3, noun))]
    if name in _NUMBERS:
        return [_NUMBER]
    if name == "join" and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant):
        return _joined(str(node.func.value.value), node.args[0], scope)
    if name == "get" and isinstance(node.func, ast.Attribute):
        found = [*_members(node.func.value, scope), *(one for arg in node.args[1:] for one in _texts(arg, scope))]
        return found or [_NUMBER]
    return _returned(name, scope) or _guessed(name)


def _joined(mark: str, node: ast.expr, scope: _Scope) -> list[str]:
    parts = _elements(node, scope)
    return (
        [*parts, mark.join(parts[:3] if len(parts) > 1 else [*parts, *parts])]
        if parts
        else [f"3{mark}7" if mark == " to " else f"{_NAME}{mark}xyz"]
    )


def _elements(node: ast.expr, scope: _Scope) -> list[str]:
    """Return texts that a list may hold."""
    match node:
        case ast.GeneratorExp() | ast.ListComp():
            return _texts(node.elt, scope)
        case ast.List() | ast.Tuple():
            return [
                text
                for one in node.elts
                for text in (_elements(one.value, scope) if isinstance(one, ast.Starred) else _texts(one, scope))
            ]
        case ast.Name():
            return [text for value in _assigned(node.id, scope) for text in _elements(value, scope)]
        case ast.Call(func=ast.Name(id=name)):
            return [text for value, where in _results(name, scope) for text in _elements(value, where)]
        case _:
            return []


def _named(node: ast.Name | ast.Attribute | ast.Subscript, scope: _Scope) -> list[str]:
    if isinstance(node, ast.Subscript):
        return _members(node.value, scope) or [_NUMBER]
    if isinstance(node, ast.Attribute):
        return _returned(node.attr, scope) or _guessed(node.attr)
    found = [text for value in _assigned(node.id, scope) for text in _texts(value, scope)]
    return found or _guessed(node.id)


def _guessed(name: str) -> list[str]:
    is_place = any(word in name for word in ("path", "where", "place", "directory", "file", "folder"))
    return [_PLACE] if is_place else [_NAME] if name in _NAMES else [_NUMBER]


def _members(node: ast.expr, scope: _Scope) -> list[str]:
    """Return the texts in a table."""
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in _texts(value, scope)]
    if isinstance(node, ast.Name):
        return [text for value in _assigned(node.id, scope) for text in _members(value, scope)]
    return []


def _assigned(name: str, scope: _Scope) -> Iterable[ast.expr]:
    """Yield what a name stands for in its function, or else in its module."""
    for one in ast.walk(scope.function) if scope.function else ():
        if isinstance(one, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in one.targets):
            yield one.value
        elif (
            isinstance(one, ast.Assign)
            and isinstance(one.targets[0], ast.Tuple)
            and isinstance(one.value, ast.Tuple | ast.IfExp)
        ):
            yield from _unpacked(name, one.targets[0], one.value)
        elif (
            isinstance(one, ast.comprehension) and isinstance(one.target, ast.Tuple) and isinstance(one.iter, ast.Tuple)
        ):
            for member in one.iter.elts:
                yield from _unpacked(name, one.target, member)
        elif isinstance(one, ast.NamedExpr) and one.target.id == name:
            yield one.value
    if name in scope.code.constants:
        yield scope.code.constants[name]


def _unpacked(name: str, targets: ast.Tuple, value: ast.expr) -> Iterator[ast.expr]:
    for one in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
        if isinstance(one, ast.Tuple) and len(one.elts) == len(targets.elts):
            yield from (part for to, part in zip(targets.elts, one.elts, strict=True) if getattr(to, "id", "") == name)


def _returned(name: str, scope: _Scope) -> list[str]:
    return [text for value, where in _results(name, scope) for text in _texts(value, where)]


def _results(name: str, scope: _Scope) -> Iterator[tuple[ast.expr, _Scope]]:
    """Yield what a function of the package returns that says a text, with the place where it stands."""
    code, function = _found(name, scope.code)
    if function is None or not _says_text(function):
        return
    for one in ast.walk(function):
        if isinstance(one, ast.Return | ast.Yield) and one.value:
            yield one.value, scope.within(code, function)


def _says_text(function: ast.FunctionDef) -> bool:
    returned = ast.unparse(function.returns) if function.returns else ""
    return "str" in returned and "dict" not in returned


def _found(name: str, code: _Code) -> tuple[_Code, ast.FunctionDef | None]:
    if name in code.functions:
        return code, code.functions[name]
    if name in code.imported:
        module, original = code.imported[name]
        path = PACKAGE.parent / Path(*module.split("."))
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file() and file != code.path:  # a package that names a module of its own has no such function
                return _found(original, _code(file))
    return code, None


@cache
def _code(path: Path) -> _Code:
    tree = ast.parse(read_text(path))
    functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    constants = {
        one.targets[0].id: one.value
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }
    imported = {
        name.asname or name.name: (one.module, name.name)
        for one in ast.walk(tree)
        if isinstance(one, ast.ImportFrom) and one.module and one.module.startswith("selfinstruct")
        for name in one.names
    }
    return _Code(path, functions, constants, imported)


def _around(path: Path, node: ast.AST) -> ast.FunctionDef | None:
    """Return the innermost function in which a node stands."""
    line = getattr(node, "lineno", 0)
    around = [one for one in _code(path).functions.values() if one.lineno <= line <= (one.end_lineno or 0)]
    return max(around, key=lambda one: one.lineno, default=None)
