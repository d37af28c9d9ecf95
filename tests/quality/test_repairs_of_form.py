r"""Stray list numbers and literal `\n`: taken off where that is sure, and only there."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from selfinstruct.quality import repair
from selfinstruct.quality.repair import Field, repair_text, unwanted


@pytest.mark.parametrize(
    ("text", "field", "better"),
    [
        ("3. Name a fruit.", "instruction", "Name a fruit."),
        ("- Write a poem about rain.", "instruction", "Write a poem about rain."),
        ("2、写一首关于雨的诗", "instruction", "写一首关于雨的诗"),
        ("，写一首诗", "instruction", "写一首诗"),
        (r"Which is a fish?\nA. Trout\nB. Wren", "instruction", "Which is a fish?\nA. Trout\nB. Wren"),
        (r"苹果\n梨", "output", "苹果\n梨"),
    ],
)
def test_a_stray_mark_or_escape_is_taken_off_once(text: str, field: Field, better: str) -> None:
    mended, rules = repair_text(text, field, keeps=unwanted([text]))

    assert mended == better
    assert len(rules) == 1
    assert repair_text(mended, field, keeps=unwanted([mended])) == (mended, [])


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("1. Boil it. 2. Peel it.", "instruction"),
        ("- milk\n- bread", "instruction"),
        ("1.5 litres is how many pints?", "instruction"),
        (".NET is what?", "instruction"),
        ("3. Boil it.", "output"),
        (r"C:\new folder is where it lies.", "output"),
        (r"print('a\nB')", "output"),
        (r"Write code that prints A\nB.", "instruction"),
        (r"x \neq y", "output"),
        (r"用换行符 \n 分开", "instruction"),
    ],
)
def test_what_may_be_meant_stays(text: str, field: Field) -> None:
    assert repair_text(text, field, keeps=unwanted([text])) == (text, [])


@given(
    text=st.text(
        "ab1. ,&\\\r\n\t-#>*涓枃鏄犳的了中国，。、“”’…—·《》（）！？～\u3000\ufeff\u200b\u00ad\u0301é\x0b", max_size=12
    ),
    field=st.sampled_from(["instruction", "input", "output", "turn"]),
)
@example(text="鏄犳槧", field="output")
@example(text="说“好”…", field="turn")
def test_usual_text_is_told_from_what_a_repair_would_change(text: str, field: Field) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repair, "_USUAL", re.compile(r"(?!)"))
        repaired = repair_text(text, field)

    assert repair_text(text, field) == repaired
