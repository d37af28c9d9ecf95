"""Rows that live in their language: a translation would teach something else, or nothing. What is sure is said here, before a teacher is paid.

Reasons are those of the recipe's prompt. A word of the trade is not enough, as "Who invented the haiku?" can be asked anywhere: an order has the form as its
object ("Write a haiku", 写一副对联), or a text is given to be worked on ("Is 'level' a palindrome?", “国”字有几画？). The rest is the teacher's to say.
Source: translated Alpaca sets, in which rhymes, spelling tasks and corrections became nonsense (alpaca-lora #180, Alpaca-CoT #62).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.quality.translation.spans import outside
from selfinstruct.records import LanguageCode

REASONS: Final = ("grammar", "spelling", "rhyme", "word play", "letter counting", "translation")
_LOOK: Final = 600
"""Characters of an instruction that are looked at."""
_QUOTE: Final = "«»"
"""What stands for a quoted text."""
_TONGUES: Final = (
    "english|french|spanish|german|italian|japanese|korean|russian|latin|arabic|portuguese|chinese|mandarin"
)
_TEXTS: Final = r"(?:sentence|word|phrase|text|paragraph|passage|statement|verb|noun|line|quote|string|essay|article|story|proverb|clause|letter|title|poem)s?"
_EN: Final = {
    "translation": rf"\btranslat(?:e|ing)\b(?!.{{0,80}}\binto (?:an?|the) (?!{_TONGUES}|(?:other|different|foreign|second|target) language))(?: (?:this|these|it|each|every|them|the following|given)?(?= *(?:$|[:.,«]))| (?:this |these |each |every |the |an? )?(?:following |given )?{_TEXTS}\b|.{{0,80}}\b(?:into|to|from|in) (?:{_TONGUES}|another language)\b)|\b(?:{_TONGUES}|correct) translation\b|\btranslation of (?:the |this )?(?=«|(?:following |given )?{_TEXTS}\b)|\b(?:in|into|to) (?:{_TONGUES})(?=\s*(?:$|[?!,;:«]))|\b(?:{_TONGUES}) (?:word|phrase) for\b",
    "rhyme": r"\brhym(?:e|es|ed|ing)\b|\blimericks?\b|\bhaikus?\b|\bsonnets?\b|\bacrostics?\b|\biambic pentameter\b|\bsyllables?\b|\balliterat\w+|\bassonance\b|\btongue[- ]twisters?\b",
    "letter counting": rf"\b(?:count|how many|number of) (?:of )?(?:all )?(?:the )?(?:letters?|vowels?|consonants?)\b|\bhow many times does (?:the letter )?(?:{_QUOTE}|[a-z]) (?:appear|occur)|\bhow many (?:{_QUOTE}|[a-z])s? (?:are|are there) (?:there )?in\b|\b(?:begin|start|end)(?:s|ning|ing)? with (?:the )?(?:same )?letter\b|\bthe letter (?:{_QUOTE}|(?-i:[A-Z]\b))|\b(?:begin|start|end)(?:s|ing|ning)? with (?:{_QUOTE}|[b-hj-z]\b)",
    "spelling": r"\b(?:mis)?spell(?:s|ed|ings?)?\b(?! (?:out|bee)\b)|\bcapitali[sz](?:e|es|ed|ing|ation)\b|\balphabeti[sz]e\b|\balphabetical(?:ly)?\b|\bhyphenat\w+|\bapostrophes?\b|\bsilent letters?\b|\bpronounc\w+\b(?! on\b)|\bpronunciation\b|\bplural (?:form|of)\b|\bcontractions?\b(?= in| of| into)",
    "word play": r"\banagrams?\b|\bpalindromes?\b|\bpuns?\b|\bword ?play\b|\bportmanteaus?\b|\bhomophones?\b|\bhomonyms?\b|\bspoonerisms?\b|\bcrossword\b|\bpangrams?\b|\bunscramble\b|\breverse the (?:word|letters)\b|\bword backwards\b|\bknock[- ]knock joke\b|\bcompound words?\b",
    "grammar": r"\bgramma(?:r|tical|tically)\b|\bpunctuat\w+|\b(?:past|present|future|simple|perfect|continuous) (?:perfect |continuous |simple )?tense\b|\bverb tenses?\b|\bpassive voice\b|\bactive voice\b|\bparts? of speech\b|\b(?:identify|find|underline|name|list|circle|extract|pick out|highlight|mark) (?:all )?(?:the |every |each )?(?:nouns?|verbs?|adjectives?|adverbs?|prepositions?|pronouns?|conjunctions?)(?= (?:in|from|of|used|below)\b|\s*(?:$|[:,]))|\bthe (?:noun|verb|adjective|adverb|pronoun|conjunction)s? (?:in|of)\b|\b(?:correct|missing|right) (?:preposition|pronoun|conjunction)s?\b|\bconjugat\w+|\b(?:comparative|superlative|possessive|past participle) form\b|\b(?:definite|indefinite) articles?\b|\bsubject[- ]verb agreement\b|\bgerunds?\b|\brun-on\b|\b(?:direct|reported|indirect) speech\b|\b(?:errors?|mistakes?) in (?:the|this) sentence\b|\b(?:correct|proofread) (?:the|this) (?:following )?sentence\b",
}  # fmt: skip
_ZH: Final = {
    "translation": r"翻译(?=成|为|一?下|以下|这|此|[:：«]|句|$)|译成|译为|译出|(?:英|中|日|法|德|韩|俄)译(?:英|中|汉)|用(?:英语|英文|日语|法语|德语|韩语)|(?:英语|英文|日语|法语|德语)(?:怎么|如何|里怎么|里)(?:说|表达|讲|写)|改(?:写)?成(?:白话|文言|繁体|粤语)",
    "rhyme": r"押韵|韵脚|绝句|律诗|五言|七言|对联|春联|上联|下联|横批|平仄|打油诗|藏头诗|顺口溜|绕口令|三句半|飞花令|对仗|对对子",
    "letter counting": r"(?:多少|几)个?(?:汉字|笔画|字母)|(?:多少|几)(?:画|笔)(?![钱账])|笔画|笔顺|偏旁|部首",
    "spelling": r"拼音|声母|韵母|声调|多音字|形近字|错别字|别字|同音字|读音|注音|读作|这个字怎么读|生僻字|通假字|简体字|繁体字",
    "word play": r"(?:成语|词语)?接龙|谐音|字谜|猜一?个?字|灯谜|双关|拆字|回文|叠词|组词|歇后语|成语|近义(?:词|成语)|反义(?:词语?|成语)?",
    "grammar": r"病句|语病|语法|主语|谓语|宾语|定语|状语|补语|词性|量词|关联词|(?<![连含])标点|修辞|(?:把|被|“把”|“被”)字?句|“把”字|“被”字|缩句|扩句|反问句|陈述句|疑问句|造句|虚词|介词|比喻句|拟人句|排比句|仿写|的地得|“的”“地”“得”",
}  # fmt: skip
_PROGRAMS: Final = re.compile(
    r"\b(?:python|javascript|java|sql|html|css|regex|regular expression|function|code|program|script|api|json|c\+\+|bash|excel|algorithm)\b|代码|函数|程序|脚本|编程|正则|算法",
    re.IGNORECASE,
)
"""An instruction about a program speaks of letters and words that are its data."""
_PATTERNS: Final[Mapping[LanguageCode, Mapping[str, re.Pattern[str]]]] = {
    "en": {reason: re.compile(pattern, re.IGNORECASE) for reason, pattern in _EN.items()},
    "zh": {reason: re.compile(pattern) for reason, pattern in _ZH.items()},
}
_COLON: Final[Mapping[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(r"(?<=.{14}):(?!\w)"),
    "zh": re.compile("(?<=.{5})[:：]"),
}
"""Behind at least a few words, so that a label (`Task:`, 任务：) is none."""
_LETTERS: Final = {"en": re.compile("[A-Za-z]{2}"), "zh": re.compile(r"[\u3400-\u9fff]")}
_QUOTED: Final = re.compile(
    r"(?<![^\W_])['‘][^'‘’\n]{1,200}['’](?!\w)|\"[^\"\n]{1,300}\"|“(?!(?:把|被|的|地|得)”)[^“”\n]{1,300}”|「[^「」\n]{1,300}」"
)
_END: Final[Mapping[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(r"[.!?]+(?:\s|$)|\n+"),
    "zh": re.compile(r"[。！？!?；;\n]+"),
}

_MAKES: Final = r"write|compose|create|generate|make(?: up)?|come up with|give|tell|invent|construct|craft|produce|think of|draft|provide|form|devise|recite|share|show|use|speak|say|design|summari[sz]e"
_NAMES: Final = r"find|name|list|identify|choose|select|pick(?: out)?|suggest|describe"
_WORKS: Final = r"correct|fix|edit|proofread|check|rewrite|re-write|rephrase|reword|paraphrase|change|convert|turn|transform|transfer|underline|circle|classify|categori[sz]e|parse|label|tag|capitali[sz]e|alphabeti[sz]e|conjugate|spell|pronounce|punctuate|hyphenate|unscramble|rearrange|reorder|sort|put|arrange|order|organi[sz]e|count|add|insert|remove|delete|fill|complete|replace|determine|decide|analy[sz]e|detect|locate|highlight|translate|reverse|solve|evaluate|revise|render|express|combine|mark|match|modify|improve|adjust|extract|separate|group|place|calculate|output|supply|state|test|finish|continue|take|look|read"
_ORDER: Final = re.compile(
    rf"(?:^|[,;:]\s{{0,3}}|\b(?:and|then|please|kindly|you|you to|is to|me|me to|let's|need to|have to|must)\s)\s{{0,3}}(?:(?:\w{{2,12}}ly|also|then|please|now) )?(?P<verb>{_MAKES}|{_NAMES}|{_WORKS})\b",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(
    r"\W*(?:who|whose|what|when|where|why|how|which|do|does|did|is|are|was|were|should|can (?!you\b)|could (?!you\b)|explain|discuss|outline|compare|define|recommend|tell me (?:about|how|why|what|who)|argue|debate|research|teach)\b",
    re.IGNORECASE,
)
_SHOWN: Final = re.compile(r"\W*(?:explain|solve|interpret|complete) (?:the|this) $", re.IGNORECASE)
"""Before a form that a colon and the text itself follow."""
_NEVER: Final = re.compile(r"\W*(?:who|whose|when|where|how (?:do i|can|could|should))\b", re.IGNORECASE)
_GIVEN: Final = re.compile(
    rf"\b(?:this|these|(?:the )?following|(?:the )?given)(?: \w{{1,12}}){{0,2}}? {_TEXTS}\b|\b{_TEXTS} below\b|\b(?:right|correct|wrong) here\b|^\W*which (?:\w+ )?{_TEXTS} [^:]{{1,100}}:",
    re.IGNORECASE,
)
_WORKED_ON: Final = re.compile(rf"{_QUOTE}|\b(?:{_TEXTS}|it|them)\b", re.IGNORECASE)
_LINKS: Final = re.compile(
    rf"\b(?:examples?|lists?|pairs?|sets?|number|count|kinds?|types?|form|style|format|use|all|each|any|one|lines?|{_TEXTS}) of\b|\b(?:words?|names?|animals?|\w+s) (?:that|which|to)\b|\b(?:poem|song|verse|lines?|story) (?:that|which)\b|\bin which (?:every|each|all)\b",
    re.IGNORECASE,
)
_AWAY: Final = re.compile(r"\b(?:about|regarding|describing|explaining|on|concerning)\b", re.IGNORECASE)
_APART: Final = re.compile(
    r"\b(?:of|for|that|which|who|whose|why|how|what|when|where|whether|to|by|because|if|than|from)\b", re.IGNORECASE
)
_WHOLE: Final = re.compile(
    r"\b(?:as an?|into an?|into|in the (?:form|style|format) of an?)(?: \w+)?\s*$", re.IGNORECASE
)
_POEMS: Final = re.compile(r"limericks?|haikus?|sonnets?|acrostics?|crossword|grammar|rhymes?|puns?", re.IGNORECASE)
_HEAD: Final = re.compile(
    r"\s*(?:$|[^\w\s-]|(?:-\s|\s?-{2})|(?:about|on|of|for|that|which|using|with|in|into|from|to|and|or|is|are|as|at|below|if|so|based|inspired|describing|containing|consisting|beginning|starting|celebrating|expressing|dedicated|featuring|including|related|involving|used|given|does|do|did|has|have|right|wrong|out|where|when|poems?|poetry|verses?|couplets?|lines?|words?|pairs?|songs?|raps?|stor(?:y|ies)|slogans?|schemes?|phrases?|sentences?|marks?|mistakes?|errors?|issues?|clues?|puzzles?|jokes?|correct\w*|incorrect\w*|properly|structure|pattern|format|form|style|stanzas?|tagline)\b)",
    re.IGNORECASE,
)
_NEAR: Final = re.compile(
    r"(?:[\s,:?(]|\b(?:is|are|was|the|a|an|of|in|for|from|to|with|and|or|word|words|phrase|sentence|sentences|has|have|does|do|there|correctly|correct|say|you|same|letter|verb|noun|form|be|this|following|properly|used|between)\b){0,12}",
    re.IGNORECASE,
)

_ZH_ASKS: Final = re.compile(r"为什么|为何|怎么|怎样|如何|什么|哪|谁|几岁|多久|多大|是不是|有没有|吗")
_ZH_KINDLY: Final = re.compile(r"^\W*(?:你?(?:能否|能不能|能|可以|可否|可不可以))(?:请|帮|给|为|替|你)[^吗]*吗?$")
_ZH_WHY: Final = re.compile(r"为什么|为何|如何|怎样|起源|由来|历史|哪里|哪儿|哪些节日|谁")
_ZH_VERBS: Final = {
    "translation": r"(?:)",
    "rhyme": r"写|编|创作|作|拟|出|对|续|补|生成|来|撰|吟|改|仿|给我|用|标|按|(?:^|请|帮我)(?:给|说)",
    "letter counting": r"写|标|数|查|统计|指|举|找|列|给出",
    "spelling": r"写|注|标|加|查|找|指|改|纠|修|圈|列|举|给出|检查|转|换|挑|选|读出",
    "word play": r"写|说|列|举|找|猜|编|讲|来|玩|出|给出|用|补|填|选|组|续|想",
    "grammar": r"写|找|指|改|修|纠|圈|标|划|填|选|判断|检查|分析|加|补|删|换|造|用|转|挑|缩|扩|仿|变|给出",
}
_ZH_ITSELF: Final = re.compile(r"翻译|译成|译为|译出|.译.|用.[语文]|组词|造句|缩句|扩句|仿写|猜一?个?字|改写?成")
_ZH_AWAY: Final = re.compile(
    r"[一两三几这][篇份封则部本场节堂]|介绍|说明|讨论|学习|练习|了解|说说|讲讲|谈谈|参加|比赛|教"
)
_ZH_HEAD: Final = re.compile(
    r"\s*(?:$|[^\w\s]|\s|和|与|或|及|并|来|吧|呢|吗|编(?!辑)|造|创作|给|以|用|是|有|送|描|形容|表达|表示|赞|歌颂|讽|祝|庆|的?(?:字(?!典)|词(?![典汇库])|句|话|诗|儿歌|口号|标语|谜底|各自|不同|区别|意思|错误|手法|符号|笑话|成分|意义|成|为|一?下|以下|这|此|英|中|日|法|德|韩|汉|现代|白话|文言|怎么说|写|回答|说|介绍|描述))"
)
_ZH_GIVEN: Final = re.compile(
    r"(?:下面|下列|以下|上面|这|给定的?|给出的?)[^，。：]{0,6}(?:句|词|字|文|段|诗|话|成语|灯谜|字谜|对联)|(?:句子?|文|段落|词语|短文|文章)(?:里|中|的)|括号|划线|横线"
)
_ZH_NEAR: Final = re.compile(
    r"(?:[\s、，：:]|«»|[字词句的是用里中有几共和与为把被读这个两组一在按给]|三个|一共|带){0,10}"
)
_ZH_COLON: Final = re.compile(r"(?:题|游戏)?[:：]\s*(?!为什么|怎么|如何|什么|哪|谁|起源)\S")


def bound(instruction: str, language: LanguageCode) -> str:
    """Return why a task cannot leave its language, one of REASONS, or "" where its instruction does not say so.

    >>> bound("Write a limerick about a cat.", "en"), bound("修改下面的病句。", "zh"), bound("What is a limerick?", "en")
    ('rhyme', 'grammar', '')
    """
    said = outside(instruction[:_LOOK])
    if _PROGRAMS.search(said):
        return ""
    asked = _asked_in_english if language == "en" else _asked_in_chinese
    sentences = _END[language].split(_QUOTED.sub(_QUOTE, said))
    return next((reason for one in sentences for reason in asked(one)), "")


def _forms(sentence: str, language: LanguageCode) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the words of the trade, with their reasons; what follows a colon is mostly the text that is given."""
    end = found.start() if (found := _COLON[language].search(sentence)) else len(sentence)
    for reason, pattern in _PATTERNS[language].items():
        for found in pattern.finditer(sentence):
            if found.start() < end:
                yield reason, found


def _asked_in_english(sentence: str) -> Iterator[str]:
    """Yield the reasons for which a sentence, quoted texts masked, cannot leave English."""
    if _NEVER.match(sentence):
        return
    orders = [] if _ABOUT.match(sentence) else list(_ORDER.finditer(sentence))
    given = _GIVEN.search(sentence)
    for reason, found in _forms(sentence, "en"):
        if not _stands_alone(sentence, reason, found, orders):
            continue
        shown = _SHOWN.match(sentence[: found.start()]) and sentence.startswith(":", found.end())
        if (
            shown
            or (given and not _AWAY.search(sentence[: found.start()]))
            or _near(sentence, found, _NEAR)
            or any(_is_object(sentence, one, found) for one in orders)
        ):
            yield reason


def _stands_alone(sentence: str, reason: str, form: re.Match[str], orders: Iterable[re.Match[str]]) -> bool:
    """Return whether a form is no part of another thing's name, as in a sonnet writer, a pun-free text or a grammar school."""
    if "-" in (sentence[form.start() - 1 : form.start()], sentence[form.end() : form.end() + 1]):
        return False
    is_phrase = reason in {"translation", "letter counting"} or form[0].lower() == "alphabetical"
    is_verb = any(one.start("verb") == form.start() for one in orders)
    return is_phrase or is_verb or bool(_HEAD.match(sentence, form.end()))


def _is_object(sentence: str, order: re.Match[str], form: re.Match[str]) -> bool:
    """Return whether an order's verb takes a form as its object, or works on a text for it."""
    verb, between = order["verb"].lower(), sentence[order.end() : form.start()]
    if order.start("verb") >= form.start():
        return order.start("verb") == form.start()
    if re.fullmatch(_NAMES, verb) and _POEMS.fullmatch(form[0]) and not _WORKED_ON.search(between):
        return False
    if _WHOLE.search(between):
        return True
    if _AWAY.search(between):
        return False
    works = not re.fullmatch(_MAKES, verb) and _WORKED_ON.search(between)
    return bool(works) or not _APART.search(_LINKS.sub("", between))


def _near(sentence: str, form: re.Match[str], words: re.Pattern[str]) -> bool:
    """Return whether a quoted text stands beside a form, with nothing between them but words that join the two."""
    before, after = sentence.rfind(_QUOTE, 0, form.start()), sentence.find(_QUOTE, form.end())
    return _QUOTE in form[0] or any(
        at and words.fullmatch(between)
        for at, between in (
            (before + 1, sentence[before + len(_QUOTE) : form.start()]),
            (after + 1, sentence[form.end() : after]),
        )
    )


def _asked_in_chinese(sentence: str) -> Iterator[str]:
    """Yield the reasons for which a sentence, quoted texts masked, cannot leave Chinese."""
    orders = not _ZH_ASKS.search(sentence) or bool(_ZH_KINDLY.match(sentence))
    given = not _ZH_WHY.search(sentence) and _ZH_GIVEN.search(sentence)
    for reason, found in _forms(sentence, "zh"):
        if not _ZH_HEAD.match(sentence, found.end()):
            continue
        if (
            _ZH_COLON.match(sentence, found.end())
            or given
            or _near(sentence, found, _ZH_NEAR)
            or (orders and _is_wanted(sentence[: found.start()], reason, found[0]))
        ):
            yield reason


def _is_wanted(before: str, reason: str, form: str) -> bool:
    """Return whether the words before a form order it."""
    if _ZH_AWAY.search(before[-30:]):
        return False
    return bool(_ZH_ITSELF.match(form) or re.search(_ZH_VERBS[reason], before[-30:]))


def is_neutral(texts: Mapping[str, str], language: LanguageCode) -> bool:
    """Return whether a row holds no word of its language: code, formulas, figures and signs alone.

    >>> is_neutral({"instruction": "12 * (3 + 4) = ?", "output": "84"}, "en"), is_neutral({"instruction": "Add 3.", "output": "3"}, "en")
    (True, False)
    """
    return not any(_LETTERS[language].search("" if looks_like_code(text) else outside(text)) for text in texts.values())
