"""Documents as people have them: Markdown of a repository, books and pages of a scan, texts out of other programs."""

import json
from pathlib import Path

import pytest

from selfinstruct.documents.lines import joined_pages, joined_words
from selfinstruct.documents.markdown import text_of_markdown
from selfinstruct.documents.passages import passages_of
from selfinstruct.documents.read import read_documents
from tests.support.mixes import paragraphs

MILL = paragraphs("en", 1)


def read(folder: Path, name: str, text: str | bytes) -> str:
    """Return the text of all passages of a document."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return "\n\n".join(one.text for one in read_documents(folder / name).passages)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("---\ntitle: x\ntags: [a]\n---\n\nBody", "\nBody"),
        ("+++\ntitle = 1\n+++\nBody", "Body"),
        ("---\n\nA rule above\n\n---\n", "---\n\nA rule above\n\n---\n"),
        ("a <!-- no\nno --> b", "a  b"),
        ("[![build](https://a/b.svg)](https://a) ![x](y.png)\nBody", " \nBody"),
        ('the [old **mill**](https://a.b/c_(d) "t") and [one][ref]\n\n[ref]: https://a.b', "the old mill and one\n\n"),
        ("Said[^1].\n\n[^1]: By whom.", "Said.\n\nBy whom."),
        ("*a* **b c** __d__ 2 * 3 * 4 snake_case __init__", "a b c d 2 * 3 * 4 snake_case init"),
        ("`**kwargs` [`code`](x)", "`**kwargs` `code`"),
        ("```\n[a](b) **c**\n\n\n\n# d\n```\n**e**", "```\n[a](b) **c**\n\n\n\n# d\n```\ne"),
        ("~~~\n```\n**a**\n~~~\n**b**", "~~~\n```\n**a**\n~~~\nb"),
        ("```\nnever closed **a**", "```\nnever closed **a**"),
        ('<div align="center"><b>x</b><br></div> if a < b and c > d', "x if a < b and c > d"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\n* item", "| a | b |\n|---|---|\n| 1 | 2 |\n\n* item"),
    ],
)
def test_markdown_is_read_without_what_only_a_program_reads(text: str, shown: str) -> None:
    assert text_of_markdown(text) == shown


@pytest.mark.parametrize("unit", ["**a ", "*a", "__x ", "[a](", "![", "<!-- ", "`", "```x\n", "[^1", "<div ", "---\n"])
def test_markdown_of_marks_alone_is_read_in_a_moment(unit: str) -> None:
    assert len(text_of_markdown(unit * 20_000)) <= len(unit) * 20_000


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("The com-\nmittee met.", "The committee\nmet."),
        ("The com-\nmittee, which", "The committee,\nwhich"),
        ("A well-\nknown and well-known man", "A well-known\nand well-known man"),
        ("pre-\nand post-war, and more", "pre-\nand post-war, and more"),
        ("a bridge of wood-\nen piers; wooden boats", "a bridge of wooden\npiers; wooden boats"),
        ("- one\n- two -\nthree", "- one\n- two -\nthree"),
    ],
)
def test_words_that_a_line_parts_are_joined_where_the_text_tells_it(text: str, joined: str) -> None:
    assert joined_words(text) == joined


def test_pages_lose_their_numbers_and_running_titles_and_a_sentence_goes_on() -> None:
    pages = [f"The Mills of Corran {n}\nOn page {word} a sentence begins\n{n}" for n, word in enumerate("abcd", 1)]
    assert joined_pages(pages) == "\n".join(f"On page {word} a sentence begins" for word in "abcd")
    assert joined_pages(["It ends.\n1", "", "New."]) == "It ends.\n\nNew."
    assert joined_pages(["Same\na.", "Same\nb."]) == "Same\na.\n\nSame\nb."


def test_what_nobody_sees_is_taken_out_and_every_line_break_is_one(tmp_path: Path) -> None:
    strange = "\u200b\u202b" + MILL.replace("mill", "mi\u00adll").replace(". ", ".\u2028") + "\ufeff\x0cEnd.\x07"
    assert read(tmp_path, "a.txt", strange) == MILL.replace(". ", ".\n") + "\nEnd."


def test_of_an_ebook_of_project_gutenberg_the_licence_is_not_asked_about(tmp_path: Path) -> None:
    mark = "*** {} OF THE PROJECT GUTENBERG EBOOK MILLS ***"
    licence = "This eBook is for the use of anyone anywhere at no cost and with almost no restrictions. " * 6
    text = f"{licence}\n\n{mark.format('START')}\n\n{MILL}\n\n{mark.format('END')}\n\n{licence}"
    assert read(tmp_path, "a.txt", text) == MILL


def test_a_table_of_contents_and_columns_of_figures_are_no_passages() -> None:
    contents = "\n".join(f"Chapter {n} {'.' * 40} {7 * n}" for n in range(1, 20))
    figures = "\n".join(f"{n} {n * 31} {n * 37} {n * 41}" for n in range(100, 150))
    assert [one.text for one in passages_of("d", f"{contents}\n\n{MILL}\n\n{figures}", "en")] == [MILL]


def test_text_in_parts_on_a_line_of_json_is_joined(tmp_path: Path) -> None:
    halves = [MILL[:200], MILL[200:]]
    for parts in (halves, [{"type": "text", "text": one} for one in halves], [{"content": halves[0]}, halves[1]]):
        assert read(tmp_path, "a.jsonl", json.dumps({"content": parts}) + "\n") == "\n\n".join(halves).replace(
            " \n", "\n"
        )


def test_files_that_are_not_asked_about_are_named(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in ("a.docx", "b.rst", "empty.txt", "short.md", ".hidden.txt", ".git/c.txt"):
        (tmp_path / name).write_text("" if "empty" in name else "A few words.", encoding="utf-8")
    (tmp_path / "mill.txt").write_text(MILL, encoding="utf-8")
    found = read_documents(tmp_path)
    assert {one.document for one in found.passages} == {"mill.txt"}
    assert found.left_out == (
        f"{tmp_path}: not read, of other kinds: a.docx, b.rst",
        f"{tmp_path}: too short to ask about, or without text: empty.txt, short.md",
    )
