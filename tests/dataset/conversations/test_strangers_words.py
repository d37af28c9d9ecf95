"""Conversations as others write them: a greeting first, speakers in Chinese, and the two lines over a block of code."""

from pathlib import Path

import pytest

from selfinstruct.dataset.conversations.clean import clean
from selfinstruct.dataset.conversations.interface import without_labels
from selfinstruct.dataset.conversations.read import read
from selfinstruct.dataset.conversations.records import Cleaned

WHERE = Path("x.jsonl")


def cleaned(*said: tuple[str, str]) -> Cleaned:
    return clean(read(1, {"conversations": [{"from": who, "value": text} for who, text in said]}, WHERE), {})


@pytest.mark.parametrize(
    ("greeting", "question", "answer", "rule"),
    [
        ("你好，有什么可以帮您？", "我的手机号是13800138000，帮我记下来。", "好的，已经为您记下来了。", "phone_number"),
        ("Hello, how can I help?", "Which rivers flow through France?", "", "empty_turn"),
    ],
)
def test_a_greeting_is_not_the_cause_where_another_rule_takes_the_rest(
    greeting: str, question: str, answer: str, rule: str
) -> None:
    found = cleaned(("gpt", greeting), ("human", question), ("gpt", answer))
    assert not found.exchanges
    assert found.cut
    assert found.cut.rule == rule
    assert found.cut.number > 1


@pytest.mark.parametrize(
    ("asks", "answers"), [("人类", "助手"), ("用户", "机器人"), ("问", "答"), ("客户", "客服"), ("user", "AI")]
)
def test_speakers_may_have_chinese_names(asks: str, answers: str) -> None:
    found = cleaned((asks, "法国有哪些大河？"), (answers, "卢瓦尔河、塞纳河和罗讷河。"))
    assert (len(found.exchanges), found.cut, found.language) == (1, None, "zh")


def test_a_conversation_of_unknown_speakers_is_counted_in_the_language_of_its_text() -> None:
    found = cleaned(("路人甲", "法国有哪些大河？"), ("路人乙", "卢瓦尔河、塞纳河和罗讷河。"))
    assert not found.exchanges
    assert found.language == "zh"


@pytest.mark.parametrize("label", ["Copy code", "复制代码", "Copy\nEdit", "Copy", "复制"])
@pytest.mark.parametrize("language", ["python", "C++", "JSON"])
def test_the_language_over_the_button_stays_without_it(language: str, label: str) -> None:
    text = f"Sure:\n\n{language}\n{label}\nprint(1)"
    gone = without_labels(text)
    assert gone.text == (f"Sure:\n\n{language}\nprint(1)" if label not in {"Copy", "复制"} else text)
    if label not in {"Copy", "复制"}:
        assert without_labels(f"Sure\n{label}\nprint(1)").text == "Sure\nprint(1)"
