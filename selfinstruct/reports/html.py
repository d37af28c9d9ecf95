"""The frame of an offline HTML page; its content policy allows only its own style and script, by hash."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from selfinstruct.reports.language import in_script, is_chinese, page_language
from selfinstruct.system.faces import shown_json
from selfinstruct.system.files import read_text

_BASE = Path(__file__).with_name("base.css")
_CHINESE = _BASE.with_name("chinese.css")
_HTML_LANGUAGES = {"en": "en", "zh": "zh-CN"}


def document(title: str, body: str, data: str, folder: Path) -> str:
    """Return a page that uses no network; `page.css` of a folder, after what all pages share, and `page.js` are its style and script.

    Title and body are HTML, whatever was not written here escaped in them; `data` is what `script_json` made.
    """
    return document_with_policy(title, body, data, folder)[0]


def document_with_policy(title: str, body: str, data: str, folder: Path, asks: str = "") -> tuple[str, str]:
    """Return a page and its content policy; `asks` is a source that its script may ask, such as 'self' for the server that it came from."""
    style = read_text(_BASE) + read_text(folder / "page.css") + (read_text(_CHINESE) if is_chinese() else "")
    script = in_script(read_text(folder / "page.js"), folder.name)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    policy += f"; connect-src {asks}" if asks else ""
    return _page(title, body, data, style, script, policy), policy


def _page(title: str, body: str, data: str, style: str, script: str, policy: str) -> str:  # noqa: PLR0913, PLR0917 -- the parts of a page
    return f"""<!DOCTYPE html>
<html lang="{_HTML_LANGUAGES[page_language()]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def script_json(value: Any) -> str:
    """Return JSON that is safe inside a script element; what its script shows has gone through `visible` before."""
    text = shown_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
