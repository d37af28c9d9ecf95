"""Parse TOML text into a configuration; errors name file, line, key and the nearest known key."""

import difflib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import Any, get_args

from pydantic import ValidationError

from selfinstruct.config.config import Config
from selfinstruct.config.wrong import backslashes, hint_of_value, in_plain_words, in_toml_words
from selfinstruct.errors import ConfigError
from selfinstruct.records import Recipe
from selfinstruct.records.full_width import hint_of

_LARGEST = 2**18
"""Characters of a configuration; each of its unknown keys is compared with all known ones."""
_MOST_DOTS = 100
"""Of one line: the memory of a dotted key grows with the square of its parts."""
_MOST_SAID = 20
"""Errors that are described."""
_MONEY = {"budget_usd", "cny_per_usd", "input", "output"}
"""Keys of amounts; `input` and `output` stand under a price."""


def parse_config(text: str, name: str, overrides: Mapping[str, Any] | None = None, rules: Sequence[str] = ()) -> Config:
    """Return the configuration of a TOML text; `overrides` maps dotted keys (`run.name`) to values that replace it.

    `rules` are the names that `[validate] disable` may contain; when empty, names are not checked.

    Raises ConfigError with file, line, key, what is wrong and the nearest known key.
    """
    data = _loads(text, name)
    for dotted, value in (overrides or {}).items():
        if dotted.startswith("target."):  # a language that a flag does not name keeps its target
            data.setdefault("target", dict(Config().target))
        _set(data, dotted.split("."), value)
    return _validated(data, text, name, rules, overrides or {})


def parse_settings(settings: Mapping[str, Any], text: str, name: str, rules: Sequence[str] = ()) -> Config:
    """Return the configuration of a TOML text, each section updated by its mapping in `settings`.

    `target` is replaced, not updated: a missing language has no target. Raises ConfigError as `parse_config` does.
    """
    data = _loads(text, name)
    for section, values in settings.items():
        if not isinstance(values, Mapping):
            raise ConfigError(f"{section}={values!r}: must be a mapping, such as limits={{'concurrency': 8}}")
        kept = {} if section == "target" else data.get(section, {})
        if not isinstance(kept, Mapping):
            continue  # the check of the whole says so
        data[section] = {**kept, **{key: _plain(key, value) for key, value in values.items()}}
    return _validated(data, text, name, rules, {})


def _plain(key: str, value: Any) -> Any:
    """Return a value as TOML would have it: paths as text, amounts of money as the decimal digits that were written."""
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(name, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(key, inner) for inner in value]
    if key in _MONEY and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{Decimal(str(value)):f}"
    return value


def _loads(text: str, name: str) -> dict[str, Any]:
    if len(text) > _LARGEST:
        raise ConfigError(f"{name}: has more than {_LARGEST:,} characters, which no configuration needs")
    dotted = next((number for number, line in enumerate(text.split("\n"), 1) if line.count(".") > _MOST_DOTS), None)
    if dotted:
        raise ConfigError(f"{name}:{dotted}: has more than {_MOST_DOTS} dots; no key has so many parts")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers of very many digits, and nesting without end
        reason = "nested too deeply" if isinstance(error, RecursionError) else in_plain_words(str(error))
        raise ConfigError(f"{name}: not valid TOML: {reason}{_hint(text, reason)}") from error


def _hint(text: str, reason: str) -> str:
    """Return what is said of a character of a Chinese keyboard on the line that the reason names, of a value without quotation marks, or of a Windows path."""
    place = re.search(r"at line (\d{1,7}), column (\d{1,7})", reason)
    line = text.split("\n")[int(place[1]) - 1] if place else ""
    if {"Unescaped", "hex"} & set(reason.split()):
        return f"; {backslashes(line)}"
    hint = hint_of(line)
    if place and not hint and reason.startswith("Invalid value"):
        hint = hint_of_value(line[: int(place[2]) - 1], line[int(place[2]) - 1 :])
    return f"; {hint}" if hint else ""


def _validated(
    data: dict[str, Any], text: str, name: str, rules: Sequence[str], overrides: Mapping[str, Any]
) -> Config:
    try:
        return Config.model_validate(data, context={"rules": rules})
    except ValidationError as error:
        found = error.errors()
        details = [_describe(one["loc"], one, text, name, overrides) for one in found[:_MOST_SAID]]
        details += [f"{name}: {len(found) - _MOST_SAID} more"] if len(found) > _MOST_SAID else []
        raise ConfigError("\n".join(details)) from error


def _set(data: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        data = data.setdefault(key, {})
        if not isinstance(data, dict):
            return  # no section: the check of the whole says so
    data[keys[-1]] = value


def _describe(location: tuple[Any, ...], finding: Any, text: str, name: str, overrides: Mapping[str, Any]) -> str:
    keys = [str(key) for key in location if not str(key).startswith(("literal[", "[key]"))]
    dotted = ".".join(keys)
    flag = "target" if keys[0] == "target" else keys[-1].replace("_", "-")
    given = dotted in overrides or any(
        key.startswith(f"{dotted}.") and isinstance(value, int) and value < 0 for key, value in overrides.items()
    )
    where = f"--{flag}" if given else f"{name}{_line_of(text, keys)}: [{dotted}]"
    if finding["type"] == "tuple_type":
        return f"{where}: must be a list; put brackets around it: {keys[-1]} = [{json.dumps(finding['input'], ensure_ascii=False, default=str)}]"
    if keys[0] == "target" and finding["type"] == "literal_error":
        return f"{where}: no such language; known: en, zh"
    if keys[:2] in (["generate", "mix"], ["generate", "recipe"]) and finding["type"] == "literal_error":
        return f"{where}: {_other_recipe(keys[-1] if len(keys) > 2 else str(finding['input']))}"
    if finding["type"] != "extra_forbidden":
        return f"{where}: {in_toml_words(finding)}"
    known = _known_keys(keys[:-1])
    near, listed = difflib.get_close_matches(keys[-1], known, n=1, cutoff=0.4), ", ".join(known)
    meant = f"did you mean `{near[0]}`?" if near else ""
    if len(keys) == 1:
        return f"{where}: unknown section; {meant or f'known sections: {listed}'}"
    return f"{where}: unknown key; {meant or f'known keys: {listed}'}"


def _other_recipe(name: str) -> str:
    """Return what is said of a recipe that there is not."""
    known = get_args(Recipe)
    near = difflib.get_close_matches(name[:60], known, n=1, cutoff=0.4)
    return f"no such recipe; {f'did you mean `{near[0]}`?' if near else 'known: ' + ', '.join(known)}"


def _known_keys(path: list[str]) -> list[str]:
    section: Any = Config
    for key in path:
        annotation = section.model_fields["validate_" if key == "validate" else key].annotation
        section = next(
            (part for part in (annotation, *getattr(annotation, "__args__", ())) if hasattr(part, "model_fields")), None
        )
        if section is None:
            return []
    return [field.alias or key for key, field in section.model_fields.items()]


def _line_of(text: str, keys: list[str]) -> str:
    """Return `:LINE` of a key, found by its table header and name; empty when the text does not contain it."""
    table, found = "", ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            table = header.group(1).strip()
            found = f":{number}" if table == ".".join(keys) else found
        elif re.match(rf"\s*\"?{re.escape(keys[-1])}\"?\s*=", line) and table == ".".join(keys[:-1]):
            return f":{number}"
        elif len(keys) > 1 and re.match(rf"\s*{re.escape(keys[-2])}\s*=", line) and table == ".".join(keys[:-2]):
            found = f":{number}"
    return found
