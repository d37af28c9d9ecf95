"""What a Chinese sentence asks of its language, by its structure: a form that an order makes, or one that a given text is worked on for.

写一副对联 and “国”字有几画 cannot leave Chinese. What is said in other ways is the teacher's to decide.
"""

from typing import Final

MADE: Final = {
    "rhyme": "(?:五言|七言)?(?:绝句|律诗)|对联|春联|打油诗|藏头诗|顺口溜|绕口令|三句半",
    "word_play": "字谜|灯谜|歇后语|双关语|谐音(?:的?笑话|广告词)|成语",
}
"""Forms that are made, by reason."""
FORMS: Final = {
    "grammar": "病句|语病|语法|[主谓宾]语(?:[和与][主谓宾]语)?|词性|量词|关联词|标点(?:符号)?|修辞手法|(?:[把被]字|«»字|反问|陈述|疑问|比喻|拟人)句",
    "spelling": "拼音|[声韵]母(?:[和与]韵母)?|错别字|读音|[繁简]体字|形近字|注音",
    "rhyme": "韵脚|平仄|押韵",
    "letter_counting": "几[画笔]|笔画|笔顺|部首|偏旁|多少个?汉?字",
    "word_play": "谐音",
    "translation": "[英日法德韩俄]文|[英日法德韩俄粤]语|西班牙语|白话文?|文言文?|现代汉语",
}
"""Forms that a text has, by reason."""
_LEAD: Final = (
    r"^[^\w«]*(?:给定[^，。：]{2,16}，)?(?:请你?|(?:你?能)?帮我|给我)*(?:[为给替以用在把将][^，。：什哪怎何]{1,24}?)?"
)
_MAKE: Final = "(?:写|编|作|创作|拟|出|来|说|讲|想|生成|列举?|对)出?"
_COUNT: Final = r"[一二两三四五几\d](?:副|首|段|个|句|条|则|道)"
_WORK: Final = "(?:找|指|标|写|查|改|修改|改正|更正|纠正|编辑|检查|判断|识别|确定|填|加|注|添加)[出上为成入]?"
_HERE: Final = "(?:下[面列]|以下|这|给定)"
_TEXT: Final = f"(?:«»|(?:{_HERE}[^，。：]{{0,4}})?(?:句子?|话|词语?|字|诗|文[章字本]?|段落?|括号))"
_END: Final = r"(?:错误)?(?:是什么|怎么[说读写])?(?=[^\w«]*$|[，：:]|吗)"
SHAPES: Final = (
    f"{_LEAD}{_MAKE}{_COUNT}(?:[^，。：]{{1,16}}的)?MADE{_END}",
    f"{_LEAD}{_WORK}(?:{_TEXT}[^，。：]{{0,8}}|{_HERE}[的个]|合适的|正确的)?FORM{_END}",
    f"{_LEAD}(?:改写?|变|转换|翻?译)[成为]FORM{_END}",
    f"{_TEXT}(?:[字词的里中有是用了个一共哪些几两三属于]|多少|什么){{0,6}}FORM{_END}",
    f"{_LEAD}(?:(?P<word_play>组词|(?:成语)?接龙|猜一?个?字|对出?下联)|(?P<grammar>造句|缩句|扩句|仿写(?:句子)?)){_END}",
    r"^\W*(?P<translation>英译[中汉]|[中汉]译英)[：:]",
)
"""An order for a form; work on a form that a text has; one form into another; a form beside a text; exercises by their names."""
