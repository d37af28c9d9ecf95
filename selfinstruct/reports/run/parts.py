"""Parts that the sections of a report share; text that is not of this program is escaped in each."""

from collections.abc import Sequence

from selfinstruct.reports.language import said
from selfinstruct.system.faces import html as escape


def section(title: str, content: str) -> str:
    """Return a section; `content` is HTML."""
    return f"<section><h2>{escape(title)}</h2>{content}</section>\n"


def missing(what: str) -> str:
    """Return that something is not in this folder."""
    return f'<p class="faint">{said("Not in this folder: {what}", what=escape(what))}</p>'


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table that scrolls where it is wider than the page."""
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    lines = "".join(
        "<tr>" + "".join(f"<td{' class=text' if _is_text(one) else ''}>{escape(one)}</td>" for one in row) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _is_text(cell: str) -> bool:
    return not cell.replace(",", "").replace(".", "").removesuffix("%").isdigit()
