"""Characters of a Chinese keyboard in configuration and seeds: the message names each with its place and what to write."""

import json
from pathlib import Path

import pytest

from selfinstruct.config import parse_config
from selfinstruct.errors import ConfigError, InputError, RecordError
from selfinstruct.seeds.read import read_seeds


@pytest.mark.parametrize(
    ("line", "place", "found", "wanted"),
    [
        ("zh = ６０", 6, "６", "6"),
        ("zh ＝ 60", 4, "＝", "="),
        ("zh = 60，", 8, "，", ","),
        ("zh　= 60", 3, "blank (U+3000)", "a space"),
    ],
)
def test_a_configuration_with_one_is_refused_by_it(line: str, place: int, found: str, wanted: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse_config(f"[target]\n{line}\n", "x.toml")
    assert "at line 2" in str(told.value)
    assert str(told.value).endswith(f"; character {place} is the full-width {found}; write {wanted}")


@pytest.mark.parametrize("line", ["model = “剧本老师”", "threshold = { en = 0.7，zh = 0.8 }", "[filter】"])
def test_other_lines_with_one_are_too(line: str) -> None:
    with pytest.raises(ConfigError, match="is the full-width"):
        parse_config(line, "x.toml")


def test_one_in_a_text_or_comment_is_no_fault() -> None:
    with pytest.raises(ConfigError) as told:
        parse_config('[run]\nname = "a，" = # ，\n', "x.toml")
    assert "full-width" not in str(told.value)


def test_a_seed_with_one_is_named_by_line_and_place(tmp_path: Path) -> None:
    path = tmp_path / "zh.jsonl"
    path.write_text('{“id”："zh-1"}\n{"id": "zh-2，"，"name": "x"}\n', encoding="utf-8")
    with pytest.raises(RecordError) as told:
        read_seeds(path)
    first, second = str(told.value).splitlines()
    assert first.startswith(f"{path}:1: ")
    assert first.endswith('character 2 is the full-width “; write "')
    assert second.endswith("character 15 is the full-width ，; write ,")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_seeds_in_alpacas_layout_are_told_once_with_the_way_out(tmp_path: Path, language: str) -> None:
    path = tmp_path / f"{language}.jsonl"
    row = {"instruction": "说出三种水果。", "input": "", "output": "苹果。"}
    path.write_text(f"{json.dumps(row)}\n" * 3, encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_seeds(path)
    said = str(told.value)
    assert said.startswith(f"{path}:1: is in Alpaca's layout (instruction, input, output)")
    assert said.count("Alpaca") == 1
    assert f'jq -c \'{{id: "{language}-\\(input_line_number)", name: "task", instruction, instances: [' in said
