"""Replies of a translation as teachers write them: what they say is read, whatever the brackets, the case and the language of their headings."""

import pytest

from selfinstruct.requests.translation_reply import read_answer

ROW = {"instruction": "Name a river.", "output": "The Rhine."}
SAID = {"instruction": "说一条河。", "output": "莱茵河。"}


@pytest.mark.parametrize(
    "head",
    ["[[{}]]", "【{}】", "［［{}］］", "［{}］", "[{}]", "**[{}]**", "## 【{}】", "[[{}]]:", "【【{}】】", "[[ {} ]]"],
)
@pytest.mark.parametrize(
    "names",
    [
        ("decision", "instruction", "output"),
        ("DECISION", "INSTRUCTION", "OUTPUT"),
        ("Decision", "Instruction", "Output"),
        ("决定", "指令", "输出"),
    ],
)
def test_headings_are_read_in_other_brackets_case_and_language(head: str, names: tuple[str, str, str]) -> None:
    decision, instruction, output = map(head.format, names)
    for begin in (f"{decision} translate\n", f"{decision}\n翻译\n", "[[decision]] translate\n", ""):
        answer = read_answer(f"{begin}{instruction}\n说一条河。\n{output}\n莱茵河。", ROW)
        assert (answer.decision, answer.texts, answer.lacks) == ("translate", SAID, "")


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        ('"translate"', "translate"),
        ("translate: nothing in it is bound to English", "translate"),
        ("**Translate.** It can stay as it is.", "translate"),
        ("translated", "translate"),
        ("Decision: translate", "translate"),
        ("决定：翻译（没有需要改编的内容）", "translate"),
        ("【翻译】", "translate"),
        ("keep (code only)", "keep"),
        ("Dropped", "drop"),
    ],
)
def test_a_decision_is_read_with_the_words_around_it(said: str, decision: str) -> None:
    answer = read_answer(f"[[decision]] {said}\n[[instruction]]\n说一条河。\n[[output]]\n莱茵河。", ROW)
    assert (answer.decision, answer.lacks) == (decision, "")


@pytest.mark.parametrize(
    "said", ["maybe", "", "translate / adapt / keep / drop", "翻译、改编、保留或放弃", "I would translate"]
)
def test_a_decision_that_is_none_or_all_of_them_is_said(said: str) -> None:
    answer = read_answer(f"[[decision]] {said}\n[[instruction]]\n说一条河。\n[[output]]\n莱茵河。", ROW)
    assert answer.lacks == "[[decision]] is none of the four"


def test_lines_of_a_text_are_no_headings() -> None:
    answer = read_answer("[[instruction]]\n填表：\n【输入】\n[output] x\n[[output]]\n莱茵河。", ROW)
    assert answer.texts["instruction"] == "填表：\n【输入】\n[output] x"
    row = ROW | {"instruction": "Fill in:\n[input]\n[output]"}
    assert read_answer("【instruction】\n填表：\n[input]\n[output]\n【output】\n莱茵河。", row).lacks
    noted = read_answer("【指令】\n说一条河。\n【注意】只说一条。\n【输出】\n莱茵河。", ROW)
    assert noted.texts["instruction"] == "说一条河。\n【注意】只说一条。"


@pytest.mark.parametrize("nothing", ["", "(none)", "无", "（空）"])
def test_an_empty_heading_of_a_text_that_the_row_does_not_have_is_no_fault(nothing: str) -> None:
    answer = read_answer(f"[[instruction]]\n说一条河。\n[[input]]\n{nothing}\n[[output]]\n莱茵河。", ROW)
    assert (answer.texts, answer.lacks) == (SAID, "")
    more = read_answer("[[instruction]]\n说一条河。\n[[input]]\n水\n[[output]]\n莱茵河。", ROW)
    assert more.lacks == "[[input]], which the row does not have"


def test_what_the_row_has_is_not_made_up() -> None:
    assert read_answer("【指令】\n说一条河。", ROW).lacks == "no [[output]]"
    assert read_answer("【指令】\n说。\n【指令】\n说。\n【输出】\n好。", ROW).lacks == "[[instruction]] comes twice"
