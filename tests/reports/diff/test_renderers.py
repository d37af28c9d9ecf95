"""Diff renderers (terminal, Markdown, JSON): text is escaped, cuts are reported, output is bounded."""

import io
import json
import re

import jsonschema
import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from rich.cells import cell_len
from rich.console import Console

from selfinstruct.dataset.diff import DatasetDiff
from selfinstruct.reports.diff.markdown import MOST, markdown, unmade
from selfinstruct.reports.diff.schema import schema
from selfinstruct.reports.diff.terminal import show
from selfinstruct.reports.diff.words import money
from selfinstruct.system.files import PACKAGE, read_text
from selfinstruct.system.text import on_one_line, visible
from tests.support.diff_rows import Row, diff, en, side, zh
from tests.support.diff_strategies import tables
from tests.support.hostile import HOSTILE

TAGS = {"code", "del", "ins", "b", "br", "li", "ul", "p", "sub", "details", "details open", "summary"}


def terminal(found: DatasetDiff, width: int = 80, colour: bool = False) -> str:
    file = io.StringIO()
    show(found, Console(file=file, width=width, force_terminal=colour, color_system="standard" if colour else None))
    return file.getvalue()


@pytest.mark.bounds
@settings(max_examples=100, deadline=None)
@given(tables, tables)
def test_markdown_holds_no_tag_but_its_own_and_no_link(base: list[Row], head: list[Row]) -> None:
    text = markdown(diff(base, head, "added>0"))
    assert set(re.findall(r"<(?!!--)/?([^>]*)>", text)) <= TAGS
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert "<a " not in rendered
    assert "<img" not in rendered
    assert "<em>" not in rendered
    assert "<h1>" not in rendered
    assert rendered.count("<h2>") == 1


@pytest.mark.bounds
@settings(deadline=None)
@given(tables, tables)
def test_markdown_has_nothing_that_hides_or_turns_text(base: list[Row], head: list[Row]) -> None:
    text = markdown(diff(base, head))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", text)


@pytest.mark.bounds
@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("letter", ["<", "&'\"", "字", "\u202e", "a b "])
def test_markdown_is_short_enough_for_any_input(size: int, letter: str) -> None:
    base = [en(f"{letter * 400} {number}", letter * 700, letter * 300) for number in range(size)]
    head = [row | {"output": f"{letter}!" * 350} for row in base[::2]] + [
        zh(f"{letter * 300} {number}") for number in range(size)
    ]
    found = diff(base, head, ", ".join([f"removed>{'0' * 5_000}1%"] * 200))
    renamed = found.model_copy(
        update={
            "base": found.base.model_copy(update={"name": letter * 5_000, "notes": (letter * 5_000,) * size}),
            "head": found.head.model_copy(update={"name": letter * 5_000, "notes": (letter * 5_000,) * size}),
        }
    )
    assert len(markdown(renamed)) < MOST


def test_markdown_that_does_not_fit_is_cut_with_a_sentence_that_says_so() -> None:
    made = diff([], [en("Name a river in France.")], "added>0")
    long = made.risk.model_copy(update={"reasons": ("a reason " * 10_000,)})
    found = made.model_copy(update={"risk": long})
    text = markdown(found)
    assert len(text) < MOST
    assert text.endswith("parts of this diff do not fit into one; the HTML page has all of it.</b></p>\n")
    assert text.startswith("<!-- selfinstruct diff head ")
    assert "❌" in text


def test_notes_beyond_a_few_are_counted() -> None:
    found = diff([], [])
    noted = found.model_copy(update={"head": found.head.model_copy(update={"notes": ("one",) * 20})})
    assert "… and 14 more notes; the HTML page has them all" in markdown(noted)


def test_the_comment_of_a_diff_that_was_not_made_has_the_marker_of_one_that_was() -> None:
    found = diff([], [])
    said = unmade(found.head.name, "<b>x.jsonl</b>:3: not JSON\n## fine")
    assert said.splitlines()[0] == markdown(found).splitlines()[0]
    assert "&#60;b&#62;x" in said or "&lt;b&gt;x" in said
    assert "\n## fine" not in said
    assert len(unmade("<" * 5_000, "&" * 10**6)) < MOST


def test_markdown_begins_with_its_marker_the_risk_and_the_scoreboard() -> None:
    found = diff([en("Name a river in France.")], [])
    lines = [line for line in markdown(found).splitlines() if line]
    assert lines[0] == "<!-- selfinstruct diff head 9f2e6d33 -->"
    assert lines[1] == "## Dataset diff: high risk"
    assert "1 row removed (100.0% of base)" in lines[2]
    assert lines[3:6] == ["| | en | all |", "|---|--:|--:|", "| removed | 1 | 1 |"]
    assert "| rows | 1 → 0 | 1 → 0 |" in lines


def test_markdown_names_what_was_removed_first_and_counts_what_it_leaves_out() -> None:
    text = markdown(diff([en(f"Say {number} things about the number {number}.") for number in range(900)], []))
    named = len(re.findall(r"^<li>en <code>", text, re.MULTILINE))
    assert f"… and {900 - named:,} more; the HTML page has them all" in text
    assert text.index("Removed") < text.index("Read these")


def test_the_cost_of_a_row_is_left_out_where_nothing_was_bought() -> None:
    found = diff([en("Name a river."), en("Name a lake.")], [en("Name a river.")])

    def told(before: str, after: str) -> list[str]:
        usage = found.usage.model_copy(update={"cost_usd": (before, after), "usd_per_row": ("0.25", "0.5")})
        return money(found.model_copy(update={"usage": usage}))

    assert told("0.5", "0.5") == []
    assert [line.split()[0] for line in told("0.5", "0.7")] == ["cost", "per"]


def test_names_that_look_alike_have_markers_of_their_own() -> None:
    found = diff([], [])
    heads = [found.head.model_copy(update={"name": name}) for name in ("outputs/demo", "outputs/demo!")]
    markers = [markdown(found.model_copy(update={"head": head})).splitlines()[0] for head in heads]
    assert markers[0] != markers[1]


def test_the_marker_cannot_be_closed_by_a_name() -> None:
    found = diff([], [])
    named = found.model_copy(update={"head": found.head.model_copy(update={"name": "a-->b<!--\n# x"})})
    assert markdown(named).splitlines()[0] == "<!-- selfinstruct diff a-b-x df0b3f11 -->"


def test_edits_are_marked_inside_the_text() -> None:
    found = diff([zh("写一首诗送给老师。", "春眠不觉晓。")], [zh("写一首诗送给老师。", "春眠不觉晨。")])
    assert "<code>春眠不觉<del>晓</del><ins>晨</ins>。</code>" in markdown(found)
    assert "春眠不觉[-晓-]{+晨+}。" in terminal(found)


def test_the_terminal_gets_no_escape_sequence_from_a_text() -> None:
    found = diff([en("Name a river.", HOSTILE)], [en("Name a river.", HOSTILE[::-1]), en(HOSTILE)])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b\ufeff]", terminal(found))
    codes = set(re.findall(r"\x1b[^m]*m", terminal(found, colour=True)))
    assert all(re.fullmatch(r"\x1b\[[\d;]*m", code) for code in codes)


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal_also_in_chinese(width: int) -> None:
    base = [
        zh(
            "编一段对口相声：逗哏本想点一碗面，为凑满减买成了三天的口粮；账要算得对。" * 3,
            "层层翻包袱，最后有个响亮的底。" * 20,
        )
    ]
    head = [
        base[0] | {"output": "层层翻包袱，最后没有响亮的底。" * 20},
        en("Explain supercalifragilisticexpialidocious " * 9),
    ]
    lines = terminal(diff(base, head), width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert max(map(cell_len, lines)) > width - 3


def test_a_chinese_line_never_begins_with_a_closing_mark() -> None:
    base = [zh("一二三四五六七八，" * 30)]
    lines = terminal(diff(base, [])).splitlines()
    assert not [line for line in lines if line.strip().startswith(("，", "。"))]


def test_the_terminal_counts_what_it_leaves_out() -> None:
    found = diff([en(f"Say {number} things about the number {number}.") for number in range(30)], [])
    assert "… and 20 more; --format html has them all" in terminal(found)


def test_what_hides_is_shown_by_its_code() -> None:
    assert visible("a\u202eb\u200b\x1b\ufeff\U000e0041\ud800") == "a⟨202E⟩b⟨200B⟩⟨1B⟩⟨FEFF⟩⟨E0041⟩⟨D800⟩"
    assert visible("👩‍👧 é 中文\tx\n") == "👩‍👧 é 中文\tx\n"
    assert on_one_line("a\r\nb") == "a↵ b"


@settings(max_examples=25, deadline=None)
@given(tables, tables)
def test_json_is_what_the_published_schema_says(base: list[Row], head: list[Row]) -> None:
    value = json.loads(diff(base, head, "removed>1%").model_dump_json())
    jsonschema.Draft202012Validator(schema()).validate(value)


def test_the_published_schema_is_that_of_the_code() -> None:
    published = json.loads(read_text(PACKAGE.parent / "docs" / "diff.schema.json"))
    assert published == schema(), "write it anew: python -m selfinstruct.reports.diff.schema > docs/diff.schema.json"


def test_json_has_the_keys_that_scripts_rely_on() -> None:
    value = diff([en("Name a river in France.")], []).model_dump(mode="json")
    assert value["counts"] == {"removed": 1, "changed": 0, "rewritten": 0, "format_only": 0, "added": 0, "unchanged": 0}
    assert {"counts", "per_language", "near_duplicates", "findings", "causes"} <= set(value)
    assert isinstance(value["near_duplicates"], list)
    assert isinstance(value["findings"], dict)


def test_an_empty_diff_has_every_face() -> None:
    found = diff([], [])
    assert "no row differs" in terminal(found)
    assert "no row differs" in markdown(found)
    assert side([]).entries == ()
