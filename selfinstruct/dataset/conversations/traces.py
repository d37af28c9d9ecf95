"""What a service adds to an answer's text by itself: marks of its sources, and the thought that a page folds away."""

import re
from html import unescape

_SIGNS = ("[citation:", "†", "oaicite", "[^", "\ue200")
_SOURCES = re.compile(
    r"(?P<code>^[ \t]{0,3}(?P<fence>```+|~~~+).*?(?:^[ \t]{0,3}(?P=fence)[ \t]*$|\Z)|`[^`\n]+`)"
    r"|[ \t]?(?::contentReference\[oaicite:\d{1,4}\]\{index=\d{1,4}\}|\[oaicite:\d{1,4}\](?:\{index=\d{1,4}\})?|\[citation:\d{1,3}(?:[,，] ?\d{1,3})*\]"
    r"|【\d{1,4}(?::\d{1,4})?†[^】\n]{0,120}】|\[\^\d{1,3}\^\]|\ue200[^\ue200\ue201\n]{0,200}\ue201)",
    re.MULTILINE | re.DOTALL,
)
"""DeepSeek's, ChatGPT's and Bing's marks; in code they stay."""
_THOUGHT = re.compile(
    r"\s*<details[^<>]*\btype=\"reasoning\"[^<>]*>\s*(?:<summary>[^<>]*</summary>)?(?P<thought>.*?)</details>\s*",
    re.DOTALL,
)
_QUOTED = re.compile(r"^(?:>|&gt;) ?", re.MULTILINE)


def without_sources(text: str) -> str:
    """Return an answer without the marks of its sources.

    >>> without_sources("It was opened in 1889【4†source】, by the river [citation:3].")
    'It was opened in 1889, by the river.'
    """
    if not has_sources(text):
        return text
    return _SOURCES.sub(lambda found: found["code"] or "", text)


def has_sources(text: str) -> bool:
    """Return whether a text has something that stands in every mark of a source."""
    return any(sign in text for sign in _SIGNS)


def thought_apart(text: str) -> tuple[str, str]:
    """Return (thought, rest) of an answer whose page folds its thought away, as Open WebUI's exports do; ("", text) of any other one."""
    if "<details" not in text[:40]:
        return "", text
    found = _THOUGHT.match(text)
    rest = text[found.end() :] if found else ""
    return (unescape(_QUOTED.sub("", found["thought"])).strip(), rest) if found and rest.strip() else ("", text)
