"""Passages of documents: their offsets are exact, their ids stay, and none is too long to be asked about."""

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.documents.markup import text_of_html
from selfinstruct.documents.passages import SIZE, passages_of
from selfinstruct.documents.read import Documents, read_documents
from selfinstruct.records import LanguageCode
from tests.support.mixes import LANGUAGES, paragraphs


def as_html(text: str) -> str:
    blocks = "".join(f"<p>{block}</p>\n" for block in text.split("\n\n"))
    return f"<html><head><title>T</title><script>var x = 1;</script></head><body><nav>Home</nav>{blocks}</body></html>"


def write(folder: Path, suffix: str, texts: Mapping[Any, str]) -> Documents:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        held = {"html": as_html(text), "jsonl": json.dumps({"text": text}) + "\n"}.get(suffix, text)
        (folder / f"{name}.{suffix}").write_text(held, encoding="utf-8", newline="")
    return read_documents(folder)


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "jsonl"])
def test_the_characters_of_a_passage_stand_in_the_document_at_its_offset(tmp_path: Path, suffix: str) -> None:
    texts: dict[LanguageCode, str] = {language: paragraphs(language) for language in LANGUAGES}
    found = write(tmp_path / "docs", suffix, texts)
    assert len(found.passages) == 12
    assert [one.start for one in found.passages if one.language == "en"][:2] == [0, texts["en"].index("The Upper")]
    for one in found.passages:
        assert texts[one.language][one.start : one.start + len(one.text)] == one.text
        assert one.document == f"{one.language}.{suffix}" + ("#1" if suffix == "jsonl" else "")
    assert set(found.sha256) == {f"documents/{one.document}" for one in found.passages}


def test_line_ends_marks_and_blanks_do_not_shift_an_offset(tmp_path: Path) -> None:
    text = paragraphs("en")
    whole = write(tmp_path / "docs", "txt", {"en": text})
    strange = "\ufeff\r\n  \r\n" + text.replace("\n", "  \r\n") + " \r\n"
    assert write(tmp_path / "docs", "txt", {"en": strange}) == whole
    assert write(tmp_path / "docs", "txt", {"en": text.replace("\n", "\r")}) == whole


def test_ids_stay_while_document_and_text_do(tmp_path: Path) -> None:
    text = paragraphs("en")
    before = write(tmp_path / "docs", "txt", {"a": text}).passages
    assert write(tmp_path / "moved", "txt", {"a": text}).passages == before
    longer = write(tmp_path / "docs", "txt", {"a": "A new beginning of this file. " * 30 + "\n\n" + text}).passages
    assert [one.id for one in longer[1:]] == [one.id for one in before]
    assert longer[1].start > before[0].start
    other = write(tmp_path / "other", "txt", {"b": text}).passages
    assert not {one.id for one in other} & {one.id for one in before}
    assert len({one.id for one in before}) == len(before)


@given(data=st.data(), language=st.sampled_from(LANGUAGES))
def test_passages_of_any_text_are_exact_in_order_and_of_a_size(data: Any, language: LanguageCode) -> None:
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    parts = ["word ", "字", "Sentence. ", "一句。", "\n", "\n\n", " ", "3.14", "”", "x" * 90, "……", "...", "？", "\t"]
    text = "".join(rng.choices(parts, k=data.draw(st.integers(0, 900)))).strip()
    fewest, most = SIZE[language]
    end = 0
    for one in passages_of("d", text, language):
        assert one.start >= end
        end = one.start + len(one.text)
        assert text[one.start : end] == one.text == one.text.strip()
        assert fewest // 4 - 2 <= len(one.text) <= most or len(one.text) < fewest // 4  # of blanks at its end


@pytest.mark.parametrize("unit", ["Well...", "word ", "x", "- item\n", "字", "半句，", "Hm. "])
def test_a_paragraph_without_an_end_is_parted_all_the_same(unit: str) -> None:
    text = (unit * 100_000)[:100_000].strip()
    found = passages_of("d", text, "en")
    assert all(text[one.start : one.start + len(one.text)] == one.text for one in found)
    assert max(len(one.text) for one in found) <= SIZE["en"][1]
    assert sum(len(one.text) for one in found) > 95_000


def test_a_long_paragraph_is_parted_after_sentences() -> None:
    text = " ".join(f"Sentence number {n} is about pi, which is 3.14." for n in range(100))
    for one in passages_of("d", text, "en"):
        assert one.text.startswith("Sentence")
        assert one.text.endswith("3.14.")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>a <b>b</b> c</p><p>d</p>", "a b c\n\nd"),
        ("<head><title>t</title><body><p>all", "all"),  # HTML lets the end of head out
        ("<p>a&amp;b&nbsp;c &lt;d&gt;</p>", "a&b c <d>"),
        ("<div>a<script>x<y</script>b</div><style>p{}</style>", "ab"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>e", "a | b\nc | d\n\ne"),
        ("a<br>b<svg><text>no</text></svg>", "a\nb"),
        ("<pre>if x:\n    y()</pre>", "if x:\n    y()"),
        ("<nav>n</nav><div>menu</div><main><h1>a</h1><p>b</p></main><aside>c</aside>", "a\n\nb"),
        ("<p>m</p><article>It has</article><p>n</p><article>two.</article>", "It has\n\ntwo."),
        ("<p>A long text stands here.</p><article>a comment</article>", "A long text stands here.\n\na comment"),
        ("<div id=cookie-banner><div>Accept all</div>no</div><p>yes", "yes"),
        ("<div role=navigation><div>no</div>no</div><div hidden>no</div><div style='display: none'>no</div>yes", "yes"),
        ("yes<button>Share</button><select><option>A<option>B</select><sup class=reference>[1]</sup>.", "yes."),
        ("<p class=cookie-recipe>Mix the butter.", "Mix the butter."),
        ("<title>t</title><p>all", "all"),
        ("</nav></footer>a<!-- c -->", "a"),
        ("", ""),
    ],
)
def test_what_a_reader_sees_of_a_page(page: str, text: str) -> None:
    assert text_of_html(page) == text
