"""The page of a report in a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsers import chromium
from tests.support.reports import HOSTILE, made, origins, rejection
from tests.support.rows import distinct, row

pytestmark = pytest.mark.thorough  # a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


class Opened:
    """A page in a browser, with all that it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, width: int = 1280, scheme: str = "light") -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    @property
    def articles(self) -> int:
        return int(self.page.locator("article").count())


@pytest.fixture
def hostile_page(tmp_path: Path) -> Path:
    rows = [*distinct(30), *distinct(20, "zh"), row(HOSTILE, HOSTILE, HOSTILE)]
    rejected = [rejection("too_short", 1, instruction=HOSTILE, text=HOSTILE)]
    path = tmp_path / "report.html"
    path.write_text(
        made(rows, rejected=rejected, name=HOSTILE, provenance=origins(rows), seeds={"s1": HOSTILE}), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_asks_for_nothing_complains_of_nothing_and_fits(
    browser: Any, hostile_page: Path, width: int, scheme: str
) -> None:
    opened = Opened(browser, hostile_page, width, scheme)
    assert (opened.said, opened.asked) == ([], [hostile_page.as_uri()])
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    assert opened.page.locator("svg").count() == 3
    assert opened.page.locator("img").count() == 0
    ground = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    letters = opened.page.evaluate("getComputedStyle(document.querySelector('svg text')).fill")
    assert letters == opened.page.evaluate("getComputedStyle(document.body).color")


def test_searching_and_choosing_show_what_was_asked_for(browser: Any, hostile_page: Path) -> None:
    opened = Opened(browser, hostile_page)
    assert opened.articles == 20
    opened.page.click("#more")
    assert opened.articles == 40
    opened.page.select_option("select[name=language]", "zh")
    assert opened.page.inner_text("#found") == "20 of 52 in the sample"
    opened.page.select_option("select[name=language]", "")
    opened.page.select_option("select[name=state]", "too_short")
    assert opened.articles == 1
    assert "alert(1)" in opened.page.inner_text("article")
    opened.page.select_option("select[name=state]", "")
    opened.page.fill("input[type=search]", "KYOTO")
    assert 0 < opened.articles <= 20
    assert opened.said == []
