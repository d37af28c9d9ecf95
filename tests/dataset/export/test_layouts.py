"""Export layouts: rows survive a round trip, in the layout that the other tool reads."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfinstruct.dataset.export.layouts import LAYOUTS, values
from selfinstruct.dataset.export.turns import user_turn
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.io.write import save
from selfinstruct.errors import RecordError
from selfinstruct.records import Row
from tests.support.exports import ROWS, TALK, Cli
from tests.support.rows import distinct, row

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(lambda text: "问" + text)
some_rows = st.lists(
    st.builds(
        lambda text, given, output, history: row(text, output, given).model_copy(update={"history": tuple(history)}),
        texts,
        st.one_of(st.just(""), texts),
        texts,
        st.lists(st.tuples(texts, texts), max_size=2),
    ),
    min_size=1,
    max_size=5,
)


def there_and_back(rows: list[Row], name: str, folder: Path) -> list[Row]:
    path = folder / f"rows{LAYOUTS[name].ending}"
    save(path, values(rows, LAYOUTS[name]))
    return load_rows(path)


def content(rows: list[Row]) -> list[tuple[object, ...]]:
    return [(one.instruction, one.input, one.output, one.history) for one in rows]


@pytest.mark.parametrize("name", ["alpaca", "parquet"])
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=some_rows)
def test_alpaca_and_parquet_lose_no_text(name: str, rows: list[Row], tmp_path: Path) -> None:
    assert content(there_and_back(rows, name, tmp_path)) == content(rows)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["messages", "sharegpt", "chatglm"])
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=some_rows)
def test_chat_layouts_join_instruction_and_input_and_lose_nothing_else(
    name: str, rows: list[Row], tmp_path: Path
) -> None:
    back = there_and_back(rows, name, tmp_path)
    assert Counter(content(back)) == Counter((user_turn(one), "", one.output, one.history) for one in rows)
    assert there_and_back(back, name, tmp_path) == back


@pytest.mark.parametrize("name", LAYOUTS)
def test_awkward_text_in_both_languages_survives(name: str, tmp_path: Path) -> None:
    back = there_and_back(ROWS, name, tmp_path)
    read, written = ({(user_turn(one), one.output, one.history, one.language) for one in some} for some in (back, ROWS))
    assert (read, len(back)) == (written, len(ROWS))
    if name in {"alpaca", "parquet"}:
        assert back == ROWS


def test_alpaca_is_laid_out_like_the_original(tmp_path: Path) -> None:
    save(tmp_path / "a.json", values(ROWS[:1], LAYOUTS["alpaca"]))
    assert (tmp_path / "a.json").read_bytes() == (
        b'[\n    {\n        "instruction": "Name a river in France.",\n        "input": "",\n        "output": "The Loire."\n    }\n]\n'
    )


def test_each_layout_has_the_keys_that_its_tools_read() -> None:
    written = {name: layout.write(TALK) for name, layout in LAYOUTS.items()}
    assert written["messages"]["messages"][0] == {"role": "user", "content": "Is it warm there?"}
    assert written["messages"]["messages"][-2:] == [
        {"role": "user", "content": "And how cold is the winter?\n\nOslo"},
        {"role": "assistant", "content": "Very cold."},
    ]
    assert written["sharegpt"]["conversations"][1] == {"from": "gpt", "value": "In summer."}
    assert written["chatglm"] == {
        "prompt": "And how cold is the winter?\n\nOslo",
        "response": "Very cold.",
        "history": [["Is it warm there?", "In summer."], ["夏天呢？", "二十度。"]],
    }
    first, second = values([ROWS[0], TALK], LAYOUTS["chatglm"])
    assert (first["history"], second["history"]) == ([], written["chatglm"]["history"])
    assert "history" not in values([ROWS[0]], LAYOUTS["chatglm"])[0]
    assert list(written["alpaca"]) == ["instruction", "input", "output", "history"]
    assert list(LAYOUTS["alpaca"].write(ROWS[0])) == ["instruction", "input", "output"]
    assert list(written["parquet"]) == ["id", "language", "instruction", "input", "output", "history"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_datasets_reads_every_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    path = tmp_path / f"rows{LAYOUTS[name].ending}"
    save(path, values(ROWS, LAYOUTS[name]))
    builder = "parquet" if path.suffix == ".parquet" else "json"
    loaded = datasets.load_dataset(builder, data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    assert len(loaded) == len(ROWS)


def test_one_side_of_a_run_is_what_the_run_holds_out(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--target", "en=8,zh=8", "-q").returncode == 0
    for side in ("train", "held_out"):
        assert selfinstruct("export", "--format", "alpaca", "--output", "out", "--split", side).returncode == 0
        exported = {one.instruction for one in load(tmp_path / "out" / f"{side}.json")}
        emitted = [one for path in (tmp_path / "outputs/test/dataset" / side).glob("*.jsonl") for one in load(path)]
        assert exported == {one.instruction for one in emitted}


def test_shards_stand_in_for_a_whole_file_that_git_left_out(tmp_path: Path) -> None:
    rows = distinct(6)
    for number, one in enumerate(rows):
        side = "held_out/en" if number == 5 else f"train/en-{number % 2}"
        path = tmp_path / "dataset" / f"{side}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(one.model_dump()) + "\n")
    save(tmp_path / "dataset" / "zh.jsonl", [])
    assert {one.id for one in load_rows(tmp_path)} == {one.id for one in rows}
    save(tmp_path / "dataset" / "en.jsonl", [rows[0].model_dump()])
    assert [one.id for one in load_rows(tmp_path)] == [rows[0].id]


def test_an_unknown_format_and_a_split_of_a_hand_over_are_refused(selfinstruct: Cli, tmp_path: Path) -> None:
    save(tmp_path / "in.jsonl", [one.model_dump() for one in distinct(3)])
    done = selfinstruct("export", "--format", "alpacca", "--dataset", "in.jsonl", "--output", "out")
    assert (done.returncode, "'alpaca'" in done.stderr) == (2, True)
    done = selfinstruct("export", "--format", "swift", "--split", "train", "--dataset", "in.jsonl", "--output", "out")
    assert (done.returncode, "--split does not go with swift" in done.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"prompt": "说出一条河流。", "response": 7}, "field `response` must be a text"),
        ({"prompt": None, "response": "a"}, "field `prompt` must be a text, not null"),
        ({"prompt": "a", "response": "b", "history": [["only one"]]}, "field `history.0` must be a pair"),
        ({"conversations": [{"from": "gpt", "value": "Hello"}]}, "the first turn is of the assistant"),
        ({"messages": [{"role": "user", "content": "a"}] * 2}, "turns 1 and 2 are both of the user"),
        ({"messages": [{"role": "user"}]}, "field `messages.0.content` must be a text"),
        ({"messages": [{"role": "narrator", "content": "a"}]}, "field `messages.0.role` must name who speaks"),
    ],
)
def test_a_row_that_is_none_is_named_by_line_and_field(line: dict[str, Any], message: str, tmp_path: Path) -> None:
    save(tmp_path / "in.jsonl", [{"instruction": "a", "output": "b"}, line])
    with pytest.raises(RecordError, match=r"in\.jsonl:2: ") as caught:
        load_rows(tmp_path / "in.jsonl")
    assert message in str(caught.value)


def test_a_broken_line_leaves_no_file(selfinstruct: Cli, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"instruction": "a", "output": "b"}\n{"instruction":\n', encoding="utf-8")
    done = selfinstruct("export", "--format", "parquet", "--dataset", "in.jsonl", "--output", "out")
    assert (done.returncode, "in.jsonl:2: not JSON" in done.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


def test_turns_that_no_row_has_are_told_of(selfinstruct: Cli, tmp_path: Path) -> None:
    source, base = tmp_path / "chat.jsonl", tmp_path / "plain.jsonl"
    plain = [{"role": "user", "content": "说出一种水果。"}, {"role": "assistant", "content": "苹果。"}]
    told = [*plain[:1], {"role": "system", "content": "友善一些。"}, *plain[1:]]
    source.write_text(json.dumps({"messages": told}), encoding="utf-8")
    base.write_text(json.dumps({"messages": plain}), encoding="utf-8")
    done = selfinstruct("export", "--format", "alpaca", "--dataset", source, "--output", tmp_path / "out")
    assert (done.returncode, "1 system or tool text left out" in done.stderr) == (0, True)
    said = selfinstruct("diff", base, source, "--format", "markdown").stdout
    assert "1 system or tool text left out" in said
    assert "edits beside question and answer: left out 1" in said
    assert "left out" not in selfinstruct("diff", base, base, "--format", "markdown").stdout


def test_filter_and_validate_read_chatglm_rows_and_parquet(selfinstruct: Cli, tmp_path: Path) -> None:
    rows = [
        row("给出三个保持健康的提示。", "早睡，多走。"),
        row("给出三个保持健康的提示！", "少盐。"),
        row("介绍一座桥。", "赵州桥。"),
    ]
    save(tmp_path / "in.jsonl", values(rows, LAYOUTS["chatglm"]))
    save(tmp_path / "in.parquet", values(rows, LAYOUTS["chatglm"]))
    for name in ("in.jsonl", "in.parquet"):
        done = selfinstruct("filter", name, "--output", "k.jsonl", "--rejected", "d.jsonl", "--json")
        counts = json.loads(done.stdout)
        assert (counts["rows"], counts["kept"], counts["dropped"]) == (3, 2, 1)
        assert json.loads(selfinstruct("validate", name, "--json").stdout)["rows"] == 3
