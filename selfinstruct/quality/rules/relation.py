"""Rules for how a task stands to its material: what an instruction points to must be there.

Not phrases but places are looked at: an instruction points (`the following`, 这句话, `rewrite the paragraph`), and material stands in the
input, behind a colon, a dash or a line break, in quotes or brackets, as numbers, as a sentence of its own, or in what was said before.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from selfinstruct.language import Language
from selfinstruct.quality.rules.places import QUOTED, stands_behind
from selfinstruct.records import Candidate

_MARKS = " .;:，。；"
_LOOK = 2_000
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n+")
_NUMBERS = re.compile(r"\d+")
_MATHS = re.compile(r"\d\s*[-+*/×÷=^]|[=<>≤≥]|[a-z]\^|\\|[a-z]\([a-z]|是\s?\d")
_PICTURES = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_LONG, _ASKED, _LABEL, _THING = {"en": 5, "zh": 6}, {"en": 3, "zh": 4}, {"en": 4, "zh": 6}, {"en": 6, "zh": 10}
"""Words or characters from which a sentence is material, and one behind a question; up to which an input is a label, or the thing that was chosen."""
_DESCRIBED, _SURELY_DESCRIBED = {"en": 24, "zh": 40}, {"en": 12, "zh": 24}
"""Words or characters above which an input is more than a description, or may well be a text that begins like one."""
_IS_TEXT = re.compile(r"(?:[\W\d]*[^\W\d]){40}")
"""More letters than the name of a kind of material has."""
_NEAR = 30
"""Characters behind what points in which a name may stand."""
_CONTEXT = {"en": 25, "zh": 40}
"""Words or characters of a system text that may be the material."""


def mentions_missing_input(candidate: Candidate, language: Language) -> str:
    """Instruction that speaks of material which neither it nor the input holds, so that the answer may bring its own.

    Source: Alpaca's commonest empty promise; AlpacaDataCleaned, defect 9
    """
    found, is_sure = _lack(candidate, language)
    return found if is_sure else ""


def may_lack_input(candidate: Candidate, language: Language) -> str:
    """Instruction that works on a text (`the argument`, 歌词) which may be known, or input that may be only a description."""
    found, is_sure = _lack(candidate, language)
    return "" if is_sure else found


def _lack(candidate: Candidate, language: Language) -> tuple[str, bool]:
    """Return what a task lacks, and whether it surely does."""
    found, is_sure = _missing(candidate.instruction[:_LOOK].strip(), candidate.input[:_LOOK].strip(), language)
    if not is_sure and (brought := _brought(candidate, language)):
        found, is_sure = brought, True
    return ("", False) if found and _was_said(candidate, language) else (found, is_sure)


def _brought(candidate: Candidate, language: Language) -> str:
    """Return the material that an answer begins with under the name by which the instruction points to it (`Sentence: We sat.`)."""
    label = _LABELLED.match(language.folded(candidate.output[:_NEAR]))
    asked = language.folded(candidate.instruction[:_LOOK])
    if label is None or candidate.input.strip() or label[1] not in asked:
        return ""  # nearly every row
    points = re.search(_POINTS_TO[language.code].replace("NAME", label[1]), asked)
    return "" if points is None or stands_behind(asked) or QUOTED.search(asked) else f'says "{points[0]}"'


_LABELLED = re.compile(r"\s*([a-z]{3,12}|[\u4e00-\u9fff]{2,4}) ?[:：]")
_POINTS_TO = {
    "en": r"\b(?:(?:the|this|these|an?) (?:given|provided|input)|this|(?:of|from|in|into|using) the) NAMEs?\b",
    "zh": r"(?:该|此|这[个段篇句些]|给定的?|所给的?|提供的)(?:[一个段篇句]{1,2})?NAME",
}


def _was_said(candidate: Candidate, language: Language) -> bool:
    """Return whether earlier turns or a long system text may hold the material."""
    system = candidate.system and (
        language.units(candidate.system) > _CONTEXT[language.code] or stands_behind(candidate.system.lower())
    )
    return bool(candidate.history or system)


@lru_cache(maxsize=4)
def _missing(instruction: str, given: str, language: Language) -> tuple[str, bool]:
    asked, folded = language.folded(instruction), language.folded(given)
    head, _, tail = asked.partition("\n")
    if not given and (described := _only_described(head, tail.strip(), language)):
        return described, _is_sure(tail, language)
    if given:
        if label := _label(asked, folded, language):
            return f"the input only says {label}", True
        if _IS_TEXT.match(given) or re.search(r"\d", given) or not language.names_material.search(_bare(folded)):
            described, choice = _only_described(asked, folded, language), _open_choice(asked, given, language)
            is_sure = _is_sure(folded, language)
            return (choice, True) if choice and not (described and is_sure) else (described, is_sure)
    found = points_to(asked, language) or language.points_at_code.search(asked)
    sure_forms = (language.points, language.at_hand, language.works_surely, language.points_at_code)
    surely = found is not None and any(form.search(asked) for form in sure_forms)
    found = found or (None if given else _works_on(asked, language))
    if not found or holds_material(asked, found, language):
        return "", False
    is_named = surely and _NAMED.search(instruction[found.start() : found.end() + _NEAR])
    return ("", False) if is_named else (f'says "{found[0].strip(_MARKS)}"', surely)


def _works_on(asked: str, language: Language) -> re.Match[str] | None:
    """Return where an instruction works on a text that may be known."""
    found = language.works_on.search(asked)
    return None if found is None or _is_general(asked, language) else found


def points_to(asked: str, language: Language) -> re.Match[str] | None:
    """Return where an instruction (folded) points to material that is not its own subject, or None."""
    found = language.points.search(asked)
    if found is None and (found := language.this.search(asked)) and refers_back(asked[: found.start()], language):
        return None
    if found is None and (found := language.works_surely.search(asked)) and _is_general(asked, language):
        return None
    if found is None or language.program.search(asked):
        return None
    return None if "given" in found[0] and language.asks_how.search(asked) else found


def _is_general(asked: str, language: Language) -> bool:
    """Return whether a task is a question about doing, or wants a text or a program of its own."""
    return bool(language.writes.search(asked) or language.asks_how.search(asked) or language.program.search(asked))


_NAMED = re.compile(
    r"\b[A-Z][A-Z\d]{2,}\b|[\u4e00-\u9fff] [A-Z][A-Za-z]|\b(?:following|given) (?:\w+ )?[A-Z]+\S?\d|\b(?:following|given) \w+(?:, [A-Z]| of \d)"
)
"""What is pointed to is known by its name or said at once: the MNIST dataset, the following USD34.86, the following city, Rome,
the following table of 3x2."""
_SAYS_FORM = re.compile(
    r"\b(?:the|this|these|following|given|an?) (?:\w+ )?(?:sentence|phrase|statement|clause)s?\b(?! (?:summary|description))|(?:这|该|以下|下列|下面的?|给定的?)[一个]?句"
)
"""What is worked on is one sentence, which may speak of an article."""
_ABOVE = re.compile("above|以上|上述|上面|上文")
"""What is pointed to stands before."""
_QUESTION = re.compile(r"[^.!。！\n]{0,60}[?？]")
"""The sentence that points is a question: what follows is what it is about."""


def refers_back(before: str, language: Language) -> bool:
    """Return whether what stands before `this` in an instruction is what it means."""
    clause = len(before) >= (24 if language.code == "en" else 6) and re.search("[,，]|\\band\\b", before)
    named = re.search(r"[A-Za-z》”\"]\s?\Z", before) and language.code == "zh"
    return bool(clause or named or language.writes.search(before))


def holds_material(asked: str, found: re.Match[str], language: Language) -> bool:
    """Return whether an instruction holds material: behind a mark, in quotes, as numbers, or as a further sentence."""
    enough = 1 if language.numbers.search(found[0]) else 2  # two numbers, where numbers are pointed to
    if stands_behind(asked) or any(says.search(asked) for says in (QUOTED, _MATHS, _PICTURES)):
        return True
    if len(_NUMBERS.findall(asked)) > enough:
        return True
    is_question = bool(_QUESTION.match(asked[found.start() :]))
    for begin, sentence in _other_sentences(asked, found.start()):
        if _ABOVE.search(found[0]) and begin < found.start():
            return True
        asks = sentence.rstrip().endswith(("?", "？")) and not is_question
        if asks and begin > found.start() and language.questions.search(asked):
            return True
        is_long = language.units(sentence) >= (_ASKED if is_question else _LONG)[language.code]
        if is_long and not asks and not language.directs.search(sentence.strip()):
            return True
    return False


def _other_sentences(asked: str, pointed: int) -> Iterator[tuple[int, str]]:
    """Yield (start, sentence) of those that do not point."""
    place = 0
    for sentence in _SENTENCE.split(asked):
        begin = asked.find(sentence, place)
        place = begin + len(sentence)
        if sentence.strip() and not begin <= pointed < place:
            yield begin, sentence


def _bare(text: str) -> str:
    return re.sub(r"[\W\d]+", " ", text).strip()


def _label(asked: str, given: str, language: Language) -> str:
    """Return an input that only names what should stand there, as the instruction does: `Sentence`, 文章标题."""
    if _COMPARES.search(asked) and _UNNAMED.fullmatch(given):
        return given
    if language.units(given) > _LABEL[language.code] or re.search(r"[\n\d=]", given) or not (bare := _bare(given)):
        return ""
    if not language.names_kind.search(bare) or QUOTED.search(given + asked) or stands_behind(asked):
        return ""
    before = r"(?a:\b)(?:the|this|these|each|following|given|my) (?:[\w'-]+ )?" if language.code == "en" else ""
    return given if re.search(before + re.escape(bare) + r"(?![a-z])", asked) else ""


_COMPARES = re.compile(r"\bcompar|\bwhich\b|\bbetter\b|比较|对比|哪|异同|区别")
_UNNAMED = re.compile(r"\W*(\w[\w ]{0,20}?) ?a\W{0,3}(?:and|or|vs\.?|和|与|、|，|,)\W{0,3}\1 ?b\W*")
"""Two things that have no more than a letter: Product A and Product B."""


def _only_described(asked: str, given: str, language: Language) -> str:
    """Return what an input says instead of holding the material that the instruction works on."""
    if not given or "\n" in given or re.search(r"[\"“「:：]|\d.*\d", given) or _only_classed(asked, language):
        return ""
    if language.names_text.search(given):
        is_own = language.writes.search(asked) or language.program.search(_MODEL_MAY.sub("", asked))
        return "" if is_own else f"the input only describes it: {given[:60]}"
    is_long = language.units(given) > _DESCRIBED[language.code]
    if is_long or _SAYS_FORM.search(asked) or not (language.described.search(given) and language.digests.search(asked)):
        return ""
    return f"the input only describes it: {given[:60]}"


def _only_classed(asked: str, language: Language) -> bool:
    """Return whether a description is enough, since only a title, a topic or a class is asked for."""
    return bool(language.says_of_it.search(asked)) and not _SUMS_UP.search(asked)


_SUMS_UP = re.compile("总结|概括|关键点")
_MODEL_MAY = re.compile("[让由使][^，。]{0,8}模型")
"""What is asked of the model itself, and is no program to be written."""


def _is_sure(given: str, language: Language) -> bool:
    """Return whether what may be a description is surely one."""
    return language.units(given) <= _SURELY_DESCRIBED[language.code] or language.names_text.search(given) is not None


def _open_choice(asked: str, given: str, language: Language) -> str:
    """Return the set that an answer should be chosen from, when no list stands anywhere."""
    found = language.closed_set.search(asked)
    if not found or _LIST.search(given.rstrip(" .。")) or re.search(r"[:：(（\"“/]|, | or |、|或|和", asked):
        return ""
    return f'says "{found[0]}"' if given.endswith((".", "。")) or language.units(given) > _THING[language.code] else ""


_LIST = re.compile(r"[,，、;；|\n]|\d| or |还是|或")
