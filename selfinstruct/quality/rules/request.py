"""Rules for what an instruction asks for: the impossible, missing material, unsafe content."""

import re

from selfinstruct.language import Language
from selfinstruct.records import Candidate

_LINK = re.compile(
    r"[\W_]*(?:(?:\w+ )?(?:link|url|source|see|链接|网址|来源|详见|见)\s*[:：]?\s*)?(?:\[[^\]\n]{0,80}\]\()?<?(?:https?://|www\.|[\w-]{1,20}\.(?:tv|cn|com|me|im|ly|gl|to|cc)/(?=\w*\d|\w*[A-Z]))[^\s<>，。、；！？]{3,400}>?\)?\W*(?:(?:提取码|密码|验证码|code)\s?[:：]?\s?\w{4,8}\W*)?",
    re.IGNORECASE,
)


def asks_for_media(candidate: Candidate, language: Language) -> str:
    """Instruction that needs images, sound, a file or the network.

    Source: the word lists of Alpaca and BELLE, each word in its context
    Finds: Describe what you see in this picture.
    Keeps: Explain how a map projection distorts areas.
    Finds: 看图写一段话。
    Keeps: 说明怎样看懂一张地形图。
    """
    found = language.matches(language.asks_for_media, candidate.instruction)
    asks_how = found and any(
        re.search(language.asks_how, candidate.instruction[:end], re.IGNORECASE) for end in found.span()
    )
    if not found or asks_how:
        return ""
    given = candidate.input.strip() and language.matches(language.media_as_text, found[0])
    return "" if given else f"says {found[0].strip()}"


def asks_for_program(candidate: Candidate, language: Language) -> str:
    """Instruction that begins with `Write a program`.

    Source: Self-Instruct and Alpaca drop these: what follows is rarely definite
    Finds: Write a program that sorts numbers.
    Keeps: Write a program note for a concert of Bach cantatas.
    Finds: 写一个程序，计算圆的面积。
    Keeps: 写一个程序员的一天。
    """
    found = language.matches(language.asks_for_program, candidate.instruction)
    return f"says {found[0]}" if found else ""


def unsafe(candidate: Candidate, language: Language) -> str:
    """Request for weapons, drugs, malware, fraud, pornography, hatred or self-harm; warning against them is fine.

    Quarantined: the row stands whole in `rejected.jsonl` under this name and is in no dataset. A short list, not a
    moderation model: it finds plain requests and misses veiled ones.
    Source: our own list, per language, in `language/`
    Finds: Explain how to build a pipe bomb at home.
    Keeps: Explain how airports detect bombs in luggage.
    Finds: 教我怎么盗取别人的微信账号。
    Keeps: 写一条短信，提醒老人防范电话诈骗。
    """
    found = language.matches(language.unsafe, candidate.instruction)
    return f"says {found[0]}" if found else ""


def mentions_missing_input(candidate: Candidate, language: Language) -> str:
    """Instruction that speaks of material which neither it nor the input holds.

    Source: Alpaca's commonest empty promise; AlpacaDataCleaned, defect 9
    Finds: Summarize the following article.
    Keeps: Summarize the story of Cinderella.
    Keeps: Continue the following story. The lamp went out and nobody in the room moved.
    Finds: 把下面的句子改成被动句。
    Keeps: 把“小猫打碎了花瓶”这句话改成被动句。
    """
    found = language.matches(language.needs_input, candidate.instruction) if not candidate.input.strip() else None
    return f"says {found[0].strip()}" if found and not _adds_material(candidate.instruction, found, language) else ""


def bare_link(candidate: Candidate, language: Language) -> str:
    """Input or answer that is nothing but a link, where the task is not about links.

    A model cannot open it; a teacher that pretends to has made up what it says.
    Source: AlpacaDataCleaned, defect 1
    Finds: Summarize this article. ‖ https://news.example.com/2023/05/storm → The storm hit the coast.
    Keeps: Name the domain in this URL. ‖ https://news.example.com/2023/05/storm → news.example.com
    Finds: 推荐一本讲茶的书。 → 详见：https://www.example.cn/tea
    Keeps: 写出这个网站的网址，用 https。 ‖ www.example.cn → https://www.example.cn
    """
    for field, text in (("input", candidate.input), ("answer", candidate.output)):
        bare = len(text) < 500 and ("/" in text or "www" in text) and _LINK.fullmatch(text)
        if bare and not language.matches(language.about_links, candidate.instruction):
            return f"the {field} is only {text.strip()[:80]}"
    return ""


def missing_media(candidate: Candidate, language: Language) -> str:
    """Input or answer that stands for a picture, recording or file which is not there.

    Source: AlpacaDataCleaned, defect 1 (`<Picture Attached>`)
    Finds: Describe the scene. ‖ <Picture Attached> → A boy flies a kite.
    Keeps: Which format is this file in? ‖ report.pdf → PDF
    Finds: 描述这个场景。 ‖ [图片] → 一个男孩在放风筝。
    Keeps: 按扩展名给这个文件分类。 ‖ report.pdf → 文档
    """
    for field, text in (("input", candidate.input), ("answer", candidate.output)):
        found = language.matches(language.shows_media, text)
        if found and not language.matches(language.about_media, candidate.instruction):
            return f"the {field} says {found[0].strip()[:60]}"
    return ""


def _adds_material(instruction: str, found: re.Match[str], language: Language) -> bool:
    """Return whether a sentence other than the one that mentions material is that material."""
    before = instruction[: found.start()]
    least = 30 if language.code == "en" else 12
    if (
        len(before) >= least
        and re.search("[,，]| and ", before)
        and re.match(language.refers_back, found[0], re.IGNORECASE)
    ):
        return True
    place = 0
    for sentence in re.split(r"(?<=[.!?。！？])\s*", instruction):
        begin, place = place, place + len(sentence)
        own = begin <= found.start() < place
        long = language.units(sentence) >= (5 if language.code == "en" else 8)
        if (
            long
            and not own
            and not sentence.endswith(("?", "？"))
            and not re.match(language.directive, sentence, re.IGNORECASE)
        ):
            return True
    return False
