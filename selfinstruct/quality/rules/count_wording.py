"""How English and Chinese instructions name a number of things: units, bounds, and what makes a number no request.

`before` and `after` are patterns for the text next to the number.
"""

import re
from typing import NamedTuple

from selfinstruct.quality.rules.numerals import CHINESE, ENGLISH
from selfinstruct.records import LanguageCode


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


class CountWording(NamedTuple):
    """The patterns of one language."""

    number: re.Pattern[str]
    """A number, group 1, or a range to group 2."""
    unit: re.Pattern[str]
    """After: a unit of text; its last group that matches names it."""
    item: re.Pattern[str]
    """After: things to list."""
    lists: re.Pattern[str]
    """Before: the instruction to list things."""
    writes: re.Pattern[str]
    """Before: the instruction to write so much, or `in` so much."""
    given: tuple[re.Pattern[str], re.Pattern[str]]
    """Before and after: the things exist already."""
    also: tuple[re.Pattern[str], re.Pattern[str]]
    """Before and after: something else is asked for as well."""
    per_piece: re.Pattern[str]
    """Anywhere: numbers hold for each piece, not for the answer."""
    line: re.Pattern[str]
    """Anywhere: what is asked for has lines."""
    per_line: re.Pattern[str]
    """A number of words per line, in one of the groups."""
    least: tuple[re.Pattern[str], re.Pattern[str]]
    most: tuple[re.Pattern[str], re.Pattern[str]]
    loose: tuple[re.Pattern[str], re.Pattern[str]]
    """Bounds, before and after the number."""
    several: re.Pattern[str]
    """After: a list may have a multiple of the number, or things of several lines."""


_LIST_VERB = r"(?:list|name|give|suggest|provide|write|generate|create|offer|propose|state|mention|identify|brainstorm|recommend|outline|describe|cite|enumerate|think of|come up with|what are|tell)"
_WRITE_VERB = r"(?:write|compose|create|generate|produce|make|craft|construct|draft|give|provide|tell)"

_MORE_VERB = r"(?:say|explain|justify|summari[sz]e|add|answer|reply|discuss|include|attach|translate|rewrite|end)"

_ENGLISH = CountWording(
    number=_pattern(
        rf"(?<![\w.,$£€#%'’:/-])({ENGLISH})(?:\s?(?:-|–|to|or)\s?({ENGLISH}))?(?![\w%]|[.,:/][0-9])",
    ),
    unit=_pattern(
        r"[- ](?:(?!(?:of|or|and|to|in|the|key|more|other|word|line|sentence)(?a:\b))[a-z]+[- ])?(?:(sentence)|(line)|(paragraph)|(word)|(character))s?(?a:\b)(?!['’]|-)"
    ),
    item=_pattern(
        r" (?!of |in |to |or |and |times? )(?:(?!of |in |to |for |that |who |with )[a-z'’-]+ ){0,3}(?:[a-z'’-]+[a-rt-z]s|children|people|women|men)(?a:\b)"
    ),
    lists=_pattern(
        rf"(?:\A|[.!?;]\s+|, )(?:please |kindly |(?:can|could) you )?{_LIST_VERB} (?:(?:me|us|up|out|down) )?(?:a )?(?:[a-z]+ )?(?:list of |set of )?(?:the )?(?:top )?\Z"
    ),
    writes=_pattern(
        r"(?a:\b)(?:in|into|using|within|to|exactly|just|only)(?: (?:only|just|exactly))?(?: an?)? \Z",
        rf"(?:\A|[.!?;]\s+)(?:please |kindly |(?:can|could) you )?{_WRITE_VERB} (?:(?:me|us) )?(?:an? )?(?:(?!of |for |about |on |from |to )[a-z]+ ){{0,4}}(?:(?:of|with|in|containing) )?(?:exactly |a )?\Z",
    ),
    given=(
        _pattern(
            r"(?a:\b)(?:these|those|following|given|this|each|every|per|last|first|next|between|any|all|another|other|of the) \Z"
        ),
        _pattern(r".{0,20}(?a:\b)(?:above|below|provided|given|that follow)(?a:\b)"),
    ),
    also=(
        _pattern(
            r"[.!?;:] ", rf"(?a:\b)(?:and|then|also) (?:{_LIST_VERB}|{_WRITE_VERB}|{_MORE_VERB}) (?:[a-z]+ ){{0,4}}\Z"
        ),
        _pattern(r", (?:and|then) ", rf"(?a:\b)(?:and|then|also) (?:{_LIST_VERB}|{_WRITE_VERB}|{_MORE_VERB})(?a:\b)"),
    ),
    per_piece=_pattern(
        r"(?a:\b)(?:each|every|per|both|respectively|apiece)(?a:\b)(?! lines?(?a:\b)| of the lines)", r"syllable"
    ),
    line=_pattern("line"),
    per_line=_pattern(
        rf"({ENGLISH}) (?:[a-z]+ )?words? (?:in|on|per|for)? ?(?:each|every|per)?(?: of the)? ?lines?(?a:\b)",
        rf"(?:each|every) line (?:(?:should|must|to|that) )?(?:has|have|having|with|contains?|containing|of) (?:exactly )?({ENGLISH}) words?(?a:\b)",
    ),
    least=(
        _pattern(r"(?:at least|minimum(?: of)?|(?:no|not) (?:less|fewer) than|more than|over|above)(?: an?)? \Z"),
        _pattern(r"\A.{0,24}?(?:or (?:more|longer)|minimum|at least)"),
    ),
    most=(
        _pattern(
            r"(?:at most|up to|(?:no|not) (?:more|longer) than|maximum(?: of)?|under|less than|fewer than|within|below|(?:limit|exceed)\w*)(?: an?| to)? \Z"
        ),
        _pattern(r"\A.{0,24}?(?:or (?:less|fewer|under)|max)"),
    ),
    loose=(
        _pattern(r"(?:about|around|approximately|roughly|nearly|almost|some)(?: an?)? \Z"),
        _pattern(r"\A.{0,24}?(?:or so|roughly)"),
    ),
    several=_pattern(
        r"(?a:\b)(?:and|pairs?|sets|groups|categories|differences|similarities|poems?|haikus?|stories|dialogues|couplets|verses|stanzas|questions|riddles|jokes)(?a:\b)"
    ),
)
_CHINESE = CountWording(
    number=_pattern(
        rf"(?<![0-9.一二两三四五六七八九十百千万几数第])({CHINESE})(?:[到至~～\-–—]({CHINESE}))?(?![0-9.%万几多余一二三四五六七八九十百千])"
    ),
    unit=_pattern(
        r" ?个?(?:简?[短单]?(句)[子话]|(段)(?:落|话|文字|[，。的]|\Z)|(行)(?!业|为|人|星|李|动|程)|(字)(?!母|符|段|典))"
    ),
    item=_pattern(
        r" ?(?:个(?!字|月|小时|人|星期|单词|音节)|种|条|项|首|位|款|类|件|道|则|本(?!书的)|部|座|名|点(?=[\u4e00-\u9fff]{2})(?!钟|半|前|后|到))"
    ),
    lists=_pattern(
        r"(?<![不被])(?:列出|列举|说出|举出|给出|给我|写出|写|想出|想|提供|提出|推荐|建议|生成|创建|创造|描述|介绍|起|取|说明|解释|概述|有哪)(?:(?!来|如何)[^，。；,;：:！!？?\n]){0,24}\Z"
    ),
    writes=_pattern(
        r"(?:用|成|为|以|在|字数|篇幅)\s?\Z",
        r"(?:写|作|生成|创建|创造|编|讲|给我)[^，。；,;：:！!？?\n]{0,24}\Z",
    ),
    given=(
        _pattern(
            r"(?:[这那该此][\u4e00-\u9fff]?|[每各同前后另有由含为给对]|包括|以[下上]|下[列面]|上[述面]|给定的?|给出的|其中|中的|里的|[0-9])\s?\Z"
        ),
        _pattern(r"[^，。]{0,8}(?:之间|中间)"),
    ),
    also=(
        _pattern(r"[。！？!?；;]|(?:并|再|然后|同时|最后)[^，。]{0,8}\Z"),
        _pattern(r"[,，;；。]\s?(?:并|再|然后|另|同时|最后|附|还)"),
    ),
    per_piece=_pattern(r"每(?!行|天|日)|各(?!种|类|地|国|个方面)|分别"),
    line=_pattern("行"),
    per_line=_pattern(rf"每行(?:必须|只|正好|恰好|都|应)?(?:有|写|用|是|为)?({CHINESE})个?字"),
    least=(
        _pattern(r"(?:至少|不少于|不低于|最少|超过|多于|大于)[有写为用]?\s?\Z"),
        _pattern(r"\A ?个?(?:[字句段行]话?)?(?:或者?)?(?:以上|起步|更多)"),
    ),
    most=(
        _pattern(
            r"(?:最多|不超过|不多于|不要超过|(?<!不)少于|(?<!不)小于|(?<!不)低于|至多|限于?|控制在)[有写为用]?\s?\Z"
        ),
        _pattern(r"\A ?(?:个?[字句段行]话?)(?:或者?)?(?:以[内下]|之?内|更少)"),
    ),
    loose=(_pattern(r"(?:大?约|大概|差不多|接?近)\s?\Z"), _pattern(r"\A ?个?(?:[字句段行]话?)?(?:左右|上下)")),
    several=_pattern(r"[和与及]|对|组|诗|故事|对话|对联|问题|谜语|笑话|区别|异同"),
)
COUNT_WORDING: dict[LanguageCode, CountWording] = {"en": _ENGLISH, "zh": _CHINESE}
