"""What a Chinese sentence asks of its language: a form that an order has as its object, or a text that is given to be worked on.

写一副对联 and “国”字有几画 cannot leave Chinese; 对联在哪些节日张贴 and 写一份灯谜晚会的流程 can.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_FORMS: Final = {
    "translation": r"翻译(?=成|为|一?下|以下|这|此|[:：«]|句|$)|译成|译为|译出|(?:英|中|日|法|德|韩|俄)译(?:英|中|汉)|用(?:英语|英文|日语|法语|德语|韩语)|(?:英语|英文|日语|法语|德语)(?:怎么|如何|里怎么|里)(?:说|表达|讲|写)|改(?:写)?成(?:白话|文言|繁体|粤语)",
    "rhyme": r"押韵|韵脚|绝句|律诗|五言|七言|对联|春联|上联|下联|横批|平仄|打油诗|藏头诗|顺口溜|绕口令|三句半|飞花令|对仗|对对子",
    "letter counting": r"(?:多少|几)个?(?:汉字|笔画|字母)|(?:多少|几)(?:画|笔)(?![钱账])|笔画|笔顺|偏旁|部首",
    "spelling": r"拼音|声母|韵母|声调|多音字|形近字|错别字|别字|同音字|读音|注音|读作|这个字怎么读|生僻字|通假字|简体字|繁体字",
    "word play": r"(?:成语|词语)?接龙|谐音|字谜|猜一?个?字|灯谜|双关|拆字|回文|叠词|组词|歇后语|成语|近义(?:词|成语)|反义(?:词语?|成语)?",
    "grammar": r"病句|语病|语法|主语|谓语|宾语|(?<![给特确指规固否肯限])定语(?![境气句言料速音])|状语|补语|词性|量词|关联词|(?<![连含])标点|修辞|(?:把|被|“把”|“被”)字句|“把”字|“被”字|缩句|扩句|反问句|陈述句|疑问句|造句|虚词|介词|比喻句|拟人句|排比句|仿写|的地得|“的”“地”“得”",
}  # fmt: skip
_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {reason: re.compile(pattern) for reason, pattern in _FORMS.items()}
_QUOTE: Final = "«»"
_COLON: Final = re.compile("(?<=.{5})[:：]")
"""Behind at least a few words, so that a label (任务：) is none."""
_ASKS: Final = re.compile(r"为什么|为何|怎么|怎样|如何|什么|哪|谁|几岁|多久|多大|是不是|有没有|吗")
_KINDLY: Final = re.compile(r"^\W*(?:你?(?:能否|能不能|能|可以|可否|可不可以))(?:请|帮|给|为|替|你)[^吗]*吗?$")
_WHY: Final = re.compile(r"为什么|为何|如何|怎样|起源|由来|历史|哪里|哪儿|哪些节日|谁")
_START: Final = r"(?:^\W{0,3}|[，,：:、]|请你?|帮我|帮忙|麻烦你?|给我|为我|再|并|然后|要求|需要|你能)(?:先|再|就|帮我|为我|给我|重新|快速)?"
_FIRST: Final = r"(?:(?:把|将|给|为|用|按照?|在|从|以|根据|对|替|围绕|针对|使用|通过)[^，。：]{1,24}?)?"
"""What an order is about, before its verb."""
_VERBS: Final = {
    "translation": "(?:帮|想|求|给|提供|查找?|写)出?",
    "rhyme": "写|编|创作|作(?=[一两几首副诗])|拟|出(?=[一两几个副上下])|对(?=出|个|一|$)|续|补|生成|谱写|来(?=[一两几个段首副])|撰|吟|改|仿|给我|按|押|说(?=[一两几段个])|想",
    "letter counting": "写|标|数|查|统计|指|举|找|列|给出",
    "spelling": "写|注|标|加|查|找|指|改|纠|修|圈|列|举|给出|检查|转|换|挑|选|读出|编辑",
    "word play": "写|说|列|举|找|猜|编|讲|来(?=[一两几个段])|玩|出(?=[一两几个道])|给出|提供|用|补|填|选|组|续|想|生成|分享|构造|形成|创建",
    "grammar": "写|找|指|改|修|纠|圈|标|划|填|选|判断|检查|分析|加|补|删|换|造|用|转|挑|缩|扩|仿|变|给出|编辑|重写|更正|识别|确定|分类|分为|清除|插入|添加",
}
_ITSELF: Final = re.compile(r"翻译|译成|译为|译出|.译.|用.[语文]|组词|造句|缩句|扩句|仿写|猜一?个?字|改写?成|病句")
"""Forms that are verbs of their own."""
_WANTED: Final = {
    reason: re.compile(rf"{_START}{_FIRST}(?:{verbs})[^，,。：:]{{0,24}}$") for reason, verbs in _VERBS.items()
}
_DONE: Final = re.compile(rf"{_START}(?:(?:把|将|用|给|为|根据|按|以|使用)[^，。：]{{1,40}})?$")
_AWAY: Final = re.compile(
    r"[一两三几][篇份封则部本场节堂]|介绍|说明|讨论|学习|练习|了解|说说|讲讲|谈谈|参加|比赛|教|研究"
)
_ADDS: Final = re.compile(r"加[强快盟入]|标[题准语志]|改[善进]|[写说讲]作")
_HEAD: Final = re.compile(
    r"\s*(?:$|[^\w\s]|\s|和|与|或|及|并|来|吧|呢|吗|编(?!辑)|造|创作|给|以|用|是|有|送|描|形容|表达|表示|赞|歌颂|讽|祝|庆|[上]?正确|上是否|不正确|语(?![言法])|的?(?:字(?!典)|词(?![典汇库])|单词|句|话|诗|儿歌|口号|标语|谜底|各自|不同|区别|意思|错误|手法|符号|笑话|成分|意义|成|为|一?下|以下|这|此|英|中|日|法|德|韩|汉|现代|白话|文言|怎么说|写|回答|说|介绍|描述))"
)
_GIVEN: Final = re.compile(
    r"(?:下面|下列|以下|上面|此|给定的?|给出的?|这[一两三几]?[句段首些个组条则])[^，。：:哪]{0,6}(?:句|词|字|文|段|诗|话|成语|灯谜|字谜|语)|(?:句子?|文|段落|词语|短文|文章)(?:里|中|的)|括号|划线|横线"
)
_NEAR: Final = re.compile(
    r"(?:[\s、，：:]|«»|[字词句的是用里中有哪些几共和与为把被读这个两组一在按给]|三个|一共|带){0,10}"
)
_BEHIND: Final = re.compile(r"(?:题|游戏)?[:：]\s*(?!为什么|怎么|如何|什么|哪|谁|起源)\S")
_KNOWN: Final = re.compile(r"成语|灯谜|字谜|歇后语|对联|春联|绝句|律诗|打油诗|绕口令|顺口溜|谐音|双关")
"""Of which there are known ones, to be asked about or to be read."""


def asked(sentence: str) -> Iterator[str]:
    """Yield the reasons for which a sentence, quoted texts masked, cannot leave Chinese.

    >>> [*asked("写一副对联")], [*asked("«»字有几画")], [*asked("写一份对联展的流程")]
    (['rhyme'], ['letter counting'], [])
    """
    orders = not _ASKS.search(sentence) or bool(_KINDLY.match(sentence))
    given = not _WHY.search(sentence) and bool(_GIVEN.search(sentence))
    for reason, found in _forms(sentence):
        if _HEAD.match(sentence, found.end()) and (
            _BEHIND.match(sentence, found.end())
            or _on_a_text(sentence, found, given)
            or (orders and _is_wanted(sentence[: found.start()], reason, found[0]))
        ):
            yield reason


def _forms(sentence: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the words of the trade, with their reasons; what follows a colon is mostly the text that is given."""
    end = found.start() if (found := _COLON.search(sentence)) else len(sentence)
    for reason, pattern in _PATTERNS.items():
        yield from ((reason, found) for found in pattern.finditer(sentence) if found.start() < end)


def _on_a_text(sentence: str, form: re.Match[str], given: bool) -> bool:
    """Return whether a given text is to be looked at for a form: one that is pointed at, or a quoted one beside it."""
    if given and form[0] != "成语":
        return True
    if _KNOWN.fullmatch(form[0]):
        return False
    before, after = sentence.rfind(_QUOTE, 0, form.start()), sentence.find(_QUOTE, form.end())
    return (before >= 0 and bool(_NEAR.fullmatch(sentence[before + len(_QUOTE) : form.start()]))) or (
        after >= 0 and bool(_NEAR.fullmatch(sentence[form.end() : after]))
    )


def _is_wanted(before: str, reason: str, form: str) -> bool:
    """Return whether the words before a form order it."""
    if _AWAY.search(before[-30:]) or _ADDS.match(before):
        return False
    return bool((_ITSELF.match(form) and _DONE.search(before[-60:])) or _WANTED[reason].search(before[-60:]))
