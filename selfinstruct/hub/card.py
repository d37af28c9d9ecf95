"""Our part of a dataset card that is a person's: one marked block of text, and the metadata that describes the data.

Everything else of the README stays byte for byte: text around the block, keys of the metadata that are not ours, their order and
comments. Metadata: https://huggingface.co/docs/hub/datasets-cards. PyYAML comes with the extra `hub`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from selfinstruct.errors import InputError

BEGIN = "<!-- selfinstruct: begin. `selfinstruct push` writes this block anew; what stands around it stays. -->"
END = "<!-- selfinstruct: end -->"
_MARK = re.compile(r"^<!-- selfinstruct: (begin|end)\b.*-->[ \t\r]*$", re.MULTILINE)
_FRONT = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)(?:\r?\n)?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"""("[^"\n]*"|'[^'\n]*'|[^\s#'"\[\]{},&*!|>%@`-][^:#\n]*?)[ \t]*:(?=[ \t\r\n]|\Z)""")
_OUR_FILE = re.compile(r"(train|held_out)/(en|zh)(-[01]+)?\.jsonl")
_ONCE = ("license", "license_name", "pretty_name", "task_categories")
"""Keys that are a person's as soon as he has written one."""
_LARGEST = 2_000_000


class Parts(NamedTuple):
    """A README."""

    front: str
    """The text of its metadata, without the lines `---`."""
    body: str


def metadata_of(text: str, where: str) -> dict[str, Any]:
    """Return the metadata of a card, empty without any; raises InputError for YAML that cannot be read."""
    return _parsed(_split(text).front, where)


def merged_card(theirs: str | None, ours: str, features: Sequence[Mapping[str, Any]], where: str) -> str:
    """Return the README of a repository with our block and the metadata of our data in it.

    `theirs` is what stands there, None for nothing; `ours` a whole card; `features` the columns, as `features.py` gives them. Raises
    InputError, naming `where`, for a README that cannot be taken apart.
    """
    own = _split(ours)
    data = {key: value for key, value in _parsed(own.front, "our card").items() if key != "dataset_info"}
    names = [one["config_name"] for one in data.get("configs", [])]
    data["dataset_info"] = [{"config_name": name, "features": list(features)} for name in names]
    block = f"{BEGIN}\n\n{own.body.strip()}\n\n{END}\n"
    if theirs is None or not theirs.strip():
        return f"---\n{_dumped(data)}---\n\n{block}"
    if len(theirs) > _LARGEST:
        raise InputError(f"{where}: has {len(theirs):,} characters, which is no card; shorten it on the hub")
    held = _split(theirs)
    standing = _parsed(held.front, where)
    front = _spliced(held.front, standing, _joined(standing, data))
    return _in_their_line_ends(f"---\n{front}---\n{_with_block(held.body, block, where)}", theirs)


def _split(text: str) -> Parts:
    plain = text.removeprefix("\ufeff")
    plain = plain.replace("\r\n", "\n") if _is_of_windows(text) else plain
    found = _FRONT.match(plain)
    if not found:
        return Parts("", plain)
    front = found[1]
    return Parts(f"{front}\n" if front and not front.endswith("\n") else front, plain[found.end() :])


def _in_their_line_ends(text: str, theirs: str) -> str:
    text = text.replace("\n", "\r\n") if _is_of_windows(theirs) else text
    return "\ufeff" + text if theirs.startswith("\ufeff") else text


def _is_of_windows(text: str) -> bool:
    return "\r\n" in text and text.count("\r\n") == text.count("\n")


def _parsed(front: str, where: str) -> dict[str, Any]:
    import yaml

    try:
        value = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        raise InputError(
            f"{where}: its metadata between the lines `---` is no YAML{line}; repair it on the hub"
        ) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{where}: its metadata between the lines `---` is no list of keys; repair it on the hub")
    return value


def _dumped(value: Mapping[str, Any]) -> str:
    import yaml

    unshared = json.loads(json.dumps(dict(value), default=str))  # else what stands twice would become an anchor
    return str(yaml.safe_dump(unshared, allow_unicode=True, sort_keys=False, width=10_000))


def _joined(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """Return both metadata: of a person's keys only those change that describe our data."""
    joined = dict(theirs)
    if "license" not in theirs:
        joined |= {key: ours[key] for key in _ONCE[:2] if key in ours}
    joined |= {key: ours[key] for key in _ONCE[2:] if key in ours and key not in theirs}
    for key in ("language", "tags"):
        joined[key] = _united(theirs.get(key), ours.get(key, []))
    joined["size_categories"] = ours.get("size_categories", theirs.get("size_categories"))
    gone = _gone(theirs, ours)
    for key in ("configs", "dataset_info"):
        joined[key] = _by_config(theirs.get(key), ours.get(key, []), gone)
    _keep_one_default(joined["configs"])
    return {key: value for key, value in joined.items() if key in theirs or value not in (None, [])}


def _united(theirs: Any, ours: Sequence[Any]) -> Any:
    """Return a list with what is missing in it; as it is where nothing is."""
    standing = theirs if isinstance(theirs, list) else [] if theirs is None else [theirs]
    missing = [one for one in ours if one not in standing]
    return [*standing, *missing] if missing else theirs


def _gone(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> set[str]:
    """Return the configurations that an earlier push wrote and this one does not have."""
    names = {one["config_name"] for one in ours.get("configs", [])}
    return {one["config_name"] for one in _named(theirs.get("configs")) if _is_ours(one)} - names


def _is_ours(config: Mapping[str, Any]) -> bool:
    paths = re.findall(r"'path': (\[[^\]]*\]|'[^']*')", str(config.get("data_files")))
    files = [file for path in paths for file in re.findall(r"'([^']*)'", path)]
    return bool(files) and all(_OUR_FILE.fullmatch(file) for file in files)


def _named(value: Any) -> list[dict[str, Any]]:
    """Return the entries of `configs` or `dataset_info`, each with a name: of one alone it may be left out."""
    entries = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [{"config_name": "default"} | one for one in entries if isinstance(one, dict)]


def _by_config(theirs: Any, ours: Sequence[Mapping[str, Any]], gone: set[str]) -> list[dict[str, Any]]:
    new = {one["config_name"]: dict(one) for one in ours}
    kept = [new.pop(one["config_name"], one) for one in _named(theirs) if one["config_name"] not in gone]
    return [*kept, *new.values()]


def _keep_one_default(configs: list[dict[str, Any]]) -> None:
    """Leave `default: true` to a person's configuration where one has it: two are an error to `datasets`."""
    if any(one.get("default") and not _is_ours(one) for one in configs):
        for one in configs:
            if _is_ours(one):
                one.pop("default", None)


def _spliced(front: str, standing: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Return the text of a metadata with another value for some keys; all other lines stay as they are."""
    changed = [key for key, value in wanted.items() if key not in standing or standing[key] != value]
    blocks = _blocks(front)
    lines = [
        _dumped({key: wanted[key]}) + _tail(text) if key in changed else text
        for key, text in blocks
        if key is None or key in wanted
    ]
    there = {key for key, _ in blocks}
    lines += [_dumped({key: wanted[key]}) for key in changed if key not in there]
    text = "".join(lines)
    return text if _reads_as(text, wanted) else _dumped(wanted)


def _reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    """Return whether lines that were put together say what they should: a value may go on in a line that looks like a key."""
    try:
        return _parsed(text, "our card") == dict(wanted)
    except InputError:
        return False


def _blocks(front: str) -> list[tuple[str | None, str]]:
    """Return (key, lines) of each key at the left; None for the lines before the first."""
    import yaml

    found: list[tuple[str | None, str]] = []
    for line in _lines(front):
        if key := _KEY.match(line):
            found.append((str(yaml.safe_load(key[1])), line))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line)
        else:
            found.append((None, line))
    return found


def _tail(text: str) -> str:
    """Return the comments and blank lines behind a value: they speak of the next key."""
    lines = _lines(text)
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return "".join(lines[end:])


def _with_block(body: str, block: str, where: str) -> str:
    marks = list(_MARK.finditer(body))
    if not marks:
        return f"{body.rstrip()}\n\n{block}" if body.strip() else f"\n{block}"
    if [mark[1] for mark in marks] != ["begin", "end"]:
        raise InputError(
            f"{where}: our block has not one line `<!-- selfinstruct: begin ... -->` and, behind it, one `{END}`; repair or remove these lines on the hub"
        )
    return body[: marks[0].start()] + block.rstrip("\n") + body[marks[1].end() :]


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends, where YAML breaks them: U+0085, U+2028 and U+2029 end one there."""
    return _LINE.findall(text)


_LINE = re.compile(r"[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029])|[^\r\n\x85\u2028\u2029]+")
