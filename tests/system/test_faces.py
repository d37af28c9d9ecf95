"""The faces: what is written on each shows the same text, and none of its marks is structure there."""

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from selfinstruct.system import faces
from selfinstruct.system.text import visible_name
from tests.support.hostile import PROBE, STRUCTURE, raw

texts = st.text(st.sampled_from("ab \n\t!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\x1b\u202e\u2028字")) | st.text()
everything = texts | st.sampled_from([PROBE, STRUCTURE])
render = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render


@given(everything)
def test_a_terminal_gets_one_line_without_a_dangerous_character(text: str) -> None:
    for row in (False, True):
        assert "\n" not in faces.terminal(text, row=row)
    assert raw(faces.terminal(text)) == set()
    assert all(line.startswith("  ") for line in faces.terminal_lines(text).split("\n")[1:])


@given(everything)
def test_markdown_shows_the_text_and_none_of_it_is_structure(text: str) -> None:
    for written in (f"<code>{faces.markdown(text)}</code>", faces.markdown_code(text)):
        assert "\n" not in written
        assert raw(written) == set()
        shown = render(f"begin {written} end")
        assert set(re.findall(r"</?(\w+)", shown)) <= {"p", "code"}
        inside = shown.removeprefix("<p>begin <code>").removesuffix("</code> end</p>\n")
        assert html.unescape(inside) == visible_name(text)


@given(everything)
def test_a_text_stays_in_its_cell_of_a_table_and_in_its_block_of_html(text: str) -> None:
    cell = render(f"| a | b |\n|---|---|\n| {faces.markdown_code(text)} | {faces.markdown(text)} |\n")
    assert cell.count("<td") == 2
    assert set(re.findall(r"</?(\w+)", cell)) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    block = f"<ul>\n<li><code>{faces.markdown(text)}</code></li>\n</ul>\n"
    assert html.unescape(render(block)) == html.unescape(block)


class Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[Any] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(everything)
def test_html_shows_the_text_in_an_element_and_in_an_attribute(text: str) -> None:
    tree = Tree()
    tree.feed(f'<p title="{faces.html(text)}">{faces.html(text)}</p>')
    tree.close()
    assert tree.tags == [("p", {"title": visible_name(text)})]
    assert tree.text == visible_name(text)


values = st.recursive(texts | st.none() | st.booleans() | st.integers(), lambda one: st.lists(one) | st.dictionaries(texts, one))  # fmt: skip


@pytest.mark.thorough
@given(values)
def test_json_is_the_same_value_without_a_dangerous_character(value: Any) -> None:
    text = faces.json_text(value)
    assert raw(text) == set()
    assert json.loads(text) == value


@given(everything)
def test_yaml_is_the_same_value_on_one_line(text: str) -> None:
    yaml = pytest.importorskip("yaml")
    written = faces.yaml_value(text)
    assert "\n" not in written
    assert raw(written) == set()
    assert yaml.safe_load(f"key: {written}\nother: 1") == {"key": text, "other": 1}
