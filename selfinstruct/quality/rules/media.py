"""Rules for what a row of text cannot hold: pictures, sound, files, pages, the world as it is now.

A task needs a medium if it points to one that is nowhere described, orders one to be made, or asks for what only a live source knows. A
field stands for a medium if it is nothing but its name, its file or its place: `[image attached]`, `dog.webp`, （国旗图片）.
"""

import re

from selfinstruct.language import Language
from selfinstruct.quality.rules.relation import stands_behind
from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.records import Candidate

_LOOK = 2_000
_SHORT = 80
_FILE = re.compile(
    r"(?:[\w ]{1,20}[:：]\s?)?[\w.()（）/\\ -]{1,80}\.(?:jpe?g|png|gif|bmp|webp|svg|heic|tiff?|nef|mp[34]|m4a|aac|flac|ogg|wav|avi|mov|mkv|webm|pdf|docx?|pptx?|xlsx?|csv|txt|zip|rar|exe)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\W*?[\[(<【（{]\s*([^\[\]()<>【】（）{}\n\":=]{1,60}?)\s*[\])>】）}]\W*")
_WORK = re.compile(r"《[^》]+》|\"[^\"]{3,60}\"|“[^”]{2,60}”")
"""A work that is named, which may be known."""
_QUESTION = re.compile(r"(?:(?:what|which|why|who|when|where|how)\b.*\?|.*(?:什么|多少|哪).*[?？])", re.DOTALL)
"""A question about a medium orders none."""
_SHOWN = re.compile(r"```|<(?:html|svg|canvas|!doctype)|\S ?\| ?\S.*\n.*\S ?\| ?\S", re.IGNORECASE)
"""An answer that makes a chart or a page in code, or as a table."""
_TAG = re.compile(r"(?:<(?:img|video|audio)\b[^>]*>|!\[[^\]\n]*\]\([^)\n]+\))\W*", re.IGNORECASE)


def asks_for_media(candidate: Candidate, language: Language) -> str:
    r"""Instruction that needs images, sound, a file, the network or today's news.

    Source: the word lists of Alpaca and BELLE, each word in its context
    Finds: Describe what you see in this picture.
    Keeps: Explain how a map projection distorts areas.
    Finds: What is the share price of Siemens right now?
    Keeps: Create a bar chart of these sales. ‖ May 3, June 5 → ```python\nplt.bar(["May", "June"], [3, 5])\n```
    Finds: 看图写一段话。
    Keeps: 画笔的大小范围是多少？
    Keeps: What do I need to draw a comic?
    Keeps: 说明怎样看懂一张地形图。
    Finds: 西门子现在的股价是多少？
    """
    asked, media = language.folded(candidate.instruction[:_LOOK]).strip(), language.media
    if media.about_names.search(asked) and not media.live.search(asked) and _FILE.search(candidate.input[:_SHORT]):
        return ""
    if language.task.program.search(asked) or language.task.asks_how.search(asked):
        return ""
    as_text = media.as_text.search(asked)
    is_answered = as_text or _QUESTION.fullmatch(asked) or _SHOWN.search(candidate.output[:_LOOK])
    made = None if is_answered else media.makes.search(asked)
    live = (
        None if language.task.writes.search(asked) or language.answer.plays.search(asked) else media.live.search(asked)
    )
    if found := made or media.orders.search(asked) or live:
        return f"says {found[0].strip(' ,.，。')}"
    given = candidate.input.strip()
    if (given and not stand_in(given, language)) or as_text:
        return ""
    found = media.points.search(asked)
    named = stands_behind(asked) or _WORK.search(candidate.instruction)
    return f"says {found[0].strip(' ,.，。')}" if found and not named else ""


def missing_media(candidate: Candidate, language: Language) -> str:
    """Input or answer that stands for a picture, recording or file which is not there.

    Source: AlpacaDataCleaned, defect 1 (`<Picture Attached>`)
    Finds: Describe the scene. ‖ <Picture Attached> → A boy flies a kite.
    Keeps: Which format is this file in? ‖ report.pdf → PDF
    Finds: Which country has this flag? ‖ (Flag image) → The flag belongs to Peru.
    Finds: 描述这个场景。 ‖ [图片] → 一个男孩在放风筝。
    Keeps: 按扩展名给这个文件分类。 ‖ report.pdf → 文档
    """
    asked = language.folded(candidate.instruction[:_LOOK])
    about_names = language.media.about_names.search(asked) or looks_like_code(candidate.output)
    form, plays = language.answer.form.search(asked), language.answer.plays.search(asked)
    for field, text in (("input", candidate.input), ("answer", candidate.output)):
        lines = text[:_LOOK].split("\n") if field == "answer" and not looks_like_code(text) else ()
        for part in (text, *(line for line in lines if _BRACKETED.fullmatch(line) or _TAG.fullmatch(line))):
            directs = plays if field == "answer" else None  # a scene has directions
            excused = form or directs if _BRACKETED.fullmatch(part.strip()) else about_names
            if not excused and stand_in(part, language):
                return f"the {field} says {part.strip()[:60]}"
    return ""


def stand_in(text: str, language: Language) -> bool:
    """Return whether a text is nothing but the name, the file or the place of a medium."""
    text = text.strip()
    if not text or len(text) > _SHORT or "\n" in text:
        return bool(text) and len(text) < 400 and bool(_TAG.fullmatch(text))
    folded = language.folded(text)
    if bracketed := _BRACKETED.fullmatch(folded):
        return bool(language.media.noun.search(bracketed[1]))
    return bool(_FILE.fullmatch(text) or _TAG.fullmatch(text) or language.media.named.search(folded.strip(" .。:：")))
