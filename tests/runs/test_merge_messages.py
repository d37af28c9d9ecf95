"""What a message quotes of two decisions on one row tells them apart."""

import pytest

from selfinstruct.dataset.review.decisions import Decision
from selfinstruct.records import Row
from selfinstruct.runs.edits import _shown

LONG = "Describe the way from the harbour over the old bridge to the lighthouse, for somebody who walks slowly."
PATH = "说说从码头过老桥到灯塔的路该怎么走，写给一位走得慢、又是头一回来这里的老人，还要讲清楚路上有哪些地方可以坐下来歇歇脚。"


def decided(instruction: str, output: str, language: str = "en") -> Decision:
    row = Row.model_validate(
        {"id": "1", "language": language, "instruction": instruction, "input": "", "output": output}
    )
    return Decision.model_validate({"id": "1", "decision": "edited", "language": language, "before": "", "row": row})


@pytest.mark.parametrize(("instruction", "language"), [(LONG, "en"), (PATH, "zh")])
def test_equal_long_questions_are_quoted_from_where_the_answers_differ(instruction: str, language: str) -> None:
    one, other = decided(instruction, "Over the bridge.", language), decided(instruction, "By boat.", language)
    assert _shown(one, other).endswith("Over the bridge.”")
    assert _shown(other, one).endswith("By boat.”")
    assert _shown(one, other).startswith("“…")


def test_short_and_different_texts_are_quoted_from_their_beginning() -> None:
    assert (
        _shown(decided("Name a lamp.", "A torch."), decided("Name a lamp.", "A candle.")) == "“Name a lamp. → A torch.”"
    )
    assert _shown(decided(LONG, "Left."), decided("Name a lamp.", "A torch.")).startswith("“Describe the way")
    assert _shown(decided(LONG, "Left."), None).startswith("“Describe the way")
    assert _shown(None, decided(LONG, "Left.")) == "the row without a decision"
