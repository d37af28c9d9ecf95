"""Rules for answers that break off, judged by the text; `truncated` is set earlier, by the token limit."""

import json
import re
from collections.abc import Sequence

from selfinstruct.language import Language, han_share
from selfinstruct.quality.rules.text import looks_like_code, outlined, prose
from selfinstruct.records import Candidate

_FENCE = re.compile(r"^[ \t>]{0,8}(?:```(?![^`\n]{1,200}```)|~~~)", re.MULTILINE)
_ITEM = re.compile(r"\s*(?:[-*•+·]\s|\d{1,3}[.)、．]|[（(]?[一二三四五六七八九十\d]{1,3}[)）、]|[|#>]|[a-zA-Z][.)]\s)")
_CLOSED = re.compile(r"[.!?。！？…][\"”’」』)）*_]{0,3}$|[:：]$")
_FINAL = frozenset('.!?。！？…"”’)）]}》」;；')
"""Marks behind which no text is expected to go on, or where it cannot be told."""
_LETTER = re.compile(r"[^\W\d_]")
_SIGNED = re.compile(r"#\w+$|[-—–~]{1,2} ?[A-Z\u3400-\u9fff][\w.·’' ]{1,40}$|https?://\S+$|\S+@\S+$")
_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【", "》": "《", "」": "「", "』": "『"}
_BRACKET = re.compile(f"[{re.escape(''.join(_PAIRS) + ''.join(_PAIRS.values()))}]")
_LITERAL = re.compile(r"(?<![A-Za-z0-9_\\])[rbfu]{0,2}([\"'`])(?:(?!\1)[^\\\n]|\\.){0,200}?\1(?![A-Za-z0-9_])", re.IGNORECASE)  # fmt: skip
"""A string literal in code, whose brackets do not count."""
_SINGLE = re.compile(r"(?<![^\W\d_])['\"][^'\"\n]{0,40}|[^'\"\n,\[]{0,40}['\"](?![^\W\d_])")
_NOT_PAIRS = re.compile(r"\[\^?[()\[\]{}（）]\]|[\"'“‘`][()\[\]{}（）【】《》][\"'”’`]|^\s{0,40}+[(（]?[\w]{1,3}[)）]|\\.", re.MULTILINE)  # fmt: skip
"""Brackets that need no partner; the blanks before a list number are counted, or a run of blank lines took time by its square."""
_FACE = re.compile(r"(?<![^\s。！？，.!?,~～])[:;=]['’]?-?[()\[\]{}|]")
_STOP = re.compile(r"[.!?。！？]\s|[.!?。！？]\Z|\n")
"""A text that goes on to its full stop or to another line was not cut: somebody forgot the bracket."""
_MOST = 20_000
_TAIL = 400
"""Characters before the end of a text in which a bracket that is left open tells of a cut."""
_SPEECH = re.compile(r'[,，:：]\s?["“](?=[A-Z\u3400-\u9fff])[^"“”\n]{0,400}\Z')
_SENTENCE_END = re.compile(r"[.!?。！？…]\Z")
"""An example whose last mark is missing is whole all the same."""


def open_fence(candidate: Candidate, _: Language) -> str:
    """Answer with a code fence that is opened and never closed.

    Source: what a token limit leaves of code
    """
    marked = "```" in candidate.output or "~~~" in candidate.output
    return "a code fence is not closed" if marked and len(_FENCE.findall(candidate.output)) % 2 else ""


def open_bracket(candidate: Candidate, language: Language) -> str:
    """Answer whose end stands inside a bracket or quotation that is never closed, or a list of quoted words with a single quotation mark.

    Faces, half-open intervals, brackets that are spoken of and those inside strings of code do not count.
    Source: what a token limit leaves of a sentence, a list or code
    """
    said = candidate.output[-_MOST:].strip()
    if not _BRACKET.search(said) and '"' not in said and "“" not in said:
        return ""
    if "```" in prose(said) or language.matches(language.about_faces, candidate.instruction) or _is_json(said):
        return ""  # open_fence reports it, the brackets are emoticons, or they stand in strings
    bare, literals = _LITERAL.subn(" ", prose(said))
    single = _SINGLE.search(bare) if literals > 1 and said[0] in "[{" and said[-1] in "]}" else None
    if single:
        return f"opened and not closed: {single[0].strip()}"
    text = _NOT_PAIRS.sub(" ", bare)
    text = text if looks_like_code(said) else _FACE.sub(" ", text)
    opened = (
        _opened(text) if _opened(said) else []
    )  # what closes as it stands is open only where a quote of Lisp is taken for a string
    is_word = not re.search(r"\s", said) and len(said) < 40 and not han_share(said)  # a password, a face, an interval
    if not opened or is_word:
        is_odd = text.count('"') % 2 or text.count("“") > text.count("”")
        speech = _SPEECH.search(text[-2 * _TAIL :]) if is_odd else None
        is_cut = speech and (not _SENTENCE_END.search(speech[0]) or _in_a_scene(text[: -len(speech[0])], speech[0]))
        return f"opened and not closed: {speech[0][:40]}" if speech and is_cut else ""
    rest = text[opened[-1] :]
    is_data = rest[0] in "{[" and (looks_like_code(text) or text[:1] in "{[")
    is_cut = is_data or (len(rest) <= _TAIL and not _STOP.search(rest))
    return f"opened and not closed: {rest[:40]}" if is_cut else ""


def _opened(text: str) -> list[int]:
    """Return where the brackets begin that a text does not close."""
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        if found[0] not in _PAIRS:
            opened.append(found.start())
        elif opened:
            opened.pop()
    return opened


def _is_json(text: str) -> bool:
    if text[:1] + text[-1:] not in {"{}", "[]"}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _in_a_scene(before: str, speech: str) -> bool:
    """Return whether somebody speaks in a scene that closes all its other quotations, so that more is to come."""
    said = speech[0] == "," or (before[-1:] in "说道问喊答" and not before.endswith("所说"))
    return bool(said and _STOP_BEFORE.search(before)) and before.count("“") == before.count("”")


_STOP_BEFORE = re.compile("[.!?。！？]")


def unfinished_output(candidate: Candidate, language: Language) -> str:
    """Answer that stops in mid-sentence: its last mark, word or number announces more.

    A last sentence that lacks its full stop, or ends in a comma, is a warning (`no_final_mark`): many people mean nothing by it.
    Source: Self-Instruct drops what ends in a colon; GPT-4-LLM #29 has cut Chinese answers
    """
    text = candidate.output.rstrip()
    last, line = text[-1:], text[-_MOST:].rsplit("\n", 1)[-1]
    is_comment = "*/" in text  # whose lines begin with a star
    if not is_comment and (empty := _empty_item(_lines(outlined(text)))) and empty not in candidate.input:
        return f"ends in {empty}"
    if (
        len(text) < 4
        or last in _FINAL
        or "__" in text[-60:]
        or _bare(candidate.input).endswith(_bare(text[-_TAIL:])[-_SAME:])
    ):
        return ""  # blanks are to be filled in
    if last in "、:：(（[【《“":
        is_face = re.search(r"[:;=]['-]?[(\[:]$", text)
        return (
            "" if is_face or (last in ":：" and _is_opening(_lines(text), candidate.instruction)) else f"ends in {last}"
        )
    if last in "`~" or looks_like_code(text):
        return ""
    said = _stops_short(line, text, language)
    return f"ends in {said}" if said else ""


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


_SAME = 8
"""Letters in which an answer and its input end alike: then the input was cut."""
_BARE_ITEM = re.compile(r"\s*(?:\d{1,3}[.)、]|[-*•|])\s*")


def _empty_item(lines: Sequence[str]) -> str:
    """Return an item of a list that has only its number or mark, as the last one or between two that have more."""
    for before, line, after in zip(lines, lines[1:], (*lines[2:], ""), strict=False):
        if _BARE_ITEM.fullmatch(line) and _is_full(before) and (_is_full(after) or (not after and len(lines) > 2)):
            return line.strip()
    return ""


def _is_full(line: str) -> bool:
    return _ITEM.match(line) is not None and not _BARE_ITEM.fullmatch(line)


def _lines(text: str) -> list[str]:
    return [line for line in text[-_MOST:].split("\n") if line.strip()]


def no_final_mark(candidate: Candidate, language: Language) -> str:
    """Answer whose last sentence has a comma or no mark at its end: perhaps cut, perhaps only careless.

    A warning: many people leave out the last full stop.
    Source: our own reading of small teachers' replies
    """
    text = candidate.output.strip()
    if not text or not (text[-1] in ",，" or _LETTER.match(text[-1])) or _SIGNED.search(text[-200:]):
        return ""
    lines = _lines(text)
    least, full = (20, 15) if language.code == "en" else (25, 20)
    if looks_like_code(text) or _ITEM.match(lines[-1]) or language.matches(language.short_form, candidate.instruction):
        return ""
    if len(lines) == 1:
        is_long = language.units(text) >= least and bool(re.search("[,，]", text))
    else:
        whole = [line for line in lines[:-1] if language.units(line) > full]
        closed = len(whole) > 1 and all(_CLOSED.search(line.rstrip()) for line in whole)
        is_long = closed and language.units(lines[-1]) >= full
    return "no full stop at its end" if is_long else ""


def _stops_short(last: str, text: str, language: Language) -> str:
    """Return the last word where it cannot be a last one, or the digits in which a year or an amount breaks off."""
    begun = _LAST_WORD.search(last[-_TAIL:].lower())
    if begun and begun[1] in language.sets.get("beginnings", ()):
        return begun[1]
    found = language.matches(language.stops_short, last[-400:].strip(" \t,，"))
    if found and not _list_of_words(last) and not _SIGNED.search(last[-60:]):
        return found[0].split()[-1][-20:]
    number = _YEAR.search(last[-60:]) or (_STOP.search(text[-1_000:]) and _AMOUNT.search(last[-60:]))
    return number[0].strip() if number else ""


_LAST_WORD = re.compile(r"(?<=[a-z,][ -])([a-z]{2,})\Z")
_YEAR = re.compile(
    r"(?:\b(?:in|of|since|until|from|by|to) |[A-Z][a-z]+ \d{1,2}, |[截至到在于从年]\s?)(?:1[89]|20)\d?\Z"
)
_AMOUNT = re.compile(r"\b(?:of|to|from|than|about|with|by|over|under|and|around|is about) \$?\d{1,3}\Z|(?:约为?|大约|达到?|超过|至|和|直径为?)\s?\d{1,3}\Z")  # fmt: skip
_GREETS = re.compile(r"(?:dear|hello|hi|to whom|good (?:morning|evening|afternoon)|ladies)\b|(?:尊敬|亲爱|敬爱)的|.{1,12}您好|各位", re.IGNORECASE)  # fmt: skip
_CODE_LINE = re.compile(r"\b(?:python|line (?:of|that)|syntax|code|signature|header|declaration)\b|代码|语法|语句|签名|声明|配置", re.IGNORECASE)  # fmt: skip


_FORM = re.compile(r"(?i:yaml|\bforms?\b|survey|questionnaire)|表[。？]?$|问卷|表单|表格")


_PROMPTS = re.compile(r"\b(?:choose|enter|select|type)\b|请[^，。]{0,8}(?:选择|输入)", re.IGNORECASE)


def _is_opening(lines: list[str], instruction: str) -> bool:
    """Return whether an answer is a salutation, a form whose fields are empty, or the head of a block of code: whole, with a mark at its end."""
    fields = [line.rstrip().endswith((":", "：")) and len(line) < 60 for line in lines]
    asks = _PROMPTS.search(lines[-1])
    single = len(lines) == 1 and bool(_GREETS.match(lines[0]) or _CODE_LINE.search(instruction))
    return fields[-2:] == [True, True] or single or asks is not None or bool(_FORM.search(instruction))


def _list_of_words(line: str) -> bool:
    """Return whether a line lists words, so that `and` or `the` may be the last of them."""
    items = [item.strip() for item in re.split("[,，、]", line[-80:])]
    alike = len(items) > 2 and len({item[-1:] for item in items}) == 1
    return alike or bool(re.search(r"(?:(?:[,:]| [-–]) [\w'’-]{1,30}){2}$|[\"“'‘(]\w{1,30}$", line[-80:]))
