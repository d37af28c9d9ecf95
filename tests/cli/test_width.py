"""One rule for punctuation in Chinese: full-width in a sentence, half-width within code, paths, numbers and quotations."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from selfinstruct.system.chinese import translator
from selfinstruct.system.files import PACKAGE, read_text

CATALOGUES = [
    *sorted((PACKAGE / "cli" / "chinese").glob("*.toml")),
    *(path for path in sorted((PACKAGE / "reports" / "chinese").glob("*.toml")) if path.stem != "scripts"),
    PACKAGE / "api" / "project_zh.toml",
    PACKAGE.parent / "tests" / "support" / "reference_zh.toml",
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(
    r"“[^”]*”|`[^`]*`|\"[^\"]*\"|'[^']*'|<[^>]*>|\{[^{}]*\}|\[[^\[\]]*\]|[A-Za-z_.]+\([^()]*\)|\b(?:hub|git|embedded):\S+|[#?](?:片段|查询)|^selfinstruct: |^name: "
)
"""Quotations, commands, fields, marks of HTML, sections and lists of TOML, calls, operands; the program's own name before what it says, and a key of YAML."""
HALF_WIDTH = re.compile(
    r": |[\u4e00-\u9fff）”][,;:!?](?![/\w])|[,;:!?] ?[\u4e00-\u9fff]|\([^()]*[\u4e00-\u9fff][^()]*\)|[\u4e00-\u9fff]\.(?=\s|$)"
)
"""A colon, comma, semicolon, mark or bracket of English beside Chinese."""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


def half_width(text: str) -> bool:
    """Return whether a Chinese text has punctuation of English outside of code."""
    return any(
        CHINESE.search(line) and bool(HALF_WIDTH.search(CODE.sub("`", line.removeprefix("# "))))
        for line in text.split("\n")
    )


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_chinese_has_full_width_punctuation(path: object) -> None:
    assert [text for text in _texts(tomllib.loads(read_text(path))) if half_width(text)] == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("x.toml:3: [run.name]: is missing; write it", "x.toml:3：[run.name]：没有写；请补上"),
        ("out/mine: interrupted", "out/mine：已中断"),
        ("--view 'a': is no view; known: think", "--view 'a'：没有这种视图；可用：think"),
    ],
)
def test_the_colon_behind_a_place_is_full_width_too(english: str, chinese: str) -> None:
    assert translator().message(english) == chinese


@pytest.mark.parametrize("text", ["目录: 没有", "没有(行)", "行,列", "看 docs: 没有", "文件 (x.toml 里) 没有"])
def test_a_half_width_mark_is_seen(text: str) -> None:
    assert half_width(text)


@pytest.mark.parametrize("text", ["写 `a: b`，或 max(1, 2)", "10:30 之前", "第 9, 11 行", "见“a: b”"])
def test_code_and_numbers_keep_theirs(text: str) -> None:
    assert not half_width(text)


def test_the_split_that_is_not_trained_on_has_one_name() -> None:
    """It is 验证集; what code proves is 证明, and what `validate` does is 检查."""
    pages = [*(PACKAGE.parent / "docs").glob("*.zh-CN.md"), PACKAGE.parent / "README.zh-CN.md"]
    assert [path.name for path in [*CATALOGUES, *pages] if "留出" in read_text(path)] == []
