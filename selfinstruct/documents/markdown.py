"""The text of a Markdown file: what it says, without what only a program that shows it reads."""

import re
from itertools import groupby
from typing import Final

_FRONT: Final = re.compile(
    r"\A(?:---\n(?=[\w\"'-]+[^\n:]*:).*?\n(?:---|\.\.\.)|\+\+\+\n.*?\n\+\+\+)[^\S\n]*(?:\n|\Z)", re.DOTALL
)
_FENCE: Final = re.compile(r" {0,3}(```|~~~)")
_CODE: Final = re.compile(r"(`[^`\n]+`)")
_TAG: Final = r"</?(?:a|b|br|center|details|div|em|hr|i|img|kbd|p|picture|source|span|strong|sub|summary|sup)\b[^<>]*>"
_CHANGES: Final = (
    (re.compile(_TAG, re.IGNORECASE), ""),
    (re.compile(r"!\[[^\[\]]*\](?:\([^()\n]*\)|\[[^\[\]]*\])"), ""),
    (re.compile(r"^ {0,3}\[\^[^\[\]\n]+\]:[^\S\n]*", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[^\S\n]+\S+[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"\[\^[^\[\]\n]+\]"), ""),
    (re.compile(r"\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:\s+\"[^\"\n]*\")?\)|\[[^\[\]]*\])"), r"\1"),
    (re.compile(r"(\*\*|__)(?=[^\s*_])([^\n]{0,300}?[^\s*_])\1(?!\w)"), r"\2"),
    (re.compile(r"(?<![\w*\\])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"), r"\1"),
)
"""What is taken out: tags, images; footnotes, whose text stays; targets of links; emphasis."""


def text_of_markdown(text: str) -> str:
    r"""Return a text without front matter, comments, images, targets of links and marks of emphasis; headings, lists, tables and code stay.

    >>> text_of_markdown("---\ntitle: x\n---\nSee [the *old* mill](https://a.b/c) and `**kwargs`.")
    'See the old mill and `**kwargs`.'
    """
    body = re.sub(r"<!--(?:(?!<!--).)*?-->", "", _FRONT.sub("", text, count=1), flags=re.DOTALL)
    lines, fenced = body.split("\n"), _fenced(body)
    parts = groupby(range(len(lines)), fenced.__getitem__)
    shown = ("\n".join(lines[at] for at in part) if code else _said([lines[at] for at in part]) for code, part in parts)
    return "\n".join(shown)


def _fenced(text: str) -> list[bool]:
    """Return of each line whether it belongs to a block of code between fences."""
    fence, found = "", []
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        found.append(bool(fence or mark))
        if mark and fence in {"", mark[1]}:
            fence = "" if fence else mark[1]
    return found


def _said(lines: list[str]) -> str:
    whole = "\n".join(lines).replace("\0", " ")
    codes = _CODE.findall(whole)
    text = _CODE.sub("\0", whole)
    for pattern, shown in _CHANGES:
        text = pattern.sub(shown, text)
    held = iter(codes)
    text = re.sub("\0", lambda _: next(held), text)
    return re.sub(r"\n[^\S\n]*(?:\n[^\S\n]*)+\n", "\n\n", text)
