"""The files of a dataset: canonical, by split, in shards."""

import hashlib
import json
import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.dataset.release.files import ATTRIBUTES, files_of, ignored, stale
from tests.support.rows import distinct, row


def test_the_order_of_the_rows_changes_no_byte() -> None:
    rows = distinct(30)
    validation = [one.id < "8" for one in rows]
    assert files_of("en", rows, validation) == files_of("en", rows[::-1], validation[::-1])


def test_a_line_has_exactly_the_keys_in_order_and_is_not_escaped() -> None:
    text = (
        files_of("zh", [row("写一首诗。\u2028好吗？", language="zh")], [False]).whole["zh.jsonl"].data.decode("utf-8")
    )
    assert text.startswith('{"id": "')
    assert text.endswith("}\n")
    assert "写一首诗。\u2028好吗？" in text
    assert list(json.loads(text)) == ["id", "language", "instruction", "input", "output"]


def test_a_conversation_has_its_history_last() -> None:
    talk = row("And in winter?").model_copy(update={"history": (("Is it warm?", "In summer."),)})
    line = json.loads(files_of("en", [talk], [False]).whole["en.jsonl"].data)
    assert list(line.items())[-1] == ("history", [["Is it warm?", "In summer."]])


def test_both_sides_together_are_all_rows_and_share_none() -> None:
    rows = distinct(50)
    files = files_of("en", rows, [number % 5 == 1 for number in range(50)])
    train, validation = (files.by_split[f"{name}/en.jsonl"] for name in ("train", "held_out"))
    assert (train.rows, validation.rows) == (40, 10)
    assert sorted((train.data + validation.data).splitlines()) == sorted(files.whole["en.jsonl"].data.splitlines())


def test_a_language_without_rows_has_empty_files() -> None:
    files = files_of("en", [], [])
    assert {name: file.data for name, file in (files.whole | files.by_split).items()} == {
        "en.jsonl": b"",
        "train/en.jsonl": b"",
        "held_out/en.jsonl": b"",
    }


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 400), st.integers(300, 20_000))
def test_shards_are_small_and_in_the_order_of_their_names_are_the_sorted_rows(count: int, largest: int) -> None:
    files = files_of("en", distinct(count), [False] * count, largest)
    shards = {name: file for name, file in sorted(files.by_split.items()) if name.startswith("train/")}
    assert all(len(file.data) <= largest or file.rows == 1 for file in shards.values())
    assert b"".join(file.data for file in shards.values()) == files.whole["en.jsonl"].data


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 300), st.integers(0, 300), st.integers(500, 20_000))
def test_rows_that_come_only_split_shards_in_two(count: int, more: int, largest: int) -> None:
    rows = distinct(count + more)
    before = files_of("en", rows[:count], [False] * count, largest).by_split
    after = files_of("en", rows, [False] * len(rows), largest).by_split
    home = {line: name for name, file in after.items() for line in file.data.splitlines()}
    for name, file in before.items():
        stem = name.removesuffix(".jsonl")
        assert all(home[line].startswith(stem) for line in file.data.splitlines())


def test_a_row_that_is_too_large_by_itself_is_a_shard_of_its_own() -> None:
    rows = [row("Write a long story.", "word " * 1000), row("Name a river."), row("Describe the sea.")]
    shards = files_of("en", rows, [False] * 3, 1000).by_split
    assert max(len(file.data) for file in shards.values() if file.rows > 1) <= 1000
    assert sum(file.rows for file in shards.values()) == 3
    assert max(map(len, shards)) < len("held_out/en-") + 8  # split no further than it helps


def test_git_leaves_out_only_what_is_too_large() -> None:
    files = {
        "en": files_of("en", distinct(50), [False] * 50, 2000),
        "zh": files_of("zh", distinct(2, "zh"), [False] * 2, 2000),
    }
    assert ignored(files, 2000) == "/en.jsonl\n"
    assert ignored(files) == ""


def test_shards_that_are_none_any_more_are_found_and_nothing_else(tmp_path: Path) -> None:
    names = (
        "train/en-0.jsonl",
        "train/en-11.jsonl",
        "train/zh-0.jsonl",
        "train/en-notes.jsonl",
        "held_out/en.jsonl",
        "train/en.jsonl",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = stale(tmp_path, "en", files_of("en", [], []))
    assert sorted(path.name for path in found) == ["en-0.jsonl", "en-11.jsonl"]


def test_the_bytes_are_the_same_on_every_machine() -> None:
    files = files_of("en", distinct(20), [number % 4 == 1 for number in range(20)])
    digest = hashlib.sha256(b"".join(file.data for file in (files.whole | files.by_split).values())).hexdigest()
    assert digest[:16] == "8e8aa44435ab0e10"


def test_git_knows_line_ends_and_what_a_reviewer_has_seen_already(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitattributes").write_text(ATTRIBUTES, encoding="utf-8")
    paths = ["en.jsonl", "train/en-0.jsonl", "held_out/zh.jsonl"]
    command = ["git", "-C", str(tmp_path), "check-attr", "eol", "linguist-generated", "--", *paths]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert found == [
        "en.jsonl: eol: lf",
        "en.jsonl: linguist-generated: unspecified",
        "train/en-0.jsonl: eol: lf",
        "train/en-0.jsonl: linguist-generated: set",
        "held_out/zh.jsonl: eol: lf",
        "held_out/zh.jsonl: linguist-generated: set",
    ]
