"""The leading verb of an instruction and its noun, for figures like Self-Instruct's figure 3.

No parser is used. English: a list of verbs, and a noun phrase that ends before the first preposition, conjunction or
question word and has its noun last. Chinese: a list of verbs in words split by jieba, with the noun at the end of what
follows (after 的, or before the verb after 把). tests/language/test_leading_verb.py shows what is recognized; a parser,
as in Self-Instruct, is more often right. Questions and unlisted verbs have none.
"""

import re
from typing import NamedTuple

from selfinstruct.language.verbs import CHINESE_VERBS, ENGLISH_VERBS, words


class Action(NamedTuple):
    """Verb and noun of an instruction; "" for one not found."""

    verb: str = ""
    noun: str = ""


def action(instruction: str, language: str) -> Action:
    """Return the leading verb of an instruction and its noun.

    >>> action("Please write a short story about a dragon.", "en")
    Action(verb='write', noun='story')
    >>> action("请把下面的句子翻译成英文。", "zh")
    Action(verb='翻译', noun='句子')
    """
    if language == "en":
        verb, after = _english(instruction)
        return Action(verb, _english_noun(after))
    tagged, at = _chinese(instruction)
    if at is None:
        return Action()
    return Action(_chinese_verb(tagged[at][0]), _moved(tagged[:at]) or _chinese_noun(tagged[at + 1 :]))


def leading_verb(instruction: str, language: str) -> str:
    """Return the verb alone, in half the time."""
    if language == "en":
        return _english(instruction)[0]
    tagged, at = _chinese(instruction)
    return "" if at is None else _chinese_verb(tagged[at][0])


_LEAD_IN = re.compile(
    r"^(?:please|now|then|first|next|also|just|(?:can|could|would|will) you|i(?:'d| would)? (?:want|need|like) you to"
    r"|your (?:task|job) is to|you are to|try to|help me(?: to)?|let's|\w+ly)\b,?\s*"
)
_OPENERS = words(
    "according after as assuming at based before during following for from given if imagine in like on suppose to under upon using when"
    " while with within without"
)
"""First words of a sentence whose verb comes after the first comma."""
_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*|[.,;:!?()\"“”—]")
_AFTER_VERB = words("me us him her them out up down off over back together through away")
_ENDS_PHRASE = words(
    "about above across after against along among and around as at based because before behind below between both but by can could"
    " describing during each explaining for from given how if in including inside into is it its like near nor of on onto or over per"
    " please relating should since so such than that then there these they this those through to toward under until upon using via was"
    " were what when where whether which while who whom whose why will with within without would you your are was has have had do does"
    " did not only out off up down away back"
)
_BEFORE_NOUN = words("a an the this these those your my our his her their its each both all any some such")


def _english(instruction: str) -> tuple[str, str]:
    """Return (leading verb, text after it)."""
    text = " ".join(instruction.lower().split()).strip(" \"'“‘")
    while (lead := _LEAD_IN.match(text)) and lead[0].strip(" ,") not in ENGLISH_VERBS:
        text = text[lead.end() :]
    text = text[:400]
    word = _WORD.search(text)
    if word and word[0] in _OPENERS and word[0] not in ENGLISH_VERBS and "," in text:
        word = _WORD.search(text, text.index(",") + 1)
    if word and word[0].endswith("ly") and word[0] not in ENGLISH_VERBS:
        word = _WORD.search(text, word.end())
    return (word[0], text[word.end() :]) if word and word[0] in ENGLISH_VERBS else ("", "")


def _english_noun(after: str) -> str:
    """Return the last word of the noun phrase at the start of a text, in the singular."""
    found = _WORD.findall(after)
    while found and found[0] in _AFTER_VERB:
        found = found[1:]
    phrase: list[str] = []
    for word in found:
        starts = not phrase and word in _BEFORE_NOUN
        ends = word in _ENDS_PHRASE and not starts
        if not word[0].isalnum() or ends or (phrase and _PARTICIPLE.fullmatch(word) and word not in _NOUNS_IN_ING):
            break
        if word not in _BEFORE_NOUN:
            phrase.append(word)
    noun = phrase[-1] if phrase else ""
    return "" if noun.isdigit() or noun in _NUMBERS else _singular(noun.removesuffix("'s").removesuffix("’s"))


_PARTICIPLE = re.compile(
    r"[a-z]+(?:ing|ed)|sent|told|made|found|given|taken|written|shown|known|said|held|left|kept|used|seen|done"
)
"""Participles that begin a clause after a noun: a message sent to the practice."""
_NOUNS_IN_ING = words(
    "need seed feed breed spelling saying ring thing king spring wing evening morning ceiling meaning greeting heading meeting building painting marketing training wedding opening ending string"
)
_NUMBERS = words("one two three four five six seven eight nine ten")


def _singular(noun: str) -> str:
    if len(noun) < 4 or noun.endswith(("ss", "us", "is", "news", "series")):
        return noun
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith(("sses", "ches", "shes", "xes", "oes")):
        return noun[:-2]
    return noun.removesuffix("s")


_CLAUSE = re.compile(r"[，。！？；：\n,.!?;:]")
_QUOTED = re.compile(r"[“「『\"][^“”「」『』\"]*[”」』\"]")
_CLAUSES = 4
_POLITE = words(
    "请 请你 请您 麻烦 麻烦你 帮 帮我 帮忙 试 试着 你 您 我 我要 能 可以 来 去 只 另 再 先 接着 然后 现在 并"
)
"""Words, besides adverbs, allowed before the verb."""
_OPENING = words(
    "把 将 用 以 给 为 替 向 照 照着 按 按照 根据 依据 结合 围绕 针对 关于 对 从 在 学 代 站 站在 作为 当 仿"
)
"""First words of a phrase before the verb."""
_BREAKS = words(
    "和 与 及 以及 或 并 给 来 使 让 属于 是 在 该 该不该 有没有 能否 是否 要 即可 就 就行 不得 如何 怎么 怎样 为什么 为何 什么 哪 哪些 哪个"
)
"""Words that end the object of a verb."""
_NO_NOUNS = ("u", "y", "w", "x", "f", "p", "c", "r", "m", "q", "e", "o", "d")
_FILLERS = frozenset({"一下", "一个", "如下", "清楚", "明白", "通顺", "出来", "以下", "下面"})


def _chinese(instruction: str) -> tuple[list[tuple[str, str]], int | None]:
    """Return the (word, tag) pairs of the first clause with a leading verb, and the verb's index."""
    import rjieba

    for clause in [part for part in _CLAUSE.split(_QUOTED.sub("", instruction[:400])) if part.strip()][:_CLAUSES]:
        tagged = [(word, tag) for word, tag in rjieba.tag(clause.strip()) if word.strip()]
        at = _verb_at(tagged)
        if at is not None:
            return tagged, at
    return [], None


def _verb_at(tagged: list[tuple[str, str]]) -> int | None:
    """Return the index of a clause's verb: first, or after a phrase such as 用三句话, best before a number."""
    begin = 0
    while begin < len(tagged) and _leads_in(*tagged[begin]):
        begin += 1
    if begin == len(tagged) or tagged[begin][0] not in _OPENING:
        return begin if _is_verb(tagged, begin) else None
    verbs = [at for at in range(begin, len(tagged)) if _is_verb(tagged, at)]
    numbered = [at for at in verbs if at + 1 < len(tagged) and tagged[at + 1][1] == "m"]
    return next(iter([*numbered, *verbs]), None)


def _is_verb(tagged: list[tuple[str, str]], at: int) -> bool:
    return at < len(tagged) and bool(_chinese_verb(tagged[at][0])) and not _qualifies(tagged, at)


def _leads_in(word: str, tag: str) -> bool:
    return (word in _POLITE or tag == "d") and word not in _OPENING and not _chinese_verb(word)


def _qualifies(tagged: list[tuple[str, str]], at: int) -> bool:
    """Return whether a verb modifies a noun: 写的日志."""
    return at + 1 < len(tagged) and tagged[at + 1][0] == "的"


def _chinese_verb(word: str) -> str:
    """Return the longest known verb that a word starts with: 翻译 for 翻译成."""
    starts = (word[:length] for length in range(len(word), 0 if word in CHINESE_VERBS else 1, -1))
    return next((start for start in starts if start in CHINESE_VERBS), "")


def _moved(before: list[tuple[str, str]]) -> str:
    """Return the noun after 把 or 将 before the verb."""
    at = next((at for at, (word, _) in enumerate(before) if word in {"把", "将"}), None)
    return "" if at is None else _chinese_noun(before[at + 1 :])


def _chinese_noun(tagged: list[tuple[str, str]]) -> str:
    """Return the noun at the end of a phrase: the last one after the last 的 followed by one."""
    nouns: list[str] = []
    after = list(tagged)
    for at, (word, _) in enumerate(tagged):
        if word == "的" and at + 1 < len(tagged) and not (at and tagged[at - 1][0] in _BREAKS):
            after = tagged[at + 1 :]
    for word, tag in after:
        if nouns and (word in _BREAKS or tag == "y"):
            break
        if word in _BREAKS and word.startswith(("如何", "怎", "为", "什么", "哪", "是否")):
            return ""
        if not tag.startswith(_NO_NOUNS) and word not in _FILLERS and word != "的":
            nouns.append(word)
    return nouns[-1] if nouns else ""
