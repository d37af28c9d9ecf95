"""Code whose comments and strings are translated, and JSON: words may be others, what a program looks up or fills in may not."""

import pytest

from selfinstruct.quality.translation import Pair, broken
from selfinstruct.records import LanguageCode

BROKEN = [
    ('print("You have %d apples" % n)', 'print("你有苹果" % n)'),
    ('print("%(name)s is here" % row)', 'print("%(名字)s来了" % row)'),
    ('print("Hi {name}".format(name=name))', 'print("嗨，{名字}".format(name=name))'),
    ('print("{} of {}".format(a, b))', 'print("共{}".format(a, b))'),
    ('print(f"Hi {name}")', 'print(f"嗨{名字}")'),
    ('row = {"name": "Ann", "age": 3}', 'row = {"名字": "安", "age": 3}'),
    ('row = {\n  # who\n  "name": "Ann",\n  "age": 3,\n}', 'row = {\n  # 谁\n  "name": "安",\n  "年龄": 3,\n}'),
    ('print(person["age"])', 'print(person["年龄"])'),
    ("print(person['age'])", "print(person['年龄'])"),
    ('print(person.get("age", "unknown"))', 'print(person.get("年龄", "未知"))'),
    ('rows = open("data/names.txt")', 'rows = open("数据/名字.txt")'),
    ('rows = read("names.csv")', 'rows = read("名字.csv")'),
    ('printf("%s: %5.2f\\n", name, sum);', 'printf("%s：%d\\n", name, sum);'),
    ('import React from "react";', 'import React from "反应";'),
]
"""(English, broken Chinese) of a line of code."""
SOUND = [
    ('print("You have %d apples" % n)  # says it', 'print("你有 %d 个苹果" % n)  # 说出来'),
    ('print(f"Hi {name}")', 'print(f"{name}，嗨")'),
    ("print(f\"{'yes' if ok else 'no'} for {n:>3}\")", "print(f\"{n:>3}：{'是' if ok else '否'}\")"),
    ('print("{0} of {1}".format(a, b))', 'print("{1}中的{0}".format(a, b))'),
    ('row = {"name": "Ann"}', 'row = {"name": "安"}'),
    ('names = ["Ann", "Ben"]', 'names = ["安", "本"]'),
    ('if answer == "yes":\n    print("Done.")', 'if answer == "是":\n    print("完成。")'),
    ('print(person.get("age", "unknown"))', 'print(person.get("age", "未知"))'),
    ('rows = open("data/names.txt")  # the names', 'rows = open("data/names.txt")  # 名字'),
    ('print("It is 50% off, yes/no?")', 'print("打五折，是/否？")'),
    ('def run():\n    """Return it."""\n    return 1', 'def run():\n    """返回它。"""\n    return 1'),
]


def _pair(before: str, after: str, to: LanguageCode) -> Pair:
    texts = [{"output": f"```\n{code}\n```"} for code in (before, after)]
    return Pair(texts[0], texts[1], to, comments=True)


@pytest.mark.parametrize(("before", "after"), BROKEN)
def test_a_program_keeps_its_keys_paths_and_fields(before: str, after: str) -> None:
    assert [name for name, _ in broken(_pair(before, after, "zh"))][:1] == ["changed_code"]
    assert "changed_code" in dict(broken(_pair(after, before, "en")))


@pytest.mark.parametrize(("before", "after"), SOUND)
def test_what_a_program_says_may_be_translated(before: str, after: str) -> None:
    assert "changed_code" not in dict(broken(_pair(before, after, "zh")))
    assert "changed_code" not in dict(broken(_pair(after, before, "en")))


@pytest.mark.parametrize(
    ("asked", "said", "before", "after", "rule"),
    [
        ("Give JSON with the keys name, age and job.", "用JSON给出，键为 name、age 和 job。", '{"name": "Ann", "age": 3}', '{"姓名": "安", "age": 3}', "label_not_offered"),
        ("Give JSON with the keys name, age and job.", "用JSON给出姓名、年龄和职业。", '{"name": "Ann", "age": 3}', '{"姓名": "安", "年龄": 3}', ""),
        ("Give JSON with the keys name, age and job.", "用JSON给出，键为 name、age 和 job。", '[{"name": "Ann", "age": 3}]', '[{"name": "安", "age": 3}]', ""),
        ("Give JSON with the keys 'name' and 'job'.", "用JSON给出名字和工作。", '{"name": "Ann", "job": "cook"}', '{"姓名": "安", "职务": "厨师"}', "label_not_offered"),
        ("Extract the name and the age as JSON.", "把名字和年纪提取成JSON。", '{"name": "Ann", "age": 3}', '{"姓名": "安", "年龄": 3}', ""),
        ("Describe her as JSON.", "用JSON描述她。", '{"name": "Ann"}', '{"姓名": "安"}', ""),
    ],
)  # fmt: skip
def test_keys_of_json_that_an_instruction_names_stay(asked: str, said: str, before: str, after: str, rule: str) -> None:
    pair = Pair({"instruction": asked, "output": before}, {"instruction": said, "output": after}, "zh")
    assert [name for name, _ in broken(pair)][:1] == [rule] * bool(rule)


def test_a_key_that_a_chinese_instruction_names_stays() -> None:
    source = {"instruction": "返回JSON，键为“姓名”和“年龄”。", "output": '{"姓名": "安", "年龄": 3}'}
    target = {"instruction": 'Return JSON with the keys "姓名" and "年龄".', "output": '{"name": "Ann", "age": 3}'}
    assert "label_not_offered" in dict(broken(Pair(source, target, "en")))
    named = target | {"instruction": 'Return JSON with the keys "name" and "age".'}
    assert not broken(Pair(source, named, "en"))
