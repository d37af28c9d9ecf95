"""The page in a browser: decisions by keyboard alone, edits, undo, two tabs, a killed server, and the file without a server."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.records import Row
from selfinstruct.review.merge import merge
from selfinstruct.review.page import file_page
from selfinstruct.system.interpreter import python
from tests.support.browsers import chromium
from tests.support.hostile import HOSTILE
from tests.support.reviews import row, session, written

pytestmark = pytest.mark.thorough

ROWS = [
    *(row(f"Describe the number {number} for a child.", f"It is {number}.") for number in range(320)),
    *(row(f"用一句话介绍数字{number}。", f"这是{number}。", "zh") for number in range(30)),
    row("Say " + HOSTILE.replace("\0", ""), HOSTILE.replace("\0", "")),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


class Review:
    """A review in a process of its own."""

    def __init__(self, path: Path, *options: str) -> None:
        command = python("-m", "selfinstruct", "review", str(path), "--no-browser", "--reviewer", "Ann", *options)
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()

    def end(self, number: int = signal.SIGINT) -> str:
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        return self.process.communicate(timeout=60)[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "rows.jsonl", ROWS)


@pytest.fixture
def start(path: Path) -> Iterator[Callable[..., Review]]:
    started: list[Review] = []

    def begin(*options: str) -> Review:
        started.append(Review(path, *options))
        return started[-1]

    yield begin
    for one in started:
        one.end()


@pytest.fixture(params=[(1280, "light", "en-US"), (390, "dark", "zh-CN")], ids=["wide-light-en", "narrow-dark-zh"])
def tab(browser: Any, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Any]]:
    """Opens an address; whatever the page logs, asks of others or shows as an alert fails the test."""
    width, scheme, locale = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale)
    wrong: list[str] = []
    opened: list[Any] = []

    def at(url: str) -> Any:
        shown = context.new_page()
        home = re.match(r"http://[^/]+/|file:.*", url)
        assert home
        shown.on(
            "console", lambda one: wrong.append(one.text) if not re.search("ERR_CONNECTION|409", one.text) else None
        )
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.on("request", lambda one: wrong.append(one.url) if not one.url.startswith((home[0], "blob:")) else None)
        shown.on("dialog", lambda one: one.accept() if one.type == "beforeunload" else wrong.append(one.message))
        shown.goto(url)
        shown.wait_for_selector("#actions button")
        opened.append(shown)
        return shown

    yield at
    assert wrong == []
    for shown in opened:
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def shown_id(page: Any) -> str:
    return str(page.inner_text("#head code"))


def settle(page: Any) -> None:
    """Wait until all decisions are saved."""
    page.wait_for_selector("#saved:text-matches('^(saved|已保存)?$')", state="attached")


def by_id(path: Path) -> dict[str, Any]:
    return {one.id: one for one in read_recorded(path.with_name("review.jsonl")).verdicts.values()}


@pytest.mark.parametrize(("named", "shown"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_speaks_the_language_that_was_named_whatever_the_browser_speaks(
    start: Callable[..., Review], tab: Callable[[str], Any], named: str, shown: str
) -> None:
    page = tab(start("--lang", named).url)
    assert page.evaluate("document.documentElement.lang") == shown


def test_three_hundred_decisions_by_keyboard_are_all_on_the_disk(
    start: Callable[..., Review], tab: Callable[[str], Any], path: Path
) -> None:
    review = start()
    page, given = tab(review.url), {}
    for number in range(300):
        settle(page)
        given[shown_id(page)] = "rejected" if number % 10 == 3 else "accepted"
        page.keyboard.press("r" if number % 10 == 3 else "a")
        if number % 10 == 3:
            page.keyboard.press(str(1 + number % 9))
    settle(page)
    assert len(given) == 300
    review.end(signal.SIGKILL)
    assert {name: one.decision for name, one in by_id(path).items()} == given
    again = start()
    page = tab(again.url)
    assert shown_id(page) not in given
    assert "300" in page.inner_text("#progress")


def test_an_edit_is_shown_beside_what_it_changes_and_undo_takes_it_back(
    start: Callable[..., Review], tab: Callable[[str], Any], path: Path
) -> None:
    page = tab(start("--sample", "5").url)
    name = shown_id(page)
    page.keyboard.press("e")
    page.keyboard.press("End")
    page.keyboard.type(" And a, r, s are letters here. 还有中文。")
    assert "还有中文" in page.inner_text("#texts ins")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"#head code:not(:text-is('{name}'))")
    settle(page)
    found = by_id(path)[name]
    assert found.decision == "edited"
    assert found.row
    assert found.row.output.endswith("letters here. 还有中文。")
    assert found.sample == 5
    page.keyboard.press("u")
    page.wait_for_selector(f"#head code:text-is('{name}')")
    assert by_id(path) == {}
    page.wait_for_selector("#figures .faint", state="attached")
    page.keyboard.press("e")
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("a")
    settle(page)
    assert by_id(path)[name].decision == "accepted"


def test_an_edit_leaves_texts_that_nobody_touched_byte_for_byte(
    start: Callable[..., Review], tab: Callable[[str], Any], path: Path
) -> None:
    given = row("Read this:\r\nname a\u00a0river. e\u0301", "The Loire.\r\n")
    written(path, [given])
    page = tab(start().url)
    page.keyboard.press("e")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#alert:not(:empty)")  # nothing was changed
    page.keyboard.press("Control+End")
    page.keyboard.type("😀 it is.")
    page.keyboard.press("Control+Enter")
    settle(page)
    page.wait_for_selector("#head:not(:has(code))")
    found = by_id(path)[given.id]
    assert found.row
    assert (found.row.instruction, found.row.output) == (given.instruction, "The Loire.\n😀 it is.")


def test_a_note_is_written_without_a_key_of_it_deciding_anything(
    start: Callable[..., Review], tab: Callable[[str], Any], path: Path
) -> None:
    page = tab(start().url)
    name = shown_id(page)
    page.keyboard.press("r")
    page.click("#note")
    page.keyboard.type("a r s u b n e 1 像翻译腔")
    page.keyboard.press("Enter")
    assert (shown_id(page), by_id(path)) == (name, {})
    page.keyboard.press("4")
    page.wait_for_selector(f"#head code:not(:text-is('{name}'))")
    settle(page)
    found = by_id(path)
    assert list(found) == [name]
    assert (found[name].reason, found[name].note) == ("unnatural", "a r s u b n e 1 像翻译腔")
    assert page.input_value("#note") == ""


def test_two_tabs_share_one_review_and_overwrite_nothing_unseen(
    start: Callable[..., Review], tab: Callable[[str], Any], path: Path
) -> None:
    review = start()
    one, other = tab(review.url), tab(review.url)
    name = shown_id(one)
    assert shown_id(other) == name
    one.keyboard.press("a")
    settle(one)
    other.keyboard.press("r")
    other.keyboard.press("1")
    other.wait_for_selector("#alert:not(:empty)")
    other.wait_for_selector(f"#head code:text-is('{name}')")
    assert by_id(path)[name].decision == "accepted"
    second = Review(path)
    assert second.url == ""
    assert "another `selfinstruct review` is open" in second.end()


def test_what_cannot_be_saved_comes_back_and_is_said(
    start: Callable[..., Review], tab: Callable[[str], Any], path: Path
) -> None:
    review = start()
    page = tab(review.url)
    name = shown_id(page)
    review.end(signal.SIGKILL)
    page.keyboard.press("a")
    page.wait_for_selector("#alert:not(:empty)")
    page.wait_for_selector(f"#head code:text-is('{name}')")
    assert by_id(path) == {}


def test_every_control_has_a_name_and_markup_of_rows_does_nothing(
    start: Callable[..., Review], tab: Callable[[str], Any]
) -> None:
    page = tab(start().url)
    assert "<script>" in page.inner_text("#texts")
    assert page.locator("main img, main script, main a").count() == 0
    for role in ("button", "combobox", "textbox"):
        for control in page.get_by_role(role).all():
            name = control.get_attribute("aria-label") or control.inner_text() or control.get_attribute("placeholder")
            assert name, control.evaluate("one => one.outerHTML")
    page.click("#keys")
    before = shown_id(page)
    page.keyboard.press("s")
    assert shown_id(page) == before
    words = page.inner_text("#actions")
    page.click("#ui")
    assert page.inner_text("#actions") != words


def test_a_file_without_a_server_gives_decisions_that_merge_takes(
    tab: Callable[[str], Any], path: Path, tmp_path: Path
) -> None:
    html, rows = file_page(session(path, sample=12))
    assert rows == 12
    (tmp_path / "read.html").write_text(html, encoding="utf-8")
    page = tab((tmp_path / "read.html").as_uri())
    page.keyboard.press("a")
    page.wait_for_selector("#alert:not(:empty)")
    page.fill("#reviewer", "Bo 波")
    page.keyboard.press("Tab")
    page.focus("#row")
    rejected = shown_id(page)
    page.keyboard.press("r")
    page.keyboard.press("4")
    page.keyboard.press("e")
    page.keyboard.type(" 改。")
    page.keyboard.press("Control+Enter")
    for _ in range(9):
        page.keyboard.press("a")
    settle(page)
    with page.expect_download() as started:
        page.click("#download")
    started.value.save_as(tmp_path / "downloaded.jsonl")
    material = session(path).material
    assert merge(material, tmp_path / "downloaded.jsonl", print).taken == 11
    found = by_id(path)
    assert {one.reviewer for one in found.values()} == {"Bo 波"}
    assert found[rejected].reason == "unnatural"
    (edited,) = [one for one in found.values() if one.decision == "edited"]
    assert isinstance(edited.row, Row)
    assert edited.row.output.endswith("改。")
    assert json.loads((tmp_path / "downloaded.jsonl").read_text(encoding="utf-8").splitlines()[0])["sample"] == 12
