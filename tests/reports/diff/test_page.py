"""The offline page of a diff: its content, and its behaviour in a browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from selfinstruct.reports.diff import page as module
from selfinstruct.reports.diff.page import page
from tests.support.browsers import chromium
from tests.support.diff_rows import Row, diff, en, zh
from tests.support.diff_strategies import tables
from tests.support.hostile import HOSTILE

pytestmark = pytest.mark.thorough  # a browser

BASE = [
    zh("写一首关于春天的诗。", "春眠不觉晓，处处闻啼鸟。"),
    en("Name a river in France.", "The Loire."),
    zh("解释什么是光合作用。", "植物把光变成养分。"),
    *(en(f"Say {number} things about the number {number}.", f"It is {number}.") for number in range(60)),
]
HEAD = [
    zh("写一首关于春天的诗。", "春眠不觉晨，处处闻啼鸟。"),
    en("Name a river in France.", HOSTILE),
    *(row | {"output": row["output"].replace("It", "That")} for row in BASE[3:]),
    zh("给奶奶写一封信。", "奶奶：\n  您好！\n<script>alert(1)</script><img src=x onerror=alert(2)>"),
]


@pytest.mark.bounds
@given(tables, tables)
@settings(max_examples=50, deadline=None)
def test_no_text_can_become_markup(base: list[Row], head: list[Row]) -> None:
    text = page(diff(base, head))
    assert text.count("<script") == 2
    assert text.count("</script") == 2
    assert not re.search(r"<(?:img|iframe|a|link|object|embed|base|svg)\b", text)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert len(json.loads(data[1])) == len(diff(base, head).changes)


def test_what_does_not_fit_is_drawn_evenly_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = diff(BASE, HEAD)
    monkeypatch.setattr(module, "_MOST_BYTES", 4_000)
    text = page(found)
    said = re.search(r"<h2>([\d,]+) rows that differ, drawn evenly from all ([\d,]+); the JSON has them all</h2>", text)
    assert said is not None
    assert int(said[1]) == text.count('"kind":') < int(said[2]) == len(found.changes)
    assert {one for one in ("removed", "changed", "added") if f'"kind":"{one}"' in text} == {
        "removed",
        "changed",
        "added",
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["1280-light", "390-dark"])
def opened(browser: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The page of the two datasets above; whatever it logs, asks for or shows as an alert fails the test."""
    width, scheme = request.param
    path = tmp_path / "diff.html"
    path.write_text(page(diff(BASE, HEAD, "removed>1%, near_duplicates>0")), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown, wrong = context.new_page(), list[str]()
    shown.on("console", lambda message: wrong.append(message.text))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("dialog", lambda dialog: wrong.append(dialog.message))
    shown.on("request", lambda asked: wrong.append(asked.url) if asked.url != path.as_uri() else None)
    shown.goto(path.as_uri())
    yield shown
    assert wrong == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_rows_are_there_a_part_at_a_time(opened: Any) -> None:
    total = len(diff(BASE, HEAD).changes)
    assert opened.inner_text("#found") == f"{total} of {total} rows"
    assert opened.locator("article").count() == 25
    opened.click("#more")
    assert opened.locator("article").count() == 50
    opened.click("#more")
    assert opened.locator("article").count() == total
    assert not opened.is_visible("#more")


def test_search_finds_words_of_both_sides_in_both_languages(opened: Any) -> None:
    for wanted in ("不觉晓", "不觉晨", "奶奶"):
        opened.fill("#search", wanted)
        assert opened.locator("article").count() == 1
    opened.fill("#search", "NUMBER 7.")
    assert opened.locator("article").count() == 1
    opened.fill("#search", "nothing of that kind")
    assert opened.inner_text("#found").startswith("0 of ")


def test_rows_are_chosen_by_kind_language_and_sample(opened: Any) -> None:
    opened.uncheck("[name=kind][value=changed]")
    assert set(opened.locator("article").evaluate_all("all => all.map(one => one.className)")) == {"removed", "added"}
    opened.check("[name=kind][value=changed]")
    opened.select_option("#language", "zh")
    assert opened.locator("article").count() == 3
    opened.select_option("#language", "")
    opened.check("#sampled")
    assert opened.locator("article").count() == len(diff(BASE, HEAD).sample)


def test_both_texts_stand_side_by_side_with_their_edits_marked(opened: Any) -> None:
    opened.fill("#search", "不觉晓")
    assert opened.locator("article del").all_inner_texts() == ["晓"]
    assert opened.locator("article ins").all_inner_texts() == ["晨"]
    pair = opened.locator("article .pair:not(.single) .text")
    assert pair.all_inner_texts() == ["春眠不觉晓，处处闻啼鸟。", "春眠不觉晨，处处闻啼鸟。"]
    assert pair.first.get_attribute("lang") == "zh"


def test_hostile_text_is_shown_as_text(opened: Any) -> None:
    opened.fill("#search", "octocat")
    assert "<script>alert(1)</script>" in opened.inner_text("article")
    assert "⟨202E⟩" in opened.inner_text("article")
    assert opened.locator("article img, article a, article script").count() == 0
    opened.fill("#search", "奶奶")
    assert "<img src=x" in opened.inner_text("article")
    assert opened.locator("article img, article script").count() == 0


def test_no_other_script_runs_even_if_one_got_in(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "diff.html"
    text = page(diff(BASE, HEAD)).replace(
        "<main>", "<main><script>document.title='taken'</script><img src='https://evil.example/x'>"
    )
    path.write_text(text, encoding="utf-8")
    shown = browser.new_page()
    sent = list[str]()
    shown.on("response", lambda response: sent.append(response.url))
    shown.goto(path.as_uri())
    assert shown.title().startswith("Dataset diff")
    assert [url for url in sent if not url.startswith("file:")] == []
    shown.close()
