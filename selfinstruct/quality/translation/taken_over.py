"""Rules for what a translation takes over as it is: code, formulas, links and placeholders."""

import re
from typing import Final

from selfinstruct.quality.translation.code_strings import COMMENT, STRING, changed_string
from selfinstruct.quality.translation.icu import heads
from selfinstruct.quality.translation.pair import Pair, cut
from selfinstruct.quality.translation.spans import Kind, blocks, counted

_TO_FILL_IN: Final = re.compile(r"\[[A-Z][A-Za-z' ]{1,30}\](?![(\[:])|[【\[][\u3400-\u9fff]{1,12}[】\]]")
"""[Your Name], which is translated, but stays in brackets."""
_OPENED: Final = re.compile(r"[\[【〔（(<《「“_]")
_STRING_OR_COMMENT: Final = re.compile(f"{STRING}|{COMMENT}", re.DOTALL)


def changed_code(pair: Pair) -> str:
    """Code that is not the source's byte for byte; its comments and strings may be another where they are to be translated, but for keys, paths and the fields that a program fills in.

    Source: NeMo Curator keeps fenced code apart; 216 of 20,465 public Chinese rows hold translated code
    """
    if pair.comments and (detail := _changed_blocks(pair)):
        return detail
    return _lost(pair, "code")


def changed_formulas(pair: Pair) -> str:
    """Formulas in LaTeX that are not the source's byte for byte."""
    return _lost(pair, "formula")


def changed_links(pair: Pair) -> str:
    """Address of the web or of mail that is not the source's."""
    return _lost(pair, "link")


def changed_placeholders(pair: Pair) -> str:
    """Placeholders such as {name}, <X> or %s, or tags, that are not the source's; those to fill in, as [Your Name], that are gone."""
    return _lost(pair, "placeholder") or _other_messages(pair) or _filled_in(pair)


def _filled_in(pair: Pair) -> str:
    for name, before, after in pair.fields:
        wanted = _TO_FILL_IN.findall(before)
        if len(_OPENED.findall(after)) < len(wanted):
            return f"{name}: lacks {cut(wanted[0])}"
    return ""


def _other_messages(pair: Pair) -> str:
    for name, before, after in pair.fields:
        wanted, found = heads(before), heads(after)
        if wanted != found:
            return f"{name}: {len(found)} plurals or choices for {len(wanted)}, or of other names"
    return ""


def _lost(pair: Pair, kind: Kind) -> str:
    for name, before, after in pair.fields:
        wanted, found = (counted(text, kind, comments=pair.comments) for text in (before, after))
        if wanted != found:
            missing, more = wanted - found, found - wanted
            said = next(iter(missing or more))
            return f"{name}: {'lacks' if missing else 'adds'} {cut(said)}"
    return ""


def _changed_blocks(pair: Pair) -> str:
    for name, before, after in pair.fields:
        wanted, found = ([_bare(block) for block in blocks(text)] for text in (before, after))
        if wanted != found:
            return f"{name}: code differs beside its comments and strings"
        said = map(changed_string, blocks(before), blocks(after))
        if detail := next(filter(None, said), ""):
            return f"{name}: {detail}"
    return ""


def _bare(block: str) -> str:
    """Return a block of code without its comments and strings, and without the blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in _STRING_OR_COMMENT.sub("", block).split("\n"))
