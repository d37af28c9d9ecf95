"""Another script or spelling: American to British spelling, title case, or simplified to traditional characters and back.

The words have one British spelling; the characters of the sentences have one traditional form each, in mainland, Taiwan and Hong Kong use.
"""

import random
import re
from typing import Final

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_SPELLINGS: Final = """color colour|favorite favourite|neighbor neighbour|neighbors neighbours|center centre|theater theatre|gray grey|flavor flavour|flavors flavours|
canceled cancelled|traveled travelled|jewelry jewellery|pajamas pyjamas|mustache moustache|plow plough|harbor harbour|rumor rumour|
humor humour|fiber fibre|catalog catalogue|labeled labelled|behavior behaviour|neighborhood neighbourhood|colorful colourful|
marvelous marvellous|woolen woollen|cozy cosy|aluminum aluminium|liters litres|kilometers kilometres|traveler traveller|honor honour"""
_SENTENCES: Final = {
    "en": """My favorite color is gray.|The theater near the harbor canceled the show on {day}.|
Our neighbor bought a woolen blanket at the garden center on {day}.|
We traveled {number} kilometers to a colorful market.|She keeps her jewelry in an aluminum box.|
Our neighbors lent us an old plow on {day}.|He labeled each jar with its flavor on {day}.|
The tank holds {number} liters of gray paint.|His mustache and his humor made him popular in the neighborhood.|
The cozy cafe in the town center serves {number} flavors of tea.|The dog's behavior was marvelous on {day}.|
I ordered pajamas from the catalog on {day}.|A rumor went around the neighborhood on {day}.|
It was an honor to meet the traveler at the harbor.|The rug is woven from gray fiber and is {number} years old.|
They canceled the trip to the harbor and went to the theater.""",
    "zh": """妈妈让我给奶奶打电话。|请给我两张车票，谢谢！|弟弟喜欢听故事，妹妹喜欢读诗。|医生让爸爸多运动，少喝酒。|
老师问谁见过大海。|树上的鸟儿叫得很欢。|他们在河边钓鱼，我在树下看书。|这双鞋太贵，请换一双。|
天气很热，记得给门边的花浇水。|请随手关灯、锁门，节约用电。|火车还没进站，我们来聊聊天吧。|护士轻轻关门，让病人静养。|
这间屋子又宽敞又凉爽。|请把这张纸贴在门边。|邮递员骑车送来报纸。|银行的员工耐心地帮老人填单。|
孩子们都认识这位热心的邮递员。|请问，医院离这儿远吗？|请帮我订三张明天的电影票。|我们骑车环湖，欢声笑语不断。|
这趟车经过图书城吗？|请问洗手间在哪边？|爷爷常给我们讲过去的趣闻。|请您对号入座，谢谢！|夜晚的街灯真亮。|
妹妹学会骑车，高兴得跳起来。|那条红裤子太长，请帮我剪短一点儿。|天气转凉，记得给孩子们带毛衣。""",
}
_PAIRS: Final = "两兩 书書 们們 会會 儿兒 关關 兴興 养養 凉涼 动動 医醫 单單 双雙 号號 吗嗎 听聽 员員 图圖 声聲 妈媽 学學 宽寬 对對 师師 带帶 帮幫 张張 护護 报報 换換 断斷 条條 来來 树樹 欢歡 气氣 没沒 浇澆 灯燈 点點 热熱 爷爺 环環 电電 离離 红紅 约約 纸紙 经經 给給 节節 裤褲 见見 订訂 认認 让讓 记記 讲講 识識 诗詩 话話 语語 请請 读讀 谁誰 谢謝 贴貼 贵貴 车車 转轉 轻輕 边邊 过過 运運 还還 这這 进進 远遠 递遞 邮郵 钓釣 银銀 锁鎖 长長 门門 问問 间間 闻聞 随隨 静靜 骑騎 鱼魚 鸟鳥"
_SMALL = "a an and at by for from in of on or the to with"
_TITLES = (
    "the {a} {b} by the {c}",
    "a {a} {b} in the {c}",
    "from the {c} to a {a} {b}",
    "how to paint a {a} {b} with your {d}",
    "my {d} and the {a} {b}",
    "letters from a {d} in the {c}",
    "tea for the {d} at the {a} {b}",
)
_TITLE_WORDS = {
    "a": "small quiet golden broken hidden blue",
    "b": "garden house boat bridge kitchen clock",
    "c": "river sea forest village station",
    "d": "sister uncle teacher grandfather",
}
_FRAMES = {
    "british": (
        "Rewrite this with British spelling, changing nothing else.",
        "Change the American spellings in the text to British ones.",
        "This was written in the United States. Give it British spelling for a reader in London.",
        "Copy the text in British spelling.",
    ),
    "title": (
        "Write this title in title case: capital first letters, except for a, an, and, at, by, for, from, in, of, on, or, the, to and with, unless they come first.",
        "Put the heading into title case. Keep a, an, and, at, by, for, from, in, of, on, or, the, to and with in small letters unless one is the first word.",
        "Capitalize the title below. Every word begins with a capital letter except a, an, and, at, by, for, from, in, of, on, or, the, to and with, which do so only at the beginning.",
    ),
    "traditional": (
        "把下面的文字转换成繁体字。",
        "请用繁体字写出这段话。",
        "这段简体字要给港台读者看，请改写成繁体，用词不变。",
        "将下文由简体转为繁体。",
    ),
    "simplified": (
        "把下面的繁体字转换成简体字。",
        "请用简体字写出这段话。",
        "这段话是用繁体字写的，请改成简体，用词不变。",
        "将下文由繁体转为简体。",
    ),
}
_KEPT = {
    "british": "British",
    "title": "a, an, and, at, by, for, from, in, of, on, or, the, to and with",
    "traditional": "繁体",
    "simplified": "简体",
}


def draw(draw: Draw) -> Task:
    """Draw a title, or a sentence or two, and what becomes of it; a sentence more for a strong teacher, and no title."""
    rng, language = draw.rng, draw.language
    modes = {"en": ["british", "british", "title"], "zh": ["traditional", "traditional", "simplified"]}[language]
    mode = rng.choice(modes)
    if draw.level == 2 and language == "en":
        mode = "british"
    text = _title(rng) if mode == "title" else _sentences(rng, language, draw.level + rng.randint(0, 1))
    if mode == "simplified":
        text = text.translate(_table())
    arguments = {"mode": mode, "text": text}
    return Task(rng.choice(_FRAMES[mode]), text, _answer(arguments), arguments, (_KEPT[mode],))


def fault(row: Row) -> str:
    """Return what is wrong with a row; a text in which nothing changes is no task."""
    answer = _answer(row.arguments)
    if answer == row.arguments["text"]:
        return "nothing changes"
    return unequal(row, answer, _KEPT[row.arguments["mode"]], given=row.arguments["text"])


def _title(rng: random.Random) -> str:
    return rng.choice(_TITLES).format(**{name: rng.choice(words.split()) for name, words in _TITLE_WORDS.items()})


def _sentences(rng: random.Random, language: str, number: int) -> str:
    chosen = rng.sample([text.strip() for text in _SENTENCES[language].split("|")], number)
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split
    space = " " if language == "en" else ""
    return space.join(text.format(day=rng.choice(days()), number=rng.randint(12, 90)) for text in chosen)


def _table() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in _PAIRS.split()}


def _answer(arguments: dict[str, Json]) -> str:
    mode, text = arguments["mode"], str(arguments["text"])
    if mode == "title":
        return " ".join(
            word if place and word in _SMALL.split() else word.capitalize()
            for place, word in enumerate(text.split(" "))
        )
    if mode == "british":
        return re.sub(r"[A-Za-z]+", lambda found: _british(found[0]), text)
    if mode == "traditional":
        return text.translate(_table())
    return text.translate({ord(pair[1]): pair[0] for pair in _PAIRS.split()})


def _british(word: str) -> str:
    spellings = dict(pair.split() for pair in _SPELLINGS.split("|"))
    return spellings.get(word, word)


KIND = Kind("script", "wording", draw, fault)
