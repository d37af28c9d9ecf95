"""Column types of rows as `dataset_info` of a card names them, so that every reader takes the same ones from every file.

Without them `datasets` infers types file by file, and fails where an optional column is missing or empty in one of them. Objects whose
keys differ from row to row (tools, calls) are `json`: as a struct each would get the keys of all others, with null.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Kind = str | tuple[str, Any]
"""`null`, a scalar, `json`, ("list", kind) or ("struct", {name: kind})."""
_SCALARS = {bool: "bool", int: "int64", float: "float64", str: "string", type(None): "null"}


def features_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the columns of rows in the order of their first appearance.

    >>> features_of([{"id": "a", "history": [["Hi", "Hello"]]}, {"id": "b", "score": 1}])
    [{'name': 'id', 'dtype': 'string'}, {'name': 'history', 'list': {'list': 'string'}}, {'name': 'score', 'dtype': 'int64'}]
    """
    columns: dict[str, Kind] = {}
    for row in rows:
        for name, value in row.items():
            kind = _kind(value)
            columns[name] = _both(columns[name], kind) if name in columns else kind
    return [{"name": name} | _stated(kind) for name, kind in columns.items()]


def _kind(value: Any) -> Kind:
    if type(value) in _SCALARS:
        return _SCALARS[type(value)]
    if isinstance(value, Mapping):
        return ("struct", {name: _kind(one) for name, one in value.items()}) if value else "json"
    kind: Kind = "null"
    for one in value:
        kind = _both(kind, _kind(one))
    return ("list", kind)


def _both(one: Kind, other: Kind) -> Kind:
    """Return the kind that holds values of both."""
    if other in (one, "null"):
        return one
    if one == "null":
        return other
    if isinstance(one, str) and isinstance(other, str) and {one, other} == {"int64", "float64"}:
        return "float64"
    if isinstance(one, tuple) and isinstance(other, tuple) and one[0] == other[0]:
        if one[0] == "list":
            return ("list", _both(one[1], other[1]))
        if one[1].keys() == other[1].keys():
            return ("struct", {name: _both(kind, other[1][name]) for name, kind in one[1].items()})
    return "json"


def _stated(kind: Kind) -> dict[str, Any]:
    if not isinstance(kind, tuple):
        return {"dtype": kind}
    if kind[0] == "struct":
        return {"struct": [{"name": name} | _stated(inner) for name, inner in kind[1].items()]}
    inner = _stated(kind[1])
    return {"list": inner["dtype"] if list(inner) == ["dtype"] else inner.get("struct", inner)}
