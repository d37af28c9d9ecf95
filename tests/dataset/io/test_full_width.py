"""A line of JSON that punctuation of a Chinese keyboard tore says which character, and what to write."""

from pathlib import Path

import pytest

from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import RecordError


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"instruction": "说说灯。"， "output": "亮。"}', "character 23 is the full-width ，; write ,"),
        ('{"instruction": “说说灯。”, "output": "亮。"}', 'character 17 is the full-width “; write "'),
        ('{"instruction"："说说灯。", "output": "亮。"}', "character 15 is the full-width ：; write :"),
        ('{"instruction": "说说灯。", "output": "亮。”}', 'character 38 is the full-width ”; write "'),
        ('{"instruction": "说说灯。", "output": "亮。"｝', "character 39 is the full-width ｝; write }"),
        ('{"instruction": "说说“灯”。", "output": "亮。"', "repair or remove the line"),
        ('{"instruction": "Name a lamp.", "output": "It glows.}', "repair or remove the line"),
    ],
)
def test_the_character_that_tore_a_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(RecordError) as error:
        load_rows(path)
    assert said in str(error.value)
