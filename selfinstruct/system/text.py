"""Sanitise untrusted text for display: make invisible and control characters visible, or replace them by spaces."""

import re

_HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff"
)
"""Control characters except tab and line feed, bidirectional marks, zero-width characters, fillers, tags, surrogates (Unicode TR 36)."""
_EACH = re.compile(f"[{_HIDDEN}]")
_RUNS = re.compile(f"[{_HIDDEN}\\t\\n]+")


def visible(text: str) -> str:
    r"""Replace invisible and control characters by their hexadecimal code points.

    >>> visible("a\x1b[31mb\u202ec\u200bd")
    'a⟨1B⟩[31mb⟨202E⟩c⟨200B⟩d'
    """
    return _EACH.sub(lambda found: f"⟨{ord(found[0]):02X}⟩", text)


def on_one_line(text: str) -> str:
    r"""Return `visible` text on one line, with a sign for line breaks.

    >>> on_one_line("a\r\nb\tc")
    'a↵ b c'
    """
    return visible(text.replace("\r\n", "\n").replace("\n", "↵ ").replace("\t", " "))


def harmless(text: str) -> str:
    r"""Return text for one line of a terminal or log: invisible and control characters and line breaks become spaces.

    >>> harmless("a\x1b[31mb\nc")
    'a [31mb c'
    """
    return _RUNS.sub(" ", text)
