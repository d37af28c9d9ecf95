r"""Repairs of mechanical defects of a text that need no judgement and change no visible word.

    mojibake              bytes decoded with the wrong encoding, undone only where that is certain
    entities              `&amp;` and `&#39;` in prose and code, where no HTML, XML or escaping is meant; see `means_entities`
    invisible_characters  characters without width that have no use where they stand; see `_useless`
    not_nfc               characters not in NFC (Unicode Standard Annex 15)
    stray_whitespace      line ends of other systems; blank lines around a text, and spaces around an instruction or input
    no_input_marker       an input that says that there is none (AlpacaDataCleaned, defect 7)
    escaped_escapes       literal `\n` in prose; see `with_breaks`
    starts_with_mark      a list number, dash or dividing mark before an instruction

Spaces at the end of a line are kept: two of them are a line break in Markdown. Indentation is kept for Python code.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Literal, NamedTuple

from selfinstruct.language import is_no_input
from selfinstruct.quality.rules.characters import ENTITY, ROOT, speaks_of_encodings, with_breaks, without_invisible
from selfinstruct.quality.rules.instruction import without_leading_mark

Field = Literal["instruction", "input", "output", "turn"]
"""A turn of a conversation is repaired like an output: it may begin with code."""
_MISREAD = "".join(
    bytes((lead, trail)).decode("gb18030", "ignore")
    for lead in (*range(0xE3, 0xEA), 0xEF)
    for trail in range(0x80, 0xC0)
)
"""Characters whose GBK bytes begin a Chinese character in UTF-8."""
_MISREAD_RUN = re.compile(rf"[{_MISREAD}](?<![^\x00-\x7f]{{2}})[^\x00-\x7f]{{2,}}")
_PERHAPS_GARBLED = re.compile(
    r"[^\x00-\x7f\u2010-\u201f\u2022\u2026\u3000-\u9fff\uac00-\ud7af\uff00-\uffef\U0001f000-\U0001faff]"
)
"""What ftfy calls bad has such a character."""
_CJK, _BLANK_LINES = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+"), re.compile(r"\A(?:[ \t]*\n)+")
_USUAL = re.compile(r"[\t\n -%'-\[\]-~·—‘’“”…、。《》「」『』【】\u4e00-\u9fff\uff01-\uff5e]*")
"""Usual English and Chinese text, which needs no repair but that of bytes misread."""
_NFC_MATTERS = re.compile(r"[^\x00-\u02ff]")
"""NFC changes no text whose characters are all below U+0300."""
ESCAPED_THROUGHOUT = "entities_once"
"""Among what a row does not want: its entities are undone, but once, in each field, whatever one says by itself."""
SOFT_HYPHEN = "\u00ad"
_NO_WIDTH = re.compile(r"[\u200b-\u200d\u2060-\u2064\u180e\ufeff\u034f\u00ad]")
_JOINED = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1cff\ua800-\uaaff\ufb1d-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)
"""Scripts in which U+200C and U+200D choose the form of a letter (Unicode 16, section 23.2): Hebrew to Arabic, those of India and around."""
_UNSPACED = re.compile(r"[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf]")
"""Scripts without spaces between words, where U+200B says where a line may break: Thai, Lao, Tibetan, Burmese, Khmer, Tai."""
_MONGOLIAN, _COMBINING = re.compile(r"[\u1800-\u18af]"), re.compile(r"[\u0300-\u036f\u0591-\u05c7]")
_EMOJI = re.compile(r"[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]")
_BEFORE_JOINER = re.compile(r"[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff\ufe0f\U000e0020-\U000e007f]")
_NEEDED_BESIDE = {"\u200b": _UNSPACED, "\u180e": _MONGOLIAN, "\u200c": _JOINED, "\u200d": _JOINED}
"""Character without width -> what one of its neighbours is where it has a use."""
_ABOUT = re.compile(
    r"zero[- ]width|invisible|word joiner|byte order mark|\bBOM\b|\\u(?:200|206|feff)|U\+(?:200|206|FEFF)|零宽|不可见|隐形|看不见的字符|字节顺序",
    re.IGNORECASE,
)
"""What a row says whose task is such characters."""
_ABOUT_ENTITIES = re.compile(r"\b(?:entit|(?:un)?escap|encod|decod)|实体|转义|编码|解码", re.IGNORECASE)
_MARKUP = re.compile(
    r"\b(?:x?html|xml|svg|rss|jsx|markdown|browser|web ?page)|网页|浏览器|</?\w{1,12}[ />]", re.IGNORECASE
)


class Defect(NamedTuple):
    """A defect that `repair_text` would repair."""

    rule: str
    severity: Literal["error", "warning"]
    detail: str


def defects(text: str, field: Field, name: str = "", keeps: Container[str] = ()) -> Iterator[Defect]:
    """Yield the mechanical defects of a text, with what the repair does; `name` is the field's name in the file."""
    told = set()
    for rule, before, after in _repairs(text, field, keeps=keeps):
        if rule not in told:
            severity: Literal["error", "warning"] = "error" if rule in _ERRORS else "warning"
            yield Defect(rule, severity, _difference(before, after, name or field))
        told.add(rule)


def repair_text(text: str, field: Field, *, spares: bool = False, keeps: Container[str] = ()) -> tuple[str, list[str]]:
    """Return a repaired text and the names of the repairs, in order; repairing again changes nothing.

    `spares` keeps single characters without width, for a row that is about them (`speaks_of_invisible`); `keeps` names
    repairs that the row does not want (`means_entities`).
    """
    repairs = list(_repairs(text, field, spares=spares, keeps=keeps))
    return repairs[-1][2] if repairs else text, list(dict.fromkeys(rule for rule, _, _ in repairs))


def speaks_of_invisible(text: str) -> bool:
    """Return whether a text is about characters without width, such as a task to find them."""
    return bool(_ABOUT.search(text))


def means_entities(texts: Iterable[str]) -> bool:
    """Return whether the entities in the texts of a row are meant: it is about them, or holds markup that is not escaped throughout.

    >>> means_entities(["What is an HTML entity?", "&amp; stands for &"]), means_entities(["Name a firm.", "Marks &amp; Spencer"])
    (True, False)
    """
    text = "\n".join(texts)
    if "&" not in text or _ABOUT_ENTITIES.search(text):
        return True
    return bool(_MARKUP.search(text)) and not (text.count("&lt;") > 1 and "<" not in text)


def unwanted(texts: Iterable[str]) -> set[str]:
    """Return the repairs that a row does not want: it is about entities, escapes or encodings."""
    text = "\n".join(texts)
    keeps = {"entities" if means_entities([text]) else ESCAPED_THROUGHOUT}
    keeps |= set() if text.isascii() or not speaks_of_encodings(text) else {"mojibake"}
    escaped = "\\" in text or "&" in text  # an entity may stand for a backslash
    return keeps | {"escaped_escapes"} if escaped and _ABOUT_ESCAPES.search(text) else keeps


def characters_without_width(text: str) -> Counter[str]:
    r"""Return how often each character without width stands in a text, by its code point.

    >>> characters_without_width("a\u200bb\u200b")
    Counter({'U+200B': 2})
    """
    return Counter() if text.isascii() else Counter(f"U+{ord(one):04X}" for one in _NO_WIDTH.findall(text))


def _repairs(
    text: str, field: Field, *, spares: bool = False, keeps: Container[str] = ()
) -> Iterator[tuple[str, str, str]]:
    """Yield (rule, text before, text after) until nothing is left: one repair can bring to light what another one mends."""
    if ESCAPED_THROUGHOUT in keeps and "&" in text and (undone := ENTITY.sub(_undone, text)) != text:
        yield "entities", text, undone
        text = undone
    changed = not _is_sound(text, field)
    while changed:
        changed = False
        for rule, fix in _FIXES.items():
            if rule in keeps:
                continue
            repaired = without_invisible(text) if spares and fix is _invisible else fix(text, field)
            if repaired != text:
                yield rule, text, repaired
                text, changed = repaired, True


def _is_sound(text: str, field: Field) -> bool:
    """Return whether a text is surely in need of no repair: nearly every text."""
    if text.strip() != text or not _USUAL.fullmatch(text) or (not text.isascii() and _MISREAD_RUN.search(text)):
        return not text
    return not is_no_input(text) if field == "input" else field != "instruction" or not text or text[0].isalpha()


def _mojibake(text: str, _: Field) -> str:
    if text.isascii():
        return text
    text = _MISREAD_RUN.sub(_read_again, text)
    if not _PERHAPS_GARBLED.search(text) or ROOT.search(text):
        return text
    from ftfy import fix_encoding

    return fix_encoding(text)


def _read_again(run: re.Match[str]) -> str:
    """Return a run of characters decoded as UTF-8 if it was misread as GBK and Chinese comes out, else unchanged.

    A run of real Chinese would need GBK bytes that are valid UTF-8 from end to end; no text of the 350 seeds has such a run.
    """
    try:
        read = run[0].encode("gb18030").decode("utf-8")
    except UnicodeError:
        return run[0]
    return read if _CJK.fullmatch(read) else run[0]


def _entities(text: str, _: Field) -> str:
    return ENTITY.sub(_undone, text) if "&" in text and not means_entities([text]) else text


def _undone(found: re.Match[str]) -> str:
    """Return what an entity stands for, unless it stands alone in quotation marks or is a control code."""
    around = found.string[max(0, found.start() - 1) : found.start()] + found.string[found.end() : found.end() + 1]
    meant = html.unescape(found[0]).replace("\xa0", " ")
    return found[0] if (len(around) == 2 and around in _QUOTES) or not meant.isprintable() else meant


_QUOTES = frozenset(['""', "''", "``", "“”", "‘’"])


def _invisible(text: str, _: Field) -> str:
    """Remove what `invisible_characters` rejects, and single ones without a use; a single soft hyphen stays."""
    return _NO_WIDTH.sub(_used, without_invisible(text)) if _NO_WIDTH.search(text) else text


def _used(found: re.Match[str]) -> str:
    """Return a character without width where it has a use, else nothing."""
    mark, before = found[0], found.string[max(0, found.start() - 1) : found.start()]
    after = found.string[found.end() : found.end() + 1]
    if mark == SOFT_HYPHEN or (mark == "\u034f" and _COMBINING.match(after)):
        return mark
    if mark == "\u200d" and _BEFORE_JOINER.match(before) and _EMOJI.match(after):
        return mark
    beside = _NEEDED_BESIDE.get(mark)
    return mark if beside and (beside.match(before) or beside.match(after)) else ""


def _whitespace(text: str, field: Field) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if field in {"instruction", "input"}:
        return text.strip()
    return (_BLANK_LINES.sub("", text) if text[:1].isspace() else text).rstrip()


def _no_input(text: str, field: Field) -> str:
    return "" if field == "input" and is_no_input(text) else text


_FIXES: dict[str, Callable[[str, Field], str]] = {
    "mojibake": _mojibake,
    "entities": _entities,
    "invisible_characters": _invisible,
    "not_nfc": lambda text, _: unicodedata.normalize("NFC", text) if _NFC_MATTERS.search(text) else text,
    "stray_whitespace": _whitespace,
    "no_input_marker": _no_input,
    "escaped_escapes": lambda text, _: with_breaks(text) if "\\" in text else text,
    "starts_with_mark": lambda text, field: without_leading_mark(text) if field == "instruction" else text,
}
FIXABLE = tuple(_FIXES)
_ERRORS = {"mojibake", "invisible_characters", "no_input_marker"}
_ABOUT_ESCAPES = re.compile(r"\b(?:escap|encod|regex|latex|newline|line break|code|program|string|print|python|json)|转义|换行|代码|编程|函数|程序|字符串", re.IGNORECASE)  # fmt: skip


def _difference(before: str, after: str, field: str) -> str:
    """Return a description of the first difference between two texts."""
    if not after:
        blank = not before.strip()
        return f"field `{field}`: only blanks" if blank else f"field `{field}`: {before.strip()[:40]!r} is no text"
    pairs = zip(before, after, strict=False)
    place = next((number for number, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after)))
    if entity := next((one for one in ENTITY.finditer(before) if one.start() <= place < one.end()), None):
        place = entity.start()
    return f"field `{field}`: {before[place : place + 12]!r} at character {place + 1}"
