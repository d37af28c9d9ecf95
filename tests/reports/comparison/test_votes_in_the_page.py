"""The blind page in a browser: votes outlive a reload, and one that has seen the judge's word stands."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.reports.comparison import comparison_page
from tests.support import judges
from tests.support.browsers import chromium
from tests.support.certificates import certified
from tests.support.command import rows
from tests.support.decisions import decided

pytestmark = pytest.mark.thorough  # a browser

REFUSES = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a blind page with three questions that a judge decided for A."""
    asked = rows(tmp_path / "q.jsonl", *({"id": f"q{at}", "instruction": f"Name river {at}."} for at in range(3)))
    sides = [rows(tmp_path / f"{n}.jsonl", *({"id": f"q{at}", "answer": n} for at in range(3))) for n in "ab"]
    found = si.compare(*sides, questions=asked, judge="none", output=tmp_path / "out", say=lambda _: None)
    decisions = tuple(decided(f"q{at}", "first", "second") for at in range(3))
    judged = found.model_copy(update={"decisions": decisions, "certificate": certified(judges.perfect)})
    page = tmp_path / "page.html"
    page.write_text(comparison_page(judged, blind=True), encoding="utf-8")
    return page


def opened(browser: Any, path: Path, script: str = "") -> Any:
    page = browser.new_context(viewport={"width": 1100, "height": 900}).new_page()
    if script:
        page.add_init_script(script)
    page.goto(path.as_uri())
    return page


def votes(page: Any) -> dict[str, str]:
    text = page.input_value("#votes")
    held: dict[str, str] = json.loads(text)["votes"] if text else {}
    return held


def pressed(page: Any, at: int) -> list[str]:
    return list(page.locator("article").nth(at).locator("[aria-pressed=true]").all_inner_texts())


def vote(page: Any, at: int, text: str) -> None:
    page.locator("article").nth(at).get_by_text(text, exact=True).click()


def test_votes_outlive_a_reload(browser: Any, path: Path) -> None:
    page = opened(browser, path)
    vote(page, 0, "Neither")
    vote(page, 1, "Answer 1 is better")
    vote(page, 1, "What the judge said")
    before = votes(page)
    page.reload()
    assert votes(page) == before
    assert (pressed(page, 0), pressed(page, 1), pressed(page, 2)) == (["Neither"], ["Answer 1 is better"], [])
    assert "by judge" in page.locator("article").nth(1).inner_text()
    assert "by judge" not in page.locator("article").nth(0).inner_text()
    assert "keeps your votes" in page.inner_text("#kept")


def test_a_vote_can_be_changed_until_the_judge_has_spoken(browser: Any, path: Path) -> None:
    page = opened(browser, path)
    vote(page, 0, "Neither")
    assert "none yet beside a verdict" in page.inner_text("#agreement")
    vote(page, 0, "Answer 2 is better")
    first = votes(page)
    assert first["q0"] in {"A", "B"}
    vote(page, 0, "What the judge said")
    assert page.locator("article").nth(0).locator("button:disabled").count() == 3
    page.evaluate("for (const one of document.querySelectorAll('.ballot button')) { one.disabled = false; }")
    vote(page, 0, "Neither")
    assert votes(page) == first
    assert "of 1 question" in page.inner_text("#agreement")


def test_a_vote_in_another_window_is_not_lost(browser: Any, path: Path) -> None:
    page = opened(browser, path)
    other = page.context.new_page()
    other.goto(path.as_uri())
    vote(page, 0, "Neither")
    vote(other, 1, "Neither")
    assert votes(other) == {"q0": "tie", "q1": "tie"}


def test_another_comparison_has_votes_of_its_own(browser: Any, path: Path) -> None:
    page = opened(browser, path)
    vote(page, 0, "Neither")
    key = json.loads(page.input_value("#votes"))["comparison"]
    path.write_text(path.read_text(encoding="utf-8").replace(key, "f" * 16), encoding="utf-8")
    page.reload()
    assert votes(page) == {}


def test_where_nothing_is_kept_leaving_is_warned_of(browser: Any, path: Path) -> None:
    page = opened(browser, path, REFUSES)
    asked: list[str] = []

    def agree(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    page.reload()
    assert asked == []
    vote(page, 0, "Neither")
    assert "keeps nothing" in page.inner_text("#kept")
    page.reload()
    assert asked == ["beforeunload"]


def test_the_table_of_the_certificate_fits_into_a_window_of_1100_pixels(browser: Any, path: Path) -> None:
    page = opened(browser, path)
    page.click("#reveal")
    widths = page.evaluate("[...document.querySelectorAll('.scroll')].map((one) => [one.scrollWidth, one.clientWidth])")
    assert len(widths) == 3
    assert all(inner <= outer for inner, outer in widths)
