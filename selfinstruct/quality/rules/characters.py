"""Defective characters: control codes, broken encodings, double escapes, invisible characters."""

import re
from collections import Counter
from collections.abc import Sequence

from selfinstruct.language import Language
from selfinstruct.quality.rules.text import fenced, looks_like_code, prose
from selfinstruct.records import Candidate

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff0-\ufffb\ufffd-\uffff]")  # fmt: skip
_RETURN = re.compile(r"\r(?!\n)")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_NO_WIDTH = r"\u200b-\u200d\u2060-\u2064\u180e\ufeff\u00ad\u034f"
_SUSPECT = re.compile(f"[{_NO_WIDTH}\u0300-\u036f\u0489\u20d0-\u20f0]")
"""What every text has that `invisible_characters` rejects; a class alone is looked for ten times as fast."""
_INVISIBLE = re.compile(r"[\u200b\u2060\u2061-\u2064\u180e\ufeff\u00ad\u034f]|[\u200c\u200d](?=[\u200c\u200d])|(?<=[\u3400-\u9fff])[\u200c\u200d](?=[\u3400-\u9fff])")  # fmt: skip
_LEADING = re.compile(rf"[\s{_NO_WIDTH}]*[{_NO_WIDTH}]")
_BYTE_ORDER_MARK = "\ufeff"
_STACKED = re.compile(r"[\u0300-\u036f\u0489\u20d0-\u20f0]{4}")
_MOST_INVISIBLE, _FLOODED = 3, 20
_ABOUT_CHARACTERS = re.compile(r"soft hyphen|zero.?width|invisible|(?a:\b)(?:which|what) (?:character|symbol)|glyph|软连字|零宽|不可见|(?:哪个|什么)(?:字符|符号)", re.IGNORECASE)  # fmt: skip
"""The task is about characters that others do not see."""
_OF_ENCODINGS = re.compile(r"mojibake|garbl|(?a:\b)(?:encod|decod|utf-?(?:8|16)|latin-1|charset|character set)|乱码|编码|解码|字符集", re.IGNORECASE)  # fmt: skip
_QUOTE_IN_WORD, ROOT = re.compile(r"\w[“”‘’]\w"), re.compile(r"(?<![^\W\d_])√[±∂]")
_PHONETIC = re.compile("[\u0250-\u02af\u02d0\u02d1]")
"""What ftfy calls bad and is not."""
_LATIN = re.compile(r"[\x80-\xff\u0152-\u0178\u02c6\u02dc]")
_HANZI_RUN = re.compile(r"[\u3400-\u9fff\ue000-\uf8ff\u20ac]{4,400}")
_HANZI = re.compile(r"[\u3001-\u3011\u4e00-\u9fff\uff01-\uff1f]")
_MAY_BE_UTF8 = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}.*?[\xe3-\xe9\xef][\x80-\xbf]{2}", re.DOTALL)
"""The bytes of two Chinese characters in UTF-8."""
_REPLACING = ("锟斤", "烫烫烫", "屯屯屯", "ï¿½", "ï»¿")
_REPLACED = re.compile("|".join(_REPLACING))
_BREAK = re.compile(r"(?<=[\w.,!?:;)\"。，！？：；）”])\\n(?=\\n|[A-Z0-9\u3400-\u9fff*•\-“]|[a-z]+ |$)|(?<![\\A-Za-z0-9_])\\\"[^\"\\\n]{1,200}\\\"")  # fmt: skip
_SURE_BREAK = re.compile(r"(?<![A-Z]:)\\n(?=\s*(?:\\n|[A-Z0-9\u3400-\u9fff*•“(-]|\Z))")
_OF_CODE = re.compile(r"[`{}<>;=]|\w\(|\"\\\\n|'\\\\n")
_MAY_ESCAPE = re.compile(r"[&\\%<]")
_CODE_POINT = re.compile(r"\\u[0-9a-fA-F]{4}(?![0-9a-fA-F])|(?:\\x[0-9a-fA-F]{2}){2}|(?:%[0-9A-F]{2}){3}")
ENTITY = re.compile(r"&(?:amp|nbsp|quot|lt|gt|apos|[lr][sd]quo|hellip|[mn]dash|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
_ADDRESS = re.compile(r"[a-z]{3,5}://[^\s<>]{1,400}")
_TAGS = re.compile(r"</?(?:p|br|div|ul|ol|li|font|td|tr)\s?/?>", re.IGNORECASE)
_TABLE_ROW = re.compile(r"^[ \t]{0,8}\|.*", re.MULTILINE)
"""A row of a Markdown table, whose cells have no other break than a tag."""
"""Tags without attributes: what has some was meant."""
_ABOUT_ENTITIES = re.compile(r"(?a:\b)(?:entit|(?:un)?escap|encod|browser)|浏览器|实体|转义|编码", re.IGNORECASE)


def control_characters(candidate: Candidate, _: Language) -> str:
    """Characters that no text contains: control codes, lone surrogates, direction marks, U+FFFD. Private use is a warning.

    Source: AlpacaDataCleaned, defect 10
    """
    for field in (candidate.instruction, candidate.input, candidate.output):
        if field.isprintable() and "\ufffd" not in field:
            continue
        text = _DIRECTION.sub("", field) if not field.isascii() and _RIGHT_TO_LEFT.search(field) else field
        if found := _CONTROL.search(text) or ("\r" in text and _RETURN.search(text)):
            return f"contains U+{ord(found[0][0]):04X}"
    return ""


def may_be_private(candidate: Candidate, _: Language) -> str:
    """Character of private use: the bullet of a word processor, or an icon of a font."""
    found = _PRIVATE.search(candidate.instruction + candidate.input + candidate.output)
    return f"contains U+{ord(found[0]):04X}" if found and not _ABOUT_CHARACTERS.search(candidate.instruction) else ""


def invisible_characters(candidate: Candidate, _: Language) -> str:
    """Characters without width that are one of twenty, one at the beginning, a byte order mark, or four marks stacked on one letter.

    One soft hyphen or a joiner in an emoji is ordinary; a flood hides words from every filter; three in a longer text are a warning. At the beginning of a text none has a use: it
    comes from a file or a page that was pasted, and makes another task of the same words.
    Source: watermarks and pasted web pages
    """
    texts = (candidate.instruction, candidate.input, candidate.output)
    text = "".join(texts)
    if text.isascii() or not _SUSPECT.search(text):
        return ""
    found = _INVISIBLE.findall(text)
    if found and _ABOUT_CHARACTERS.search(candidate.instruction):
        return ""
    if len(found) >= _MOST_INVISIBLE and any(_FLOODED * len(_INVISIBLE.findall(one)) > len(one) for one in texts):
        return _counted(found)
    for name in ("instruction", "input", "output"):
        if leading := _LEADING.match(getattr(candidate, name)):
            return f"the {name} begins with U+{ord(leading[0][-1]):04X}"
    if _BYTE_ORDER_MARK in text:
        return "contains U+FEFF, the mark of a file's beginning"
    stacked = _STACKED.search(text)
    return f"marks stacked on one letter at {stacked.start()}" if stacked else ""


def may_hide_characters(candidate: Candidate, _: Language) -> str:
    """Three or more characters without width in a text that is far longer: they came with a page, and `--fix` takes them out."""
    text = candidate.instruction + candidate.input + candidate.output
    if text.isascii() or not _SUSPECT.search(text):
        return ""
    found = _INVISIBLE.findall(text)
    about = len(found) < _MOST_INVISIBLE or _ABOUT_CHARACTERS.search(candidate.instruction)
    return "" if about else _counted(found)


def _counted(found: Sequence[str]) -> str:
    """Return how often each of the characters was found."""
    counts = Counter(f"U+{ord(one):04X}" for one in found)
    if len(counts) == 1:
        return f"{len(found)} times U+{ord(found[0]):04X}"
    each = ", ".join(f"{name} × {count}" for name, count in counts.most_common())
    return f"{len(found)} characters without width: {each}"


def without_invisible(text: str) -> str:
    """Return a text without the characters for which `invisible_characters` would reject it; those that are ordinary stay."""
    if text.isascii():
        return text
    while len(_INVISIBLE.findall(text)) >= _MOST_INVISIBLE:  # two joiners meet when what was between them is gone
        text = _INVISIBLE.sub("", text)
    text = text.replace(_BYTE_ORDER_MARK, "")
    return (
        _LEADING.sub(lambda found: re.sub(f"[{_NO_WIDTH}]", "", found[0]), text, count=1)
        if _LEADING.match(text)
        else text
    )


def mojibake(candidate: Candidate, language: Language) -> str:
    """Text that was decoded with the wrong encoding: `â€™` for an apostrophe, `浣犲ソ` for 你好.

    Source: ftfy's test of badness; for GBK, that a run reads as UTF-8 when it is encoded again
    """
    texts = (text for text in (candidate.instruction, candidate.input, candidate.output) if not text.isascii())
    bad = next((bad for text in texts if (bad := _garbled(text))), "")
    is_meant = bad and (
        language.matches(language.about_garbling, candidate.instruction) or speaks_of_encodings(candidate.output)
    )
    return "" if is_meant else bad


def speaks_of_encodings(text: str) -> bool:
    """Return whether a text is about encodings, so that what is garbled in its row is meant."""
    return bool(_OF_ENCODINGS.search(text))


def escaped_escapes(candidate: Candidate, language: Language) -> str:
    r"""Escapes that were escaped again or never undone: `\\n` for a line break, `\\u4f60`, `&amp;`; tags of a page in prose.

    Code and tasks about code, tags or encodings may hold them. In an instruction that is otherwise whole they are a warning.
    Source: AlpacaDataCleaned, defect 10
    """
    said = candidate.output
    if (
        said.count("&lt;") + said.count("&gt;") > 1
        and "<" not in said
        and not _ABOUT_ENTITIES.search(candidate.instruction)
    ):
        return "contains &lt; for each <"
    marked = (_MARKED.search(fenced(said)) or _MARKED_ADDRESS.search(said)) if "\\_" in said else None
    if marked and not _OF_MARKUP.search(said):
        return f"contains {marked[0][-40:]}"
    for text in (candidate.input, said):
        is_answer = text is said and "<" not in candidate.input
        if found := _unescaped(prose(text), is_answer=is_answer) if _MAY_ESCAPE.search(text) else "":
            excused = looks_like_code(text) or language.matches(language.about_markup, candidate.instruction)
            return "" if excused else f"contains {found}"
    return ""


_MARKED = re.compile(r"[A-Za-z0-9\]]\\_[A-Za-z]")
"""Markdown's `\\_` in code or an address, where it stands for nothing."""
_MARKED_ADDRESS = re.compile(r"https?://[^\s)]{1,300}?\\_")
_OF_MARKUP = re.compile(r"```(?:la)?tex|```(?:markdown|md)\b|\\(?:begin|text|frac|documentclass)\b", re.IGNORECASE)


def may_be_escaped(candidate: Candidate, language: Language) -> str:
    """Escapes in an instruction, which can be read all the same."""
    asked = candidate.instruction
    found = _unescaped(prose(asked), is_answer=False) if _MAY_ESCAPE.search(asked) else ""
    excused = not found or looks_like_code(asked) or language.matches(language.about_markup, asked)
    return "" if excused else f"contains {found}"


def with_breaks(text: str) -> str:
    r"""Return prose with its literal `\n` as line breaks, where nothing else in it is escaped, it has no break of its own, and it is no code.

    >>> with_breaks(r"Which is a fish?\nA. Trout\nB. Wren"), with_breaks(r"print('a\nb')")
    ('Which is a fish?\nA. Trout\nB. Wren', "print('a\\nb')")
    """
    breaks = len(_SURE_BREAK.findall(text))
    sure = breaks and "\n" not in text and breaks == text.count("\\") and not _OF_CODE.search(text)
    return text.replace(r"\n", "\n") if sure else text


def _unescaped(text: str, *, is_answer: bool) -> str:
    """Return what was not undone: an escape or entity, or the first of several tags in an answer."""
    text = _ADDRESS.sub(" ", text) if "://" in text else text  # which has escapes of its own
    found = ENTITY.search(text) if "&" in text else None
    found = found or ((_BREAK.search(text) or _CODE_POINT.search(text)) if "\\" in text or "%" in text else None)
    tags = _TAGS.findall(_TABLE_ROW.sub("", text)) if is_answer and "<" in text else []
    return found[0] if found else tags[0] if len(tags) > 1 else ""


def _garbled(text: str) -> str:
    if any(map(text.__contains__, _REPLACING)) and (found := _REPLACED.search(text)):
        return f"contains {found[0]}"
    if _LATIN.search(text):
        from ftfy.badness import BADNESS_RE

        if (bad := BADNESS_RE.search(text)) and not (
            _QUOTE_IN_WORD.fullmatch(bad[0]) or ROOT.search(text) or _PHONETIC.search(bad[0])
        ):
            return f"contains {bad[0]}"
    return _gbk_mojibake(text)


def _gbk_mojibake(text: str) -> str:
    if not _MAY_BE_UTF8.search(text.encode("gb18030", "ignore")) or len(_HANZI.findall(_as_utf8(text))) < 2:
        return ""
    for found in _HANZI_RUN.finditer(text):
        read = _as_utf8(found[0])
        if 2 * len(_HANZI.findall(read)) >= len(found[0]) and _are_common(read):
            return f"contains {found[0][:20]}, which is {read[:20]}"
    return ""


def _are_common(text: str) -> bool:
    """Return whether all Chinese characters of a text are of the first level of GB 2312, the 3,755 that texts consist of."""
    codes = [mark.encode("gb2312", "ignore")[:1] for mark in text if "\u4e00" <= mark <= "\u9fff"]
    return bool(codes) and all(b"\xb0" <= code <= b"\xd7" for code in codes)


def _as_utf8(text: str) -> str:
    """Return the GB 18030 bytes of a text decoded as UTF-8; nearly empty unless they were UTF-8 before."""
    return text.encode("gb18030", "ignore").decode("utf-8", "ignore")
