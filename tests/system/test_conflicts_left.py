"""What is said of a file in which a part of a conflict was resolved."""

from pathlib import Path

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.system.conflicts import UnfinishedMergeError, refuse_markers


def told(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnfinishedMergeError) as error:
        refuse_markers([path])
    return str(error.value)


def test_where_only_the_end_of_a_conflict_is_left_it_is_to_be_deleted(tmp_path: Path) -> None:
    left = told(tmp_path / "en.jsonl", '{"id": "a"}\n>>>>>>> theirs\n')
    assert left.endswith("the beginning of the conflict is gone already; delete what is left of its markers too")
    assert in_chinese(left).endswith("冲突的开头已经删掉；请把剩下的标记也删掉")
    assert "choose among the rows" in told(tmp_path / "zh.jsonl", "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n")
