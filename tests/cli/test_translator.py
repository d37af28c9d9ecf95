"""A finished message is taken apart by the templates of the catalogues; names, numbers and what nobody wrote stay as they are."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from selfinstruct.cli import messages
from selfinstruct.cli.console import print_json, print_table, write
from selfinstruct.cli.messages import choose_typed, spoken
from selfinstruct.system.translator import Translator

CATALOGUE = Translator(
    [
        ("nouns", {"row": "{0} 行", "error": "{0} 个错误"}),
        ("words", {"Warning": "警告", "left": "剩下"}),
        (
            "messages",
            {
                "{0}: no such file": "{0}：没有这个文件",
                "{0}: no such file or directory": "{0}：没有这个文件或目录",
                "Merged: {0}, read back: {1}": "读回 {1}，合并到 {0}",
                "field `{0}` stands twice; keep one": "字段 `{0}` 出现了两次，请只留一个",
                "must be more than 0": "必须大于 0",
                "{0} kept, {1} dropped{2}": "保留 {0}，剔除 {1}{2}",
                "; did you mean {0}?": "；是不是想写 {0}？",
                "no such rule: {0}{1}": "没有这条规则：{0}{1}",
                "Nothing is decided yet.": "还没有任何决定。",
                "{0} of {1}": "{1} 中的 {0}",
                "{0} {1} awaited in {2}": "{2} 还欠 {0}",
                "{0} rows read again": "重读 {0} 行",
            },
        ),
    ]
)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("data/seeds.jsonl: no such file", "data/seeds.jsonl：没有这个文件"),
        ("a b: no such file or directory", "a b：没有这个文件或目录"),
        ("Merged: out/x, read back: 0.25", "读回 0.25，合并到 out/x"),
        ("x.toml:3: [limits] concurrency: must be more than 0", "x.toml:3：[limits] concurrency：必须大于 0"),
        ("x.jsonl:3: field `must be more than 0` stands twice; keep one", None),
        ("no such rule: far; did you mean fa?", "没有这条规则：far；是不是想写 fa？"),
        ("no such rule: far", "没有这条规则：far"),
        ("Warning: Nothing is decided yet.", "警告：还没有任何决定。"),
        ("1 row", "1 行"),
        ("52,000 rows, 3 errors", "52,000 行，3 个错误"),
        ("2 rows: 1 kept, 1 dropped left", "2 行：保留 1，剔除 1 剩下"),
        ("3 of 4", "4 中的 3"),
        ("the end of the world", None),
        ("left: no such file", "left：没有这个文件"),
        ("unheard of", None),
        ("写诗。", None),
        ("1 row is awaited in batch b", "batch b 还欠 1 行"),
        ("must be more than 0 (3 rows)", "必须大于 0（3 行）"),
        ("x", None),
        ("a.jsonl: 3 rows read again", "a.jsonl：重读 3 行"),
        ("a.jsonl: 3 errors, 4 rows read again", "a.jsonl：3 个错误，重读 4 行"),
        ("  rows read again", None),
        ("", None),
    ],
)
def test_a_message_is_found_by_its_template_and_what_it_carries_stays(english: str, chinese: str | None) -> None:
    expected = {
        "x.jsonl:3: field `must be more than 0` stands twice; keep one": "x.jsonl:3：字段 `must be more than 0` 出现了两次，请只留一个"
    }.get(english, chinese or english)
    assert CATALOGUE.message(english) == expected


def test_a_hostile_message_costs_little() -> None:
    started = time.process_time()
    for text in (": a" * 1300, "no such rule: " * 280, "(" * 4000, "x; " * 1300, "1 of " * 800, "a" * 10**6):
        CATALOGUE.message(text)
    assert time.process_time() - started < 5


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SELFINSTRUCT_LANG", "zh")
    monkeypatch.setattr(messages, "_translator", lambda: CATALOGUE)
    yield
    messages._chosen.clear()


@pytest.mark.usefixtures("chinese")
def test_lines_and_tables_are_chinese_and_rows_and_json_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    write("3 rows")
    write("  output: 3 rows", row=True)
    print_table(("left", "n"), [("must be more than 0", 1)])
    print_json({"told": "3 rows"})
    out = capsys.readouterr().out
    assert out.startswith("3 行\n  output: 3 rows\n")
    assert "剩下" in out
    assert "必须大于 0" in out
    assert '"told": "3 rows"' in out


def test_english_reads_no_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Translator:
        raise AssertionError("a catalogue was read")

    monkeypatch.setenv("SELFINSTRUCT_LANG", "en")
    monkeypatch.setattr(messages, "_translator", none)
    assert spoken("3 rows") == "3 rows"


def test_a_language_that_was_typed_counts_also_where_the_rest_is_wrong() -> None:
    try:
        choose_typed(["filter", "--lang", "zh", "--nonsense"])
        assert messages.language({}) == "zh"
    finally:
        messages._chosen.clear()


@pytest.mark.parametrize("arguments", [["--lang", "zh", "seeds", "nowhere"], ["seeds", "nowhere", "--lang=zh"]])
def test_the_language_is_an_option_of_the_program_and_of_every_verb(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "selfinstruct", *arguments], capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (2, "selfinstruct: nowhere：没有这个文件\n")


@pytest.mark.parametrize("arguments", [["--lang", "zh", "git", "--help"], ["git", "install", "--lang", "zh", "--help"]])
def test_the_help_of_a_verb_is_chinese_down_to_its_options(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "selfinstruct", *arguments], capture_output=True, check=False)
    assert done.returncode == 0
    assert "给这个克隆装好" in (page := done.stdout.decode())
    assert "选项：" in page
    assert "显示本页。" in page


def test_the_help_of_a_verb_is_clicks_own_in_english() -> None:
    done = subprocess.run([sys.executable, "-m", "selfinstruct", "seeds", "--help"], capture_output=True, check=False)
    assert b"Options:\n" in done.stdout
    assert b"Show this message and exit." in done.stdout


def test_help_in_chinese_needs_no_model_of_a_record() -> None:
    code = (
        "import sys; from selfinstruct.cli import cli; "
        "cli.main(['--lang', 'zh', '--help'], standalone_mode=False); "
        "assert 'pydantic' not in sys.modules and 'selfinstruct.records' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("unit", ["line", "position", "row"])
def test_a_finding_has_its_line_and_its_rule_before_what_was_found(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "language", lambda: "zh")
    found = f"{unit} 12: repeated_answer: 11 different questions have this answer ({unit}s 12, 13): 是的。"
    assert spoken(found) == "第 12 行：repeated_answer：11 个不同的问题都是这个答案（第 12、13 行）：是的。"
    longer = f"{unit} 12: repeated_answer: {unit} 3 has the same long answer to another question; 11 questions have it"
    assert spoken(longer) == "第 12 行：repeated_answer：第 3 行换了个问题，也是这个长答案；这样的问题共有 11 个"
