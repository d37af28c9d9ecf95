"""Translations of options, labels, lists, tables, commands and placeholders: sound ones pass in both directions, broken ones are named."""

import pytest

from selfinstruct.quality.translation import Pair, broken

SOUND = [
    ("Team A: 3 points\nTeam B: 5 points", "A队：3分\nB队：5分"),
    ("Dataset A: small\nDataset B: large", "数据集 A：小\n数据集 B：大"),
    ("A: Is the shop open?\nB: Not yet.", "甲：店开门了吗？\n乙：还没有。"),
    ("Guest A: Good evening.\nGuest B: Welcome.", "A：晚上好。\nB：欢迎。"),
    ("-8 degrees in the morning", "早上零下8度"),
    ("npm run build -- --mode 'test it all'", "npm run build -- --mode 'test it all'"),
    ('docker commit -m "add the missing file"', 'docker commit -m "add the missing file"'),
    ("main.py\nimport os\nprint(os.getcwd())", "main.py\nimport os\nprint(os.getcwd())"),
    ("Instructions: shake well.", "说明：用前摇匀。"),
    ("- [x] Water the plants\n- [ ] Sweep the yard", "- [x] 浇花\n- [ ] 扫院子"),
    ("| Day | Dish |\n| --- | --- |\n| Monday | rice \\| soup |", "| 日子 | 菜 |\n| --- | --- |\n| 周一 | 米饭\\|汤 |"),
    ("Dear Sir,\n\nThank you.", "先生：\n\n谢谢您。"),
    ("Dear [Client Name], see you soon.", "尊敬的【客户姓名】，回头见。"),
    ("Hello :name, it is :time now.", "你好，:name，现在是 :time。"),
    ("Ratio 3:2, see ~/notes/list.txt or /etc/hosts.", "比例3:2，见 ~/notes/list.txt 或 /etc/hosts。"),
    ("This and/or that, 5 km/h, 24/7.", "这个和（或）那个，5公里/小时，24/7。"),
]  # fmt: skip
BROKEN = [
    ("- [ ] Sweep the yard", "- [x] 扫院子", "changed_list"),
    ("| Day | Dish |\n| --- | --- |\n| Monday | soup |", "| 日子 | 菜 |\n| --- | --- |\n| 周一 |", "changed_list"),
    ("| Day |\n| --- |\n| Monday |", "| 日子 |\n\n| --- |\n\n| 周一 |", "changed_list"),
    ("The first part.\n\nThe second part.", "第一部分。\n第二部分。", "changed_lines"),
    ("Dear [Client Name], see you soon.", "您好，回头见。", "changed_placeholders"),
    ("Hello :name, welcome.", "你好，欢迎。", "changed_placeholders"),
    ("Dear <%= guest.title %>, welcome.", "尊敬的客人，欢迎。", "changed_placeholders"),
    ("The log is in /var/log/app.log now.", "日志在那里。", "changed_links"),
    ("A) red\nB) blue", "甲、红\nC）蓝", "changed_options"),
    ("Bees make honey.", "好的！以下是译文：蜜蜂酿蜜。", "translator_note"),
    ("Bees make honey.", "蜜蜂酿蜜。（直译：蜂造蜜）", "translator_note"),
    ("Bees make honey.", "蜜蜂酿蜜。注意，“honey”在这里指蜂蜜。", "translator_note"),
    ("蜜蜂酿蜜。", "Of course! Here is the translation: Bees make honey.", "translator_note"),
    ("蜜蜂酿蜜。", "Bees make honey. I hope this translation is useful.", "translator_note"),
]  # fmt: skip
LABELS = [
    ("Is this text spam or ham?", "这条短信是垃圾还是正常？", "spam", "垃圾", ""),
    ("Is this text spam or ham?", "这条短信是垃圾还是正常？", "spam", "废物", "label_not_offered"),
    ("Label it: joy, anger, fear.", "请标注：喜、怒、惧。", 'The label is "anger".', "标签是“怒”。", ""),
    ("Label it: joy, anger, fear.", "请标注：喜、怒、惧。", 'The label is "anger".', "标签是“气愤”。", "label_not_offered"),
    ("Suggest a title for a tale about the red kite.", "为一篇关于红风筝的故事起个标题。", "The Red Kite", "风筝红了", ""),
    ("Active or passive voice?", "主动语态还是被动语态？", "Passive voice", "被动语态", ""),
]  # fmt: skip


@pytest.mark.parametrize(("english", "chinese"), SOUND)
def test_a_sound_pair_passes_in_both_directions(english: str, chinese: str) -> None:
    assert not broken(Pair({"output": english}, {"output": chinese}, "zh"))
    assert not broken(Pair({"output": chinese}, {"output": english}, "en"))


@pytest.mark.parametrize(("before", "after", "rule"), BROKEN)
def test_what_is_lost_or_added_is_named(before: str, after: str, rule: str) -> None:
    pair = Pair({"output": before}, {"output": after}, "zh" if before.isascii() else "en")
    assert rule in dict(broken(pair))


@pytest.mark.parametrize(("english", "chinese", "said", "answer", "rule"), LABELS)
def test_only_an_answer_among_offered_labels_must_be_one_of_the_translated(
    english: str, chinese: str, said: str, answer: str, rule: str
) -> None:
    one, other = {"instruction": english, "output": said}, {"instruction": chinese, "output": answer}
    assert [name for name, _ in broken(Pair(one, other, "zh"))] == [rule] * bool(rule)
    assert rule or not broken(Pair(other, one, "en"))
