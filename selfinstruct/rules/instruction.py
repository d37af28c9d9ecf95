"""Rules for an instruction alone: they run before an input or an answer is bought."""

import re
import unicodedata

from selfinstruct.language import Language, han_share
from selfinstruct.records import Candidate
from selfinstruct.rules.text import loop, words_of

_OPENERS = "\"'“‘「『《〈(（[【¿¡"


def too_short(candidate: Candidate, language: Language) -> str:
    """Instruction of fewer than 4 words or characters (Self-Instruct and BELLE drop up to 3)."""
    units = language.units(candidate.instruction)
    return f"{units} < {language.length[0]}" if units < language.length[0] else ""


def too_long(candidate: Candidate, language: Language) -> str:
    """Instruction of more than 150 words (Self-Instruct) or 300 characters."""
    units = language.units(candidate.instruction)
    return f"{units} > {language.length[1]}" if units > language.length[1] else ""


def starts_with_mark(candidate: Candidate, _: Language) -> str:
    """Instruction that begins with punctuation (Self-Instruct) or a list number; quotations and prices may."""
    if numbered := re.match(r"\d{1,3}(?:[.)](?=\s)|[、）])", candidate.instruction):
        return f"begins with {numbered[0]}"
    first = candidate.instruction[:1]
    marked = first and first not in _OPENERS and re.match("P|S[^c]", unicodedata.category(first))
    return f"begins with {first}" if marked else ""


def several_lines(candidate: Candidate, _: Language) -> str:
    """Instruction that spreads over several paragraphs: the item swallowed something (AlpacaDataCleaned, defect 2)."""
    return "has a blank line" if re.search(r"\n[ \t\r]{0,80}\n", candidate.instruction.strip()) else ""


def stammers(candidate: Candidate, language: Language) -> str:
    """Instruction that says 5 words (6 Chinese characters) three times running, or 8 (10) twice: a loop."""
    units = words_of(candidate.instruction)
    said = loop(units, *((6, 3) if language.code == "zh" else (5, 3))) or loop(
        units, *((10, 2) if language.code == "zh" else (8, 2))
    )
    return f"says again and again: {said}" if said else ""


def unfinished_instruction(candidate: Candidate, language: Language) -> str:
    """Instruction that breaks off: it ends in a comma, dash, open bracket or a word that cannot end a sentence."""
    found = language.matches(language.breaks_off, candidate.instruction.rstrip())
    return f"ends in {found[0][-20:]}" if found else ""


def wrong_language(candidate: Candidate, language: Language) -> str:
    """Instruction not written in the language that was asked for; what it quotes or wants translated does not count."""
    own = re.sub(
        r"[\"“「『《‘`][^\"“”「」『』《》‘’`]{1,400}[\"”」』》’`]|[:：].*", " ", candidate.instruction, flags=re.DOTALL
    )
    share = han_share(own)
    least, letters = (4, r"[\u3400-\u9fff]") if language.code == "zh" else (3, r"[A-Za-z]+")
    translates = language.matches(language.asks_for_translation, own) and len(re.findall(letters, own)) >= least
    wrong = (share < 0.3 if language.code == "zh" else share > 0.3) and not translates
    return f"{share:.0%} of its words are Chinese characters" if wrong else ""


def asks_for_media(candidate: Candidate, language: Language) -> str:
    """Instruction that needs images, sound, a file or the network (the words of Alpaca and BELLE, in context)."""
    found = language.matches(language.asks_for_media, candidate.instruction)
    return f"says {found[0].strip()}" if found else ""


def asks_for_program(candidate: Candidate, language: Language) -> str:
    """Instruction that begins with "Write a program" (Self-Instruct: what follows is rarely definite)."""
    found = language.matches(language.asks_for_program, candidate.instruction)
    return f"says {found[0]}" if found else ""


def unsafe(candidate: Candidate, language: Language) -> str:
    """Request for weapons, drugs, malware, fraud, pornography or self-harm; a warning is fine (our own list)."""
    found = language.matches(language.unsafe, candidate.instruction)
    return f"says {found[0]}" if found else ""
