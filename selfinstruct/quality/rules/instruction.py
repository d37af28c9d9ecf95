"""Rules for the form of an instruction: length, first and last mark, lines; its content is `request.py`."""

import re
import unicodedata
from collections.abc import Sequence

from selfinstruct.language import Language
from selfinstruct.quality.rules.relation import points_to
from selfinstruct.quality.rules.text import carried, is_sum, loop, own_words
from selfinstruct.records import Candidate

_OPENERS = "\"'“‘「『《〈(（[【¿¡`"
_DIVIDES = frozenset(",.;:!?)]}，。；：！？、）】」』》”")
_NAMED = re.compile(r"[#@/.%*_&~]{1,2}[\w{]|-\d|\$|\.{1,2}/")
_NUMBERED = re.compile(
    r"\d{1,3}(?:[.)](?=\s)|[、）])|[(（](?:\d{1,3}|[ivx]{1,5}|[a-h一二三四五六七八九十]{1,3})[)）]|[一二三四五六七八九十]{1,3}[、．]|[①-⑳⑴-⒇]"
)
_FORMULA = re.compile(r"[\w)][-+*/^=×÷][\w(]|\d!")
"""What is to be computed, in one word."""
_NOTATION = re.compile(r"[↔→⇔⇒∧∨¬≤≥≠∈⊆∪∩√∑∫∂∇]|\w\([^()\s]{0,20}\(")
"""A sign of logic or mathematics, or a function of a function: the object of an order such as `Find`."""
_OPEN_PARENTHESIS = re.compile(r"(?:(?<=\s)\(|（)[^()（）`'\"“”‘’.。?？!！]{1,24}$")
"""An unclosed bracket near the end, outside of code."""
_WHOLE = frozenset('.?!。？！…"”’」』)）]】》:：')
"""Marks with which an instruction is whole."""
_FACE = re.compile(r"[:;=]['-]?[(\[]\Z")
_CLOZE = {"en": 30, "zh": 60}
"""Words or characters above which an instruction may hold a text with a gap at its end."""
_LISTED = 3
"""Commas above which the last one ends a list, and no sentence that goes on."""
_LEAST, _SURELY_ENOUGH = {"en": 2, "zh": 3}, 10
"""Words or characters that are enough beside an input, or to name what is to be defined; and those that always are."""


def too_short(candidate: Candidate, language: Language) -> str:
    """Instruction of fewer than 3 words, or 3 characters in Chinese, that is an order without its object: no greeting, no bare topic.

    With an input, two words are enough: `Summarize this.` says all, `概括` does not; so are two that name what to define. Words
    of courtesy do not count then.
    Source: Self-Instruct and Alpaca drop up to 3 words, BELLE up to 3 characters; `Name ten colours` and 夸夸我 are whole
    """
    asked, least = candidate.instruction, language.length[0]
    if not asked.strip() and not candidate.history:
        return "empty"
    full = units = language.units(asked)
    if units >= _SURELY_ENOUGH or candidate.history:
        return ""  # a further turn may be short: `And shorter?`
    if candidate.input.strip():
        least, units = _LEAST[language.code], language.units(re.sub(language.courtesy, "", asked, flags=re.IGNORECASE))
    whole = (
        is_sum(asked)
        or (_FORMULA.search(asked) and re.search(r"\d", asked))
        or _NOTATION.search(asked)
        or carried(asked)
    )
    if units >= least or whole or language.chats.search(language.folded(asked)):
        return ""
    names = full >= _LEAST[language.code] and language.matches(language.names_subject, asked)
    if names or not (candidate.input.strip() or _orders(asked, language)):
        return ""
    unit = ("word" if language.code == "en" else "character") + ("" if units == 1 else "s")
    return f"{units} {unit} in the instruction, at least {least}"


def _orders(asked: str, language: Language) -> bool:
    """Return whether a short instruction begins with a verb, and is no bare topic."""
    words, verbs = asked.lower().split(), language.sets["verbs"]
    if language.code == "en":
        return bool(words) and words[0].strip("!.,?") in verbs
    bare = re.sub(language.courtesy, "", asked)
    return any(bare[:length] in verbs for length in (1, 2))


def too_long(candidate: Candidate, language: Language) -> str:
    """Instruction of more than 150 words, or 300 characters in Chinese, not counting the material that it carries; six times as much without an input.

    What stands in quotation marks, after a colon or after a line break is material; without an input more of it may be.
    Source: Self-Instruct and Alpaca (150 words); 300 characters say about as much
    """
    return _above(language.length[1] * (1 if candidate.input.strip() else 6), candidate.instruction, language)


def may_be_too_long(candidate: Candidate, language: Language) -> str:
    """Instruction of more than 150 words or 300 characters without an input: the text to work on may stand in it."""
    return _above(language.length[1], candidate.instruction, language)


def _above(most: int, instruction: str, language: Language) -> str:
    units = language.units(instruction)
    units = language.units(own_words(instruction)) if units > most else units
    return f"{units} > {most}" if units > most else ""


def starts_with_mark(candidate: Candidate, _: Language) -> str:
    """Instruction that begins with a mark that ends or divides something. A list number, a dash or star before it is a warning: the task is whole.

    Source: Self-Instruct and Alpaca (first character in `string.punctuation`), of which readers called wrong what begins a list or leaves a gap
    """
    first = candidate.instruction[:1]
    return f"begins with {first}" if first in _DIVIDES and not _NAMED.match(candidate.instruction) else ""


def may_be_numbered(candidate: Candidate, _: Language) -> str:
    """Instruction that begins with the number, dash or star of a list, or another mark."""
    text = candidate.instruction
    found, first = _NUMBERED.match(text), text[:1]
    marked = first and first not in _OPENERS and (unicodedata.category(first)[0] == "P" or first in "|=+>^~")
    return f"begins with {found[0] if found else first}" if found or (marked and not _NAMED.match(text)) else ""


def without_leading_mark(text: str) -> str:
    """Return an instruction without a list number, dash or dividing mark before it, unless it is a list itself.

    >>> without_leading_mark("3. Name a fruit."), without_leading_mark("，写一首诗"), without_leading_mark("1. Boil it. 2. Peel it.")
    ('Name a fruit.', '写一首诗', '1. Boil it. 2. Peel it.')
    """
    found = _STRAY.match(text)
    return text if not found or _GOES_ON.search(text, found.end()) else text[found.end() :]


_STRAY = re.compile(
    r"(?:\d{1,3}(?:[.)] +|[、）]\s*)|[(（]\d{1,2}[)）]\s*|[-*•·] +|[,.;:!?]+ +|[，。；：！？、]+\s*)(?=[A-Z\u3400-\u9fff])"
)
_GOES_ON = re.compile(r"(?:^|\s|[。；;.])(?:\d{1,3}[.)、）]|[(（]\d{1,2}[)）]|[-*•·] )", re.MULTILINE)
"""A further item, which makes the first one part of a list."""


def several_lines(candidate: Candidate, language: Language) -> str:
    """Instruction of several paragraphs that carries no material: perhaps it swallowed something.

    A warning: long instructions are often set in paragraphs by people who mean them so.
    Source: AlpacaDataCleaned, defect 2
    """
    text = candidate.instruction.strip()
    head = text.split("\n", 1)[0].rstrip()
    if "\n" not in text or not re.search(r"\n[ \t\r]{0,80}\n", text) or head.endswith((":", "：")):
        return ""
    asked = language.folded(head)
    return "" if points_to(asked, language) or language.works_on.search(asked) else "has a blank line"


def stammers(candidate: Candidate, language: Language) -> str:
    """Instruction that says 5 words (6 Chinese characters) three times running: a loop. Twice is a warning.

    Source: small teachers do this at high temperature
    """
    words = candidate.instruction.split()
    if candidate.instruction.isascii() and len(set(words)) >= len(words) - 1:
        return ""  # nearly every instruction in English
    units = _UNIT.findall(own_words(candidate.instruction).lower())
    if len(set(zip(units, units[1:], units[2:], strict=False))) >= len(units) - 2:
        return ""  # nearly every instruction: no three words come twice
    said = loop(units, *((6, 3) if language.code == "zh" else (5, 3)))
    return f"says again and again: {said}" if said else ""


def may_stammer(candidate: Candidate, language: Language) -> str:
    """Instruction that says 8 words (10 Chinese characters) twice running, or is one clause twice: a loop, or a question under its own title."""
    units = _UNIT.findall(candidate.instruction)
    said = loop(units, *((10, 2) if language.code == "zh" else (8, 2))) or _whole_twice(units)
    return f"says twice: {said}" if said else ""


_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
"""A word, number or Chinese character: numbers tell the columns of a table apart."""


_CLAUSE = 6
"""Words or characters of a clause that nobody cries twice: `Mercy, my lord! Mercy, my lord!`"""


def _whole_twice(units: Sequence[str]) -> str:
    """Return the clause when an instruction is one clause repeated."""
    half, odd = divmod(len(units), 2)
    first, second = ([one.lower() for one in part] for part in (units[:half], units[half:]))
    return " ".join(units[:half]) if not odd and half >= _CLAUSE and first == second else ""


def unfinished_instruction(candidate: Candidate, language: Language) -> str:
    """Instruction that breaks off: it ends in a dash, open bracket or a word that cannot end a sentence.

    A comma at its end is a warning.

    Source: Self-Instruct drops what ends in a colon; the words are our own list
    """
    text = candidate.instruction.rstrip()
    if text[-1:] in _WHOLE or _FACE.search(text) or language.units(text) > _CLOZE[language.code]:
        return ""  # nearly every instruction; a long one holds a text, whose last sentence is to be completed
    found = language.matches(language.breaks_off, text) or _OPEN_PARENTHESIS.search(text)
    if not found or language.matches(language.asks_to_complete, text):
        return ""  # a text to be completed breaks off on purpose
    goes_on = candidate.input.strip() and (text[-1] == "、" or (text[-1].isalpha() and language.code == "en"))
    return "" if goes_on else f"ends in {found[0][-20:]}"


def may_be_unfinished(candidate: Candidate, language: Language) -> str:
    """Instruction that ends in a comma or semicolon and is no list: perhaps only careless."""
    text = candidate.instruction.rstrip()
    if text[-1:] not in ",，;；" or not text or language.matches(language.asks_to_complete, text):
        return ""
    is_code = text[-1] == ";" and re.search(r"[(){}=]", text)
    is_list = text[-1] in ",，" and (candidate.input.strip() or len(re.findall("[,，、]", text)) > _LISTED)
    return "" if is_code or is_list else f"ends in {text[-1]}"
