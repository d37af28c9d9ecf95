"""Every block of Python in the library's pages and the READMEs runs, with a scripted teacher in place of the one that they name."""

import re
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.system.files import PACKAGE, read_text
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.thorough  # pages run from top to bottom

ROOT = PACKAGE.parent


@pytest.mark.parametrize("name", ["docs/library.md", "docs/library.zh-CN.md", "README.md", "README.zh-CN.md"])
def test_the_blocks_of_a_page_run_in_their_order(
    name: str, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", read_text(ROOT / name), re.DOTALL)
    names: dict[str, Any] = {}
    for block in (block for block in blocks if ">>>" not in block):
        code = block.replace("https://api.openai.com/v1", server.url).replace("OPENAI_API_KEY", "TEST_TEACHER_KEY")
        exec(compile(code, name, "exec"), names)  # noqa: S102 - our own page
    assert len(names["run"].rows) == 40


def test_the_two_pages_have_the_same_blocks_but_for_comments() -> None:
    def code(name: str) -> list[str]:
        blocks = re.findall(r"```python\n(.*?)```", read_text(ROOT / name), re.DOTALL)
        return [re.sub(r"  +#.*", "", block).replace("写一首诗。", "Name a river.") for block in blocks]

    assert code("docs/library.md") == code("docs/library.zh-CN.md")
