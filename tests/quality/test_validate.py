"""`validate` on files of every layout: its findings, its repairs (`--fix`), its errors."""

import gzip
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.tools.repair import repaired
from selfinstruct.errors import InputError
from selfinstruct.quality.repair import FIXABLE, defects, repair_text
from selfinstruct.system.files import bundled
from tests.support.command import Cli, rows

SOUND: dict[str, tuple[str, str]] = {
    "en": ("Name two rivers that flow through Ireland.", "The Shannon and the Liffey."),
    "zh": ("说出两条流经四川的河流。", "岷江和嘉陵江。"),
}
REFUSALS = {
    "en": "I'm sorry, but as an AI language model I cannot answer that.",
    "zh": "抱歉，作为一个人工智能语言模型，我无法回答这个问题。",
}
MORE = {"en": ("And which of them is the longer one?", "The Shannon."), "zh": ("哪一条更长？", "嘉陵江更长。")}


def in_layout(layout: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    if layout == "alpaca":
        first, history = pairs[0], [list(pair) for pair in pairs[1:]]
        return {"instruction": first[0], "input": "", "output": first[1]} | ({"history": history} if history else {})
    role, text, names = (
        ("role", "content", ("user", "assistant")) if layout == "messages" else ("from", "value", ("human", "gpt"))
    )
    turns = [{role: name, text: said} for pair in pairs for name, said in zip(names, pair, strict=True)]
    return {"messages" if layout == "messages" else "conversations": turns}


def report(selfinstruct: Cli, *args: str) -> tuple[int, dict[str, Any]]:
    done = selfinstruct("validate", *args, "--json")
    value: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, value


@pytest.mark.parametrize("layout", ["alpaca", "messages", "sharegpt"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_layout_is_checked_in_all_its_answers(
    selfinstruct: Cli, tmp_path: Path, language: str, layout: str
) -> None:
    question, answer = SOUND[language]
    asked, _ = MORE[language]
    rows(
        tmp_path / "in.jsonl",
        in_layout(layout, SOUND[language], MORE[language]),
        in_layout(layout, (question, REFUSALS[language])),
        in_layout(layout, (question, answer), (asked, REFUSALS[language])),
    )
    code, found = report(selfinstruct, "in.jsonl")
    assert (code, found["rows"]) == (1, 3)
    told = {(one["line"], one["rule"]) for one in found["findings"] if one["severity"] == "error"}
    assert {line for line, _ in told} == {2, 3}
    assert {"refusal", "self_reference"} & {rule for _, rule in told}


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.json", "in.json.gz"])
def test_every_file_kind_is_read_and_written_mended(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    values = [
        {"instruction": "把这句话译成英语。", "input": " <无输入> ", "output": "Itâ€™s fine.\r\n", "source": {"n": 1}}
    ]
    array = ".jsonl" not in name
    data = (json.dumps(values) if array else "".join(json.dumps(value) + "\n" for value in values)).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    _, found = report(selfinstruct, name, "--fix", "--output", f"out-{name}")
    assert found["fixed"] == {"mojibake": 1, "no_input_marker": 1, "stray_whitespace": 1}
    assert [(one["line"], one["field"], one["rule"]) for one in found["changes"]] == [
        (1, "input", "stray_whitespace"), (1, "input", "no_input_marker"),
        (1, "output", "mojibake"), (1, "output", "stray_whitespace"),
    ]  # fmt: skip
    after = [one.value for one in load(tmp_path / f"out-{name}")]
    assert after == [{"instruction": "把这句话译成英语。", "input": "", "output": "It’s fine.", "source": {"n": 1}}]
    assert list(after[0]) == list(values[0])
    assert (tmp_path / name).read_bytes() == (gzip.compress(data) if name.endswith(".gz") else data) or name.endswith(
        "gz"
    )


def test_parquet_is_read_and_written(selfinstruct: Cli, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    pandas.DataFrame([in_layout("alpaca", SOUND["zh"]) | {"output": "岷江。 "}]).to_parquet(tmp_path / "in.parquet")
    code, found = report(selfinstruct, "in.parquet", "--fix", "--output", "out.parquet")
    assert (code, found["fixed"]) == (0, {"stray_whitespace": 1})
    assert [one.output for one in load(tmp_path / "out.parquet")] == ["岷江。"]


@pytest.mark.parametrize(
    ("text", "field", "after", "rules"),
    [
        ("æˆ‘å–œæ¬¢å–\u009dèŒ¶", "output", "我喜欢喝茶", ["mojibake"]),
        ("你好世界".encode().decode("gb18030"), "instruction", "你好世界", ["mojibake"]),
        ("“Caf\u00c3\u00a9”", "output", "“Café”", ["mojibake"]),
        ("cafe\u0301", "output", "café", ["not_nfc"]),
        ("  Name a fruit.\r\n", "instruction", "Name a fruit.", ["stray_whitespace"]),
        ("\n\n    x = 1\n    y = 2\n\n", "output", "    x = 1\n    y = 2", ["stray_whitespace"]),
        ("No input.", "input", "", ["no_input_marker"]),
        ("无需输入", "input", "", ["no_input_marker"]),
    ],
)
def test_what_is_mechanically_wrong_is_mended(text: str, field: Any, after: str, rules: list[str]) -> None:
    assert repair_text(text, field) == (after, rules)
    assert [defect.rule for defect in defects(text, field)] == rules


@pytest.mark.parametrize(
    "text",
    [
        "    def f():\n        return 1",
        "Roses are red,  \nviolets are blue.",
        "Übergrößenträger – “naïve café”, 100 €",
        "形容人坚强不屈，叫做“铮铮铁骨”；联通、鑫淼、犇骉都是名字。",
        "價格為 1,200 元（含稅）……",
        "GBK bytes of 垄拢隆 are UTF-8 of ¢£¡",
        "<noinput> is what Alpaca writes for an empty input.",
        "\\n and \t stay",
    ],
)
def test_what_is_only_unusual_stays(text: str) -> None:
    assert repair_text(text, "output") == (text, [])


@given(st.text(), st.sampled_from(("instruction", "input", "output", "turn")))
def test_mending_twice_changes_nothing_more(text: str, field: Any) -> None:
    once, done = repair_text(text, field)
    assert repair_text(once, field) == (once, [])
    assert set(done) <= set(FIXABLE)
    assert [defect.rule for defect in defects(text, field)] == done
    assert unicodedata.is_normalized("NFC", once)


def test_turns_of_a_conversation_are_mended_in_place() -> None:
    row = {
        "id": 7,
        "messages": [{"role": "system", "content": "Be kind.\r\n"}, {"role": "user", "content": "Hi", "name": "x"}],
    }
    after = repaired(row)
    assert after.value == {
        "id": 7, "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi", "name": "x"}],
    }  # fmt: skip
    assert after.done == (("messages.0", "stray_whitespace"),)
    assert row["messages"][0]["content"] == "Be kind.\r\n"  # type: ignore[index]


def test_fix_never_writes_to_its_input(selfinstruct: Cli, tmp_path: Path) -> None:
    path = rows(tmp_path / "in.jsonl", {"instruction": "说出一条河。 ", "output": "岷江。"})
    before = path.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(path)
    (tmp_path / "hard.jsonl").hardlink_to(path)
    for name in ("in.jsonl", "./in.jsonl", "link.jsonl", "hard.jsonl"):
        done = selfinstruct("validate", "in.jsonl", "--fix", "--output", name)
        assert (done.returncode, "is the file that is read" in done.stderr) == (2, True)
    assert path.read_bytes() == before
    for options in (("--fix",), ("--output", "x.jsonl")):
        assert selfinstruct("validate", "in.jsonl", *options).returncode == 2


def test_what_cannot_be_mended_is_left_and_still_exits_1(selfinstruct: Cli, tmp_path: Path) -> None:
    question, _ = SOUND["zh"]
    rows(tmp_path / "in.jsonl", {"instruction": question, "input": "无输入", "output": ""})
    code, found = report(selfinstruct, "in.jsonl", "--fix", "--output", "out.jsonl")
    assert code == 1
    assert [one["rule"] for one in found["findings"]] == ["empty_output"]
    assert not found["findings"][0]["fixable"]


def test_a_warning_alone_exits_0_unless_strict(selfinstruct: Cli, tmp_path: Path) -> None:
    question, answer = SOUND["en"]
    rows(tmp_path / "in.jsonl", {"instruction": question + "\n", "output": answer})
    code, found = report(selfinstruct, "in.jsonl")
    assert (code, [(one["rule"], one["severity"], one["fixable"]) for one in found["findings"]]) == (
        0, [("stray_whitespace", "warning", True)],
    )  # fmt: skip
    assert report(selfinstruct, "in.jsonl", "--strict")[0] == 1


def test_the_table_names_rule_severity_count_lines_and_an_example(selfinstruct: Cli, tmp_path: Path) -> None:
    question, answer = SOUND["zh"]
    rows(
        tmp_path / "in.jsonl",
        *({"instruction": question, "output": ""}, {"instruction": question, "output": answer + "\r\n"}),
    )
    done = selfinstruct("validate", "in.jsonl")
    assert "in.jsonl:1: error: empty_output: " in done.stdout
    assert [line.split()[:4] for line in done.stdout.splitlines() if line.strip().startswith("stray_whitespace")] == [
        ["stray_whitespace", "warning", "1", "2"]
    ]
    assert "--fix repairs some of them" in done.stdout


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("in.jsonl", b'{"instruction": "a", "output": "b"}\n{"instruction": 3}\n', "in.jsonl:2: field `instruction`"),
        ("in.jsonl", b'{"instruction": "a", "output": ["b"]}\n', "in.jsonl:1: field `output`"),
        ("in.jsonl", b'{"instruction": "a", "score": Infinity}\n', "in.jsonl:1: not JSON"),
        ("in.jsonl", b'{"messages": [{"role": "user", "content": 1}]}\n', "in.jsonl:1: field `messages.0.content`"),
        ("in.jsonl", b'{"messages": [{"role": "usr", "content": "a"}]}\n', "in.jsonl:1: field `messages.0.role`"),
        ("in.jsonl", b'{"conversations": ["a"]}\n', "in.jsonl:1: field `conversations.0` must be an object"),
        ("in.jsonl", b'{"instruction": "a", "output": "b", "history": [["c"]]}\n', "in.jsonl:1: field `history.0`"),
        ("in.jsonl", b'{"question": "a"}\n', "in.jsonl:1: no known name of an answer"),
        ("in.jsonl", b"\xff\xfe\n", "in.jsonl:1: begins as UTF-16"),
        ("in.json", b'[\n{"instruction": "a", "output": "b"},\n{"instruction"}]', "in.json:3: not JSON"),
        ("in.json", b'{"instruction": "a"}', "in.json:1: no known name of an answer"),
        ("in.json", b"[" * 100_000, "in.json"),
        ("in.jsonl.gz", b"no gzip", "in.jsonl.gz: cannot be read"),
        (
            "in.jsonl.gz",
            gzip.compress(b'{"instruction": "a", "output": "b"}\n', mtime=0)[:-9] + b"\x00" * 9,
            "in.jsonl.gz: cannot be read",
        ),
        ("in.jsonl.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff", "in.jsonl.gz: cannot be read"),
    ],
)
def test_a_broken_file_exits_2_with_file_line_and_field(
    selfinstruct: Cli, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    done = selfinstruct("validate", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("turns", "defect"),
    [
        ([("user", "嗨"), ("user", "在吗")], "both of the user"),
        ([("assistant", "你好")], "first turn is of the assistant"),
        ([("system", "友善一些")], "nobody asks"),
    ],
)
def test_turns_out_of_order_are_a_finding(
    selfinstruct: Cli, tmp_path: Path, turns: list[tuple[str, str]], defect: str
) -> None:
    rows(tmp_path / "in.jsonl", {"messages": [{"role": role, "content": text} for role, text in turns]})
    code, found = report(selfinstruct, "in.jsonl")
    told = [one["detail"] for one in found["findings"] if one["rule"] == "turns_out_of_order"]
    assert (code, len(told), defect in told[0]) == (1, 1, True)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(load(tmp_path / "none.jsonl"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_of_seeds_is_refused_and_its_own_check_named(selfinstruct: Cli, language: str) -> None:
    seeds = bundled("seed_tasks") / f"{language}.jsonl"
    done = selfinstruct("validate", str(seeds))

    assert done.returncode == 2
    assert done.stderr.startswith(
        f"selfinstruct: {seeds}:1: has `instances`: a seed task, not a row; `selfinstruct seeds {seeds}`"
    )
