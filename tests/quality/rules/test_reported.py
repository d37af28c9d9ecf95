"""Rows after public reports of filters that err: each kind in both languages, a faulty row beside a sound one that looks like it."""

import pytest

from selfinstruct.quality.repair import repair_text, unwanted
from selfinstruct.quality.rules import all_broken
from selfinstruct.records import Candidate, LanguageCode

Row = tuple[LanguageCode, str, str, str]
FAULTY: list[tuple[str, Row]] = [
    ("wrong_count", ("en", "Explain in exactly 3 bullet points why leaves fall.", "", "- Cold\n- Dark\n- Dry air\n- Wind")),
    ("wrong_count", ("en", "Summarize the fable using 2 key points.", "", "- Haste\n- Pride\n- Sleep")),
    ("wrong_count", ("zh", "用3个要点说明为什么要睡午觉。", "", "- 恢复精力\n- 减轻疲劳\n- 改善心情\n- 帮助记忆")),
    ("refusal", ("en", "Name a river in France.", "", "I'm not able to do that.")),
    ("refusal", ("en", "Name a river in France.", "", "Sorry, but I won't be able to help you with this one.")),
    ("refusal", ("en", "Name a river in France.", "", "Unfortunately, I can't do that.")),
    ("refusal", ("zh", "说出一条法国的河。", "", "恐怕我帮不了您。")),
    ("refusal", ("zh", "说出一条法国的河。", "", "抱歉，这个我帮不了你。")),
    ("refusal", ("zh", "说出一条法国的河。", "", "我不能帮你做这件事。")),
    ("asks_for_media", ("en", "What time is it?", "", "It is 3:45 pm.")),
    ("asks_for_media", ("en", "What is today's date?", "", "Today is May 5, 2021.")),
    ("asks_for_media", ("en", "Will it rain in Leeds today?", "", "No, it will stay dry.")),
    ("asks_for_media", ("zh", "今天是几号？", "", "今天是14日。")),
    ("asks_for_media", ("zh", "今天星期几？", "", "今天星期三。")),
    ("asks_for_media", ("zh", "北京今天天气怎么样？", "", "北京今天多云。")),
    ("asks_for_media", ("zh", "上海今天会下雨吗？", "", "上海今天不会下雨。")),
    ("wrong_arithmetic", ("en", "Compute the value of 3^4 - 5.", "", "3^4 - 5 = 79")),
    ("wrong_arithmetic", ("zh", "计算 2**5 + 1。", "", "2**5 + 1 = 31")),
    ("outside_options", ("en", "Where is a key kept? Options: (a) drawer (b) wallet (c) hook", "", "So the answer is (d).")),
    ("outside_options", ("zh", "哪一种能燃烧？选项：（A）石头（B）纸（C）玻璃", "", "因此，答案是D。")),
    ("leaked_scaffold", ("en", "#Rewritten Prompt#: Name two uses of vinegar.", "", "Cleaning, and salad.")),
    ("leaked_scaffold", ("zh", "#改写后的指令#：说出盐在面包店里的用途。", "", "盐能减缓酵母发酵。")),
    ("secret_key", ("en", "Show my .cfg file.", "", "AWS_SECRET_ACCESS_KEY=wJq7Rk2VtXn9LpB4sYcHf8ZmGd3QaUe6TiOo1NrK")),
    ("secret_key", ("zh", "写出配置文件。", "", "AWS_SECRET_ACCESS_KEY=wJq7Rk2VtXn9LpB4sYcHf8ZmGd3QaUe6TiOo1NrK")),
    ("mojibake", ("en", "What is the German word for king?", "", "It is K√∂nig, and it is â€œmasculineâ€\x9d.")),
]  # fmt: skip
SOUND: list[Row] = [
    ("en", "Explain in exactly 3 bullet points why leaves fall.", "", "- Cold\n- Dark\n- Dry air"),
    ("en", "Name three fruits.", "", "**Fruits**\n- apple\n- pear\n- plum"),
    ("zh", "列出三种水果。", "", "**水果**\n- 苹果\n- 梨\n- 李子"),
    ("zh", "用3个要点说明为什么要睡午觉。", "", "- 恢复精力\n- 减轻疲劳\n- 改善心情"),
    ("en", "Politely decline an invitation in one sentence.", "", "I'm afraid I can't do that."),
    ("en", "Translate into English: 恐怕我帮不了您。", "", "I'm afraid I can't help you."),
    ("zh", "翻译成中文：I'm afraid I can't help you.", "", "恐怕我帮不了您。"),
    ("en", "What time is it in the story when the clock stops?", "", "It is twenty to nine."),
    ("zh", "今天是几号楼的居民值班？写一句提醒。", "", "今天轮到三号楼的居民值班，请准时到岗。"),
    ("en", "Compute 3^4.", "", "3^4 = 81"),
    ("en", "Solve 2x=10.", "", "x = 5"),
    ("en", "Calculate 7!", "", "7! = 5040"),
    ("zh", "计算3^4", "", "3^4 = 81"),
    ("en", "What is 2 XOR 3 in C?", "", "The bitwise result is 2 ^ 3 = 1."),
    ("en", "What is lorem ipsum?", "", "Lorem ipsum, a scrambled Latin text, stands for words that are not written yet."),
    ("zh", "我给邻居惹了大麻烦，怎么道歉？", "", "先登门道歉，再商量怎样补救。"),
    ("zh", "描写一只大麻雀。", "", "一只胖胖的大麻雀站在枝头，歪着头看我。"),
    ("en", "Write a root with a sign in it.", "", "√±1"),
    ("zh", "为什么网页显示 cafÃ©？", "", "因为 UTF-8 编码的 café 被当成 Latin-1 读了。"),
]  # fmt: skip


def _broken(row: Row) -> set[str]:
    language, asked, given, said = row
    candidate = Candidate(language=language, index=0, position=0, instruction=asked, input=given, output=said)
    return {name for name, _ in all_broken(candidate)}


@pytest.mark.parametrize(("rule", "row"), FAULTY)
def test_a_faulty_row_is_found_by_its_rule(rule: str, row: Row) -> None:
    assert rule in _broken(row)


@pytest.mark.parametrize("row", SOUND)
def test_a_sound_row_that_looks_like_one_is_kept(row: Row) -> None:
    assert _broken(row) == set()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Write a root with a sign in it.", "√±1"),
        ("Write the root of a partial derivative.", "√∂f"),
        ("Why does my page show NicolÃ¡s?", "UTF-8 was read as Latin-1: Nicolás became NicolÃ¡s."),
        ("写一行代码修复乱码。", '"cafÃ©".encode("latin-1").decode("utf-8")'),
    ],
)
def test_what_a_row_is_about_is_not_repaired(asked: str, said: str) -> None:
    keeps = unwanted([asked, said])
    assert [repair_text(text, "output", keeps=keeps)[0] for text in (asked, said)] == [asked, said]


def test_what_was_read_wrong_is_still_repaired() -> None:
    assert repair_text("It is K√∂nig.", "output", keeps=unwanted(["Who rules?", "It is K√∂nig."]))[0] == "It is König."
