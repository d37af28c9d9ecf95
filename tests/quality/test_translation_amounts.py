"""Amounts, times, years and scores in both languages: what says the same is no fault in either direction, what says another is one in both."""

import pytest

from selfinstruct.quality.translation import Pair, broken

ALIKE = (
    ("It opens at a quarter past nine.", "九点一刻开门。"),
    ("We meet at a quarter to nine.", "我们差一刻九点见面。"),
    ("We meet at a quarter to nine.", "我们八点四十五分见面。"),
    ("The bus leaves at 8:45 a.m.", "公交车早上差一刻九点开。"),
    ("The train leaves at 12:30 a.m.", "火车凌晨0:30开。"),
    ("It is eight forty-five.", "现在八点四十五分。"),
    ("Lunch is at half past twelve.", "午饭在十二点半。"),
    ("He came at twenty past seven in the evening.", "他晚上七点二十分来的。"),
    ("The shop closes at 9 p.m.", "商店21点关门。"),
    ("She rang at 11 at night.", "她夜里十一点打来电话。"),
    ("Breakfast is at 7:05 a.m.", "早餐是早上七点零五分。"),
    ("The call is at ten to four.", "电话会是三点五十分。"),
    ("The flight lands at noon.", "航班中午12点到。"),
    ("Half a million people came.", "来了50万人。"),
    ("It took two decades.", "花了20年。"),
    ("It took three decades.", "花了30年。"),
    ("Answer within a minute.", "请在1分钟内回答。"),
    ("The film lasts 2.5 hours.", "电影有两个半小时。"),
    ("The film lasts two and a half hours.", "电影有150分钟。"),
    ("Wait for half an hour.", "等30分钟。"),
    ("Wait for a quarter of an hour.", "等15分钟。"),
    ("Wait for an hour and a half.", "等一个半小时。"),
    ("She stayed for 18 months.", "她待了一年半。"),
    ("He was away for a fortnight.", "他离开了两周。"),
    ("Half a century later it was found.", "50年后才被发现。"),
    ("Six in ten voters agree.", "六成选民同意。"),
    ("One in five children is tired.", "20%的孩子很累。"),
    ("Half of the people agree.", "50%的人同意。"),
    ("Three quarters of the land is dry.", "四分之三的土地是干的。"),
    ("It is completely reliable.", "它百分之百可靠。"),
    ("The odds are 50-50.", "机会五五开。"),
    ("You get it within 24 hours.", "一天之内就能收到。"),
    ("Support is there 24/7.", "全天候提供支持。"),
    ("They are sold at 80% of their price.", "它们打八折出售。"),
    ("The coat is 15% off.", "大衣打八五折。"),
    ("It cost $1M.", "花了100万美元。"),
    ("It raised $2.5B.", "筹到25亿美元。"),
    ("She ran a 5K run.", "她跑了5公里。"),
    ("Add 1 1/2 cups of milk.", "加1.5杯牛奶。"),
    ("Add 1 1/2 cups of milk.", "加一杯半牛奶。"),
    ("Add 2½ cups of milk.", "加两杯半牛奶。"),
    ("Add half a cup of milk.", "加1/2杯牛奶。"),
    ("Add 1 cup of flour, 1/2 teaspoon of salt and 1 egg.", "加1杯面粉，1/2茶匙盐，1个鸡蛋。"),
    ("Add a cup of milk.", "加1杯牛奶。"),
    ("He left in '68.", "他1968年离开。"),
    ("She won in '93.", "她1993年获胜。"),
    ("They met in the 1990s.", "他们在上世纪九十年代相识。"),
    ("They met in the 1990s.", "他们在90年代相识。"),
    ("Music of the '80s", "20世纪80年代的音乐"),
    ("Music of the eighties", "八十年代的音乐"),
    ("He has type II diabetes.", "他得了2型糖尿病。"),
    ("Louis XIV was a king.", "路易十四是一位国王。"),
    ("250,000 people came.", "來了25萬人。"),
    ("It cost 120 million yuan.", "花了1.2億元。"),
    ("It is -12.5 °C outside.", "外面零下12.5 °C。"),
    ("The answer is -3.", "答案是-3。"),
    ("The answer is minus three.", "答案是-3。"),
    ("It is 5 degrees below zero.", "现在零下5度。"),
    ("The index changed by -3%.", "指数下降3%。"),
    ("The field is 40 yards long.", "这块地有40多码长。"),
    ("The flat has 90 square metres.", "这套房子有90平方米。"),
    ("The level is 5 mmol/L.", "数值是5 mmol/L。"),
    ("The level is 90 mg/dL.", "数值是90毫克/分升。"),
    ("Add half a teaspoon of salt.", "加半茶匙盐。"),
    ("It is twice as large.", "它有两倍大。"),
    ("It has doubled.", "它翻了一番。"),
    ("It is three times as large.", "它大了两倍。"),
    ("She is in her twenties.", "她二十多岁。"),
    ("She is in her twenties.", "她20多岁。"),
    ("Sales rose in Q1.", "第一季度销售增长。"),
    ("Take vitamin B12.", "吃维生素B12。"),
    ("We won 3–2.", "我们3比2获胜。"),
    ("We lost 3–2.", "我们以2比3告负。"),
    ("Open Mon–Fri.", "周一至周五营业。"),
    ("Open on weekdays from Monday to Friday.", "工作日（星期一到星期五）营业。"),
    ("Clean it once a week.", "每周一次清洗。"),
    ("It happens twice a year, every half year.", "每半年一次，一年两次。"),
)  # fmt: skip
OTHERWISE = (
    ("It is -12.5 °C outside.", "外面12.5 °C。"),
    ("It is 12.5 °C outside.", "外面零下12.5 °C。"),
    ("The answer is -3.", "答案是3。"),
    ("The answer is 3.", "答案是-3。"),
    ("-3", "3"),
    ("The bus leaves at 3:30 p.m.", "公交车上午3点30分开。"),
    ("The bus leaves at 3:30 a.m.", "公交车下午3点30分开。"),
    ("The bus leaves at 2 p.m.", "公交车凌晨2点开。"),
    ("We meet at 9 in the evening.", "我们早上九点见。"),
    ("We meet at a quarter to nine.", "我们九点一刻见面。"),
    ("The field is 40 yards long.", "这块地有40多米长。"),
    ("The flat has 90 square feet.", "这套房子有90平方米。"),
    ("The flat has 90 m² of space.", "这套房子有90平方英尺。"),
    ("The tank holds 90 cubic metres.", "水箱能装90平方米。"),
    ("The level is 5 mmol/L.", "数值是5 mg/dL。"),
    ("Add half a teaspoon of salt.", "加一茶匙盐。"),
    ("Add a teaspoon of salt.", "加半茶匙盐。"),
    ("Wait for half an hour.", "等一个小时。"),
    ("It takes two and a half hours.", "需要两个小时。"),
    ("It is twice as large.", "它有三倍大。"),
    ("She is in her twenties.", "她三十多岁。"),
    ("Louis XIV was a king.", "路易十六是一位国王。"),
    ("Sales rose in Q1.", "第二季度销售增长。"),
    ("Sales rose in the third quarter.", "第四季度销售增长。"),
    ("Take vitamin B12.", "吃维生素B6。"),
    ("We won 3–2.", "我们2比3。"),
    ("Open Mon–Fri.", "周一至周六营业。"),
    ("We meet on Monday.", "我们周二见面。"),
    ("The coat is 80% off.", "大衣打八折。"),
    ("Half a million people came.", "来了5万人。"),
    ("It took two decades.", "花了30年。"),
    ("Six in ten voters agree.", "七成选民同意。"),
    ("It cost $1M.", "花了1000万美元。"),
    ("They met in the 1990s.", "他们在20世纪80年代相识。"),
    ("Wait within 24 hours.", "两天之内。"),
    ("Add 1 1/2 cups of milk.", "加2.5杯牛奶。"),
)  # fmt: skip
RULES = {"changed_numbers", "changed_units"}


@pytest.mark.parametrize(("english", "chinese"), ALIKE)
def test_an_amount_that_is_written_otherwise_is_the_same_both_ways(english: str, chinese: str) -> None:
    assert [_broken(english, chinese), _broken(chinese, english, to_chinese=False)] == [set(), set()]


@pytest.mark.parametrize(("english", "chinese"), OTHERWISE)
def test_another_amount_is_found_both_ways(english: str, chinese: str) -> None:
    assert _broken(english, chinese) & RULES
    assert _broken(chinese, english, to_chinese=False) & RULES


def test_what_is_adapted_is_compared_by_its_figures_where_the_text_says_it_in_other_words() -> None:
    before, after = "A car goes at 30 miles per hour past 12 houses.", "一辆车以50公里的时速驶过12座房子。"
    pair = Pair({"output": before}, {"output": after}, "zh", (("30 miles per hour", "时速50公里"),))
    assert broken(pair) == []
    assert dict(broken(pair._replace(target={"output": after.replace("12", "13")}))).keys() == {"changed_numbers"}
    assert dict(broken(pair._replace(target={"output": after.replace("50", "60")}))).keys() == {"changed_numbers"}


def _broken(before: str, after: str, *, to_chinese: bool = True) -> set[str]:
    return {name for name, _ in broken(Pair({"output": before}, {"output": after}, "zh" if to_chinese else "en"))}
