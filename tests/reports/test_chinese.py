"""A page in Chinese: each text of the program has its Chinese, the catalogue has no other, and nothing English is left on any page."""

import ast
import html
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfinstruct.comparison.questions import shipped_questions
from selfinstruct.dataset.diff.causes import DETAILS
from selfinstruct.dataset.diff.rows import FIELDS
from selfinstruct.dataset.release.funnel import STEPS
from selfinstruct.judging.calibration import KINDS
from selfinstruct.reports.language import FIELD_WORDS, in_language, said, told
from selfinstruct.system.chinese import sections
from selfinstruct.system.files import PACKAGE, read_text
from tests.support.pages import pages

REPORTS = PACKAGE / "reports"
CATALOGUES = sorted((REPORTS / "chinese").glob("*.toml"))
FIELD = re.compile(r"\{[^{}]*\}")
TOLD_IN = (
    *("comparison/checkers", "comparison/remarks", "comparison/statistics", "comparison/summary", "api/comparison"),
    *("dataset/diff/causes", "dataset/diff/compare", "dataset/diff/findings", "dataset/diff/read", "dataset/diff/risk"),
    *("dataset/diff/shifts", "dataset/diff/translations", "dataset/io/folders", "dataset/io/rows"),
    *("dataset/release/judge", "dataset/review/verdicts", "judging/certificate", "requests/conversation", "runs/emission"),
)  # fmt: skip
"""Modules whose texts reach a page in a record."""
WHOLE = ("comparison/remarks", "dataset/diff/risk", "dataset/diff/translations", "dataset/release/judge")
"""Of these, modules that write nothing else."""
UNCHANGED = {"A", "B", "tokens", "{name} tokens {tokens}", "{passed} of {checked}"}
STAYS = re.compile(
    r"\b[0-9a-f]{8,64}\b|use strict|ROUGE-L|JavaScript|JSON|jieba|HTML|Cohen|token|sha256|selfinstruct( \w+( ID)?)?|(--|\.)[\w-]+|\w+\.(jsonl?|html)|\w+_\w+|`\w+`|\[judge\] force"
    r"|explain|compare|votes|USD|id"
)
"""Commands, files, keys, rules and the names of measures."""
CODES = re.compile(
    r"html|batch|Name it|It|name|refusal|steered|checked|constraint|truncated|zh|en|removed(\.zh)?|added|filter|asking|teacher|model"
)
"""What stands in the data of these pages as it does in a file: rules, recipes, conditions and settings."""


def _texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module; of one with values in it the template, `{0}` for the first."""
    tree = ast.parse(read_text(path))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield _template(node)


def _template(node: ast.JoinedStr) -> str:
    values = iter(range(len(node.values)))
    return "".join(str(part.value) if isinstance(part, ast.Constant) else f"{{{next(values)}}}" for part in node.values)


def _docstrings(path: Path) -> set[str]:
    return {
        str(node.value.value)
        for node in ast.walk(ast.parse(read_text(path)))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _catalogue(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(read_text(REPORTS / "chinese" / f"{name}.toml"))


def _said() -> dict[str, str]:
    """Return all that is said; no text stands twice."""
    found = [
        section
        for path in CATALOGUES
        if path.stem not in {"told", "scripts"}
        for name, section in tomllib.loads(read_text(path)).items()
        if name != "counted"
    ]
    pairs = [pair for section in found for pair in section.items()]
    assert len({english for english, _ in pairs}) == len(pairs)
    return dict(pairs)


def _arguments(name: str) -> Iterator[ast.expr]:
    for path in sorted(REPORTS.rglob("*.py")):
        for node in ast.walk(ast.parse(read_text(path))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield from node.args if name == "words" else node.args[:1]


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))


def test_every_text_of_a_page_has_its_chinese() -> None:
    literal = {text for name in ("said", "words") for one in _arguments(name) for text in _literals(one) if text}
    tables = {*STEPS.values(), *KINDS, *DETAILS, *(FIELD_WORDS.get(one, one) for one in FIELDS)}
    assert sorted((literal | tables) - set(_said())) == []
    assert len(literal) > 150


def test_the_catalogue_has_no_text_that_no_page_says() -> None:
    written = {text for path in REPORTS.rglob("*.py") for text in _texts(path)} | {
        *STEPS.values(),
        *KINDS,
        *DETAILS,
        *FIELDS,
    }
    scripts = json.dumps(_catalogue("scripts"))
    assert [one for one in _said() if one not in written and f'"{one}"' not in scripts] == []


def test_what_rooms_below_write_is_told_as_they_write_it() -> None:
    texts = {text for room in TOLD_IN for text in _texts(PACKAGE / f"{room}.py")}
    known = {english for section in _catalogue("told").values() for english in section}
    shared = {english for _, section in sections() for english in section}
    measures = {
        f"{field} {unit}, {share}"
        for field in ("instruction", "output")
        for unit in ("words", "characters")
        for share in ("median", "90 %")
    }
    kinds = {one.kind for one in shipped_questions()}
    assert [one for one in known - texts - measures - kinds if not _is_composed(one, texts)] == []
    assert measures | kinds <= known
    whole = {
        text for room in WHOLE for path in [PACKAGE / f"{room}.py"] for text in {*_texts(path)} - _docstrings(path)
    }
    assert [
        one for one in whole if " " in one.strip() and one not in known | shared and not _is_part(one, known | shared)
    ] == []


def _is_composed(english: str, texts: set[str]) -> bool:
    """Return whether a text is put together of what some module writes: its words all stand there."""
    parts = [part for part in FIELD.split(english) if part.strip(" ,:;()`")]
    return all(any(word.rstrip("s") in text for text in texts) for part in parts for word in part.split())


def _is_part(text: str, known: set[str]) -> bool:
    """Return whether a text stands within one of the catalogue, such as the number and noun that begins it."""
    return FIELD.sub("", text).strip() in {
        "row",
        "and  more",
        "must have least and most beside a mean",
        "must say how its pairs agree",
    } or any(FIELD.sub("", text).strip() in FIELD.sub("", one) for one in known)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_text_and_its_chinese_have_the_same_fields(path: Path) -> None:
    for name, section in tomllib.loads(read_text(path)).items():
        if path.stem == "scripts":
            continue
        for english, chinese in section.items():
            fields = FIELD.findall(english)
            lost = set(fields) - set(FIELD.findall(chinese))
            assert set(FIELD.findall(chinese)) <= set(fields), (name, english)
            assert not lost or path.stem == "told", (name, english)
            assert re.search(r"[\u4e00-\u9fff，。；：（）、κ]", chinese) or english in UNCHANGED, english


def test_the_chinese_of_a_script_stands_in_for_what_the_script_says() -> None:
    for room, script in _catalogue("scripts").items():
        source = read_text(REPORTS / room / "page.js")
        assert [one for one in script.get("said", ()) if f'"{one}"' not in source] == []
        assert {one: source.count(one) for one in script["parts"] if source.count(one) != 1} == {}


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return pages(tmp_path_factory.mktemp("pages"))


def _shown(text: str) -> str:
    """Return what a reader sees of a page: its text, the labels of its controls, and the texts in its scripts."""
    data = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    held = "\n".join(_values(json.loads(data[1]))) if data else ""
    code = re.sub(r"^\s*//.*$|\$\{[^{}]*\}", "", script[1], flags=re.MULTILINE) if script else ""
    literals = "\n".join(
        one for one in re.findall(r"[\"`]([^\"`\n]*)[\"`]", code) if " " in one.strip() or one[:1].isupper()
    )
    body = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", text, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|placeholder|title)="([^"]*)"', body)
    return html.unescape("\n".join([re.sub(r"<[^>]*>", "\n", body), *labels, held, literals]))


def _values(value: object) -> Iterator[str]:
    """Yield the texts in the data of a script that are shown; keys and codes are not."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _values(one)
    elif isinstance(value, dict):
        codes = {"kind", "cause", "state", "language", "id", "by", "outcome", "formats", "key", "name"}
        for key, one in value.items():
            if key not in codes:
                yield from _values(one)


PAGES = ("run", "file", "clone", "import", "comparison", "ballot", "refused", "diff", "comment", "terminal", "long comment", "same", "unmade")  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("name", PAGES)
def test_nothing_english_is_left_on_a_chinese_page(chinese: dict[str, str], name: str) -> None:
    shown = CODES.sub("", STAYS.sub("", _shown(chinese[name])))
    assert sorted(set(re.findall(r"[A-Za-z]{3,}(?: [A-Za-z]+)*", shown))) == []


@pytest.mark.thorough
def test_a_page_is_the_same_each_time_and_says_its_language(chinese: dict[str, str], tmp_path: Path) -> None:
    assert pages(tmp_path) == chinese
    english = pages(tmp_path, "en")
    for name, text in english.items():
        assert ("<html" in text) == ('<html lang="en">' in text) == ('<html lang="zh-CN">' in chinese[name])
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"演示|[^\x00-\x7f]", "", text)), name
    assert [name for name in english if english[name] == chinese[name]] == []
    markers = {one["comment"].splitlines()[0] for one in (english, chinese)}  # a later run finds the comment by it
    assert len(markers) == 1


def test_a_message_is_told_with_what_stands_in_it_as_it_is() -> None:
    with in_language("zh"):
        assert told("a/b.jsonl does not exist: taken as empty") == "a/b.jsonl 不存在，当作空的"
        assert told("cap: the budget is used up; raise it") == "到达上限：the budget is used up; raise it"
        assert told('says "as an AI"') == "说了“as an AI”"
        assert told("a.jsonl: no full stop at its end") == "a.jsonl：末尾没有句号"
        assert (
            told("zh: 20% of its readings cannot be read, at most 10% may be") == "zh：20% 的判断读不出来，最多只能 10%"
        )
        assert told(
            "x: 1 row is not the same in a and in its split files (b); a is read here, and `selfinstruct filter` takes what was changed and writes both anew"
        ).startswith("x：1 行在 a ")
        assert told("git:HEAD:a does not exist: taken as empty") == "git:HEAD:a 不存在，当作空的"
        assert told("rejected by Ann: too short; edited by Bob") == "Ann 不通过：too short；Bob 修改"
        assert told("1 row newly breaks a rule (error)") == "1 行新违反规则（会剔除）"
        assert told("12 rows near an evaluation example") == "12 行接近评测集"
        for text in (
            "",
            ": ",
            "; ",
            "rows",
            "three of four",
            "a (b)",
            "x: y; z",
            "; no row differs" * 1_000,
            ": " * 1_900,
            "; " * 1_900,
            "(" * 3_000,
        ):
            assert told(text) == text
        assert told(" and a more" * 300).startswith(" 等")
    assert told("no row differs") == "no row differs"
    assert said("{count:,} rows that differ", count=1200) == "1,200 rows that differ"
