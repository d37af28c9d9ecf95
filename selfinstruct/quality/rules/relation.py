"""Rules for how a task stands to its material: what an instruction points to must be there.

Not phrases but places are looked at: an instruction points (`the following`, 这句话, `rewrite the paragraph`), and material stands in the
input, behind a colon, a dash or a line break, in quotes or brackets, as numbers, or as a sentence of its own.
"""

import re

from selfinstruct.language import Language
from selfinstruct.records import Candidate

_LOOK = 2_000
_AFTER = re.compile(
    r"(?<![a-z])a[.、:：)） ]\s?\S.*b[.、:：)） ]|(?:[:：]|(?<!\w)[-–—]+(?= )|\w- (?=\w)|[;；] (?=\w+,)|——|\n)\s*[^\s\W]|[:：]\s*[\"“「『`(（\[{<$£€¥.·#&-]"
)
_QUOTED = re.compile(
    r"[\"“「『‘`《]\s*[^\s\"”][^\"”」』’`》]*[\"”」』’`》]|(?<![A-Za-z])'\S.*?\S'(?![A-Za-z])|[(（\[{][^)）\]}]{3,}[)）\]}]"
)
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n+")
_NUMBERS = re.compile(r"\d+")
_MATHS = re.compile(r"\d\s*[-+*/×÷=^]|[=<>≤≥]|[a-z]\^|\\|[a-z]\([a-z]|是\s?\d")
_LIST = re.compile(r"[,，、;；|\n]|\d")
_LONG = {"en": 5, "zh": 6}
_DESCRIBED = {"en": 24, "zh": 40}
"""Words or characters above which an input is more than a description."""
_LABEL = {"en": 4, "zh": 6}


def mentions_missing_input(candidate: Candidate, language: Language) -> str:
    """Instruction that speaks of material which neither it nor the input holds.

    Source: Alpaca's commonest empty promise; AlpacaDataCleaned, defect 9
    Finds: Summarize the following article.
    Keeps: Summarize the story of Cinderella.
    Keeps: Continue the following story. The lamp went out and nobody in the room moved.
    Finds: List the key findings of the paper. ‖ A paper about the effect of night shifts on sleep. → Nurses sleep less.
    Keeps: Train a model for recognizing the MNIST dataset.
    Finds: 把下面的句子改成被动句。
    Keeps: 把“小猫打碎了花瓶”这句话改成被动句。
    """
    asked, given = language.folded(candidate.instruction[:_LOOK]).strip(), candidate.input[:_LOOK].strip()
    if given:
        if label := _label(asked, language.folded(given), language):
            return f"the input only says {label}"
        if re.search(r"\d", given) or not _LABELS.fullmatch(_MARKS.sub(" ", language.folded(given)).strip()):
            return _only_described(asked, language.folded(given), language) or _open_choice(asked, given, language)
    found = points_to(asked, language)
    if not found or holds_material(asked, found, language):
        return ""
    if _NAMED.search(candidate.instruction.strip()[found.start() : found.end()]):
        return ""
    return f"says {found[0].strip(' .;:，。；')}"


def points_to(asked: str, language: Language) -> re.Match[str] | None:
    """Return where an instruction (folded) points to material that is not its own subject, or None."""
    task = language.task
    if task.program.search(asked):
        return None
    if found := task.points.search(asked):
        return None if task.asks_how.search(asked) and "given" in found[0] else found
    if found := task.this.search(asked):
        return None if _refers_back(asked[: found.start()], language) else found
    if task.writes.search(asked) or task.asks_how.search(asked):
        return None
    return task.works_on.search(asked)


_NAMED = re.compile(r"\b[A-Z][A-Z\d]{2,}\b")
"""What is pointed to is known by its name: the MNIST dataset."""
_QUESTION = re.compile(r"[^.!。！\n]{0,60}[?？]")
"""The sentence that points is a question: what follows is what it is about."""


def _refers_back(before: str, language: Language) -> bool:
    """Return whether what stands before `this` in an instruction is what it means."""
    clause = len(before) >= (24 if language.code == "en" else 6) and re.search("[,，]|\\band\\b", before)
    named = re.search(r"[A-Za-z》”\"]\s?\Z", before) and language.code == "zh"
    return bool(clause or named or language.task.writes.search(before))


def holds_material(asked: str, found: re.Match[str], language: Language) -> bool:
    """Return whether an instruction holds material: behind a mark, in quotes, as numbers, or as a further sentence."""
    if (
        stands_behind(asked)
        or _QUOTED.search(asked)
        or _MATHS.search(asked)
        or len(_NUMBERS.findall(asked)) > _enough(found[0])
    ):
        return True
    is_question = bool(_QUESTION.match(asked[found.start() :]))
    place = 0
    for sentence in _SENTENCE.split(asked):
        begin = asked.find(sentence, place)
        place = begin + len(sentence)
        if begin <= found.start() < place or not sentence.strip():
            continue
        asks = sentence.rstrip().endswith(("?", "？")) and not is_question
        if asks and begin > found.start() and re.search("question|riddle|问题|谜", asked):
            return True
        if (
            language.units(sentence) >= _LONG[language.code]
            and not asks
            and not language.task.directs.search(sentence.strip())
        ):
            return True
    return False


def _enough(pointer: str) -> int:
    """Return above how many numbers in an instruction they are the material: two, where numbers are pointed to."""
    return 1 if re.search("number|value|数", pointer) else 2


def stands_behind(asked: str) -> bool:
    """Return whether something stands behind a mark that is not just the labels to choose from."""
    found = _AFTER.search(asked)
    return bool(found and not (_CLASSIFIES.search(asked) and _LABELS_ONLY.fullmatch(asked[found.end() - 1 :])))


_CLASSIFIES = re.compile(r"classif|categor|label|分类|归类|判断|identify (?:if|whether)")
_LABELS_ONLY = re.compile(
    r"[\w \"“”'-]{1,24}(?:[,，、/] ?[\w \"“”'-]{1,24}){0,8}(?:,? or |或者?|还是|/)[\w \"“”'-]{1,24}[.。?？]?"
)


def _label(asked: str, given: str, language: Language) -> str:
    """Return an input that only names what should stand there, as the instruction does: `Sentence`, 文章标题."""
    bare = _MARKS.sub(" ", given).strip()
    if (
        not bare
        or language.units(given) > _LABEL[language.code]
        or re.search(r"[\n\d=]", given)
        or _QUOTED.search(given + asked)
        or stands_behind(asked)
    ):
        return ""
    before = r"(?a:\b)(?:the|this|these|each|following|given|my) (?:[\w'-]+ )?" if language.code == "en" else ""
    return given if re.search(before + re.escape(bare) + r"(?![a-z])", asked) else ""


_MARKS = re.compile(r"[\W\d]+")
_LABELS = re.compile(
    r"(?:the )?(?:sentence|text|article|paragraph|passage|list|code|data|input|poem|story|document|words?|numbers?)(?: text| here| content)?|(?:句子|文本|文章|段落|列表|代码|数据|文字|单词|词语|内容|正文|原文)(?:内容|列表|正文)?"
)


def _only_described(asked: str, given: str, language: Language) -> str:
    """Return what an input says instead of holding the material that the instruction works on."""
    task = language.task
    if language.units(given) > _DESCRIBED[language.code] or "\n" in given or re.search(r"[\"“「:：]|\d.*\d", given):
        return ""
    if not task.described.search(given) or not _WORKS.search(asked) or _ABOUT_IT.search(asked):
        return ""
    return f"the input only describes it: {given[:60]}"


_ABOUT_IT = re.compile("classif|categor|genre|title|topic|headline|分类|归类|标题|题目|评价|主题|类型")
"""What can be said of a text that is only described."""
_WORKS = re.compile(
    r"\b(?:summar|list the|key |main |findings|shorten|compute|calculate|analy[sz]e|extract|identify|mean|average)|总结|概括|要点|计算|分析|提取|列出|平均|主要|摘要|归纳"
)


def _open_choice(asked: str, given: str, language: Language) -> str:
    """Return the set that an answer should be chosen from, when no list stands anywhere."""
    found = language.task.closed_set.search(asked)
    if not found or _LIST.search(given.rstrip(" .。")) or re.search(r"[:：(（\"“/]|, | or |、|或|和", asked):
        return ""
    return f"says {found[0]}"


def chooses_label(instruction: str, language: Language) -> bool:
    """Return whether an instruction asks for one label of a set that it names, for one thing that it does not hold."""
    asked = language.folded(instruction[:_LOOK]).strip()
    task = language.task
    found = task.one_thing.search(asked)
    if not found or not task.chooses.search(asked) or task.writes.search(asked):
        return False
    behind = _AFTER.search(asked)
    holds = behind and not _LABELS_ONLY.fullmatch(asked[behind.end() - 1 :])
    return not holds and not _QUOTED.search(_SHORT_QUOTES.sub("", asked))


_SHORT_QUOTES = re.compile(r"[(（][^)）]*[)）]|[“\"「][^”\"」]{1,3}[”\"」]")
