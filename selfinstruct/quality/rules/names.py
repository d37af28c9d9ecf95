"""Names that a Python program uses and nowhere defines: it stops where it comes to them.

Only functions are looked at: what stands outside of one may be a fragment that goes on from other code, as a class or a decorated function
goes on from a framework. Which name holds where is not looked at: a name that is bound anywhere is defined.
"""

import ast
import builtins
import difflib
import re
import sys
from collections.abc import Collection, Iterator, Sequence

_KNOWN = frozenset([*dir(builtins), "xrange", "raw_input", "unicode", "reduce", "long", "unichr", "basestring", "self"])
"""Names that Python has, of version 2 too."""
_MOST, _LEAST, _APART, _ALIKE = 20, 5, 4, 0.8
"""Names that are looked at, letters of one that may be mistyped, and by how many and which share of them another one may differ."""
_IMPORTED = re.compile(r"\bimport (\w+)")


def cut_attribute(trees: Sequence[ast.AST]) -> str:
    """Return what is wrong with a line of a function that does nothing but name an attribute, as a cut leaves it, or ""."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    for node in _within_functions(nodes):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
            return f"line {node.lineno} of the code stops at .{node.value.attr[:40]}"
    return ""


def undefined_names(trees: Sequence[ast.AST], given: str) -> tuple[str, str]:
    """Return what is wrong with the first name in a function with no capital that nearly is one of the program's, or with any; each or "".

    None of the names is one that the program or the task (`given`) has.
    """
    nodes = [node for tree in trees for node in ast.walk(tree)]
    if not (named := _within_functions(nodes)):
        return "", ""
    own = frozenset().union(*map(_bound, nodes))
    defined = _KNOWN.union(_named_in(given), own)
    called = (node.func for node in nodes if isinstance(node, ast.Call))
    names = (node.id for node in (*named, *called) if isinstance(node, ast.Name))
    unknown = [name for name in dict.fromkeys(names) if name not in defined and name[0].islower()][:_MOST]
    near = next((f"uses {name[:40]} and defines {other[:40]}" for name in unknown if (other := _meant(name, own))), "")
    return near, f"uses {unknown[0][:40]} and does not define it" if unknown else ""


def _meant(name: str, own: Collection[str]) -> str:
    """Return the name of the program that another one nearly is: `count_vowel` is `count_vowels`; "" for the name of a module."""
    if len(name) < _LEAST or name in sys.stdlib_module_names:
        return ""
    alike = [
        one for one in own if one[0] == name[0] and abs(len(one) - len(name)) < _APART and not _is_longer(one, name)
    ]
    return next(iter(difflib.get_close_matches(name, alike, 1, _ALIKE)), "")


def _is_longer(one: str, other: str) -> bool:
    """Return whether one of two names is the other with a word behind it: `reserve` and `reserveAt`."""
    return (one.startswith(other) or other.startswith(one)) and abs(len(one) - len(other)) > 1


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
