"""Every block of Python in READMEs and docs runs, with a scripted teacher in place of the one that they name; examples with `>>>` do in test_doc_blocks.py."""

import re
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.system.files import PACKAGE, read_text
from tests.support.command import rows
from tests.support.doc_blocks import blocks
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.thorough  # pages run from top to bottom

ROOT = PACKAGE.parent


_PROJECTS = ["README.md", "README.zh-CN.md", "docs/library.md", "docs/library.zh-CN.md"]
_TRANSLATIONS = ["docs/translation.md", "docs/translation.zh-CN.md"]


def _run(name: str, names: dict[str, Any], *replaced: tuple[str, str]) -> dict[str, Any]:
    """Run the blocks of a page in their order, and return the names that they leave."""
    for block in blocks("python"):
        code = block.text
        if block.page == name and ">>>" not in code:
            for old, new in replaced:
                code = code.replace(old, new)
            exec(compile(code, str(block), "exec"), names)  # noqa: S102 - our own page
    return names


@pytest.mark.parametrize("name", _PROJECTS)
def test_the_blocks_of_a_page_run_in_their_order(
    name: str, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scripted = ("https://api.openai.com/v1", server.url), ("OPENAI_API_KEY", "TEST_TEACHER_KEY")
    assert len(_run(name, {}, *scripted)["run"].rows) == 40


@pytest.mark.parametrize("name", _TRANSLATIONS)
def test_the_block_of_a_translation_counts_every_row(
    name: str, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows(tmp_path / "alpaca.jsonl", {"instruction": "Explain how a lamp works.", "output": "It has parts."})
    blank = '"base_url": "...", "model": "...", "api_key_env": "..."'
    scripted = f'"base_url": "{server.url}", "model": "a", "api_key_env": "TEST_TEACHER_KEY"'
    done = _run(name, {"si": si}, (blank, scripted))["done"]
    assert (done.rows, done.translated) == (1, 1)


def test_no_page_has_python_that_is_not_run() -> None:
    plain = {block.page for block in blocks("python") if ">>>" not in block.text}
    assert plain == {*_PROJECTS, *_TRANSLATIONS, "docs/api.md"}, "docs/api.md has signatures"


def test_the_two_pages_have_the_same_blocks_but_for_comments() -> None:
    def code(name: str) -> list[str]:
        blocks = re.findall(r"```python\n(.*?)```", read_text(ROOT / name), re.DOTALL)
        return [re.sub(r"  +#.*", "", block).replace("写一首诗。", "Name a river.") for block in blocks]

    assert code("docs/library.md") == code("docs/library.zh-CN.md")
