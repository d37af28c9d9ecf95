"""The page of an import: what became of conversations and turns, and turns that were cut, to read."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from selfinstruct.reports.html import document, script_json
from selfinstruct.reports.run.parts import section, table
from selfinstruct.system.faces import html as escape

_EACH = 5
"""Conversations of each rule that are shown."""
_LONGEST = 1_500
"""Characters of a turn that are shown."""
_FOLDER = Path(__file__).parent
_NAMES = {
    "en": "English",
    "zh": "Chinese",
    "mixed": "both languages",
    "other": "neither",
    "none": "no words",
    "total": "in all",
}


def imported_page(found: Mapping[str, Any], rejected: Path) -> str:
    """Return the page of an import from its ledger and its rejected conversations; the same ones for every reader."""
    name = found["import"]["file"]
    body = f"""<header><h1>{escape(name)}</h1><p class="faint">{escape(_how(found["import"]))}</p></header>
<main>
{_tiles(found["ledger"]["total"])}
{"".join(_sections(found["ledger"]))}
<section><h2>To read</h2><p class="faint">The first {_EACH} conversations of each rule; <code>rejected.jsonl</code> has all.</p>
{"".join(map(_example, _examples(rejected)))}</section>
</main>"""
    return document(f"{escape(name)}: import", body, script_json([]), _FOLDER)


def _how(settings: Mapping[str, Any]) -> str:
    limit = f"at most {settings['max_tokens']:,} tokens a row" if settings["max_tokens"] else "no limit of tokens"
    thresholds = ", ".join(f"{_NAMES[language]} {value}" for language, value in settings["threshold"].items())
    return f"sha256 {settings['sha256']}; {limit}; near-duplicates above ROUGE-L {thresholds}"


def _tiles(total: Mapping[str, Any]) -> str:
    conversations, turns = total["conversations"], total["turns"]
    tiles = (
        ("conversations", conversations["read"]),
        ("kept", conversations["kept"]),
        ("of them cut short", conversations["cut"]),
        ("rows", total["rows"]),
        ("turns", turns["read"]),
        ("turns kept", turns["kept"]),
    )
    return f'<ul class="tiles">{"".join(f"<li><b>{value:,}</b>{name}</li>" for name, value in tiles)}</ul>'


def _sections(ledger: Mapping[str, Any]) -> Iterator[str]:
    for title, *path in (
        ("Rejected conversations", "conversations", "rejected"),
        ("Conversations cut short", "conversations", "cut_by"),
        ("Turns that are not kept", "turns", "cut"),
        ("Mended turns", "mended"),
        ("Languages of the kept turns", "turn_languages"),
    ):
        if names := list(_counts(ledger["total"], path)):
            heads = ("", *(_NAMES[language] for language in ledger))
            rows = [
                (_NAMES.get(name, name), *(f"{_counts(one, path).get(name, 0):,}" for one in ledger.values()))
                for name in names
            ]
            yield section(title, table(heads, rows))


def _counts(entry: Mapping[str, Any], path: Sequence[str]) -> Mapping[str, int]:
    """Return the counts by name at a place in an entry of the ledger."""
    held: Any = entry
    for name in path:
        held = held[name]
    return dict(held)


def _examples(rejected: Path) -> Iterator[dict[str, Any]]:
    shown = Counter[str]()
    with rejected.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            one = json.loads(line)
            shown[one["rule"]] += 1
            if shown[one["rule"]] <= _EACH:
                yield one


def _example(one: Mapping[str, Any]) -> str:
    where = f"{one['unit']} {one['line']}" + (f", turn {one['turn']}" if one.get("turn") else "")
    head = f"<h3><b>{escape(one['rule'])}</b>{escape(one['outcome'])} <span class=faint>{escape(where)}: {escape(one.get('detail', ''), _LONGEST)}</span></h3>"
    turns = one.get("turns") or ([{"turn": 0, "said": one["row"]}] if "row" in one else [])
    said = "".join(
        f'<div class="text-block">{escape(_text(turn["said"]), _LONGEST, row=True)}</div>' for turn in turns[:4]
    )
    near = one.get("nearest")
    beside = (
        f'<p class="faint">near to {escape(one["unit"])} {near["line"]}:</p><div class="text-block">{escape(near["text"], _LONGEST, row=True)}</div>'
        if near
        else ""
    )
    return f"<article>{head}{said}{beside}</article>\n"


def _text(said: Any) -> str:
    """Return a turn as it stands in the file: its text, or all of it where that is not one."""
    if isinstance(said, str):
        return said
    texts = (
        [said[key] for key in ("value", "content", "text") if isinstance(said.get(key), str)]
        if isinstance(said, dict)
        else []
    )
    return texts[0] if texts else json.dumps(said, ensure_ascii=False)
