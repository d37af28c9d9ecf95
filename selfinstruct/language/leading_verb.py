"""The leading verb of an instruction and its noun, for figures like Self-Instruct's figure 3.

No parser is used. English: a list of verbs, and a noun phrase that ends before the first preposition, conjunction or
question word and has its noun last. Chinese: a list of verbs in words split by jieba, with the noun at the end of what
follows (after 的, or before the verb after 把). tests/language/test_leading_verb.py shows what is recognized; a parser,
as in Self-Instruct, is more often right. Questions and unlisted verbs have none.
"""

import re
from typing import NamedTuple

from selfinstruct.language.language import CHINESE, ENGLISH


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


def first_word(instruction: str, language: str) -> str:
    """Return the word that an instruction begins with, a Chinese one without the quotation mark before it.

    >>> first_word("把下面的句子翻译成英文。", "zh")
    '把'
    """
    if language == "en":
        return instruction.split(maxsplit=1)[0]
    import rjieba

    words = [word for word in rjieba.cut(instruction[:_BEGINNING]) if word.strip()]
    return next((word for word in words if word[0].isalnum()), words[0])


_BEGINNING = 40
_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*|[.,;:!?()\"“”—]")


def _english(instruction: str) -> tuple[str, str]:
    """Return (leading verb, text after it)."""
    verbs, lead_in = ENGLISH.sets["verbs"], re.compile(ENGLISH.pattern("lead_in"))
    text = " ".join(instruction.lower().split()).strip(" \"'“‘")
    while (lead := lead_in.match(text)) and lead[0].strip(" ,") not in verbs:
        text = text[lead.end() :]
    text = text[:400]
    word = _WORD.search(text)
    if word and word[0] in ENGLISH.sets["openers"] and word[0] not in verbs and "," in text:
        word = _WORD.search(text, text.index(",") + 1)
    if word and word[0].endswith("ly") and word[0] not in verbs:
        word = _WORD.search(text, word.end())
    return (word[0], text[word.end() :]) if word and word[0] in verbs else ("", "")


def _english_noun(after: str) -> str:
    """Return the last word of the noun phrase at the start of a text, in the singular."""
    found, participle = _WORD.findall(after), re.compile(ENGLISH.pattern("participle"))
    while found and found[0] in ENGLISH.sets["after_verb"]:
        found = found[1:]
    phrase: list[str] = []
    for word in found:
        starts = not phrase and word in ENGLISH.sets["before_noun"]
        ends = word in ENGLISH.sets["ends_phrase"] and not starts
        if (
            not word[0].isalnum()
            or ends
            or (phrase and participle.fullmatch(word) and word not in ENGLISH.sets["nouns_in_ing"])
        ):
            break
        if word not in ENGLISH.sets["before_noun"]:
            phrase.append(word)
    noun = phrase[-1] if phrase else ""
    return (
        ""
        if noun.isdigit() or noun in ENGLISH.sets["figures"]
        else _singular(noun.removesuffix("'s").removesuffix("’s"))
    )


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
_NO_NOUNS = ("u", "y", "w", "x", "f", "p", "c", "r", "m", "q", "e", "o", "d")


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
    if begin == len(tagged) or tagged[begin][0] not in CHINESE.sets["opening"]:
        return begin if _is_verb(tagged, begin) else None
    verbs = [at for at in range(begin, len(tagged)) if _is_verb(tagged, at)]
    numbered = [at for at in verbs if at + 1 < len(tagged) and tagged[at + 1][1] == "m"]
    return next(iter([*numbered, *verbs]), None)


def _is_verb(tagged: list[tuple[str, str]], at: int) -> bool:
    return at < len(tagged) and bool(_chinese_verb(tagged[at][0])) and not _qualifies(tagged, at)


def _leads_in(word: str, tag: str) -> bool:
    return (
        (word in CHINESE.sets["polite"] or tag == "d")
        and word not in CHINESE.sets["opening"]
        and not _chinese_verb(word)
    )


def _qualifies(tagged: list[tuple[str, str]], at: int) -> bool:
    """Return whether a verb modifies a noun: 写的日志."""
    return at + 1 < len(tagged) and tagged[at + 1][0] == "的"


def _chinese_verb(word: str) -> str:
    """Return the longest known verb that a word starts with: 翻译 for 翻译成."""
    starts = (word[:length] for length in range(len(word), 0 if word in CHINESE.sets["verbs"] else 1, -1))
    return next((start for start in starts if start in CHINESE.sets["verbs"]), "")


def _moved(before: list[tuple[str, str]]) -> str:
    """Return the noun after 把 or 将 before the verb."""
    at = next((at for at, (word, _) in enumerate(before) if word in {"把", "将"}), None)
    return "" if at is None else _chinese_noun(before[at + 1 :])


def _chinese_noun(tagged: list[tuple[str, str]]) -> str:
    """Return the noun at the end of a phrase: the last one after the last 的 followed by one."""
    nouns: list[str] = []
    after = list(tagged)
    for at, (word, _) in enumerate(tagged):
        if word == "的" and at + 1 < len(tagged) and not (at and tagged[at - 1][0] in CHINESE.sets["breaks"]):
            after = tagged[at + 1 :]
    for word, tag in after:
        if nouns and (word in CHINESE.sets["breaks"] or tag == "y"):
            break
        if word in CHINESE.sets["breaks"] and word.startswith(("如何", "怎", "为", "什么", "哪", "是否")):
            return ""
        if not tag.startswith(_NO_NOUNS) and word not in CHINESE.sets["no_nouns"] and word != "的":
            nouns.append(word)
    return nouns[-1] if nouns else ""
