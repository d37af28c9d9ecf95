"""The kind of each change, on constructed pairs of files with the exact expected diff."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from selfinstruct.dataset.diff import compare
from selfinstruct.dataset.diff.read import operands, read_sides
from tests.support.diff_rows import Row, en, lines, with_id, zh

SPRING = zh("写一首关于春天的诗。", "春眠不觉晓，处处闻啼鸟。")
RIVER = en("Name a river in France.", "The Loire is a river in France.")
SORT = zh("用Python写一个快速排序程序。", "```python\ndef f(x):\n    return sorted(x)\n```")
SKY = en("Describe the colour of the sky at dusk.", "It is orange, then red.")
TEA = en("Explain how to brew green tea without making it bitter.", "Use water of 80 degrees, for two minutes.")


def but(row: Row, **changes: Any) -> Row:
    return row | changes


class Case(NamedTuple):
    name: str
    base: str
    head: str
    counts: dict[str, int]
    changes: Sequence[tuple[Any, ...]] = ()
    """(kind, language, fields, formats, score) of each change, in order."""
    near: Sequence[tuple[str, float]] = ()
    """(against, score)."""
    rules: Sequence[str] = ()
    """Rules newly broken."""


def text_of(*rows: Row) -> str:
    return lines(*rows)


ALL = (SPRING, RIVER, SORT, SKY)
CASES = [
    Case("nothing", text_of(*ALL), text_of(*ALL), {"unchanged": 4}),
    Case("answer edited", text_of(*ALL), text_of(SPRING, but(RIVER, output="The Rhône."), SORT, SKY), {"changed": 1, "unchanged": 3}, [("changed", "en", ["output"], [], None)]),
    Case("answer edited in Chinese", text_of(SPRING), text_of(but(SPRING, output="夜来风雨声，花落知多少。")), {"changed": 1}, [("changed", "zh", ["output"], [], None)]),
    Case("key order", text_of(RIVER), text_of(dict(reversed(RIVER.items()))), {"unchanged": 1}),
    Case("CRLF", text_of(*ALL), text_of(*ALL).replace("\n", "\r\n"), {"unchanged": 4}),
    Case("byte order mark", text_of(*ALL), "\ufeff" + text_of(*ALL), {"unchanged": 4}),
    Case("blank lines", text_of(*ALL), "\n\n" + text_of(*ALL).replace("\n", "\n\n"), {"unchanged": 4}),
    Case("reordered file", text_of(*ALL), text_of(*reversed(ALL)), {"unchanged": 4}),
    Case("ASCII escapes", text_of(SPRING), text_of(SPRING).encode("ascii", "backslashreplace").decode(), {"unchanged": 1}),
    Case("JSON array", text_of(*ALL), "[" + text_of(*ALL).strip().replace("\n", ",") + "]", {"unchanged": 4}),
    Case("further keys", text_of(RIVER), text_of(but(RIVER, source="x")), {"changed": 1}, [("changed", "en", ["left_out"], [], None)]),
    Case("further keys that are the same", text_of(but(RIVER, source="x")), text_of(but(RIVER, source="x")), {"unchanged": 1}),
    Case("added", text_of(RIVER), text_of(RIVER, SPRING), {"added": 1, "unchanged": 1}, [("added", "zh", [], [], None)]),
    Case("removed", text_of(RIVER, SPRING), text_of(RIVER), {"removed": 1, "unchanged": 1}, [("removed", "zh", [], [], None)]),
    Case("everything removed", text_of(*ALL), "", {"removed": 4}, [("removed", one, [], [], None) for one in ("en", "en", "zh", "zh")]),
    Case("everything new", "", text_of(*ALL), {"added": 4}, [("added", one, [], [], None) for one in ("en", "en", "zh", "zh")]),
    Case("both empty", "", "", {}),
    Case("instruction reworded", text_of(RIVER, SKY), text_of(but(RIVER, instruction="Name one long river in France."), SKY), {"rewritten": 1, "unchanged": 1}, [("rewritten", "en", ["instruction"], [], 8 / 11)]),
    Case("instruction reworded in Chinese", text_of(SPRING), text_of(but(SPRING, instruction="写两首关于春天的短诗。", output="略有不同。")), {"rewritten": 1}, [("rewritten", "zh", ["instruction", "output"], [], 16 / 19)]),
    Case("reworded beyond recognition but the same long answer", text_of(TEA), text_of(but(TEA, instruction="How do I make green tea that is not bitter?")), {"rewritten": 1}, [("rewritten", "en", ["instruction"], [], 0.4)]),
    Case("another task with the same short answer", text_of(en("Is water wet?", "Yes.")), text_of(en("Does the sun rise in the east?", "Yes.")), {"removed": 1, "added": 1}, [("removed", "en", [], [], None), ("added", "en", [], [], None)]),
    Case("another task with the same long refusal", text_of(en("Is water wet?", "Sorry, I cannot help you with that.")), text_of(en("Sing me.", "Sorry, I cannot help you with that.")), {"removed": 1, "added": 1}, [("removed", "en", [], [], None), ("added", "en", [], [], None)], rules=["refusal"]),
    Case("input edited", text_of(but(SKY, input="In Spain.")), text_of(but(SKY, input="In Portugal.")), {"rewritten": 1}, [("rewritten", "en", ["input"], [], 0.9)]),
    Case("case of the instruction", text_of(RIVER), text_of(but(RIVER, instruction="Name a RIVER in France.")), {"changed": 1}, [("changed", "en", ["instruction"], [], None)]),
    Case("width of the answer", text_of(SPRING), text_of(but(SPRING, output="春眠不觉晓,处处闻啼鸟。")), {"format_only": 1}, [("format_only", "zh", ["output"], ["width"], None)]),
    Case("width of the instruction", text_of(SORT), text_of(but(SORT, instruction="用Ｐｙｔｈｏｎ写一个快速排序程序。")), {"format_only": 1}, [("format_only", "zh", ["instruction"], ["width"], None)]),
    Case("simplified to traditional answer", text_of(SPRING), text_of(but(SPRING, output="春眠不覺曉，處處聞啼鳥。")), {"format_only": 1}, [("format_only", "zh", ["output"], ["script"], None)]),
    Case("simplified to traditional instruction", text_of(SPRING), text_of(but(SPRING, instruction="寫一首關於春天的詩。")), {"format_only": 1}, [("format_only", "zh", ["instruction"], ["script"], None)]),
    Case("composed characters", text_of(en("Name a café.", "Café de Flore, in Paris.")), text_of(en("Name a café.", "Cafe\u0301 de Flore, in Paris.")), {"format_only": 1}, [("format_only", "en", ["output"], ["unicode"], None)]),
    Case("blanks between Chinese and Latin", text_of(SORT), text_of(but(SORT, instruction="用 Python 写一个快速排序程序。")), {"format_only": 1}, [("format_only", "zh", ["instruction"], ["whitespace"], None)]),
    Case("blanks at line ends", text_of(RIVER), text_of(but(RIVER, output="The Loire is a river  in France. \n")), {"format_only": 1}, [("format_only", "en", ["output"], ["whitespace"], None)]),
    Case("indentation of code is no format", text_of(SORT), text_of(but(SORT, output="```python\ndef f(x):\nreturn sorted(x)\n```")), {"changed": 1}, [("changed", "zh", ["output"], [], None)], rules=["invalid_python"]),
    Case("a power is no format", text_of(en("What is the area of a square of side x?", "It is x² here.")), text_of(en("What is the area of a square of side x?", "It is x2 here.")), {"changed": 1}, [("changed", "en", ["output"], [], None)]),
    Case("all formats at once", text_of(SPRING), text_of(but(SPRING, output="春眠不覺曉,處處聞啼鳥。 ")), {"format_only": 1}, [("format_only", "zh", ["output"], ["width", "script", "whitespace"], None)]),
    Case("format and answer", text_of(SPRING), text_of(but(SPRING, instruction="寫一首關於春天的詩。", output="夜来风雨声，花落知多少。")), {"changed": 1}, [("changed", "zh", ["output"], ["script"], None)]),
    Case("row split in two", text_of(en("Name a river in France and a lake in Italy.", "Loire, Garda.")), text_of(en("Name a river in France.", "Loire."), en("Name a lake in Italy.", "Garda.")), {"removed": 1, "added": 2}, [("removed", "en", [], [], None), *[("added", "en", [], [], None)] * 2]),
    Case("two rows made one", text_of(en("Name a river in France.", "Loire."), en("Name a lake in Italy.", "Garda.")), text_of(en("Name a river in France and a lake in Italy.", "Loire, Garda.")), {"removed": 2, "added": 1}, [*[("removed", "en", [], [], None)] * 2, ("added", "en", [], [], None)]),
    Case("language label flipped", text_of(RIVER), text_of(but(RIVER, language="zh")), {"changed": 1}, [("changed", "zh", ["language"], [], None)], rules=["wrong_language"]),
    Case("translated", text_of(en("Write a poem about spring.", "Spring is here.")), text_of(zh("写一首关于春天的诗。", "春天来了。")), {"removed": 1, "added": 1}, [("removed", "en", [], [], None), ("added", "zh", [], [], None)]),
    Case("id collision brought in", text_of(RIVER), text_of(RIVER, but(RIVER, output="The Rhône.")), {"added": 1, "unchanged": 1}, [("added", "en", [], [], None)], near=[("kept", 1.0)], rules=["same_id", "same_id"]),
    Case("id collision resolved", text_of(RIVER, but(RIVER, output="The Rhône.")), text_of(but(RIVER, output="The Rhône.")), {"removed": 1, "unchanged": 1}, [("removed", "en", [], [], None)]),
    Case("instruction edited by hand under its old id", text_of(with_id(TEA)), text_of(with_id(TEA) | {"instruction": "How can I brew green tea?", "output": "Use cooler water."}), {"rewritten": 1}, [("rewritten", "en", ["instruction", "output"], [], 0.5)], rules=["wrong_id"]),
    Case("another instruction written by hand under the old id", text_of(with_id(TEA)), text_of(with_id(TEA) | {"instruction": "Name a river in France.", "output": "Loire."}), {"rewritten": 1}, [("rewritten", "en", ["instruction", "output"], [], 0.0)], rules=["wrong_id"]),
    Case("unrelated rows with the same number", text_of(but(SPRING, id="1"), but(RIVER, id="2")), text_of(but(SKY, id="1"), but(RIVER, id="2")), {"removed": 1, "added": 1, "unchanged": 1}, [("removed", "zh", [], [], None), ("added", "en", [], [], None)]),
    Case("near-duplicate of a kept row", text_of(RIVER), text_of(RIVER, en("Name a big river in France.", "Rhône.")), {"added": 1, "unchanged": 1}, [("added", "en", [], [], None)], near=[("kept", 10 / 11)]),
    Case("near-duplicates among new rows", text_of(SKY), text_of(SKY, zh("列出三种常见的水果。", "苹果、梨、桃。"), zh("列出五种常见的水果。", "苹果、梨、桃、杏、李。")), {"added": 2, "unchanged": 1}, [("added", "zh", [], [], None), ("added", "zh", [], [], None)], near=[("new", 8 / 9)]),
    Case("hostile HTML and ANSI", text_of(SKY), text_of(SKY, en("Explain <script>alert(1)</script> \x1b[31m\u202e in a page.", "</td><img src=x onerror=alert(1)>")), {"added": 1, "unchanged": 1}, [("added", "en", [], [], None)], rules=["control_characters"]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_constructed_pair_gives_exactly_this(tmp_path: Path, case: Case) -> None:
    (tmp_path / "base.jsonl").write_bytes(case.base.encode())
    (tmp_path / "head.jsonl").write_bytes(case.head.encode())
    found = compare(*read_sides(*operands(str(tmp_path / "base.jsonl"), str(tmp_path / "head.jsonl"))))
    value = found.model_dump(mode="json")
    assert {kind: count for kind, count in value["counts"].items() if count} == case.counts
    assert [
        (one["kind"], one["language"], one["fields"], one["formats"], one["score"] and round(one["score"], 6))
        for one in value["changes"]
    ] == [(*change[:4], change[4] and round(change[4], 6)) for change in case.changes]
    near = [(one["against"], round(one["score"], 6)) for one in value["near_duplicates"]]
    assert near == [(against, round(score, 6)) for against, score in case.near]
    assert [one["rule"] for one in value["findings"]["introduced"]] == list(case.rules)
