"""Names that a Python program uses and nowhere defines: it stops where it comes to them.

Only functions are looked at: what stands outside of one may be a fragment that goes on from other code, as a class or a decorated function
goes on from a framework. Which name holds where is not looked at: a name that is bound anywhere is defined.
"""

import ast
import builtins
import re
import sys
from collections.abc import Iterator, Sequence

_KNOWN = frozenset([*dir(builtins), "xrange", "raw_input", "unicode", "reduce", "long", "unichr", "basestring", "self"])
"""Names that Python has, of version 2 too."""
_IMPORTED = re.compile(r"\bimport (\w+)")


def cut_attribute(trees: Sequence[ast.AST]) -> str:
    """Return what is wrong with a line of a function that does nothing but name an attribute, as a cut leaves it, or ""."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    for node in _within_functions(nodes):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
            return f"line {node.lineno} of the code stops at .{node.value.attr[:40]}"
    return ""


def undefined_name(trees: Sequence[ast.AST], given: str) -> str:
    """Return what is wrong with the first name in a function with no capital that neither the program nor the task (`given`) has, or ""."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    if not (named := _within_functions(nodes)):
        return ""
    defined = _KNOWN.union(_named_in(given), *map(_bound, nodes))
    called = (node.func for node in nodes if isinstance(node, ast.Call))
    for node in (*named, *called):
        if isinstance(node, ast.Name) and node.id not in defined and node.id[0].islower():
            return f"uses {node.id[:40]} and does not define it"
    return ""


def _within_functions(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    """Return the nodes of the functions; none of a program that is a part of something else: of a framework, or of a module that it takes whole."""
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    is_part = any(function.decorator_list for function in functions) or any(map(_takes_all, nodes))
    return [] if is_part else [node for function in functions for node in ast.walk(function)]


def _takes_all(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds."""
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.arg():
            yield node.arg
        case ast.alias():
            yield (node.asname or node.name).split(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.Global() | ast.Nonlocal():
            yield from node.names
        case ast.MatchMapping(rest=str(name)):
            yield name
        case _:
            pass


def _named_in(task: str) -> frozenset[str]:
    """Return the names that a task has; that of a module (`random`) is a word as well, so it must be imported there."""
    words = frozenset(re.findall(r"\w+", task)) - sys.stdlib_module_names
    return words.union(_IMPORTED.findall(task))
