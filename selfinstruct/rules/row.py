"""Rules for a complete row: instruction, input and answer."""

import re
import unicodedata
from itertools import groupby

from selfinstruct.language import Language, han_share
from selfinstruct.records import Candidate
from selfinstruct.rouge import score, tokens
from selfinstruct.rules.text import loop, words_of

_NEXT_ITEM = re.compile(
    r"^[ \t>*#-]{0,8}\d{1,3}[ \t]{0,3}[.)、][ \t]{0,3}\*{0,2}(?:Instruction|指令)[ \t]{0,3}\*{0,2}[:：]"
    r"|^###[ \t]{0,8}$",
    re.IGNORECASE | re.MULTILINE,
)
_FENCED = re.compile(r"^[ \t]{0,8}(?:```|~~~).*?^[ \t]{0,8}(?:```|~~~)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^[ \t>]{0,8}(?:```|~~~)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]{0,80}(?:#|//|--|\*|/\*|%).*", re.MULTILINE)
_ENGLISH_RUN = re.compile(r"(?<![A-Za-z])(?:[A-Za-z'’]{1,20}[ ,]{1,2}){8}")


def mentions_missing_input(candidate: Candidate, language: Language) -> str:
    """Instruction that speaks of material which neither it nor the input holds (Alpaca's commonest empty promise)."""
    found = language.matches(language.needs_input, candidate.instruction) if not candidate.input.strip() else None
    return f"says {found[0].strip()}" if found else ""


def empty_output(candidate: Candidate, _: Language) -> str:
    """Answer without a letter, digit or pictogram (AlpacaDataCleaned, 3 and 4), unless the instruction names it."""
    text = candidate.output.strip()
    named = text and text in candidate.instruction[:-1]
    said = named or re.search(r"\w", text) or any(unicodedata.category(mark) == "So" for mark in text[:80])
    return "" if said else "has no letter or digit"


def placeholder_output(candidate: Candidate, language: Language) -> str:
    """Answer that only stands for one, such as N/A or 待补充 (AlpacaDataCleaned, 6), unless the instruction has it."""
    found = language.matches(language.placeholder, candidate.output) if len(candidate.output) < 200 else None
    return found[0].strip() if found and found[1].lower() not in candidate.instruction.lower() else ""


def merged_items(candidate: Candidate, _: Language) -> str:
    """Answer that swallowed the next item (AlpacaDataCleaned, 2)."""
    found = _NEXT_ITEM.search(candidate.output)
    return f"contains {found[0].strip()}" if found else ""


def refusal(candidate: Candidate, language: Language) -> str:
    """Answer that declines, asks for its material, or speaks of the teacher (airoboros and BELLE list such phrases)."""
    found = language.matches(language.refusal, candidate.output)
    if found and not language.matches(language.speaks_of_machines, candidate.instruction):
        return f"says {found[0]}"
    found = language.matches(language.declines, candidate.output)
    allowed = found and language.matches(language.asks_for_message, candidate.instruction)
    return f"says {found[0].strip()}" if found and not allowed else ""


def echoes_instruction(candidate: Candidate, _: Language) -> str:
    """Answer that is nearly the instruction (ROUGE-L above 0.7), or the input unchanged (Self-Instruct drops that).

    A corrected sentence may stay near an instruction that quotes it: half of the words before it must be there too.
    """
    if candidate.input and candidate.output.strip() == candidate.input.strip():
        return "is the input"
    # a longer instruction is too_long, a longer answer no echo
    asked, said = tokens(candidate.instruction[:2_000]), tokens(candidate.output[:8_000])
    shorter, both = min(len(asked), len(said)), len(asked) + len(said)
    if 2 * shorter <= 0.7 * both or (near := score(asked, said)) <= 0.7:
        return ""
    before = re.sub(
        r"[\"“「『][^\"“”「」『』]{1,2000}[\"”」』]|[:：].*", " ", candidate.instruction[:2_000], flags=re.DOTALL
    )
    task = tokens(before) or asked
    shared = score(task, said) * (len(task) + len(said)) / 2
    return f"ROUGE-L {near:.3f} to the instruction" if shared >= len(task) / 2 else ""


def wrong_language_output(candidate: Candidate, language: Language) -> str:
    """Answer in the other language (BELLE drops those), unless translation, code or part of the input is asked for."""
    asked, prose = candidate.instruction, _COMMENT.sub("", _FENCED.sub("", candidate.output))
    if language.matches(language.asks_for_translation, asked) or len(candidate.output) < 8:
        return ""
    share, given = han_share(prose), han_share(candidate.input) if candidate.input else None
    if language.code == "zh":
        foreign = share < 0.2 and (given is None or given >= 0.1) and bool(_ENGLISH_RUN.search(prose))
    else:
        foreign = share > 0.3 and (given or 0.0) < 0.3 and not re.search(r"[\u3400-\u9fff]", asked)
    return f"{share:.0%} of its words are Chinese characters" if foreign else ""


def repeats_itself(candidate: Candidate, _: Language) -> str:
    """Answer that runs in a loop: a line four times running, or 12 words three times (a small teacher's defect)."""
    prose = _FENCED.sub("", candidate.output)
    lines = (re.sub(r"^[\W\d]+", "", line).strip() for line in prose.split("\n") if len(line) > 8 and "|" not in line)
    for line, run in groupby(lines):
        if len(line) > 5 and (times := sum(1 for _ in run)) >= 4:
            return f"{times} times running: {line[:40]}"
    said = loop(words_of(prose), 12, 3)
    return f"again and again: {said[:60]}" if said else ""


def unfinished_output(candidate: Candidate, _: Language) -> str:
    """Answer that breaks off: an open code fence, or a last mark that announces more (Self-Instruct drops a colon)."""
    text = candidate.output.rstrip()
    if len(_FENCE.findall(text)) % 2:
        return "a code fence is not closed"
    return f"ends in {text[-1]}" if len(text) > 3 and text[-1] in ",，、:：(（[【《“" else ""
