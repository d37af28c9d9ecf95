"""The rules a candidate must pass: small pure functions named by the defect they find; the name is the reason.

A rule takes (candidate, its language) and returns a detail for the reader, or nothing. INSTRUCTION_RULES need the
instruction alone and run before anything more is bought; ROW_RULES need input and output. They look at form, never at
truth: a wrong sum passes. Sources: Self-Instruct (`bootstrap_instructions.py`, `prepare_for_finetuning.py`), Stanford
Alpaca and BELLE (each its `generate_instruction.py`), and the numbered defects in the README of AlpacaDataCleaned.
"""

from collections.abc import Callable, Container, Sequence

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.records import Candidate
from selfinstruct.rules.instruction import (
    asks_for_media,
    asks_for_program,
    several_lines,
    stammers,
    starts_with_mark,
    too_long,
    too_short,
    unfinished_instruction,
    unsafe,
    wrong_language,
)
from selfinstruct.rules.row import (
    echoes_instruction,
    empty_output,
    mentions_missing_input,
    merged_items,
    placeholder_output,
    refusal,
    repeats_itself,
    unfinished_output,
    wrong_language_output,
)
from selfinstruct.rules.text import control_characters, leaked_markup

Rule = Callable[[Candidate, Language], str]

INSTRUCTION_RULES: tuple[Rule, ...] = (
    too_short,
    too_long,
    starts_with_mark,
    several_lines,
    stammers,
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
_ALL_RULES = tuple(dict.fromkeys((*INSTRUCTION_RULES, *ROW_RULES)))
RULE_NAMES = tuple(rule.__name__ for rule in _ALL_RULES)


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
    names = ((rule.__name__, rule) for rule in _ALL_RULES if rule.__name__ not in disabled)
    return [(name, detail) for name, rule in names if (detail := rule(candidate, language))]
