"""What a Chinese reader saw in English, or in words that say something else, on his first walk through the project."""

import pytest

from selfinstruct.system.chinese import translator
from selfinstruct.system.wrapping import folded

SAYINGS = [
    (
        "weights 0.5 GiB, training 0.0 GiB, activations 0.7 GiB, available 20.4 GiB",
        "权重 0.5 GiB，梯度和优化器 0.0 GiB，激活值 0.7 GiB，可用内存 20.4 GiB",
    ),
    ("base model: 6 of 6 answers", "基座模型：6/6 份答案"),
    ("tuned model: 1 of 1 answer", "微调后的模型：1/1 份答案"),
    (
        "fine-tuning needs torch, which is not installed; install it with: pip install torch",
        "微调要用 torch，没有安装；安装命令：pip install torch",
    ),
    (
        "x.toml: not valid TOML: Invalid value (at line 5, column 8)",
        "x.toml：TOML 有误：值不对（第 5 行第 8 列）",
    ),
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
    (
        "selfinstruct.toml:32: [filter.treshold]: unknown key; did you mean `threshold`?",
        "selfinstruct.toml:32：[filter.treshold]：没有这个键；是不是想写 `threshold`？",
    ),
    (
        "selfinstruct.toml:32: [filtr]: unknown section; did you mean `filter`?",
        "selfinstruct.toml:32：[filtr]：没有这一节；是不是想写 `filter`？",
    ),
    ("Rows now: en 30/30, zh 31/40", "目前的行：en 30/30，zh 31/40"),
    ("rejected 4: placeholder_output 2, over_target 2", "剔除 4：placeholder_output 2，over_target 2"),
    ("rejected 0", "剔除 0"),
    ("Dropped: a 7, b 5", "剔除：a 7，b 5"),
    (
        "Target of this run: en 120, zh 31; [target] says en 12, zh 12, which --target en=12,zh=12 sets",
        "这次运行的目标：en 120，zh 31；[target] 里写的是 en 12，zh 12，用 --target en=12,zh=12 就改成它",
    ),
    (
        "zh.jsonl:1: no_category, 20 seeds alike (lines 1, 2, 3, ...): field `category` is missing; name the kind of task",
        "zh.jsonl:1：no_category，20 条种子都这样（第 1、2、3…… 行）：缺少字段 `category`；请写任务类别",
    ),
    (
        "0 rows not learned; passed over: 12 learned, 0 too long for the model. Answers side by side: e.md",
        "0 行没有学过；跳过：学过的 12 行，对模型太长的 0 行。答案并排对照：e.md",
    ),
    (
        "the report needs matplotlib, which is not installed; install it with: pip install 'selfinstruct[report]'",
        "报告要用 matplotlib，没有安装；安装命令：pip install 'selfinstruct[report]'",
    ),
]


@pytest.mark.parametrize(("english", "chinese"), SAYINGS, ids=[english[:40] for english, _ in SAYINGS])
def test_it_is_said_in_chinese(english: str, chinese: str) -> None:
    assert translator().message(english) == chinese


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("  12. 春天到了，河边的柳树绿了。", ["  12. 春天到了，河", "      边的柳树绿", "      了。"]),
        ("> - 春天到了，河边柳树绿了。", ["> - 春天到了，河边", "    柳树绿了。"]),
        ("  回答：      春天到了，河边。", ["  回答：      春天到了，河边。"]),
        ("短的。", ["短的。"]),
        ("；现在是 449e：写诗", ["；现在是", "449e：写诗"]),
    ],
)
def test_a_folded_line_keeps_its_number_and_its_indent(text: str, lines: list[str]) -> None:
    assert folded(text, 32 if "回答" in text else 19 if "现在" not in text else 11) == lines
