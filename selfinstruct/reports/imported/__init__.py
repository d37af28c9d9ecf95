"""The page of an import: what became of conversations and turns, and turns that were cut, to read."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from selfinstruct.records import LanguageCode
from selfinstruct.reports.html import document, script_json
from selfinstruct.reports.language import in_language, listed, said, told, words
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


def imported_page(found: Mapping[str, Any], rejected: Path, language: LanguageCode = "en") -> str:
    """Return the page of an import from its ledger and its rejected conversations; the same ones for every reader."""
    with in_language(language):
        return _page(found, rejected)


def _page(found: Mapping[str, Any], rejected: Path) -> str:
    name = found["import"]["file"]
    first = said(
        "The first {count} conversations of each rule; {file} has all.", count=_EACH, file="<code>rejected.jsonl</code>"
    )
    body = f"""<header><h1>{escape(name)}</h1><p class="faint">{escape(_how(found["import"]))}</p></header>
<main>
{_tiles(found["ledger"]["total"])}
{"".join(_sections(found["ledger"]))}
<section><h2>{said("To read")}</h2><p class="faint">{first}</p>
{"".join(map(_example, _examples(rejected)))}</section>
</main>"""
    return document(said("{name}: import", name=escape(name)), body, script_json([]), _FOLDER)


def _how(settings: Mapping[str, Any]) -> str:
    most = settings["max_tokens"]
    limit = said("at most {most:,} tokens a row", most=most) if most else said("no limit of tokens")
    thresholds = listed(f"{said(_NAMES[language])} {value}" for language, value in settings["threshold"].items())
    near = said("near-duplicates above ROUGE-L {thresholds}", thresholds=thresholds)
    return listed((f"sha256 {settings['sha256']}", limit, near), "; ")


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
    return f'<ul class="tiles">{"".join(f"<li><b>{value:,}</b>{said(name)}</li>" for name, value in tiles)}</ul>'


def _sections(ledger: Mapping[str, Any]) -> Iterator[str]:
    for title, *path in (
        ("Rejected conversations", "conversations", "rejected"),
        ("Conversations cut short", "conversations", "cut_by"),
        ("Turns that are not kept", "turns", "cut"),
        ("Mended turns", "mended"),
        ("Languages of the kept turns", "turn_languages"),
    ):
        if names := list(_counts(ledger["total"], path)):
            heads = words("", *(_NAMES[language] for language in ledger))
            rows = [
                (
                    said(_NAMES[name]) if name in _NAMES else name,
                    *(f"{_counts(one, path).get(name, 0):,}" for one in ledger.values()),
                )
                for name in names
            ]
            yield section(said(title), table(heads, rows))


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
    where = _place(one["unit"], one["line"])
    where += said(", turn {turn}", turn=one["turn"]) if one.get("turn") else ""
    detail = escape(told(one.get("detail", "")), _LONGEST)
    head = f"<h3><b>{escape(one['rule'])}</b>{said(one['outcome'])} <span class=faint>{escape(where)}{said(': ')}{detail}</span></h3>"
    turns = one.get("turns") or ([{"turn": 0, "said": one["row"]}] if "row" in one else [])
    shown = "".join(
        f'<div class="text-block">{escape(_text(turn["said"]), _LONGEST, row=True)}</div>' for turn in turns[:4]
    )
    near = one.get("nearest")
    beside = (
        f'<p class="faint">{said("near to {place}:", place=escape(_place(one["unit"], near["line"])))}</p><div class="text-block">{escape(near["text"], _LONGEST, row=True)}</div>'
        if near
        else ""
    )
    return f"<article>{head}{shown}{beside}</article>\n"


def _place(unit: str, line: int) -> str:
    return said("row {number}" if unit == "row" else "line {number}", number=line)


def _text(turn: Any) -> str:
    """Return a turn as it stands in the file: its text, or all of it where that is not one."""
    if isinstance(turn, str):
        return turn
    texts = (
        [turn[key] for key in ("value", "content", "text") if isinstance(turn.get(key), str)]
        if isinstance(turn, dict)
        else []
    )
    return texts[0] if texts else json.dumps(turn, ensure_ascii=False)
