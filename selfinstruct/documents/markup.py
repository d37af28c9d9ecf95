"""The text of an HTML page: what a reader sees of its main part, block by block."""

import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)
_HIDDEN: Final = frozenset(
    [
        "button",
        "datalist",
        "dialog",
        "footer",
        "iframe",
        "nav",
        "noscript",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
    ]
)
_UNENDED: Final = frozenset(
    ["dd", "dt", "li", "option", "p", "td", "th", "tr", "br", "hr", "img", "input", "link", "meta"]
)
"""Elements whose end may be left out, or that have none: what they hide has no end that can be told."""
_ROLES: Final = frozenset(("navigation", "dialog", "alertdialog", "contentinfo", "search", "menu"))
_NOTICE: Final = re.compile(
    r"cookie[-_]?(?:banner|notice|bar|consent|law|popup|modal|message)|consent[-_]|mw-editsection"
)
"""Names of what asks for consent, and of the edit links of MediaWiki."""
_BLOCK, _LINE, _CELL, _BLANK = "\0", "\1", "\2", "\3"
_MARKS: Final = re.compile("[\0-\3]")


def text_of_html(page: str) -> str:
    """Return the text of a page without scripts, navigation, controls and consent notices; blocks are parted by blank lines.

    It is that of `main` where the page has one, or of its articles where they hold half of the text. A row of a table is a line.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    whole, main, articles = (_text(reader.within(name)) for name in ("", "main", "article"))
    return main or (articles if 2 * len(articles) >= len(whole) else whole)


def _text(marked: str) -> str:
    blocks = ("\n".join(filter(None, map(_line, block.split(_LINE)))) for block in marked.split(_BLOCK))
    return "\n\n".join(block for block in blocks if block)


def _line(marked: str) -> str:
    """Return a line without its marks; the cells of a row of a table are parted by bars."""
    cells = [" ".join(cell.split()).replace(_BLANK, " ") for cell in marked.split(_CELL)]
    return " | ".join(cells[1:] if len(cells) > 1 and not cells[0] else cells).rstrip() if any(cells) else ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[tuple[str, frozenset[str]]] = []
        """(text or mark, those of `main` and `article` that it stands in)."""
        self._open: list[str] = []
        self._hider, self._depth, self._pre = "", 0, 0

    def within(self, name: str) -> str:
        """Return the marked text of the page, or of one kind of element."""
        return "".join(text for text, inside in self._parts if not name or name in inside)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._depth = 0
        if self._depth:
            self._depth += tag == self._hider
        elif tag in _HIDDEN or _is_hidden(tag, dict(attrs)):
            self._hider, self._depth = tag, 1
            self._mark(tag)
        else:
            self._open += [tag] if tag in {"main", "article"} else []
            self._pre += tag == "pre"
            self._mark(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= tag == self._hider
            return
        self._mark(tag if tag in _BLOCKS else "")
        self._pre -= tag == "pre" and self._pre > 0
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._depth:
            text = _MARKS.sub(" ", data)
            self._add(text.replace("\n", _LINE).replace(" ", _BLANK) if self._pre else text)

    def _mark(self, tag: str) -> None:
        mark = _BLOCK if tag in _BLOCKS else {"br": _LINE, "tr": _LINE, "td": _CELL, "th": _CELL}.get(tag, "")
        self._add(mark)

    def _add(self, text: str) -> None:
        self._parts.append((text, frozenset(self._open)))


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    """Return whether an element is not shown, or is no part of what a page says."""
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower()
    if tag == "sup":
        return "reference" in names
    if tag in _UNENDED:
        return False
    unseen = "hidden" in attributes or "display:none" in (attributes.get("style") or "").replace(" ", "").lower()
    return unseen or attributes.get("role") in _ROLES or _NOTICE.search(names) is not None
