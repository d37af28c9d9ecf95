"""Rows that live in their language: a translation would teach something else, or nothing. What is sure is said here, before a teacher is paid.

Reasons are those of the recipe's prompt. Only what an instruction says in so many words counts; the rest is the teacher's to say.
Source: translated Alpaca sets, in which rhymes, spelling tasks and corrections became nonsense (alpaca-lora #180, Alpaca-CoT #62).
"""

import re
from collections.abc import Mapping
from typing import Final

from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.quality.translation.spans import outside
from selfinstruct.records import LanguageCode

REASONS: Final = ("grammar", "spelling", "rhyme", "word play", "letter counting", "translation")
_LOOK: Final = 600
"""Characters of an instruction that are looked at."""
_EN: Final = {
    "translation": r"\btranslat(?:e|ing) (?:this|these|it|each|every|them|the following|(?:the |a |an )?(?:\w+ )?(?:sentence|word|phrase|text|paragraph|passage|poem|title|line|message|proverb|quote)s?\b|['\"])|\btranslat(?:e|ed|ion|ing)\b.{0,80}\b(?:into|to|from|in) (?:english|french|spanish|german|italian|japanese|korean|russian|latin|arabic|portuguese|chinese|mandarin)\b|\b(?:english|french|spanish|german|chinese|correct) translation\b|\btranslation of\b|\b(?:in|into|to) (?:french|spanish|german|italian|japanese|korean|russian|latin|arabic|portuguese|chinese|mandarin)(?=\s*(?:$|[.?!,;:'\"]))|\b(?:french|spanish|german|latin|italian) (?:word|phrase) for\b",
    "rhyme": r"\brhym(?:e|es|ed|ing)\b|\blimericks?\b|\bhaikus?\b|\bsonnets?\b|\bacrostics?\b|\biambic\b|\bsyllables?\b|\balliterat\w+|\bassonance\b|\brhyming\b|\btongue[- ]twisters?\b",
    "letter counting": r"\b(?:count|how many|number of) (?:of )?(?:the )?(?:letters?|vowels?|consonants?)\b|\bhow many times does (?:the letter )?['\"]?[a-z]['\"]? (?:appear|occur)|\bhow many ['\"]?[a-z]['\"]?s (?:are|are there) (?:there )?in\b|\b(?:begin|start|end)(?:s|ning|ing)? with (?:the )?(?:same )?letter\b|\bthe letter (?:['\"][a-z]['\"]|(?-i:[A-Z]\b))|\bfirst letters? of\b|\b(?:begin|start|end)s? with ['\"]?[a-z]['\"]?(?=\W|$)",
    "spelling": r"\b(?:mis)?spell(?:s|ed|ing|ings)?\b(?! bee)|\bcapitali[sz]\w+\b|\balphabeti[sz]e\b|\balphabetical(?:ly)?\b|\bhyphenat\w+|\bapostrophes?\b|\bsilent letters?\b|\bpronounc\w+\b(?! on\b)|\bpronunciation\b|\bplural (?:form|of)\b|\bcontractions?\b(?= in| of| into)",
    "word play": r"\banagrams?\b|\bpalindromes?\b|\bpuns?\b|\bword ?play\b|\bportmanteaus?\b|\bhomophones?\b|\bhomonyms?\b|\bspoonerisms?\b|\bcrossword\b|\bpangrams?\b|\bscrabble\b|\bunscramble\b|\breverse the (?:word|letters)\b|\bword backwards\b|\bknock[- ]knock joke\b|\bcompound words?\b",
    "grammar": r"\bgramma(?:r|tical|tically)\b|\bpunctuat\w+|\b(?:past|present|future|simple|perfect|continuous) (?:perfect |continuous |simple )?tense\b|\bverb tenses?\b|\bpassive voice\b|\bactive voice\b|\bparts? of speech\b|\b(?:identify|find|underline|name|list|circle|extract|pick out) (?:all )?(?:the |every |each )?(?:nouns?|verbs?|adjectives?|adverbs?|prepositions?|pronouns?|conjunctions?)\b|\bconjugat\w+|\b(?:comparative|superlative|possessive|past participle) form\b|\b(?:definite|indefinite) articles?\b|\bsubject[- ]verb agreement\b|\b(?:correct|missing|right) prepositions?\b|\bgerunds?\b|\bmodal verbs?\b|\brun-on\b|\b(?:direct|reported|indirect) speech\b|\bfix (?:the |any )?(?:errors?|mistakes?) in (?:the|this) sentence\b|\b(?:correct|proofread) (?:the|this) (?:following )?sentence\b|\bthe (?:noun|verb|adjective|adverb|pronoun)s? (?:in|of)\b",
}  # fmt: skip
_ZH: Final = {
    "translation": r"翻译|译成|译为|译出|(?:英|中|日|法|德|韩|俄)译(?:英|中|汉)|用(?:英语|英文|日语|法语|德语|韩语)|(?:英语|英文|日语|法语|德语)(?:怎么|如何|里怎么|里)(?:说|表达|讲|写)|白话文|文言文|改(?:写)?成(?:白话|文言|繁体|粤语)",
    "rhyme": r"押韵|韵脚|绝句|律诗|五言|七言|对联|上联|下联|横批|词牌|平仄|打油诗|藏头诗|顺口溜|绕口令|三句半|飞花令|对仗|对对子",
    "letter counting": r"(?:多少|几)个?(?:汉字|笔画|字母)|(?:多少|几)(?:画|笔)(?![钱账])|笔画|笔顺|偏旁|部首",
    "spelling": r"拼音|声母|韵母|声调|多音字|形近字|错别字|别字|同音字|读音|注音|读作|这个字怎么读|生僻字|通假字|简体字|繁体字|查字典",
    "word play": r"(?:成语|词语)接龙|接龙[:：]|谐音|字谜|猜一?个?字|灯谜|双关|拆字|回文|叠词|组词|歇后语|(?:写|说|列|找|举)出?[^，。]{0,10}成语|成语(?:造句|填空)|补全成语|近义(?:词|成语)|反义(?:词|成语)",
    "grammar": r"病句|语病|(?<!SQL)(?<!Python)(?<!Python )(?<!SQL )语法|主语|谓语|宾语|定语|状语|补语|词性|量词|关联词|(?<![连含])标点|修辞|把字句|被字句|“把”字|“被”字|缩句|扩句|反问句|陈述句|疑问句|造句|虚词|介词|比喻句|拟人句|排比句|仿写|的地得|“的”“地”“得”",
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
_LETTERS: Final = {"en": re.compile("[A-Za-z]{2}"), "zh": re.compile(r"[\u3400-\u9fff]")}


def bound(instruction: str, language: LanguageCode) -> str:
    """Return why a task cannot leave its language, one of REASONS, or "" where its instruction does not say so.

    >>> bound("Write a limerick about a cat.", "en"), bound("修改下面的病句。", "zh"), bound("Name three rivers.", "en")
    ('rhyme', 'grammar', '')
    """
    said = outside(instruction[:_LOOK])
    if _PROGRAMS.search(said):
        return ""
    return next((reason for reason, pattern in _PATTERNS[language].items() if pattern.search(said)), "")


def is_neutral(texts: Mapping[str, str], language: LanguageCode) -> bool:
    """Return whether a row holds no word of its language: code, formulas, figures and signs alone.

    >>> is_neutral({"instruction": "12 * (3 + 4) = ?", "output": "84"}, "en"), is_neutral({"instruction": "Add 3.", "output": "3"}, "en")
    (True, False)
    """
    return not any(_LETTERS[language].search("" if looks_like_code(text) else outside(text)) for text in texts.values())
