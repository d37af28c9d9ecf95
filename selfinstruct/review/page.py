"""The page that shows one row at a time: served by the review, or one file that needs no server."""

from pathlib import Path
from typing import Any

from selfinstruct.reports.html import document_with_policy, script_json
from selfinstruct.review.session import Session
from selfinstruct.review.shown import EDITED
from selfinstruct.review.wish import REASONS
from selfinstruct.review.words import words
from selfinstruct.system.faces import html as escape
from selfinstruct.system.text import DANGEROUS, visible_name

_FOLDER = Path(__file__).parent
_MOST_BYTES = 25_000_000
"""Of the rows in one file; a browser opens that in about two seconds."""
_BODY = """<header>
<h1><span data-word="title"></span> <span class="faint">{name}</span></h1>
<div class="bar">
<p id="progress" class="faint"></p>
<select id="language"><option value="" data-word="all"></option><option value="en" data-word="en"></option><option value="zh" data-word="zh"></option></select>
<button type="button" id="keys"></button>
<button type="button" id="ui"></button>
</div>
</header>
<p id="alert" role="alert"></p>
<p id="said" class="hidden" aria-live="polite"></p>
<main>
<article id="row" tabindex="-1" aria-labelledby="head"><h2 id="head"></h2><div id="why"></div><div id="texts"></div></article>
<aside id="beside" aria-labelledby="head"></aside>
</main>
<div class="dock">
<div id="reasons" role="group" aria-labelledby="asked" hidden><p id="asked" data-word="why"></p><input id="note" type="text" maxlength="4000"><div class="list"></div></div>
<div id="saving" class="actions" hidden><button type="button" id="save"></button><button type="button" id="cancel"></button></div>
<div id="actions" class="actions" role="toolbar"></div>
<p id="saved" class="faint"></p>
</div>
<section id="figures"><h2 data-word="figures"></h2><div></div><p class="faint" data-word="help_edit"></p></section>
{more}
<noscript><p>Reading needs JavaScript; it is part of this page and asks for nothing elsewhere. 审阅需要 JavaScript，脚本就在本页里，不访问任何外部地址。</p></noscript>"""
_MORE = """<section id="file"><p class="faint" data-word="file_note"></p>
<p><input id="reviewer" type="text" maxlength="200"> <button type="button" id="download" data-word="download"></button></p></section>"""


def page(session: Session, state: dict[str, Any]) -> tuple[str, str]:
    """Return the page of a server, with the rows that come first, and its content policy."""
    data = _data(session) | state | {"mode": "server", "reviewer": session.reader.name}
    name = escape(session.material.place.name)
    return document_with_policy(
        f"{name}: review", _BODY.format(name=name, more=""), script_json(data), _FOLDER, "'self'"
    )


def file_page(session: Session) -> tuple[str, int]:
    """Return one file with the rows of a session in their order, and how many fit: it needs no server, and asks none."""
    rows, left = [], _MOST_BYTES
    for at in session.order:
        whole = session.material.rows[at].model_dump(mode="json", exclude={*EDITED, "id", "language"})
        row = session.shown(at) | {"mine": None, "others": [], "whole": whole, "stratum": session.material.stratum(at)}
        left -= len(script_json(row).encode())
        if left < 0:
            break
        rows.append(row)
    key = session.material.place_of(0).hex()[:12] + f"-{len(session.order)}"
    data = _data(session) | {
        "mode": "file",
        "rows": rows,
        "key": key,
        "sample": session.reader.sample and len(session.order),
        "reviewer": "",
    }
    name = escape(session.material.place.name)
    html, _ = document_with_policy(f"{name}: review", _BODY.format(name=name, more=_MORE), script_json(data), _FOLDER)
    return html, len(rows)


def _data(session: Session) -> dict[str, Any]:
    return {
        "words": words(),
        "reasons": REASONS,
        "dangerous": [[low, high] for low, high in DANGEROUS],
        "name": visible_name(session.material.place.name),
        "file": session.material.file,
        "language": session.reader.language,
    }
