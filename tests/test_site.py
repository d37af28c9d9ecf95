"""The site has every page once, in both languages, and no link of any document leads nowhere."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.system.files import PACKAGE, read_text
from tests.support.gallery import GALLERY, diffs

ROOT = PACKAGE.parent
DOCS = ROOT / "docs"
ENGLISH_ALONE = {"api.md", "decisions/README.md"}
"""Pages without a Chinese one: docstrings as they stand in the code, and the list of decisions, which are written in English."""
DOCUMENTS = [
    *sorted(DOCS.rglob("*.md")),
    *(
        ROOT / name
        for name in (
            "README.md",
            "README.zh-CN.md",
            "CONTRIBUTING.md",
            "CONTRIBUTING.zh-CN.md",
            "SECURITY.md",
            "CHANGELOG.md",
        )
    ),
]


def _pages(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    else:
        yield from chain.from_iterable(map(_pages, nav.values() if isinstance(nav, dict) else nav))


def test_every_page_is_in_the_navigation_once_under_its_language() -> None:
    nav = tomllib.loads(read_text(ROOT / "zensical.toml"))["project"]["nav"]
    english, chinese = (list(_pages(one)) for one in nav)
    assert all(page.endswith(".zh-CN.md") for page in chinese)
    aside = {path.relative_to(DOCS).as_posix() for path in [*DOCS.glob("decisions/0*.md"), *DOCS.glob("gallery/*.md")]}
    written = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - aside
    assert sorted([*english, *chinese]) == sorted(written)


def test_every_page_is_there_in_both_languages_but_those_that_are_named() -> None:
    english = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if not path.name.endswith(".zh-CN.md")}
    english -= {one for one in english if re.match(r"decisions/0|gallery/", one)}
    assert {page for page in english if not (DOCS / page.replace(".md", ".zh-CN.md")).exists()} == ENGLISH_ALONE
    assert [path for path in DOCS.rglob("*.zh-CN.md") if not Path(str(path).replace(".zh-CN", "")).exists()] == []


def test_a_page_and_its_other_language_name_each_other() -> None:
    for chinese in DOCS.rglob("*.zh-CN.md"):
        if chinese.parent.name == "gallery":
            continue
        english = chinese.with_name(chinese.name.replace(".zh-CN", ""))
        assert f"]({chinese.name})" in read_text(english), english
        assert f"]({english.name})" in read_text(chinese), chinese


def _prose(path: Path) -> str:
    return re.sub(r"^(```|~~~).*?^\1", "", read_text(path), flags=re.MULTILINE | re.DOTALL)


def _anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", _prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", title).lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_link_leads_nowhere(path: Path) -> None:
    plain = re.sub(r"`[^`\n]*`", "", _prose(path))
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        name, _, anchor = target.partition("#")
        if re.match(r"https?:|mailto:", name) or path.name == "rules.md":
            continue
        there = (path.parent / name) if name else path
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), target


def test_the_gallery_shows_what_a_diff_looks_like_now() -> None:
    """`python -m tests.support.gallery` writes it."""
    now = diffs()
    assert {name: _said(read_text(GALLERY / name)) for name in now} == {name: _said(text) for name, text in now.items()}


def _said(page: str) -> str:
    """Return a page without its style and script, which may change without its words."""
    return re.sub(r"<(style|script|meta)\b[^>]*>(?:.*?</\1>)?", "", page, flags=re.DOTALL)


def test_the_gallery_is_small_and_names_no_folder_of_its_maker() -> None:
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) < 1_000_000
    pages = [path for path in GALLERY.iterdir() if path.suffix in {".html", ".md"}]
    assert [path for path in pages if re.search(r"/(home|tmp|work|root)/", read_text(path))] == []
