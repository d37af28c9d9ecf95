"""The rules a candidate must pass. Each is a small pure function named by the defect it finds; the name is the reason in the output.

A rule takes (candidate, its language) and returns a detail for the reader, or nothing. INSTRUCTION_RULES need the instruction alone
and run before anything more is bought; ROW_RULES need input and output. Sources: Self-Instruct (`bootstrap_instructions.py`,
`prepare_for_finetuning.py`), Stanford Alpaca (`generate_instruction.py`), and the defects listed by AlpacaDataCleaned.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Sequence

from selfinstruct.language import LANGUAGES, Language, han_share
from selfinstruct.records import Candidate

Rule = Callable[[Candidate, Language], str]

_CONTROL_TOKEN = re.compile(
    r"<\|[a-z_]{2,40}\|>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|<<SYS>>|<start_of_image>|</?think>", re.IGNORECASE
)
_SCAFFOLD = re.compile(
    r"^\s*(?:#{1,6}\s*)?(?:\d{1,3}\s*[.)、]\s*)?(?:Instruction|Topic|Start with|Material|指令|主题|开头用?|材料)\s*[:：]|<no ?input>|<无输入>",
    re.IGNORECASE | re.MULTILINE,
)


def too_short(candidate: Candidate, language: Language) -> str:
    """Instruction of fewer than 4 words or characters (Self-Instruct drops up to 3 words)."""
    units = language.units(candidate.instruction)
    return f"{units} < {language.length[0]}" if units < language.length[0] else ""


def too_long(candidate: Candidate, language: Language) -> str:
    """Instruction of more than 150 words (Self-Instruct) or 300 characters."""
    units = language.units(candidate.instruction)
    return f"{units} > {language.length[1]}" if units > language.length[1] else ""


def starts_with_mark(candidate: Candidate, _: Language) -> str:
    """Instruction that begins with punctuation (Self-Instruct), unless it opens a quotation or title."""
    first = candidate.instruction[:1]
    opens = first in "\"'“‘「『《〈(（[【¿¡"
    return f"begins with {first}" if first and not opens and unicodedata.category(first)[0] in "PS" else ""


def asks_for_media(candidate: Candidate, language: Language) -> str:
    """Instruction that needs images, sound, files or the network (Stanford Alpaca's word list; BELLE's for Chinese)."""
    found = language.matches(language.asks_for_media, candidate.instruction)
    return f"speaks of {found[0]}" if found else ""


def asks_for_program(candidate: Candidate, language: Language) -> str:
    """Instruction that begins with "Write a program" (Self-Instruct: what follows is rarely runnable)."""
    found = language.matches(r"^write a program\b|^(?:请)?(?:编)?写一个程序", candidate.instruction)
    return found[0] if found else ""


def several_lines(candidate: Candidate, _: Language) -> str:
    """Instruction that spreads over several paragraphs: the item swallowed something."""
    return "has a blank line" if "\n\n" in candidate.instruction.strip() else ""


def wrong_language(candidate: Candidate, language: Language) -> str:
    """Instruction that is not written in the language it was asked in."""
    share = han_share(candidate.instruction)
    wrong = share < 0.3 if language.code == "zh" else share > 0.3
    return f"{share:.0%} of its words are Chinese characters" if wrong else ""


def unfinished_instruction(candidate: Candidate, _: Language) -> str:
    """Instruction that breaks off: it ends in a comma, dash, open bracket or a word that cannot end a sentence."""
    text = candidate.instruction.rstrip()
    found = re.search(r"(?:[,，、;；(（\[【《“\-–—]|\b(?:the|a|an|of|and|or|to|with|for|in|on|by)|的|和|与|或|以及)$", text)
    return f"ends in {found[0]}" if found else ""


def leaked_markup(candidate: Candidate, _: Language) -> str:
    """Control tokens of a chat template, or marks of our own prompt, in any field."""
    for text in (candidate.instruction, candidate.input, candidate.output):
        if found := _CONTROL_TOKEN.search(text) or _SCAFFOLD.search(text):
            return f"contains {found[0].strip()}"
    return ""


def unsafe(candidate: Candidate, language: Language) -> str:
    """Instruction with a word of requests that do not belong into a general dataset."""
    found = language.matches(language.unsafe, candidate.instruction)
    return f"contains {found[0]}" if found else ""


def control_characters(candidate: Candidate, _: Language) -> str:
    """Characters that no text contains: control codes other than tab and newline, lone surrogates, the replacement character."""
    text = candidate.instruction + candidate.input + candidate.output
    found = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]", text)
    return f"contains U+{ord(found[0]):04X}" if found else ""


def mentions_missing_input(candidate: Candidate, language: Language) -> str:
    """Instruction that speaks of material which is not there."""
    found = language.matches(language.needs_input, candidate.instruction) if not candidate.input.strip() else None
    return f"speaks of {found[0].strip()}" if found else ""


def empty_output(candidate: Candidate, _: Language) -> str:
    """Answer without a letter or digit."""
    return "" if re.search(r"\w", candidate.output) else "has no letter or digit"


def placeholder_output(candidate: Candidate, language: Language) -> str:
    """Answer that only stands for one: N/A, none, 无, 待补充."""
    return candidate.output.strip() if language.matches(language.placeholder, candidate.output) else ""


def refusal(candidate: Candidate, language: Language) -> str:
    """Answer that declines, or speaks of the teacher itself or its maker."""
    found = language.matches(language.refusal, candidate.output[:400])
    return f"says {found[0]}" if found else ""


def echoes_instruction(candidate: Candidate, _: Language) -> str:
    """Answer that is the instruction or the input again."""
    plain = _plain(candidate.output)
    if plain == _plain(candidate.instruction):
        return "is the instruction"
    return "is the input" if candidate.input and plain == _plain(candidate.input) else ""


def merged_items(candidate: Candidate, _: Language) -> str:
    """Answer that swallowed the next item (AlpacaDataCleaned, defect 2)."""
    found = re.search(r"^\W*\d{1,3}\s*[.)、]\s*(?:Instruction|指令)\s*[:：]", candidate.output, re.MULTILINE | re.IGNORECASE)
    return f"contains {found[0].strip()}" if found else ""


def wrong_language_output(candidate: Candidate, language: Language) -> str:
    """Answer in the other language although neither a translation nor a quotation of the input was asked for."""
    if language.matches(language.asks_for_translation, candidate.instruction) or len(candidate.output) < 8:
        return ""
    share, input_share = han_share(candidate.output), han_share(candidate.input)
    if language.code == "zh":
        foreign = share < 0.1 and input_share >= 0.1 and not re.search(r"[=<>{}();]", candidate.output)
        foreign |= share < 0.1 and not candidate.input and len(re.findall(r"[A-Za-z]+", candidate.output)) > 8 and "```" not in candidate.output
    else:
        foreign = share > 0.5 and input_share < 0.3
    return f"{share:.0%} of its words are Chinese characters" if foreign else ""


def repeats_itself(candidate: Candidate, _: Language) -> str:
    """Answer that runs in a loop: one line, or one stretch of 12 tokens, again and again."""
    lines = Counter(line.strip() for line in candidate.output.split("\n") if len(line.strip()) > 8)
    if lines and (most := lines.most_common(1)[0])[1] >= 4:
        return f"{most[1]} times: {most[0][:40]}"
    units = re.findall(r"[\u3400-\u9fff]|\w+", candidate.output)
    grams = Counter(tuple(units[i : i + 12]) for i in range(len(units) - 11))
    repeated = max(grams.values(), default=0)
    return f"one stretch of 12 words {repeated} times" if repeated >= 3 else ""


def unfinished_output(candidate: Candidate, _: Language) -> str:
    """Answer that breaks off: an open code fence, or a last character that announces more."""
    text = candidate.output.rstrip()
    if text.count("```") % 2:
        return "a code fence is not closed"
    return f"ends in {text[-1]}" if text[-1:] in set(",，、:：(（[【《“") and text[-1:] else ""


INSTRUCTION_RULES: tuple[Rule, ...] = (
    too_short,
    too_long,
    starts_with_mark,
    several_lines,
    unfinished_instruction,
    leaked_markup,
    control_characters,
    wrong_language,
    asks_for_media,
    asks_for_program,
    unsafe,
)
ROW_RULES: tuple[Rule, ...] = (
    mentions_missing_input,
    empty_output,
    placeholder_output,
    leaked_markup,
    control_characters,
    merged_items,
    refusal,
    echoes_instruction,
    wrong_language_output,
    repeats_itself,
    unfinished_output,
)
RULE_NAMES = tuple(dict.fromkeys(rule.__name__ for rule in (*INSTRUCTION_RULES, *ROW_RULES)))


def first_broken(rules: Sequence[Rule], candidate: Candidate, disabled: Container[str] = ()) -> tuple[str, str] | None:
    """Return (name, detail) of the first rule that a candidate breaks, or None."""
    language = LANGUAGES[candidate.language]
    for rule in rules:
        if rule.__name__ not in disabled and (detail := rule(candidate, language)):
            return rule.__name__, detail
    return None


def all_broken(candidate: Candidate, disabled: Container[str] = ()) -> list[tuple[str, str]]:
    """Return (name, detail) of every rule that a complete candidate breaks."""
    language = LANGUAGES[candidate.language]
    broken = {rule.__name__: rule(candidate, language) for rule in (*INSTRUCTION_RULES, *ROW_RULES) if rule.__name__ not in disabled}
    return [(name, detail) for name, detail in broken.items() if detail]


def _plain(text: str) -> str:
    return "".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))
