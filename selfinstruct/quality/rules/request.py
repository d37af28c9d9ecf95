"""Rules for what an instruction asks for: a program, and what no model can open."""

import re

from selfinstruct.language import Language
from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.records import Candidate

_LINK = re.compile(r"(?:https?://|www\.|[\w-]{1,20}\.(?:tv|cn|com|me|im|ly|gl|to|cc)/(?=\w*\d|\w*[A-Z]))[^\s<>，。、；！？]{3,400}", re.IGNORECASE)  # fmt: skip
_SITE = re.compile(r"(?:https?://)?[^/?#\s]+[/\]]*", re.IGNORECASE)
_DRESS = re.compile(r"\A[^\n:：/]{1,16}[:：]|(?:\w+ )?(?:link|url|source|see|链接|网址|来源|详见|见|提取码|密码|验证码|code)\s*[:：]?|(?:[:：]|(?<=码))\s?\w{4,8}\Z|\[[^\]\n]{0,80}\]|[\W_]+", re.IGNORECASE)  # fmt: skip


def asks_for_program(candidate: Candidate, language: Language) -> str:
    """Instruction that begins with `Write a program`.

    Source: Self-Instruct and Alpaca drop these: what follows is rarely definite
    """
    found = language.matches(language.asks_for_program, candidate.instruction)
    return f'says "{found[0]}"' if found else ""


def bare_link(candidate: Candidate, language: Language) -> str:
    """Input or answer that is nothing but a link, where the task is not about links.

    A model cannot open it; a teacher that pretends to has made up what it says. Of a whole site much is known.
    Source: AlpacaDataCleaned, defect 1
    """
    for field, text in (("input", candidate.input), ("answer", candidate.output)):
        found = _LINK.search(text) if len(text) < 500 and ("/" in text or "www" in text) else None
        if not found or _DRESS.sub("", f"{text[: found.start()]} {text[found.end() :]}"):
            continue
        is_site = field == "input" and _SITE.fullmatch(found[0])
        is_opened = field == "input" and looks_like_code(candidate.output)  # by a program
        if not (is_site or is_opened) and not language.matches(language.about_links, candidate.instruction):
            return f"the {field} is only {text.strip()[:80]}"
    return ""
