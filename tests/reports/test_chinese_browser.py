"""The Chinese pages in a browser: nothing sticks out, and no head of a table breaks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsers import chromium
from tests.support.pages import pages

pytestmark = pytest.mark.thorough  # a browser

OUTSIDE = """all => all.filter(text => {
  const [own, whole] = [text.getBoundingClientRect(), text.closest('svg').getBoundingClientRect()];
  return own.left < whole.left - 1 || own.right > whole.right + 1 || own.top < whole.top - 1 || own.bottom > whole.bottom + 1;
}).map(text => text.textContent)"""
BROKEN = (
    "all => all.filter(one => one.getClientRects().length > 1 || one.clientHeight > 40).map(one => one.textContent)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in pages(folder).items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["run", "file", "clone", "import", "comparison", "ballot", "refused", "diff", "same"])
def test_a_chinese_page_fits_and_its_script_runs(browser: Any, folder: Path, name: str, width: int) -> None:
    shown = browser.new_page(viewport={"width": width, "height": 900})
    wrong: list[str] = []
    shown.on("console", lambda message: wrong.append(message.text))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.goto((folder / f"{name}.html").as_uri())
    assert wrong == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.locator("svg text").evaluate_all(OUTSIDE) == []
    assert shown.locator("th, button, label").evaluate_all(BROKEN) == []
    shown.close()


def test_the_scripts_speak_chinese(browser: Any, folder: Path) -> None:
    shown = browser.new_page()
    shown.goto((folder / "diff.html").as_uri())
    assert shown.inner_text("#found") == "共 12 行，符合的 12 行"
    kinds = set(shown.locator("article h3 b").all_inner_texts())
    assert kinds == {"删除", "答案变了", "题目改写", "只动格式", "新增"}
    shown.goto((folder / "ballot.html").as_uri())
    shown.click("text=答案 1 更好")
    assert shown.inner_text("#agreement").startswith("已投 1 票，还没有一题看过裁判的判词")
    shown.click("button:text-is('看裁判怎么说'):visible")
    assert shown.inner_text("#agreement").startswith("已投 1 票；裁判判定的 1 题里，你与裁判一致的占 ")
    shown.close()
