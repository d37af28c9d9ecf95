"""What a Chinese reader saw in English, or in words that say something else, on his first walk through the project."""

import pytest

from selfinstruct.system.chinese import translator

SAYINGS = [
    (
        "weights 0.5 GiB, training 0.0 GiB, activations 0.7 GiB, available 20.4 GiB",
        "权重 0.5 GiB，梯度和优化器 0.0 GiB，激活值 0.7 GiB，可用内存 20.4 GiB",
    ),
    ("base model: 6 of 6 answers", "基座模型：6/6 份回答"),
    ("tuned model: 1 of 1 answer", "微调后的模型：1/1 份回答"),
    (
        "  all: loss -0.100 (-0.200 to -0.050), better; ROUGE-L +0.010 (-0.001 to +0.020), no sure difference; ended +0.500 (+0.400 to +0.600), better",
        "  全部：损失 -0.100（-0.200 到 -0.050），更好；ROUGE-L +0.010（-0.001 到 +0.020），看不出差别；正常结束 +0.500（+0.400 到 +0.600），更好",
    ),
    (
        "en.jsonl: field `instruction` must be a text, not a number",
        "en.jsonl：字段 `instruction` 必须是文本，现在是数字",
    ),
    (
        "zh.jsonl:3: not a JSON object (Expecting ',' delimiter at column 161); put one object on the line",
        "zh.jsonl:3：不是 JSON 对象（缺逗号，在第 161 列）；一行写一个对象",
    ),
    (
        "zh.jsonl:3: not a JSON object (Unterminated string starting at column 8); put one object on the line",
        "zh.jsonl:3：不是 JSON 对象（文本缺右引号，左引号在第 8 列）；一行写一个对象",
    ),
    (
        "p/zh/batch.txt:4: unknown part [用户]; known: [system], [user]",
        "p/zh/batch.txt:4：没有 [用户] 这种部分；可用的有：[system], [user]",
    ),
    (
        "p/zh/batch.txt:9: [user]: unknown placeholder $conut; did you mean $count? Known here: $count, $first",
        "p/zh/batch.txt:9：[user]：没有占位符 $conut；是不是想写 $count？这里可用的有：$count, $first",
    ),
    ("p/zh/batch.txt:4: [user]: lacks the placeholder $count", "p/zh/batch.txt:4：[user]：缺占位符 $count"),
]


@pytest.mark.parametrize(("english", "chinese"), SAYINGS, ids=[english[:40] for english, _ in SAYINGS])
def test_it_is_said_in_chinese(english: str, chinese: str) -> None:
    assert translator().message(english) == chinese
