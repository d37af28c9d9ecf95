"""HTML that a chat service showed, as Markdown: ShareGPT's dumps hold the page, not the text.

markdownify does the Markdown; what it cannot know of these pages is done before: buttons and the bar over a code block go, the language of a
block is its class, a formula is its TeX and not its picture in letters, and a question in `whitespace-pre-wrap` keeps its lines.
"""

import re
from typing import TYPE_CHECKING, Any

from selfinstruct.errors import InputError
from selfinstruct.system.extras import install_command

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_BLOCKS = "div|p|pre|ul|ol|h[1-6]|table|blockquote|section|article"
_WRAPPED = re.compile(rf"\A\s*<({_BLOCKS})(?:\s[^<>]*)?>.*</(?:{_BLOCKS})>\s*\Z", re.DOTALL | re.IGNORECASE)
_RENDERED = re.compile(
    r"<\w+\s[^<>]*class=\"[^\"<>]*(?:\bmarkdown\b|\bprose\b|whitespace-pre-wrap|\bhljs\b|result-streaming)[^\"<>]*\"",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"\blanguage-([\w+#.-]+)")
_BLANK = re.compile(r"\n{3,}")


def is_rendered(text: str) -> bool:
    """Return whether a text is certainly a chat page's HTML: it has the classes that these pages give their answers."""
    return text.lstrip()[:1] == "<" and bool(_RENDERED.search(text[:20_000]))


def is_wrapped(text: str) -> bool:
    """Return whether a text begins and ends in block tags of HTML."""
    return text.lstrip()[:1] == "<" and bool(_WRAPPED.match(text))


def to_markdown(text: str) -> str:
    """Return HTML as Markdown; raises InputError without the extra `html`, RecursionError for elements nested too deeply."""
    try:
        from bs4 import BeautifulSoup
    except ImportError as error:
        raise InputError(
            f"HTML in a conversation needs markdownify, which is not installed: {install_command('html')}"
        ) from error

    soup = BeautifulSoup(text, "html.parser")
    _prepare(soup)
    written = _converter().convert_soup(soup)
    return _BLANK.sub("\n\n", written).strip() if "```" not in written else _outside_fences(written).strip()


def _converter() -> Any:
    from markdownify import MarkdownConverter

    class Converter(MarkdownConverter):
        def convert_prewrapped(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002 - as it is called
            return f"\n\n{el.get_text()}\n\n"

    return Converter(
        heading_style="ATX",
        bullets="-",
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        code_language_callback=_language_of,
    )


def _language_of(element: Any) -> str:
    found = _LANGUAGE.search(" ".join(element.get("class") or ()))
    return found[1] if found else ""


def _prepare(soup: "BeautifulSoup") -> None:
    """Take out what belongs to the page, and put code, formulas and questions into a form that keeps their characters."""
    for one in soup(["button", "svg", "style", "script"]):
        one.decompose()
    for one in soup.select(".katex-display, .katex"):
        tex = None if one.decomposed else one.find("annotation")
        if tex is not None:
            mark = "$$" if "katex-display" in (one.get("class") or ()) else "$"
            one.replace_with(f"{mark}{tex.get_text().strip()}{mark}")
    for block in soup("pre"):
        if (code := block.find("code")) is not None:
            block["class"] = code.get("class") or []
            block.string = code.get_text()
    for one in soup.select(".whitespace-pre-wrap"):
        if one.find(True) is None:  # a question as it was typed, not the frame of an answer
            one.name = "prewrapped"


def _outside_fences(text: str) -> str:
    """Return a text with at most one blank line in a row outside code; in code blank lines stay."""
    parts = re.split(r"(^```.*?^```[ \t]*$)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if number % 2 else _BLANK.sub("\n\n", part) for number, part in enumerate(parts))
