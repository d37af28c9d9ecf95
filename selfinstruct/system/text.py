"""Make the characters of untrusted text visible that hide, turn or control what is shown; the table of them, and where one belongs.

The data itself is never changed: only what a reader sees goes through here. How each face quotes the rest (its own marks, line breaks)
is in `faces.py`. Sources: Unicode TR 36 and TR 39, Default_Ignorable_Code_Point of Unicode 16, RFC 5892 (zero-width joiners).
"""

import re
from collections.abc import Callable

Writer = Callable[[str], str]
"""How one character is written."""
DANGEROUS: tuple[tuple[int, int], ...] = (
    (0x00, 0x1F),  # C0 controls; `visible` leaves tab and line feed
    (0x7F, 0x9F),  # delete, C1 controls
    (0xAD, 0xAD),  # soft hyphen
    (0x34F, 0x34F),  # combining grapheme joiner
    (0x61C, 0x61C),  # Arabic letter mark, bidirectional
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors, vowel separator
    (0x200B, 0x200F),  # zero width: space, non-joiner, joiner; left-to-right and right-to-left mark
    (0x2028, 0x202E),  # line and paragraph separator, bidirectional embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, bidirectional isolates, deprecated format characters
    (0x2800, 0x2800),  # braille pattern blank
    (0x3164, 0x3164),  # Hangul filler
    (0xD800, 0xF8FF),  # lone surrogates, private use
    (0xFDD0, 0xFDEF),  # noncharacters
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),  # Hangul filler, half width
    (0xFFF0, 0xFFFC),  # reserved, interlinear annotation, object replacement
    (0x13430, 0x13455),  # Egyptian format controls and blanks
    (0x1BCA0, 0x1BCA3),  # shorthand format controls
    (0x1D159, 0x1D159),  # musical symbol without a glyph
    (0x1D173, 0x1D17A),  # musical format controls
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0xF0000, 0x10000)),  # noncharacters
    (0xE0000, 0xE0FFF),  # tags, supplementary variation selectors
    (0xF0000, 0x10FFFF),  # private use, planes 15 and 16
)
"""Ranges of characters that no face shows as they are: they hide, turn or control what stands around them."""
JOINING = (
    (0x620, 0x6FF), (0x710, 0x77F), (0x7CA, 0x7EA), (0x840, 0x858), (0x870, 0x8FF),  # Arabic, Syriac, N'Ko, Mandaic
    (0x900, 0xDFF), (0x1000, 0x109F), (0x1780, 0x17DD), (0x1820, 0x18AA),  # Indic, Myanmar, Khmer, Mongolian
    (0xFB50, 0xFDCF), (0xFDF0, 0xFDFF), (0xFE70, 0xFEFC),  # Arabic presentation forms
)  # fmt: skip
"""Letters whose shape a joiner after them decides: an orthography needs it."""
EMOJI = (
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139), (0x2194, 0x21AA),
    (0x231A, 0x23FF), (0x24C2, 0x24C2), (0x25AA, 0x25FE), (0x2600, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B55),
    (0x3030, 0x3030), (0x303D, 0x303D), (0x3297, 0x3299), (0x1F000, 0x1FAFF),
)  # fmt: skip
"""Characters that joiners and emoji selectors make one picture of."""
_ZWNJ, _ZWJ, _TEXT_STYLE, _EMOJI_STYLE, _KEYCAP = "\u200c", "\u200d", "\ufe0e", "\ufe0f", "\u20e3"


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


_ASTRAL = re.compile(f"[{_class(tuple(pair for pair in DANGEROUS if pair[0] > 0xFFFF))}]")
_EACH = re.compile(
    f"[\\0-\\x08\\x0b-\\x1f{_class(tuple(pair for pair in DANGEROUS if 0x1F < pair[0] <= 0xFFFF))}\\U00010000-\\U0010ffff]"
)
"""What may be dangerous: all beyond 16 bits, since a class with many ranges there makes a search ten times slower."""
_RUNS = re.compile(f"[{_class(DANGEROUS)}]+")
_JOINS = re.compile(f"[{_class(JOINING)}]")
_PICTURE = re.compile(f"[{_class(EMOJI)}]")
_PICTURE_END = re.compile(f"[{_class(EMOJI)}{_EMOJI_STYLE}]")


def visible(text: str) -> str:
    r"""Replace dangerous characters of a row's text by their hexadecimal code points; tab and line feed stay.

    What makes one picture of several emoji stays too, and a joiner after a letter whose script needs it.

    >>> visible("a\x1b[31mb\u202ec\u200bd")
    'a⟨1B⟩[31mb⟨202E⟩c⟨200B⟩d'
    """
    return _EACH.sub(_unless_it_belongs, text)


def on_one_line(text: str) -> str:
    r"""Return `visible` text on one line, with a sign for line breaks.

    >>> on_one_line("a\r\nb\tc")
    'a↵ b c'
    """
    return visible(_joined(text))


def visible_name(text: str) -> str:
    r"""Return a name, key, id or message on one line, every dangerous character replaced: two names that differ look different.

    >>> visible_name("en\u200d.jsonl\n")
    'en⟨200D⟩.jsonl↵ '
    """
    return escaped(_joined(text), code_point)


def harmless(text: str) -> str:
    r"""Return text with spaces for dangerous characters and line breaks: for words that are stored, not for a reader.

    >>> harmless("a\x1b[31mb\nc")
    'a [31mb c'
    """
    return _RUNS.sub(" ", text)


def escaped(text: str, write: Writer) -> str:
    """Return a text in which `write` says how each dangerous character but tab and line feed is written."""
    return _EACH.sub(lambda found: write(found[0]) if _is_dangerous(found[0]) else found[0], text)


def code_point(character: str) -> str:
    """Return how a reader sees a dangerous character."""
    return f"⟨{ord(character):02X}⟩"


def _joined(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "↵ ").replace("\t", " ")


def _unless_it_belongs(found: re.Match[str]) -> str:
    belongs = not _is_dangerous(found[0]) or _belongs(found.string, found.start(), found[0])
    return found[0] if belongs else code_point(found[0])


def _is_dangerous(candidate: str) -> bool:
    return candidate <= "\uffff" or bool(_ASTRAL.match(candidate))


def _belongs(text: str, at: int, character: str) -> bool:
    """Return whether a joiner or emoji selector does here what it is for."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if character == _ZWNJ:
        return bool(_JOINS.match(before) and _JOINS.match(after))
    if character == _ZWJ:
        return bool(_JOINS.match(before) or (_PICTURE_END.match(before) and _PICTURE.match(after)))
    if character in {_TEXT_STYLE, _EMOJI_STYLE}:
        return bool(_PICTURE.match(before) or (before in set("0123456789#*") and after == _KEYCAP))
    return False
