"""Signs of which a rule of translations could take one for another: variables and money, emphasis and lists, brackets of options, plurals of programs."""

import pytest

from selfinstruct.quality.translation import Pair, broken
from selfinstruct.quality.translation.spans import spans
from selfinstruct.records import LanguageCode

SOUND = [
    ("Say hello to ${user} and then to ${guest}.", "先向${user}问好，再向${guest}问好。"),
    ("${user}, you have %1$d new messages (from %2$s).", "%2$s给你发来%1$d条新消息（${user}）。"),
    ("A seat is $5 (or 4$ at night), a table $10.", "一个座位$5（晚上4$），一张桌子$10。"),
    ("It was ($5)${note} and is $10 now.", "以前是($5)${note}，现在是$10。"),
    ("Set $HOME/bin before $PATH, (then) $SHELL.", "先设$HOME/bin，再设$PATH，（然后）设$SHELL。"),
    ("The **top step** is not for standing.", "**最上面一级**不能站人。"),
    ("**Warm** the pot first.", "先**热**一下壶。"),
    ("*Warm* the pot first.", "先*热*一下壶。"),
    ("{n, plural, one {# apple} other {# apples}}", "{n, plural, other {# 个苹果}}"),
    ("{who, select, female {She} male {He} other {They}} left early.", "{who, select, female {她} male {他} other {他们}}提前走了。"),
]  # fmt: skip
"""(English, Chinese) of an answer."""


@pytest.mark.parametrize("to", ["zh", "en"])
@pytest.mark.parametrize("texts", SOUND, ids=lambda texts: texts[0])
def test_a_sound_answer_breaks_no_rule(texts: tuple[str, str], to: LanguageCode) -> None:
    source, target = texts if to == "zh" else texts[::-1]
    said = ("Say it.", "说吧。") if to == "zh" else ("说吧。", "Say it.")
    assert not broken(Pair({"instruction": said[0], "output": source}, {"instruction": said[1], "output": target}, to))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Say hello to ${user} and then to ${guest}.", ["${user}", "${guest}"]),
        ("%1$d of %2$s", ["%1$d", "%2$s"]),
        ("It costs $5 or (at most) $10.", []),
        ("$5一个，(两个)10$", []),
        ("Put $HOME/bin before $PATH.", ["$HOME", "$PATH"]),
        ("Here ${x}^2 + 1$ is $n$th, and $5 \\times 3 = 15$.", ["${x}^2 + 1$", "$n$", "$5 \\times 3 = 15$"]),
        ("$2xy = 4$ and $2 sin(x) = 1$", ["$2xy = 4$", "$2 sin(x) = 1$"]),
        ("{who, select, female {She} other {They}} met {friend}.", ["{friend}"]),
    ],
)
def test_variables_are_placeholders_and_money_is_neither_one_nor_a_formula(text: str, kept: list[str]) -> None:
    assert [one.text for one in spans(text)] == kept


OPTIONS = (
    "Which metal conducts best?\nA) iron\nB) copper",
    "哪种金属导电最好？\nA） 铁\nB) 铜",
)


@pytest.mark.parametrize("to", ["zh", "en"])
@pytest.mark.parametrize(
    "answers",
    [
        ("B) copper", "B）铜"),
        ("B) copper", "B) 铜"),
        ("B. copper", "B．铜"),
        ("A) iron", "A）铁"),
        ("B copper", "B 铜"),
        ("The correct answer is A. A bar of it rusts.", "正确答案是A。铁棒会生锈。"),
        ("The correct answer is A. A bar of it rusts.", "正确的选项应为A：铁棒会生锈。"),
        ("A bar of iron rusts.", "铁棒会生锈。"),
        ("The answer is B.", "我认为应该选B。"),
    ],
)
def test_an_option_is_the_same_whatever_its_bracket_and_the_words_around_it(
    answers: tuple[str, str], to: LanguageCode
) -> None:
    (source, target), (asked, said) = (answers, OPTIONS) if to == "zh" else (answers[::-1], OPTIONS[::-1])
    pair = Pair({"instruction": asked, "output": source}, {"instruction": said, "output": target}, to)
    assert not broken(pair)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("Say hello to ${user}.", "向${用户}问好。", "changed_placeholders"),
        ("You have %1$d apples.", "你有苹果。", "changed_placeholders"),
        ("* one\n* two\n* three", "* 一个\n* 两个，三个", "changed_list"),
        ("{n, plural, one {# apple} other {# apples}}", "{数, plural, other {# 个苹果}}", "changed_placeholders"),
        ("You ate {n, plural, one {a small red apple} other {many small red apples}}.", "你吃了{n, plural, other {many small red apples}}。", "left_untranslated"),
        ("The area is $x^2 + 1$.", "面积是 $x^2 + 2$。", "changed_formulas"),
    ],
)  # fmt: skip
def test_what_is_lost_of_them_is_found(before: str, after: str, rule: str) -> None:
    pair = Pair({"instruction": "Say it.", "output": before}, {"instruction": "说吧。", "output": after}, "zh")
    assert rule in dict(broken(pair))


@pytest.mark.parametrize(
    ("before", "after", "to"), [("The correct answer is A.", "正确答案是B。", "zh"), ("选B", "The answer is A.", "en")]
)
def test_another_option_is_found(before: str, after: str, to: LanguageCode) -> None:
    asked, said = OPTIONS if to == "zh" else OPTIONS[::-1]
    pair = Pair({"instruction": asked, "output": before}, {"instruction": said, "output": after}, to)
    assert "changed_options" in dict(broken(pair))


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("Clean the **frame** first.", "先擦 ** 车架 ** 。", "broken_emphasis"),
        ("Clean the **frame** first.", "先擦** 车架**。", "broken_emphasis"),
        ("Clean the **frame** and **fork**.", "擦**车架**和**前叉**。", ""),
        ("It is 2 ** 3 ** 2.", "是 2 ** 3 ** 2。", ""),
        ("| part | price |\n|---|---|\n| frame | 80 |", "｜部件｜价格｜\n|---|---|\n｜车架｜80｜", "changed_list"),
        ("| part | price |\n|---|---|\n| frame | 80 |", "| 部件 ｜ 价格 |\n|---|---|\n| 车架 | 80 |", "changed_list"),
        ("| part | price |\n|---|---|\n| frame | 80 |", "| 部件 | 价格 |\n|---|---|\n| 车架 | 80 |", ""),
        ("Done! 🎉 The lamp works.", "好了！灯亮了。", "broken_emphasis"),
        ("Done! 🎉 The lamp works.", "好了！🎉灯亮了。", ""),
        ("I ❤️ tea.", "我爱喝茶。", ""),
    ],
)  # fmt: skip
def test_emphasis_tables_and_emoji_stay(before: str, after: str, rule: str) -> None:
    pair = Pair({"instruction": "Say it.", "output": before}, {"instruction": "说吧。", "output": after}, "zh")
    assert [name for name, _ in broken(pair)][:1] == [rule] * bool(rule)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("灯亮了，水也开了。", "The lamp is on， and the water boils.", "left_untranslated"),
        ("灯亮了。", "The lamp is on。", "left_untranslated"),
        ("买３盏灯。", "Buy ３ lamps.", "left_untranslated"),
        ("买３盏灯。", "Buy 3 lamps.", ""),
        ("先擦**车架**。", "First wipe the ** frame **.", "broken_emphasis"),
        ("| 部件 | 价格 |\n|---|---|", "| part ｜ price |\n|---|---|", "changed_list"),
        ("搞定🎉灯亮了。", "Done! The lamp is on.", "broken_emphasis"),
        ("把全角的３写成半角。", "Write the full-width ３ in half width.", ""),
    ],
)
def test_signs_of_chinese_do_not_stay_in_english(before: str, after: str, rule: str) -> None:
    pair = Pair({"instruction": "说吧。", "output": before}, {"instruction": "Say it.", "output": after}, "en")
    assert [name for name, _ in broken(pair)][:1] == [rule] * bool(rule)
