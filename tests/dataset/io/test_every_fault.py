from pathlib import Path

import pytest

from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import RecordError


def test_every_line_that_is_no_row_is_named_with_what_sorts_them_out(tmp_path: Path) -> None:
    path = tmp_path / "dirty.jsonl"
    path.write_text('{"instruction": "a"}\n{"instruction": "b", "output": "c"}\nno json\n', encoding="utf-8")
    with pytest.raises(RecordError) as raised:
        load_rows(path)
    said = str(raised.value)
    assert [f"dirty.jsonl:{line}:" in said for line in (1, 2, 3)] == [True, False, True]
    assert f"selfinstruct filter {path} --fix --rules" in said
