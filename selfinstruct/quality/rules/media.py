"""Rules for what a row of text cannot hold: pictures, sound, files, pages, the world as it is now.

A task needs a medium if it points to one that is nowhere described, orders one to be made, or asks for what only a live source knows. A
field stands for a medium if it is nothing but its name, its file or its place: `[image attached]`, `dog.webp`, （国旗图片）.
"""

import re

from selfinstruct.language import Language
from selfinstruct.language.wording import Wording
from selfinstruct.quality.rules.places import stands_behind
from selfinstruct.quality.rules.relation import refers_back
from selfinstruct.quality.rules.text import looks_like_code, own_words
from selfinstruct.records import Candidate

_MARKS = " ,.，。"
_LOOK = 2_000
_SHORT, _LONGEST_TAG = 80, 400
_DESCRIBED = {"en": 40, "zh": 60}
"""Words or characters with which an answer describes what it cannot show or do."""
_FILE = re.compile(
    r"(?:[\w ]{1,20}[:：]\s?)?[\w.()（）/\\ -]{1,80}\.(?:jpe?g|png|gif|bmp|webp|svg|heic|tiff?|nef|mp[34]|m4a|aac|flac|ogg|wav|avi|mov|mkv|webm|pdf|docx?|pptx?|xlsx?|csv|txt|zip|rar|exe)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\W*?[\[(<【（{](?!!--)\s*([^\[\]()<>【】（）{}\n\":=。！？]{1,60}?)\s*[\])>】）}]\W*")
_TAG = re.compile(r"(?:<(?:img|video|audio)\b[^>]*>|!\[[^\]\n]*\]\([^)\n]+\))\W*", re.IGNORECASE)
_BEGINS = re.compile(r"\W*?(?:<[a-z]|!\[)", re.IGNORECASE)
"""How a line begins that is a tag; a bracket in the middle of an answer may be its title, or directs a scene."""
_WORK = re.compile(r"《[^》]+》|\"[^\"]{3,60}\"|“[^”]{2,60}”")
"""A work that is named, which may be known."""
_QUESTION = re.compile(r"(?:(?:what|which|why|who|when|where|how)\b.*\?|.*(?:什么|多少|哪).*[?？])", re.DOTALL)
"""A question about a medium orders none."""
_DESCRIBES = re.compile(
    r"(?:\A|[，。；])(?:请你?|麻烦你?|帮我|给我|替我)*(?:用.{1,12}[话语字])?(?:[详仔]细|[具整]体|简[要单]|准确|生动)?[地的]?描述(?:一?下|出)?\Z"
)
"""An order to describe what stands right behind it, which wants no text that is there."""
_SHOWN = re.compile(r"```|<(?:html|svg|canvas|!doctype)|\S ?\| ?\S.*\n.*\S ?\| ?\S", re.IGNORECASE)
"""An answer that makes a chart or a page in code, or as a table."""


def asks_for_media(candidate: Candidate, language: Language) -> str:
    """Instruction that needs images, sound, a file, the network or today's news.

    What it quotes or carries is not looked at. A picture or a chart that a description or a table may stand for, what the answer tells in
    many words, and what may be known without a search, is a warning.
    Source: the word lists of Alpaca and BELLE, each word in its context
    """
    asked = language.folded(own_words(candidate.instruction[:_LOOK])).strip()
    is_told = language.units(candidate.output) >= _DESCRIBED[language.code]
    found = None if is_told else _ordered(language.makes_surely, language.orders, asked, candidate, language)
    if found is None and (found := language.live.search(asked)):
        is_given = re.search(r"\d", candidate.input[:_LOOK])
        found = None if is_given or _is_told(asked, language) or language.as_text.search(asked) else found
    found = found or _pointed(asked, candidate, language)
    if clock := language.clock.search(asked):
        return f'says "{clock[0].strip(_MARKS)}"'
    if found is None or language.program.search(asked) or language.asks_how.search(asked):
        return ""
    is_name = language.about_names.search(asked) and _FILE.search(candidate.input[:_SHORT])
    return "" if is_name else f'says "{found[0].strip(_MARKS)}"'


def may_need_media(candidate: Candidate, language: Language) -> str:
    """Instruction for a picture, a chart, sound or an act that words may do for, or for a search."""
    asked = language.folded(own_words(candidate.instruction[:_LOOK])).strip()
    forms = ((language.makes, language.may_order), (language.makes_surely, language.orders))
    found = next(filter(None, (_ordered(*form, asked, candidate, language) for form in forms)), None)
    general = found and (language.program.search(asked) or language.asks_how.search(asked))
    return f'says "{found[0].strip(_MARKS)}"' if found and not general else ""


def _ordered(
    makes: Wording, orders: Wording, asked: str, candidate: Candidate, language: Language
) -> re.Match[str] | None:
    """Return what an instruction orders to be made that its answer does not hold in words or code, or to be done."""
    found = makes.search(asked)
    if found and (
        language.as_text.search(asked)
        or _QUESTION.fullmatch(asked)
        or _SHOWN.search(candidate.output[:_LOOK])
        or looks_like_code(candidate.output)
    ):
        found = None
    return found or orders.search(asked)


def _pointed(asked: str, candidate: Candidate, language: Language) -> re.Match[str] | None:
    """Return where an instruction points to a medium that is nowhere described or named."""
    found = language.looks_at.search(asked)
    given = candidate.input.strip()
    if found is None or (given and not stand_in(given, language)):
        return None
    before, behind = asked[: found.start()], asked[found.start() :]
    if language.as_text.search(_DESCRIBES.sub("", before) + behind):
        return None
    whole = candidate.instruction[:_LOOK]
    known = stands_behind(language.folded(whole).strip()) or _WORK.search(whole)
    back = found[0][0] in "这该此" and refers_back(before, language)
    return None if known or back else found


def _is_told(asked: str, language: Language) -> bool:
    """Return whether an instruction wants a text of its own, or gives somebody else a voice."""
    return bool(language.writes.search(asked) or language.plays.search(asked))


def missing_media(candidate: Candidate, language: Language) -> str:
    """Input or answer that stands for a picture, recording or file which is not there.

    Source: AlpacaDataCleaned, defect 1 (`<Picture Attached>`)
    """
    asked = language.folded(candidate.instruction[:_LOOK])
    given, said = candidate.input[:_LOOK], candidate.output[:_LOOK]
    if stand_in(given, language) and not _is_meant(given, asked, candidate, language):
        return f"the input says {given.strip()[:60]}"
    for part in (said, *(line for line in said.split("\n") if _BEGINS.match(line))):
        if _is_place(part, language) and not _is_meant(part, asked, candidate, language):
            return f"the answer says {part.strip()[:60]}"
    return ""


def _is_meant(part: str, asked: str, candidate: Candidate, language: Language) -> bool:
    """Return whether the task is about names of files, wants a form with gaps, or a program that opens the file."""
    if _BRACKETED.fullmatch(part.strip()):
        return bool(language.form.search(asked))
    names = language.about_names.search(asked) or looks_like_code(candidate.output)
    return bool(names or (_FILE.fullmatch(part.strip()) and language.program.search(asked)))


def _is_place(text: str, language: Language) -> bool:
    """Return whether a text of an answer is nothing but the place or file of a medium."""
    text = text.strip()
    if len(text) > _SHORT:
        return len(text) < _LONGEST_TAG and _TAG.fullmatch(text) is not None
    if bracketed := _BRACKETED.fullmatch(text):
        return bool(language.pictured.search(language.folded(bracketed[1])))
    return bool(_TAG.fullmatch(text) or ("." in text and _FILE.fullmatch(text)))


def stand_in(text: str, language: Language) -> bool:
    """Return whether an input is nothing but the name, the file or the place of a medium."""
    text = text.strip()
    if not text or len(text) > _SHORT or "\n" in text:
        return bool(text) and len(text) < _LONGEST_TAG and bool(_TAG.fullmatch(text))
    folded = language.folded(text)
    if bracketed := _BRACKETED.fullmatch(folded):
        return bool(language.medium.search(bracketed[1]))
    return bool(_FILE.fullmatch(text) or _TAG.fullmatch(text) or language.names_medium.search(folded.strip(" .。:：")))
