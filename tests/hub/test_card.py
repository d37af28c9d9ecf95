"""A README of a person keeps every byte that is not ours: text, keys, comments, order and line ends."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.errors import InputError

yaml = pytest.importorskip("yaml")

from selfinstruct.hub.card import BEGIN, END, merged_card, metadata_of  # noqa: E402

OURS = """---
license: other
license_name: "not-chosen-yet"
language: ["en", "zh"]
pretty_name: "rivers"
task_categories: ["text-generation"]
tags: ["instruction-tuning", "synthetic"]
size_categories: ["n<1K"]
configs:
- config_name: all
  default: true
  data_files:
  - split: train
    path: ["train/en.jsonl", "train/zh.jsonl"]
- config_name: zh
  data_files:
  - split: train
    path: ["train/zh.jsonl"]
---

# rivers

24 rows.
"""
FEATURES = [{"name": "id", "dtype": "string"}]
WHERE = "hub:me/rivers: README.md"


def _merged(theirs: str | None, ours: str = OURS) -> str:
    return merged_card(theirs, ours, FEATURES, WHERE)


def _front(text: str) -> dict[str, Any]:
    return metadata_of(text, WHERE)


def test_without_a_readme_ours_is_the_whole_one() -> None:
    text = _merged(None)
    assert _front(text)["pretty_name"] == "rivers"
    assert [one["config_name"] for one in _front(text)["dataset_info"]] == ["all", "zh"]
    assert text.index(BEGIN) < text.index("24 rows.") < text.index(END)


def test_a_second_time_nothing_changes() -> None:
    for theirs in (None, "# Mine\n", "---\nlicense: mit\n---\n", "---\r\nlicense: mit\r\n---\r\nMine\r\n"):
        once = _merged(theirs)
        assert _merged(once) == once


@pytest.mark.parametrize(
    "theirs", ["\ufeff# Mine\r\nTwo\r\n", "# Mine\r\nTwo\nThree\r\n", "---\r\nlicense: mit\r\n---\r\nTwo\n"]
)
def test_line_ends_and_the_first_mark_of_a_person_stay(theirs: str) -> None:
    text = _merged(theirs)
    kept = theirs.removeprefix("\ufeff").removeprefix("---\r\n").partition("---\r\n")[2] or theirs.removeprefix(
        "\ufeff"
    )
    assert kept.rstrip() in text
    assert text.startswith("\ufeff") == theirs.startswith("\ufeff")
    assert text.count("\ufeff") == theirs.count("\ufeff")
    assert _merged(text) == text


def test_only_our_block_is_written_anew() -> None:
    once = _merged("---\nlicense: mit\n---\n# Mine\n\nAbove.\n")
    edited = once.replace("Above.", "Above, edited.") + "\nBelow.\n"
    text = _merged(edited, OURS.replace("24 rows.", "25 rows."))
    assert text == edited.replace("24 rows.", "25 rows.")


def test_keys_comments_and_order_of_a_person_stay() -> None:
    theirs = """---
# what the lawyers said
license: cc-by-nc-4.0  # not mit!
annotations_creators: [expert]

tags:
  - water   # first
  - 水
extra_gated_prompt: |
  You agree: not to
  use it for harm.
# the end
---
Hello.
"""
    text = _merged(theirs)
    for kept in (
        "# what the lawyers said\nlicense: cc-by-nc-4.0  # not mit!\nannotations_creators: [expert]\n",
        "extra_gated_prompt: |\n  You agree: not to\n  use it for harm.\n# the end\n",
        "\nHello.\n",
    ):
        assert kept in text
    front = _front(text)
    assert front["tags"] == ["water", "水", "instruction-tuning", "synthetic"]
    assert "license_name" not in front
    assert list(front)[:4] == ["license", "annotations_creators", "tags", "extra_gated_prompt"]


def test_configurations_of_a_person_stay_and_his_default_too() -> None:
    theirs = "---\nconfigs:\n- config_name: talks\n  default: true\n  data_files: talks/*.jsonl\n- config_name: zh\n  data_files: old.jsonl\ndataset_info:\n- config_name: talks\n  features:\n  - name: text\n    dtype: string\n---\n"
    front = _front(_merged(theirs))
    assert [one["config_name"] for one in front["configs"]] == ["talks", "zh", "all"]
    assert [one["config_name"] for one in front["configs"] if one.get("default")] == ["talks"]
    assert [one["config_name"] for one in front["dataset_info"]] == ["talks", "all", "zh"]
    assert front["configs"][1]["data_files"][0]["path"] == ["train/zh.jsonl"]


def test_types_that_are_stale_after_a_second_push_are_written_anew() -> None:
    stale = "---\ndataset_info:\n  config_name: all\n  features:\n  - name: gone\n    dtype: int64\n  splits:\n  - name: train\n    num_examples: 3\n---\n"
    front = _front(_merged(stale))
    assert front["dataset_info"][0] == {"config_name": "all", "features": FEATURES}


def test_a_configuration_of_an_earlier_push_that_is_no_more_goes() -> None:
    english = (
        OURS.replace('"train/en.jsonl", "train/zh.jsonl"', '"train/en.jsonl"')
        .replace("config_name: zh", "config_name: en")
        .replace('["train/zh.jsonl"]', '["train/en.jsonl"]')
    )
    front = _front(_merged(_merged(None), english))
    assert [one["config_name"] for one in front["configs"]] == ["all", "en"]
    assert [one["config_name"] for one in front["dataset_info"]] == ["all", "en"]


@pytest.mark.parametrize(
    "theirs",
    [
        "---\ntags: [a\n---\n",
        "---\n- a\n---\n",
        f"{BEGIN}\nno end\n",
        f"{END}\n{BEGIN}\n",
        f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n",
        "---\na: !!python/object/apply:os.system [id]\n---\n",
    ],
)
def test_a_readme_that_cannot_be_taken_apart_is_left_alone_and_named(theirs: str) -> None:
    with pytest.raises(InputError, match=WHERE):
        _merged(theirs)


def test_a_flow_over_several_lines_is_still_read_as_yaml_reads_it() -> None:
    theirs = "---\ntags: [a,\nb]\nx: {p: 1,\nq: 2}\n---\n"
    front = _front(_merged(theirs))
    assert front["tags"][:2] == ["a", "b"]
    assert front["x"] == {"p": 1, "q": 2}


KEYS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.thorough
@given(
    st.dictionaries(KEYS.map(lambda key: f"x_{key}"), VALUES, max_size=5),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs"]), max_size=40),
)
def test_whatever_stands_there_stays(theirs: dict[str, Any], body: str) -> None:
    front = yaml.safe_dump(theirs, allow_unicode=True, sort_keys=False) if theirs else ""
    standing = yaml.safe_load(front) or {}  # a next-line character alone is written as a line end, and read as a space
    text = _merged(f"---\n{front}---\n# T\n{body}\n")
    assert f"\n# T\n{body.rstrip()}" in text
    read = _front(text)
    assert {key: value for key, value in read.items() if key in theirs} == standing
    assert _merged(text) == text
