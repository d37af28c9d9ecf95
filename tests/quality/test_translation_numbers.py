"""Numbers in odd clothes: names with a figure, blanks around figures, ordinals, months, and words that look like numbers, in both directions."""

import pytest

from selfinstruct.quality.translation import Pair, broken

ALIKE = (
    ("It may help you.", "可能对你有用。"),
    ("It may be a stereotype.", "这可能是刻板印象。"),
    ("Soldiers march to help you.", "士兵行进，对你有帮助。"),
    ("Both are impressive.", "都令人印象深刻。"),
    ("Samsung and Apple are both strong.", "三星和苹果都很强。"),
    ("This century matters to us.", "本世纪对我们很重要。"),
    ("May I ask you about the two of them?", "我可以问问他们俩吗？"),
    ("In two minds about it, she paused.", "她拿不定主意，停了下来。"),
    ("He is the third son of a quarter-finalist.", "他是一位八强选手的三儿子。"),
    ("Both novels of the twentieth century may last.", "这些二十世纪的小说可能会流传下去。"),
    ("It is thousands of years old, and both sides may agree.", "它有几千年的历史，双方可能会同意。"),
    ("Uranium-235 is used.", "使用铀235。"),
    ("Apollo-13 came home.", "阿波罗13号回家了。"),
    ("Type-2 diabetes", "2型糖尿病"),
    ("COVID-19 spread fast.", "新冠肺炎传播很快。"),
    ("Output the base-10 logarithm.", "输出以10为底的对数。"),
    ("Make a top-10 list of songs.", "列一份前10名歌曲的清单。"),
    ("It was in the mid-60s outside.", "外面六十多度。"),
    ("It was built in the mid-1800s.", "它建于19世纪中叶。"),
    ("Pre-1900 houses are rare.", "1900年以前的房子很少见。"),
    ("Day 1: learn a language.", "第 1 天：学习一门语言。"),
    ("In the 1970s it grew.", "在 20 世纪 70 年代，它增长了。"),
    ("15th century art is the best of the 15th century.", "15世纪的艺术是 15 世纪最好的。"),
    ("It began on January 30, 2020.", "它始于 2020 年 1 月 30 日。"),
    ("In the 1970s and 1980s it grew.", "在20世纪七八十年代，它增长了。"),
    ("A 3-day plan.\nDay 3: rest", "三天的计划。\n第3天：休息"),
    ("1939–1945 – World War II\n1945 – Peace", "1939–1945 – 第二次世界大战\n1945 年 – 和平"),
    ("It leaves on March 5 at 3:30 p.m.", "3月5日下午3点30分出发。"),
    ("Start: 01/01/2020\nEnd: 01/30/2020", "开始：01/01/2020\n结束：2020 年 1 月 30 日"),
    ("August twenty-third, 2020", "2020年八月二十三日"),
    ("We met on the first of May.", "我们在五月一日见面。"),
    ("A second-hand car of the second owner", "第二位车主的二手车"),
    ("A. 33\nB. 37", "A.33\nB.37"),
    ("-5 degrees is cold.", "零下5度很冷。"),
    ("The 5th power of -2 is -32.", "-2 的 5 次方是 -32。"),
    ("-5 apples\n-3 pears", "- 5个苹果\n- 3个梨"),
    ("The balance is -$50.", "余额为-50美元。"),
)
OTHERWISE = (
    ("It leaves on March 5 at 3:30 p.m.", "3月5日上午3点30分出发。"),
    ("Uranium-235 is used.", "使用铀238。"),
    ("Type-2 diabetes", "1型糖尿病"),
    ("Make a top-10 list of songs.", "列一份前20名歌曲的清单。"),
    ("It was in the mid-60s outside.", "外面七十多度。"),
    ("It was built in the 1800s.", "它建于18世纪。"),
    ("In the 1970s and 1980s it grew.", "在八九十年代，它增长了。"),
    ("In the 15th century", "在 16 世纪"),
    ("Day 3: rest", "第 4 天：休息"),
    ("August twenty-third, 2020", "2020年八月二十一日"),
    ("We met in May.", "我们六月见的面。"),
    ("They came in October.", "他们在九月来的。"),
    ("I have 5 dogs; they may bark.", "我有狗，它们可能会叫。"),
    ("Read 2 books for it.", "为它读书，对吧。"),
    ("The Second Amendment", "第八修正案"),
    ("By the fourth quarter", "到第八季度"),
    ("Two teams play.", "三支球队比赛。"),
    ("Five apples", "六个苹果"),
    ("two hundred people", "三百人"),
    ("-5 is less than 3.", "-5小于4。"),
    ("The balance is -$50.", "余额为50美元。"),
)


@pytest.mark.parametrize(("english", "chinese"), ALIKE)
def test_the_same_number_in_other_clothes_is_no_fault(english: str, chinese: str) -> None:
    assert _broken(english, chinese) == [set(), set()]


@pytest.mark.parametrize(("english", "chinese"), OTHERWISE)
def test_another_number_is_found_in_any_clothes(english: str, chinese: str) -> None:
    assert all("changed_numbers" in names for names in _broken(english, chinese))


def _broken(english: str, chinese: str) -> list[set[str]]:
    """Return the rules that break from English to Chinese, and back."""
    there = Pair({"output": english}, {"output": chinese}, "zh")
    back = Pair({"output": chinese}, {"output": english}, "en")
    return [{name for name, _ in broken(pair)} for pair in (there, back)]
